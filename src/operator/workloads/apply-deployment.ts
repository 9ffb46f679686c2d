import type { V1Deployment } from '@kubernetes/client-node';
import type { Context, Managed } from '../runtime/reconcile/controller.ts';
import { deployments } from '../kinds.ts';
import { keyOf, type Observed } from '../runtime/objects.ts';
import { applyOwned } from '../apply-owned.ts';
import { clientSettings, type ClientSettings } from './kafka-settings.ts';
import { requirementsMet, type Requirements } from './requirements.ts';
import { secretsHash } from '../brokers/user-secrets.ts';

/** What a Deployment takes from that which its pods need. */
export interface WorkloadInputs {
  readonly kafka: ClientSettings;
  readonly secretsHash: string;
}

/** For a Deployment that is judged before its pods' needs are looked at. */
export const noInputs: WorkloadInputs = {
  kafka: { environment: [], volumes: [], volumeMounts: [] },
  secretsHash: '',
};

/**
 * Applies the Deployment of a workload once all is there that its pods need. Until then one that runs is left alone.
 *
 * @throws {ExpectedError} NameTaken
 */
export async function applyDeployment(
  context: Context<Managed>,
  requirements: Requirements,
  manifest: (inputs: WorkloadInputs) => V1Deployment,
): Promise<Observed<V1Deployment> | undefined> {
  const { cluster } = requirements.seen;
  const bootstrapServers = cluster?.status?.bootstrapServers;
  if (!requirementsMet(requirements).ready || !cluster || bootstrapServers === undefined) {
    return context.caches.of(deployments).get(keyOf(context.object));
  }
  const kafka = clientSettings(cluster.spec, bootstrapServers);
  return applyOwned(context, deployments, manifest({ kafka, secretsHash: secretsHash(requirements.secrets) }));
}
