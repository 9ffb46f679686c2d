import type { EventCluster } from '../../api/event-cluster.ts';
import type { ClusterRef } from '../../api/shared.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { ObjectMeta } from '../../lib/kubernetes-object.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { firstProblem, type Problem } from '../runtime/reconcile/readiness.ts';
import {
  clusterAvailable,
  clusterExists,
  clusterMissing,
  clusterSecrets,
  clusterWithoutAddress,
  seeCluster,
  seeClusterToRemove,
  type SeenCluster,
} from './cluster-access.ts';
import { kafkaConnection } from './kafka-connection.ts';
import { RememberedByCluster } from './remembered-by-cluster.ts';
import { secretsExist, seeSecrets } from './user-secrets.ts';

interface BelongsToCluster {
  readonly metadata: ObjectMeta;
  readonly spec: { readonly clusterRef: ClusterRef };
}

/** How to reach the brokers of a resource, or why nobody can be asked. */
export type FoundConnection =
  { readonly connection: KafkaConnection; readonly cluster: EventCluster } | { readonly missing: Problem };

/** Brokers that start, or are away, are asked by the cluster's controller alone, and not by each of its resources. */
const checksToKeep = [clusterExists, secretsExist, clusterAvailable];
/** What is deleted with its cluster goes first. */
const checksToDelete = [clusterMissing, clusterWithoutAddress, secretsExist, clusterAvailable];
type Checks = typeof checksToKeep;

/**
 * Finds the connections of one kind's resources. What goes together, as with a namespace, goes in any order: Secrets go at
 * once, while there is still something to be removed from the brokers. So the last connection to each cluster is kept, for
 * resources that are deleted with their cluster, and for nothing else.
 */
export class ConnectionFinder {
  readonly #last = new RememberedByCluster<KafkaConnection>();

  find(resource: BelongsToCluster, caches: Caches): FoundConnection {
    const checks = isGoing(resource) ? checksToDelete : checksToKeep;
    return this.#find(resource, seeCluster(resource, caches), checks, caches);
  }

  /** For what is removed from the brokers, also where the owner of the cluster has shut out the resource's namespace. */
  findToRemove(resource: BelongsToCluster, caches: Caches): FoundConnection {
    return this.#find(resource, seeClusterToRemove(resource, caches), checksToDelete, caches);
  }

  #find(resource: BelongsToCluster, seen: SeenCluster, checks: Checks, caches: Caches): FoundConnection {
    const found = findConnection(seen, checks, caches);
    if ('connection' in found) {
      this.#last.set(found.cluster.metadata.uid, found.connection);
      return found;
    }
    const { cluster } = seen;
    if (!cluster || !isGoing(cluster) || !isGoing(resource) || !isOfSecret(found.missing)) return found;
    const connection = this.#last.get(cluster.metadata.uid);
    return connection ? { connection, cluster } : found;
  }
}

const isGoing = ({ metadata }: { readonly metadata: ObjectMeta }) => metadata.deletionTimestamp !== undefined;
const isOfSecret = ({ reason }: Problem) => reason.startsWith('Secret');

function findConnection(seen: SeenCluster, checks: Checks, caches: Caches): FoundConnection {
  const { cluster } = seen;
  const secrets = seeSecrets(caches, seen.key.namespace, clusterSecrets(cluster));
  const problem = firstProblem(checks, { seen, secrets });
  if (problem || !cluster) return { missing: problem ?? clusterMissing({ seen })! };
  return { connection: kafkaConnection(cluster, cluster.status?.bootstrapServers ?? '', secrets), cluster };
}
