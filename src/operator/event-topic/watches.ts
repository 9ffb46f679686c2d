import type { EventCluster } from '../../api/event-cluster.ts';
import type { EventTopic } from '../../api/event-topic.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { watch, type Watch } from '../runtime/reconcile/controller.ts';
import type { Change } from '../runtime/cache/informer.ts';
import { eventClusters, eventTopics } from '../kinds.ts';
import { keyOf, keyText, type Key } from '../runtime/objects.ts';
import { byCluster, clusterSecrets, watchConsent } from '../brokers/cluster-access.ts';
import { userSecrets } from '../brokers/user-secrets.ts';
import { claimants } from './claims.ts';

/** What else wakes a topic: its cluster, the Secrets to reach it, and whoever names the same topic. */
export const topicWatches: readonly Watch[] = [
  watch(eventClusters, (change, caches) => (concernsTopics(change) ? topicsOfCluster(change.object, caches) : [])),
  watch(userSecrets, ({ object }, caches) => {
    const clusters = caches.of(eventClusters).by(bySecret, keyText(keyOf(object)));
    return clusters.flatMap((cluster) => topicsOfCluster(cluster, caches));
  }),
  watchConsent(eventTopics),
  watch(eventTopics, (change, caches) => (concernsClaim(change) ? claimants(change.object, caches).map(keyOf) : [])),
];

const bySecret = (cluster: EventCluster) =>
  clusterSecrets(cluster).map(({ name }) => keyText({ namespace: cluster.metadata.namespace, name }));

function topicsOfCluster(cluster: EventCluster, caches: Caches): Key[] {
  return caches
    .of(eventTopics)
    .by(byCluster, keyText(keyOf(cluster)))
    .map(keyOf);
}

/** A cluster's status changes often, and for thousands of topics only this of it counts. */
function concernsTopics({ object, previous, deleted }: Change<EventCluster>): boolean {
  if (!previous || deleted || object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp) return true;
  return reachability(object) !== reachability(previous);
}

function reachability({ spec, status }: EventCluster): string {
  const available = status?.conditions?.find(({ type }) => type === 'Available');
  return JSON.stringify([
    available?.status,
    available?.reason,
    status?.bootstrapServers,
    status?.clusterId,
    spec.allowedNamespaces,
    spec.tls,
    spec.authentication,
    spec.security,
  ]);
}

/** Whether the order among those who claim the topic can have changed. */
function concernsClaim({ object, previous, deleted }: Change<EventTopic>): boolean {
  return deleted || !previous || object.spec.managementPolicy !== previous.spec.managementPolicy;
}
