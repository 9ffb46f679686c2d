import type { EventUser } from '../../api/event-user.ts';
import type { Outcome, Result } from '../runtime/reconcile/controller.ts';
import { evaluate, type Check, type Problem, type Readiness } from '../runtime/reconcile/readiness.ts';
import { principalOf } from './identity.ts';
import { secretNameOf } from './keep-secret.ts';
import { withoutRecords } from './made-by.ts';
import { changesAnything, describeDifferences } from './plan.ts';
import { userAbsent } from './refusals.ts';
import type { UserContext } from './user-context.ts';
import type { PlannedUser, SeenUser } from './user-work.ts';

/** How often brokers are asked whether all is as it should be: what somebody else changed is put back by then. */
const lookMilliseconds = 120_000;
/** While brokers have not taken in a change yet. */
const settlingMilliseconds = 1_000;

/** What came of a user, for its status. An error is for what may succeed later. @param seen undefined for Observe */
export function report(work: PlannedUser, seen: SeenUser | undefined): Result<Outcome<EventUser>> {
  if (!seen) return observed(work);
  return seen.failure ?? managed(seen);
}

/** Nothing can be done for the user for now: what was last known of it stays. */
export function unmanaged({ object, clock }: UserContext, problem: Problem): Outcome<EventUser> {
  return {
    readiness: { ready: false, ...problem },
    status: { ...object.status },
    requeueAfterMilliseconds: untilNextLook(clock.monotonic()),
  };
}

/** The user is not this resource's: whatever it did to it before, it has no right to any more. */
export function notManaged(context: UserContext, problem: Problem): Outcome<EventUser> {
  const outcome = unmanaged(context, problem);
  const { principal: _principal, ...records } = outcome.status;
  return { ...outcome, status: withoutRecords(records) };
}

function observed({ context, name, found, plan }: PlannedUser): Outcome<EventUser> {
  const { differences, refusals } = plan;
  const isThere = [
    ...[found.credentials.value?.length, found.acls.value?.length],
    Object.keys(found.quotas.value ?? {}).length,
  ].some((count) => count !== undefined && count > 0);
  const checks = [nothingRefused, () => (isThere ? undefined : userAbsent(name))];
  const ready = {
    reason: differences.length === 0 ? 'UserObserved' : 'UserDiffers',
    message: differences.length === 0 ? 'The user is as declared.' : `${describeDifferences(differences)}.`,
  };
  return {
    readiness: evaluate(checks, { refusals }, ready),
    status: { principal: principalOf(name), ...differencesFact(differences) },
    requeueAfterMilliseconds: untilNextLook(context.clock.monotonic()),
  };
}

function managed(work: SeenUser): Outcome<EventUser> {
  const { context, user, name, secret, records, left, refusals } = work;
  const readiness = evaluate(checks, { refusals, left }, readyOf(work));
  const settling = !readiness.ready && !readiness.failed;
  return {
    readiness,
    status: {
      principal: principalOf(name),
      ...(secret && { secretName: secretNameOf(user) }),
      ...records,
      ...(refusals.length > 0 && differencesFact(left.differences)),
    },
    requeueAfterMilliseconds: settling ? settlingMilliseconds : untilNextLook(context.clock.monotonic()),
  };
}

/** More of them are of no use to anybody. */
const mostDifferences = 100;

const differencesFact = (differences: PlannedUser['plan']['differences']) =>
  differences.length > 0 ? { differences: differences.slice(0, mostDifferences) } : {};

/** From cause to effect. */
const checks: readonly Check<Pick<SeenUser, 'refusals' | 'left'>>[] = [nothingRefused, asDesired];

/** All that was refused, so that it can be corrected at once. */
function nothingRefused({ refusals }: Pick<SeenUser, 'refusals'>): Problem | undefined {
  const [first] = refusals;
  if (!first) return undefined;
  const { reason, failed } = first;
  return { reason, failed, message: refusals.map(({ message }) => message).join(' ') };
}

function asDesired({ left }: Pick<SeenUser, 'left'>): Problem | undefined {
  if (!changesAnything(left)) return undefined;
  const message = `Changed, but not yet visible on the broker: ${describeDifferences(left.differences)}.`;
  return { reason: 'UserChanging', message, failed: false };
}

function readyOf({ user, secret, records }: SeenUser): Pick<Readiness, 'reason' | 'message'> {
  const entries = records.acls?.length ?? 0;
  const quotas = Object.entries(records.quotas ?? {}).map(([key, value]) => `${key}=${value}`);
  const parts = [
    secret ? `password in Secret ${secretNameOf(user)}` : 'no password',
    entries === 1 ? '1 access control entry' : `${entries} access control entries`,
    quotas.length === 0 ? 'no quotas' : `quotas ${quotas.join(', ')}`,
  ];
  const message = `${parts.join('; ')}.`;
  return { reason: 'UserReady', message: message[0]!.toUpperCase() + message.slice(1) };
}

/** The same moment for all users, so that brokers are asked about them together. */
function untilNextLook(now: number): number {
  return lookMilliseconds - (now % lookMilliseconds);
}
