import { aclText } from '../brokers/acl-text.ts';
import { principalOf } from './identity.ts';
import { madeBy, type UserRecords } from './made-by.ts';
import type { PlannedUser } from './user-work.ts';

/**
 * Records in the status what the plan is about to make: should the operator stop, or not be answered, before it can tell
 * what came of it, that still goes with the resource, or when it is declared no more.
 *
 * @throws {ExpectedError} Conflict, when the resource has changed, or is deleted, by now: then nothing is to be made
 */
export async function recordAhead({
  context,
  user,
  name,
  plan,
}: Pick<PlannedUser, 'context' | 'user' | 'name' | 'plan'>): Promise<void> {
  const made = madeBy(user);
  const password = plan.setPassword && !made.hasPassword;
  const acls = plan.createAcls.map(aclText).filter((text) => !made.acls.has(text));
  const quotas = Object.entries(plan.quotas?.quotas ?? {}).filter(
    (entry): entry is [string, number] => entry[1] !== null && !Object.hasOwn(made.quotas, entry[0]),
  );
  if (!password && acls.length === 0 && quotas.length === 0) return;
  // What was pending before may have been made as well.
  const before = user.status?.pending;
  const pending: UserRecords['pending'] = {
    ...before,
    ...(password && { password }),
    ...(acls.length > 0 && { acls: [...(before?.acls ?? []), ...acls] }),
    ...(quotas.length > 0 && { quotas: { ...before?.quotas, ...Object.fromEntries(quotas) } }),
  };
  await context.record({ principal: principalOf(name), pending });
}
