import type { EventUser } from '../../api/event-user.ts';
import { clusterKey, seeCluster } from '../brokers/cluster-access.ts';
import { heirAmong, isDone, ownerAmong } from '../brokers/ownership.ts';
import { clustersWithSameBrokers } from '../brokers/same-brokers.ts';
import { eventUsers } from '../kinds.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { keyText, type Key } from '../runtime/objects.ts';
import { knownName } from './identity.ts';
import { hasUser } from './made-by.ts';

export const finalizerName = 'kafka-events.dev/event-user';

/**
 * All resources for the same user of the same brokers, in whatever namespace. A namespace that the cluster's owner has
 * not allowed has no claim, nor has a resource that is as good as gone.
 */
export function claimants(user: EventUser, name: string | undefined, caches: Caches): EventUser[] {
  if (name === undefined) return [];
  return clustersWithSameBrokers(clusterKey(user), caches)
    .flatMap((key) => caches.of(eventUsers).by(userIndex, indexValue(key, name)))
    .filter((claimant) => !isDone(claimant, finalizerName) && seeCluster(claimant, caches).cluster !== undefined);
}

/** Whose user it is: the oldest resource that manages it. */
export const ownerOf = (candidates: readonly EventUser[]): EventUser | undefined => ownerAmong(candidates, hasUser);

/** Who else names the user and is here to stay. */
export const heirOf = (user: EventUser, candidates: readonly EventUser[]): EventUser | undefined =>
  heirAmong(user, candidates, hasUser);

/** Finds EventUsers by cluster and user. */
function userIndex(user: EventUser): string[] {
  const name = knownName(user);
  return name === undefined ? [] : [indexValue(clusterKey(user), name)];
}

const indexValue = (cluster: Key, name: string) => `${keyText(cluster)}/${name}`;
