import type { EventCluster } from '../../api/event-cluster.ts';
import type { Context, Outcome } from '../runtime/reconcile/controller.ts';
import type { Key } from '../runtime/objects.ts';
import { clusterSecrets } from '../brokers/cluster-access.ts';
import { kafkaConnection } from '../brokers/kafka-connection.ts';
import { allowsNamespace } from '../brokers/consent.ts';
import { clustersWithId } from '../brokers/same-brokers.ts';
import { secretsExist, seeSecrets } from '../brokers/user-secrets.ts';
import type { BrokerView } from './broker-view.ts';
import { nobody, type ExternalLooks } from './external-looks.ts';
import { availableCondition, externalReadiness } from './readiness.ts';

const poll = { ready: 30_000, otherwise: 5_000 };

/** Looks whether brokers that somebody else runs can be reached. */
export async function reconcileExternal(
  context: Context<EventCluster>,
  looks: ExternalLooks,
  onLook: (cluster: Key, view: BrokerView) => void,
): Promise<Outcome<EventCluster>> {
  const { metadata, spec, status: before } = context.object;
  const bootstrapServers = spec.external?.bootstrapServers ?? '';
  const secrets = seeSecrets(context.caches, metadata.namespace, clusterSecrets(context.object));
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
  const view = await looks.take(metadata.uid, kafkaConnection(context.object, bootstrapServers, secrets), context);
  if ('endsInMilliseconds' in view) return underWay(context.object, known, view.endsInMilliseconds);
  if (view.answered && belongsToStrangers(context, view.clusterId)) return unseen(bootstrapServers);
  onLook(metadata, view);
  const readiness = externalReadiness(view);
  return {
    readiness,
    status: view.answered ? answeredFacts(bootstrapServers, view) : known,
    conditions: [availableCondition(view)],
    requeueAfterMilliseconds: readiness.ready || readiness.failed ? poll.ready : poll.otherwise,
  };
}

/**
 * Whether the operator runs these brokers for a namespace that does not allow this one: whoever could declare them as his
 * would have their topics without the consent of their owner.
 */
function belongsToStrangers({ object, caches }: Context<EventCluster>, clusterId: string | undefined): boolean {
  const { namespace } = object.metadata;
  return clustersWithId(clusterId, caches).some(
    (cluster) => cluster.spec.engine !== 'External' && !allowsNamespace(cluster, namespace, caches),
  );
}

/** As though nobody had answered. */
function unseen(bootstrapServers: string): Outcome<EventCluster> {
  return {
    readiness: externalReadiness(nobody),
    status: { bootstrapServers },
    conditions: [availableCondition(nobody)],
    requeueAfterMilliseconds: poll.otherwise,
  };
}

/** What was said of this spec stays for the seconds that the next look takes. */
function underWay(
  { metadata, status: { conditions = [], observedGeneration, ...before } = {} }: EventCluster,
  known: Outcome<EventCluster>['status'],
  requeueAfterMilliseconds: number,
): Outcome<EventCluster> {
  const ready = conditions.find(({ type }) => type === 'Ready');
  const available = conditions.find(({ type }) => type === 'Available');
  if (!ready || !available || observedGeneration !== metadata.generation) {
    const connecting = {
      reason: 'Connecting',
      message: 'The operator is looking for a Kafka broker at spec.external.bootstrapServers.',
    };
    return {
      readiness: { ready: false, failed: false, ...connecting },
      status: known,
      conditions: [{ type: 'Available', status: 'Unknown', ...connecting }],
      requeueAfterMilliseconds,
    };
  }
  const { reason, message } = ready;
  const failed = conditions.some(({ type }) => type === 'Stalled');
  return {
    readiness: ready.status === 'True' ? { ready: true, reason, message } : { ready: false, reason, message, failed },
    status: before,
    conditions: [{ type: 'Available', status: available.status, reason: available.reason, message: available.message }],
    requeueAfterMilliseconds,
  };
}

function answeredFacts(
  bootstrapServers: string,
  view: Extract<BrokerView, { answered: true }>,
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
