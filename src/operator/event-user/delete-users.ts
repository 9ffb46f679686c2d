import type { EventUser } from '../../api/event-user.ts';
import { clusterMissing, seeClusterToRemove } from '../brokers/cluster-access.ts';
import { withBrokers, type Decision } from '../brokers/with-brokers.ts';
import type { BatchFinalizer, Result, Waiting } from '../runtime/reconcile/controller.ts';
import { claimants, heirOf } from './claims.ts';
import { managedName } from './identity.ts';
import { hasUser } from './made-by.ts';
import { removeMade } from './remove-made.ts';
import { isReserved } from './reserved-users.ts';
import type { FindBrokers, UserBrokers } from './user-brokers.ts';
import type { UserContext } from './user-context.ts';

/** The longest that a user which cannot be deleted keeps its resource, and with it a namespace. */
const patienceMilliseconds = 120_000;

/** Deletes what the resource has made of the user, where it manages it and does not want it retained. */
export function userFinalizer(findBrokers: FindBrokers): BatchFinalizer<EventUser> {
  return {
    needed: ({ spec }) => spec.deletionPolicy === 'Delete' && spec.managementPolicy === 'Manage',
    finalizeBatch: (contexts) => withBrokers(contexts, (context) => decide(context, findBrokers), deleteUsers),
  };
}

/** Deletion requires proof: only what the resource's own status says that it has made, or was about to make. */
function decide(context: UserContext, findBrokers: FindBrokers): Decision<UserBrokers, Waiting | undefined> {
  const { object, caches } = context;
  const name = managedName(object);
  if (name === undefined || !hasUser(object)) return { answer: undefined };
  const heir = heirOf(object, claimants(object, name, caches));
  if (heir) return { answer: leaveToHeir(context, heir) };
  const gone = clusterMissing({ seen: seeClusterToRemove(object, caches) });
  if (gone) return { answer: leave(context, gone.message) };
  if (isReserved(object, name, caches)) return { answer: leave(context, 'the operator itself uses it.') };
  const found = findBrokers(object, caches, 'remove');
  return 'brokers' in found ? found : { answer: wait(context, found.missing.message) };
}

async function deleteUsers(
  brokers: UserBrokers,
  contexts: readonly UserContext[],
): Promise<readonly Result<Waiting | undefined>[]> {
  const errors = await removeMade(brokers, contexts);
  return contexts.map((context, index) => errors[index] && wait(context, errors[index].message));
}

function wait(context: UserContext, why: string): Waiting | undefined {
  const { object, deletedForMilliseconds } = context;
  if (deletedForMilliseconds >= patienceMilliseconds) return leave(context, why);
  return {
    reason: 'DeletingUser',
    message: `User ${managedName(object)} cannot be deleted yet: ${why}`,
    requeueAfterMilliseconds: 5_000,
  };
}

function leaveToHeir({ object, event }: UserContext, heir: EventUser): undefined {
  const { namespace, name } = heir.metadata;
  event('Normal', 'UserKept', `User ${managedName(object)} stays: EventUser ${namespace}/${name} also declares it.`);
}

/** Better a user that is left over than a resource that never goes. */
function leave(context: UserContext, why: string): undefined {
  const user = managedName(context.object);
  context.event('Warning', 'UserLeftBehind', `User ${user} stays on the brokers, and can still connect: ${why}`);
  context.logger.warn({ user, why }, 'Left a user behind');
}
