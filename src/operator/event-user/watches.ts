import { isDeepStrictEqual } from 'node:util';
import type { V1Secret } from '@kubernetes/client-node';
import type { EventUser } from '../../api/event-user.ts';
import { clusterKey } from '../brokers/cluster-access.ts';
import { clusterWatches } from '../brokers/cluster-watches.ts';
import { isDone } from '../brokers/ownership.ts';
import { userSecrets } from '../brokers/user-secrets.ts';
import { eventUsers } from '../kinds.ts';
import type { Change } from '../runtime/cache/informer.ts';
import { controllerOf, keyOf, keyText, type Observed } from '../runtime/objects.ts';
import { watch, type Watch } from '../runtime/reconcile/controller.ts';
import { claimants, finalizerName } from './claims.ts';
import { certificateSecrets, knownName } from './identity.ts';
import { passwordSecrets } from './keep-secret.ts';

/** What else wakes a user: its cluster and the Secrets to reach it, its own Secrets, and whoever names the same user. */
export const userWatches: readonly Watch[] = [
  ...clusterWatches(eventUsers),
  watch(userSecrets, ({ object }, caches) =>
    caches
      .of(eventUsers)
      .by(bySecret, keyText(keyOf(object)))
      .map(keyOf),
  ),
  watch(userSecrets, (change) => {
    const owner = controllerOf(change.object);
    if (owner?.kind !== eventUsers.kind || owner.apiVersion !== eventUsers.apiVersion) return [];
    return lost(change) ? [{ namespace: change.object.metadata.namespace, name: owner.name }] : [];
  }),
  watch(eventUsers, (change, caches) =>
    concernsClaim(change)
      ? claimants(change.object, knownName(change.object), caches)
          .filter(({ metadata }) => metadata.uid !== change.object.metadata.uid)
          .map(keyOf)
      : [],
  ),
];

/** The Secrets that a user's password or name is given in. */
const bySecret = (user: EventUser) =>
  [...passwordSecrets(user), ...certificateSecrets(user)].map(({ name }) =>
    keyText({ namespace: user.metadata.namespace, name }),
  );

/** Whether what the operator has written is there no more; that it has just been written is no news. */
function lost({ object, previous, deleted }: Change<Observed<V1Secret>>): boolean {
  return deleted || (previous !== undefined && !isDeepStrictEqual(object.data, previous.data));
}

/** Whether the order among those who claim the user can have changed. */
function concernsClaim({ object, previous, deleted }: Change<EventUser>): boolean {
  return deleted || !previous || claimOf(object) !== claimOf(previous);
}

/** What it claims, and whether it still does. */
const claimOf = (user: EventUser): string =>
  JSON.stringify([user.spec.managementPolicy, clusterKey(user), knownName(user), isDone(user, finalizerName)]);
