import type { EventCluster } from '../../api/event-cluster.ts';
import { group } from '../../api/resource.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import type { Finalizer } from '../runtime/reconcile/controller.ts';
import { eventTopics, eventUsers, reminderConsumers } from '../kinds.ts';
import { keyOf, keyText, type KubernetesObject } from '../runtime/objects.ts';
import { allowsNamespace } from '../brokers/consent.ts';
import { byCluster } from '../brokers/cluster-access.ts';

/** How long the deletions of what goes together, such as a namespace, may lie apart. */
const togetherMilliseconds = 10_000;
const lookMilliseconds = 1_000;

/**
 * Brokers that somebody else runs outlive their EventCluster, and it has the address and the way to the credentials:
 * topics, users and consumer groups that go with it are removed first. They do not wait for ever, so neither does it.
 */
export const lastOfItsResources: Finalizer<EventCluster> = {
  needed: ({ spec }) => spec.engine === 'External',
  finalize: ({ object, caches, deletedForMilliseconds }) => {
    const held = dependents(object, caches).filter(isHeldHere);
    const going = held.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    if (going.length === 0 && (held.length === 0 || deletedForMilliseconds >= togetherMilliseconds))
      return Promise.resolve(undefined);
    return Promise.resolve({
      reason: 'ResourcesFirst',
      message: `Waiting for ${going.length} of ${held.length} topics, users and consumer groups to be deleted first.`,
      requeueAfterMilliseconds: lookMilliseconds,
    });
  },
};

/** What only others still hold needs the brokers no more, and may wait for ever. */
const isHeldHere = ({ metadata: { finalizers = [] } }: KubernetesObject): boolean =>
  finalizers.some((name) => name.startsWith(`${group}/`));

function dependents(cluster: EventCluster, caches: Caches): KubernetesObject[] {
  const key = keyText(keyOf(cluster));
  const resources = [
    ...caches.of(eventTopics).by(byCluster, key),
    ...caches.of(eventUsers).by(byCluster, key),
    ...caches.of(reminderConsumers).by(byCluster, key),
  ];
  return resources.filter(({ metadata }) => allowsNamespace(cluster, metadata.namespace, caches));
}
