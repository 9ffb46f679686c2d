import type { V1Deployment, V1Pod } from '@kubernetes/client-node';
import type { Observed } from '../runtime/objects.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { podTrouble } from '../pods/pod-trouble.ts';

/** A Deployment and its pods, as they are now. */
export interface SeenDeployment {
  readonly deployment: Observed<V1Deployment> | undefined;
  readonly pods: readonly Observed<V1Pod>[];
}

/** All replicas run what was last applied, and are ready. */
export function deploymentAvailable({ deployment, pods }: SeenDeployment): Problem | undefined {
  const { metadata, spec, status } = deployment ?? {};
  const wanted = spec?.replicas ?? 1;
  const seen = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 1);
  const updated = seen ? (status?.updatedReplicas ?? 0) : 0;
  const ready = status?.readyReplicas ?? 0;
  const trouble = podTrouble(pods);
  if (updated >= wanted && ready >= wanted && (status?.replicas ?? 0) <= wanted) return undefined;
  const counts = `${ready} of ${wanted} pods are ready, ${updated} are up to date.`;
  if (!trouble) return { reason: 'PodsStarting', message: counts, failed: false };
  // Another reason, so that trouble in pods that have been starting for a while is an Event, and a Warning.
  return { reason: 'PodsFailing', message: `${counts} ${trouble}`, failed: false, needsPerson: true };
}
