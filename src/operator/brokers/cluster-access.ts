import type { EventCluster } from '../../api/event-cluster.ts';
import type { ClusterRef } from '../../api/shared.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { eventClusters } from '../kinds.ts';
import { keyText, type Key } from '../runtime/objects.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import type { SecretReference } from './user-secrets.ts';

/** A resource's cluster, as a workload sees it. */
export interface SeenCluster {
  readonly key: Key;
  /** Whether it is in the namespace of the resource. */
  readonly sameNamespace: boolean;
  readonly cluster: EventCluster | undefined;
}

/** Which cluster a resource belongs to. */
export function clusterKey(resource: {
  readonly metadata: { readonly namespace: string };
  readonly spec: { readonly clusterRef: ClusterRef };
}): Key {
  const { name, namespace = resource.metadata.namespace } = resource.spec.clusterRef;
  return { name, namespace };
}

/** Finds what belongs to a cluster, by the text of the cluster's key. */
export const byCluster = (resource: Parameters<typeof clusterKey>[0]) => [keyText(clusterKey(resource))];

export function seeCluster(resource: Parameters<typeof clusterKey>[0], caches: Caches): SeenCluster {
  const key = clusterKey(resource);
  const sameNamespace = key.namespace === resource.metadata.namespace;
  return { key, sameNamespace, cluster: caches.of(eventClusters).get(key) };
}

/** Without an address there is nothing to start, and nothing is to be started on a cluster that goes. */
export function clusterExists(input: { readonly seen: SeenCluster }): Problem | undefined {
  return clusterMissing(input) ?? clusterGoes(input) ?? clusterWithoutAddress(input);
}

export function clusterMissing({ seen: { key, cluster } }: { readonly seen: SeenCluster }): Problem | undefined {
  if (cluster) return undefined;
  const message = `There is no EventCluster ${key.name} in namespace ${key.namespace}: create it, or correct spec.clusterRef.`;
  return { reason: 'ClusterMissing', message, failed: false, needsPerson: true };
}

function clusterGoes({ seen: { key, cluster } }: { readonly seen: SeenCluster }): Problem | undefined {
  if (cluster?.metadata.deletionTimestamp === undefined) return undefined;
  return { reason: 'ClusterDeleted', message: `EventCluster ${key.name} is being deleted.`, failed: false };
}

export function clusterWithoutAddress({ seen: { key, cluster } }: { readonly seen: SeenCluster }): Problem | undefined {
  if (cluster?.status?.bootstrapServers !== undefined) return undefined;
  return { reason: 'ClusterNotReady', message: `EventCluster ${key.name} has no address yet.`, failed: false };
}

/** Pods can read only Secrets of their own namespace. */
export function credentialsInReach({ seen }: { readonly seen: SeenCluster }): Problem | undefined {
  const { tls, authentication } = seen.cluster?.spec ?? {};
  if (seen.sameNamespace || (!tls?.caSecretRef && !authentication)) return undefined;
  const { name, namespace } = seen.key;
  return {
    reason: 'CredentialsOutOfReach',
    message:
      `EventCluster ${name} keeps its credentials in namespace ${namespace}, where pods of this namespace cannot read ` +
      `them: create an EventCluster with engine External and the credentials in this namespace, and refer to that one.`,
    failed: true,
  };
}

/** Brokers that do not answer now: what has started goes on, but this is not how it should be. */
export function clusterAvailable({ seen }: { readonly seen: SeenCluster }): Problem | undefined {
  const available = seen.cluster?.status?.conditions?.find(({ type }) => type === 'Available');
  if (available?.status === 'True') return undefined;
  const message = `EventCluster ${seen.key.name} is not available: ${available?.message ?? 'it has not been looked at yet.'}`;
  return { reason: 'ClusterNotReady', message, failed: false };
}

/** The Secrets that a client of the cluster reads. */
export function clusterSecrets(spec: EventCluster['spec'] | undefined): SecretReference[] {
  const { tls, authentication } = spec ?? {};
  const references: SecretReference[] = [];
  if (tls?.caSecretRef) {
    const { name, key } = tls.caSecretRef;
    const mend = `Create it with the PEM certificate of the brokers' authority under the key ${key}.`;
    references.push({ name, keys: [key], field: 'spec.tls.caSecretRef', mend });
  }
  if (authentication) {
    const { name } = authentication.credentialsSecretRef;
    const mend = 'Create it with the keys username and password.';
    const field = 'spec.authentication.credentialsSecretRef';
    references.push({ name, keys: ['username', 'password'], field, mend });
  }
  return references;
}
