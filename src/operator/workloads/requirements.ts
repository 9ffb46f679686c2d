import type { ClusterRef } from '../../api/shared.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { evaluate, type Check, type Readiness } from '../runtime/reconcile/readiness.ts';
import {
  clusterAvailable,
  clusterExists,
  clusterSecrets,
  credentialsInReach,
  seeCluster,
  workloadSecrets,
  type SeenCluster,
} from '../brokers/cluster-access.ts';
import { kafkaConnection } from '../brokers/kafka-connection.ts';
import { userMade, type SeenUser } from './kafka-user.ts';
import { secretsExist, seeSecrets, type SecretReference, type SeenSecret } from '../brokers/user-secrets.ts';

/** What must be there before pods can start. */
export interface Requirements {
  readonly seen: SeenCluster;
  /** Those that the pods read: of the resource, and of its cluster. */
  readonly secrets: readonly SeenSecret[];
  /** Whom they connect as, where brokers ask for a user. */
  readonly user?: SeenUser | undefined;
}

export const requirementChecks: readonly Check<Requirements>[] = [
  clusterExists,
  credentialsInReach,
  userMade,
  secretsExist,
];

/** While requirements are not met, pods that run are left alone: they may well go on without. */
export function requirementsMet(requirements: Requirements): Readiness {
  return evaluate(requirementChecks, requirements, { reason: 'RequirementsMet', message: 'Pods can start.' });
}

export function seeRequirements(
  resource: { readonly metadata: { readonly namespace: string }; readonly spec: { readonly clusterRef: ClusterRef } },
  caches: Caches,
  references: readonly SecretReference[],
  user?: SeenUser,
): Requirements {
  const seen = seeCluster(resource, caches);
  const inReach = seen.sameNamespace || user !== undefined;
  const ofCluster = inReach ? workloadSecrets(seen.cluster, user?.key.name) : [];
  const secrets = seeSecrets(caches, resource.metadata.namespace, [...references, ...ofCluster]);
  return { seen, secrets, user };
}

/** The operator's own way to the brokers; undefined while nobody there would answer. */
export function operatorConnection({ seen }: Requirements, caches: Caches): KafkaConnection | undefined {
  const { key, cluster } = seen;
  const bootstrapServers = cluster?.status?.bootstrapServers;
  if (!cluster || bootstrapServers === undefined || clusterAvailable({ seen })) return undefined;
  return kafkaConnection(cluster, bootstrapServers, seeSecrets(caches, key.namespace, clusterSecrets(cluster)));
}

/** Where both workloads find their database. */
export const databaseSecret = ({ name, key }: { readonly name: string; readonly key: string }): SecretReference => ({
  name,
  keys: [key],
  field: 'spec.databaseSecretRef',
  fix: `Create it with a PostgreSQL connection URI under the key ${key}.`,
});
