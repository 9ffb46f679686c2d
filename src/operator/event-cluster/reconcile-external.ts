import type { EventCluster } from '../../api/event-cluster.ts';
import type { Context, Outcome } from '../runtime/reconcile/controller.ts';
import type { Brokers } from '../brokers/brokers.ts';
import { clusterSecrets } from '../brokers/cluster-access.ts';
import { kafkaConnection } from '../brokers/kafka-connection.ts';
import { secretsExist, seeSecrets } from '../brokers/user-secrets.ts';
import { viewBrokers } from './broker-view.ts';
import { availableCondition, externalReadiness } from './readiness.ts';

const poll = { ready: 30_000, otherwise: 5_000 };

/** Looks whether brokers that somebody else runs can be reached. */
export async function reconcileExternal(
  context: Context<EventCluster>,
  brokers: Brokers,
): Promise<Outcome<EventCluster>> {
  const { metadata, spec, status: before } = context.object;
  const bootstrapServers = spec.external?.bootstrapServers ?? '';
  const secrets = seeSecrets(context.caches, metadata.namespace, clusterSecrets(spec));
  const missing = secretsExist({ secrets });
  const known = { bootstrapServers, clusterId: before?.clusterId };
  if (missing) {
    const unavailable = {
      type: 'Available',
      status: 'False',
      reason: missing.reason,
      message: missing.message,
    } as const;
    return { readiness: { ready: false, ...missing }, status: known, conditions: [unavailable] };
  }
  const view = await viewBrokers(brokers, kafkaConnection(spec, bootstrapServers, secrets));
  const readiness = externalReadiness(view);
  return {
    readiness,
    status: view.answered ? answeredFacts(bootstrapServers, view) : known,
    conditions: [availableCondition(view)],
    requeueAfterMilliseconds: readiness.ready || readiness.failed ? poll.ready : poll.otherwise,
  };
}

function answeredFacts(
  bootstrapServers: string,
  view: Extract<Awaited<ReturnType<typeof viewBrokers>>, { answered: true }>,
): Outcome<EventCluster>['status'] {
  const { clusterId, controllerId, underReplicatedPartitions } = view;
  const count = view.brokers.length;
  return {
    bootstrapServers,
    clusterId,
    controllerId,
    underReplicatedPartitions,
    brokers: { desired: count, ready: count },
  };
}
