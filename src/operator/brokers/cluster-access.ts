import type { EventCluster } from '../../api/event-cluster.ts';
import type { ClusterRef } from '../../api/shared.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { eventClusters, namespaces } from '../kinds.ts';
import type { ObjectKind } from '../runtime/object-kind.ts';
import { keyOf, keyText, type Key, type KubernetesObject } from '../runtime/objects.ts';
import { watch, type Watch } from '../runtime/reconcile/controller.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { accessSecrets, operatorAccess, workloadAccess } from './client-access.ts';
import { allowsNamespace, forbidsNamespace } from './consent.ts';
import type { SecretReference } from './user-secrets.ts';

/** A resource's cluster, as the resource may see it. */
export interface SeenCluster {
  readonly key: Key;
  /** Whether it is in the namespace of the resource. */
  readonly sameNamespace: boolean;
  /** Undefined when there is none, and just the same when its owner does not let the resource's namespace use it. */
  readonly cluster: EventCluster | undefined;
}

interface BelongsToCluster {
  readonly metadata: { readonly namespace: string };
  readonly spec: { readonly clusterRef: ClusterRef };
}

/** Which cluster a resource belongs to. */
export function clusterKey(resource: BelongsToCluster): Key {
  const { name, namespace = resource.metadata.namespace } = resource.spec.clusterRef;
  return { name, namespace };
}

/** Finds what belongs to a cluster, by the text of the cluster's key. */
export const byCluster = (resource: BelongsToCluster) => [keyText(clusterKey(resource))];

/**
 * Wakes resources of a kind when the labels of their namespace change, by which a cluster elsewhere may let them in or
 * keep them out. It also fills the cache that `seeCluster` looks these up in.
 */
export function watchConsent<T extends BelongsToCluster & KubernetesObject>(kind: ObjectKind<T>): Watch {
  return watch(namespaces, ({ object, previous }, caches) => {
    const [labels, before] = [object, previous].map((namespace) => JSON.stringify(namespace?.metadata.labels));
    if (previous && labels === before) return [];
    return caches.of(kind).by(byForeignClusterUser, object.metadata.name).map(keyOf);
  });
}

/** Finds by its own namespace whatever refers to a cluster in another. */
const byForeignClusterUser = (resource: BelongsToCluster) => {
  const { namespace } = resource.metadata;
  return clusterKey(resource).namespace === namespace ? [] : [namespace];
};

export function seeCluster(resource: BelongsToCluster, caches: Caches): SeenCluster {
  const seen = seeClusterToRemove(resource, caches);
  const allowed = seen.cluster && allowsNamespace(seen.cluster, resource.metadata.namespace, caches);
  return allowed ? seen : { ...seen, cluster: undefined };
}

/** Whomever its owner lets in: what was made on its brokers is taken away from those that are shut out as well. */
export function seeClusterToRemove(resource: BelongsToCluster, caches: Caches): SeenCluster {
  const key = clusterKey(resource);
  const sameNamespace = key.namespace === resource.metadata.namespace;
  return { key, sameNamespace, cluster: caches.of(eventClusters).get(key) };
}

/** Whether there is a cluster whose owner is known not to let the resource's namespace use it. */
export function isShutOut(resource: BelongsToCluster, caches: Caches): boolean {
  const { cluster } = seeClusterToRemove(resource, caches);
  return cluster !== undefined && forbidsNamespace(cluster, resource.metadata.namespace, caches);
}

/** Without an address there is nothing to start, and nothing is to be started on a cluster that goes. */
export function clusterExists(input: { readonly seen: SeenCluster }): Problem | undefined {
  return clusterMissing(input) ?? clusterGoes(input) ?? clusterWithoutAddress(input);
}

/** In another namespace, one that does not exist and one that does not allow this namespace look the same. */
export function clusterMissing({ seen }: { readonly seen: SeenCluster }): Problem | undefined {
  const { key, cluster, sameNamespace } = seen;
  if (cluster) return undefined;
  if (sameNamespace) {
    const message = `There is no EventCluster ${key.name} in namespace ${key.namespace}: create it, or correct spec.clusterRef.`;
    return { reason: 'ClusterMissing', message, failed: false, needsPerson: true };
  }
  const message =
    `Namespace ${key.namespace} has no EventCluster ${key.name} that this namespace may use: correct spec.clusterRef, or ` +
    `ask the owner of the cluster to create it and to add this namespace to its spec.allowedNamespaces.`;
  return { reason: 'ClusterMissing', message, failed: true };
}

interface CredentialsInput {
  readonly seen: SeenCluster;
  readonly user?: object | undefined;
}

function clusterGoes({ seen: { key, cluster } }: { readonly seen: SeenCluster }): Problem | undefined {
  if (cluster?.metadata.deletionTimestamp === undefined) return undefined;
  return { reason: 'ClusterDeleted', message: `EventCluster ${key.name} is being deleted.`, failed: false };
}

export function clusterWithoutAddress({ seen: { key, cluster } }: { readonly seen: SeenCluster }): Problem | undefined {
  if (cluster?.status?.bootstrapServers !== undefined) return undefined;
  return { reason: 'ClusterNotReady', message: `EventCluster ${key.name} has no address yet.`, failed: false };
}

/** Pods can read only Secrets of their own namespace, where a user of their own has one. */
export function credentialsInReach({ seen, user }: CredentialsInput): Problem | undefined {
  if (seen.sameNamespace || user || workloadSecrets(seen.cluster).length === 0) return undefined;
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
  const message = `EventCluster ${seen.key.name} is not available: ${available?.message ?? 'the operator has not checked it yet.'}`;
  return { reason: 'ClusterNotReady', message, failed: false };
}

/** The Secrets by which the operator connects to the cluster. */
export const clusterSecrets = (cluster: EventCluster | undefined): SecretReference[] =>
  cluster ? accessSecrets(operatorAccess(cluster), cluster.spec.engine === 'External') : [];

/** The Secrets by which pods of this project connect to the cluster. */
export const workloadSecrets = (cluster: EventCluster | undefined, userSecret?: string): SecretReference[] =>
  cluster ? accessSecrets(workloadAccess(cluster, userSecret), cluster.spec.engine === 'External') : [];
