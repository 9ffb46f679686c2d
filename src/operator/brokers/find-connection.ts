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
} from './cluster-access.ts';
import { kafkaConnection } from './kafka-connection.ts';
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

export function findConnection(resource: BelongsToCluster, caches: Caches): FoundConnection {
  const seen = seeCluster(resource, caches);
  const { cluster } = seen;
  const secrets = seeSecrets(caches, seen.key.namespace, clusterSecrets(cluster));
  const checks = resource.metadata.deletionTimestamp === undefined ? checksToKeep : checksToDelete;
  const problem = firstProblem(checks, { seen, secrets });
  if (problem || !cluster) return { missing: problem ?? clusterMissing({ seen })! };
  return { connection: kafkaConnection(cluster, cluster.status?.bootstrapServers ?? '', secrets), cluster };
}
