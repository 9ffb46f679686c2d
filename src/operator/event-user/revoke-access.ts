import type { EventUser } from '../../api/event-user.ts';
import { clusterMissing, isShutOut, seeCluster } from '../brokers/cluster-access.ts';
import { withBrokers, type Decision } from '../brokers/with-brokers.ts';
import type { Outcome, Result } from '../runtime/reconcile/controller.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { allResults } from '../runtime/reconcile/results.ts';
import { claimants, heirOf } from './claims.ts';
import { managedName } from './identity.ts';
import { hasUser, withoutRecords } from './made-by.ts';
import { accessRevoked, accessStays, revokingAccess } from './refusals.ts';
import { removeMade } from './remove-made.ts';
import { notManaged, unmanaged } from './report.ts';
import { isReserved } from './reserved-users.ts';
import type { FindBrokers, UserBrokers } from './user-brokers.ts';
import type { UserContext } from './user-context.ts';

/** While brokers do not do it, somebody who was shut out still has access. */
const retryMilliseconds = 5_000;

/** Whether the owner of the cluster does not let the namespace use it, and the user may have been made before that. */
export const losesAccess = ({ object, caches }: UserContext): boolean =>
  object.spec.managementPolicy === 'Manage' && managedName(object) !== undefined && isShutOut(object, caches);

/**
 * Takes away what was made for users whose namespace the owner of the cluster has shut out, whatever their deletionPolicy:
 * it is the owner's word that counts. With the consent they get it back, with the password that is still in their Secret.
 */
export const revokeAccess = (
  contexts: readonly UserContext[],
  findBrokers: FindBrokers,
): Promise<Result<Outcome<EventUser>>[]> => withBrokers(contexts, (context) => decide(context, findBrokers), revokeAll);

/** The same proof as for deletion: only what the resource's own status says, and nothing that others claim. */
function decide(context: UserContext, findBrokers: FindBrokers): Decision<UserBrokers, Outcome<EventUser>> {
  const { object, caches } = context;
  const name = managedName(object)!;
  if (!hasUser(object)) return { answer: revoked(context) };
  const heir = heirOf(object, claimants(object, name, caches));
  // Whose user it is now, is no business of those who may not use the cluster.
  if (heir?.spec.managementPolicy === 'Manage' || isReserved(object, name, caches))
    return { answer: notManaged(context, clusterMissing({ seen: seeCluster(object, caches) })!) };
  if (heir) return { answer: unmanaged(context, accessStays(object, name)) };
  const found = findBrokers(object, caches, 'remove');
  return 'brokers' in found ? found : { answer: notYet(context, found.missing) };
}

async function revokeAll(brokers: UserBrokers, contexts: readonly UserContext[]) {
  const results = await allResults(contexts.length, () => removeMade(brokers, contexts));
  return contexts.map((context, index) => {
    const error = results[index];
    return error ? notYet(context, error) : revoked(context);
  });
}

function revoked(context: UserContext): Outcome<EventUser> {
  const outcome = unmanaged(context, accessRevoked(context.object, managedName(context.object)!));
  return { ...outcome, status: withoutRecords(outcome.status) };
}

/**
 * Why not is told to the operator's log alone, once: it is about a cluster that is none of the namespace's business any
 * more.
 */
function notYet(context: UserContext, { message: why }: Pick<Problem, 'message'>): Outcome<EventUser> {
  const { object, logger } = context;
  const name = managedName(object)!;
  const problem = revokingAccess(object, name);
  const before = object.status?.conditions?.find(({ type }) => type === 'Ready');
  const isTold = before?.reason === problem.reason;
  logger[isTold ? 'debug' : 'warn']({ user: name, why }, 'Cannot revoke the access of a user yet');
  return { ...unmanaged(context, problem), requeueAfterMilliseconds: retryMilliseconds };
}
