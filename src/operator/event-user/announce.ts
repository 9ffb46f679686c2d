import { describeDifferences } from './plan.ts';
import { hasUser } from './made-by.ts';
import type { ActedUser, PlannedUser } from './user-work.ts';

/** Events about what others did to the user: it was there before us, or is not what we left. */
export function announceFound({ context, user, name, found, plan }: PlannedUser): void {
  if (user.spec.managementPolicy !== 'Manage' || plan.differences.length === 0) return;
  const differs = `${describeDifferences(plan.differences)}.`;
  if (!hasUser(user)) {
    const isThere = [found.credentials.value, found.acls.value].some((told) => told && told.length > 0);
    if (isThere) context.event('Normal', 'UserAdopted', `User ${name} already exists and is now managed. ${differs}`);
  } else if (!isLost({ user, found }) && wasReady(user)) {
    context.event('Normal', 'DriftFound', `User ${name} was changed outside the operator: ${differs}`);
  }
}

/** An Event about a user whose password was just set, though it once was. */
export function announceLost({ context, user, name, found, plan, refusals, failure }: ActedUser): void {
  if (!isLost({ user, found }) || !plan.setPassword || failure || refusals.length > 0) return;
  const message = `The password of user ${name} was removed outside the operator and has been set again.`;
  context.event('Warning', 'UserLost', message);
}

const isLost = ({ user, found }: Pick<PlannedUser, 'user' | 'found'>): boolean =>
  user.status?.credential !== undefined && found.credentials.value?.length === 0;

/** Nothing was left to do for this very spec: what differs now, somebody else has changed. */
function wasReady({ metadata, status }: PlannedUser['user']): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && status?.observedGeneration === metadata.generation;
}
