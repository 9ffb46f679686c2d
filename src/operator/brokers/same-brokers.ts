import type { EventCluster } from '../../api/event-cluster.ts';
import { eventClusters } from '../kinds.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { keyOf, type Key } from '../runtime/objects.ts';

/** Every EventCluster that leads to the same brokers: each namespace may have its own, with its own credentials. */
export function clustersWithSameBrokers(cluster: Key, caches: Caches): Key[] {
  const clusters = caches.of(eventClusters);
  const clusterId = clusters.get(cluster)?.status?.clusterId;
  return clusterId === undefined ? [cluster] : clustersWithId(clusterId, caches).map(keyOf);
}

/** Every EventCluster whose brokers say that they are the cluster of this id. */
export function clustersWithId(clusterId: string | undefined, caches: Caches): EventCluster[] {
  return clusterId === undefined ? [] : caches.of(eventClusters).by(byClusterId, clusterId);
}

const byClusterId = ({ status }: EventCluster) => (status?.clusterId === undefined ? [] : [status.clusterId]);
