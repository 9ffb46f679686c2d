import { describeDifferences } from './plan.ts';
import { hasUser } from './made-by.ts';
import type { PlannedUser } from './user-work.ts';

/** Events about what others did to the user: it was there before us, or is not what we left. */
export function announceFound({ context, user, name, found, plan }: PlannedUser): void {
  if (user.spec.managementPolicy !== 'Manage' || plan.differences.length === 0) return;
  const differs = `${describeDifferences(plan.differences)}.`;
  if (!hasUser(user)) {
    const isThere = [found.credentials.value, found.acls.value].some((told) => told && told.length > 0);
    if (isThere) context.event('Normal', 'UserAdopted', `User ${name} already exists and is now managed. ${differs}`);
  } else if (user.status?.credential && found.credentials.value?.length === 0) {
    context.event(
      'Warning',
      'UserLost',
      `The password of user ${name} was removed outside the operator and has been set again.`,
    );
  } else if (wasReady(user)) {
    context.event('Normal', 'DriftFound', `User ${name} was changed outside the operator: ${differs}`);
  }
}

/** Nothing was left to do for this very spec: what differs now, somebody else has changed. */
function wasReady({ metadata, status }: PlannedUser['user']): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && status?.observedGeneration === metadata.generation;
}
