import type { EventUser } from '../../api/event-user.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { Outcome, Result } from '../runtime/reconcile/controller.ts';
import { eachResult } from '../runtime/reconcile/results.ts';
import { act } from './act.ts';
import { announceFound, announceLost } from './announce.ts';
import { keepSecret, type KeptSecret, type RandomBytes } from './keep-secret.ts';
import { look, type FoundUser, type UserToLookAt } from './look.ts';
import { withoutRecords } from './made-by.ts';
import { changesAnything, planUser, type UserPlan } from './plan.ts';
import { recordAhead } from './record-ahead.ts';
import { report } from './report.ts';
import type { UserBrokers } from './user-brokers.ts';
import type { UserContext } from './user-context.ts';
import type { ActedUser, PlannedUser, SeenUser } from './user-work.ts';

/** A resource whose user this is, by the name that brokers know it by. */
export interface NamedContext {
  readonly context: UserContext;
  readonly name: string;
}

/**
 * Brings users of one cluster to what their resources say: looks at all of them, writes their Secrets, plans for each,
 * records what is to be made, acts for all, looks at what was changed, and reports on each.
 *
 * @throws {ExpectedError} when brokers do not answer
 */
export async function keepUsers(
  brokers: UserBrokers,
  named: readonly NamedContext[],
  randomBytes: RandomBytes,
): Promise<Result<Outcome<EventUser>>[]> {
  const { admin } = brokers;
  const found = await look(admin, named.map(toLookAt));
  const prepared = await prepare(brokers, named, found, randomBytes);
  const planned = prepared.flatMap((work) => (work instanceof Error ? [] : [work]));
  for (const work of planned) announceFound(work);
  const acting = planned.filter(({ user }) => user.spec.managementPolicy === 'Manage');
  const acted = await act(admin, acting, randomBytes);
  for (const work of acted) announceLost(work);
  const seen = new Map((await lookAgain(brokers, acted)).map((work) => [work.context, work]));
  return prepared.map((work) => (work instanceof Error ? work : report(work, seen.get(work.context))));
}

const hasPassword = ({ spec }: EventUser) => spec.authentication.type === 'ScramSha512';
const isManaged = ({ spec }: EventUser) => spec.managementPolicy === 'Manage';

const toLookAt = ({ context, name }: NamedContext): UserToLookAt => ({
  name,
  hasPassword: hasPassword(context.object),
});

/** The Secret first: a password that is on the brokers alone is known to nobody. */
function prepare(
  { listener }: UserBrokers,
  named: readonly NamedContext[],
  found: ReadonlyMap<string, FoundUser>,
  randomBytes: RandomBytes,
): Promise<Result<PlannedUser>[]> {
  const managed = new Set<string>();
  return eachResult(named, async ({ context, name }) => {
    const { object: user } = context;
    if (isManaged(user)) {
      // Two that are new, and whose names are in certificates, do not know of one another yet.
      if (managed.has(name)) throw takenMeanwhile(name);
      managed.add(name);
    }
    const writes = hasPassword(user) && isManaged(user);
    const secret = writes ? await keepSecret(context, name, listener, randomBytes) : undefined;
    const itsFound = found.get(name)!;
    const plan = planUser(user, name, itsFound, secret?.version);
    if (isManaged(user)) await recordAhead({ context, user, name, plan });
    return { context, user, name, found: itsFound, secret, plan };
  });
}

const takenMeanwhile = (name: string) =>
  new ExpectedError('UserTaken', `Another EventUser is claiming user ${name}`, { retryable: true });

/** Brokers that are well know of a change within this time, in milliseconds between looks. */
const waits = [15, 35, 100, 250, 800];

/** Looks again at users that were changed, until brokers tell of the change or should have. */
async function lookAgain({ admin }: UserBrokers, works: readonly ActedUser[]): Promise<SeenUser[]> {
  const left = new Map<ActedUser, UserPlan>(works.map((work) => [work, whatIsLeft(work, work.found)]));
  let open = works.filter(({ plan, failure }) => changesAnything(plan) && !failure);
  for (const milliseconds of waits) {
    const [first] = open;
    if (!first || first.context.signal.aborted) break;
    await first.context.clock.sleep(milliseconds, first.context.signal);
    const found = await look(
      admin,
      open.map(({ user, name }) => ({ name, hasPassword: hasPassword(user) })),
    );
    for (const work of open) left.set(work, whatIsLeft(work, found.get(work.name)!));
    open = open.filter((work) => work.refusals.length === 0 && changesAnything(left.get(work)!));
  }
  return works.map((work) => ({ ...work, left: left.get(work)! }));
}

/** The plan for the user as it was recorded, by what is there now. */
function whatIsLeft({ user, name, records, secret }: ActedUser, found: FoundUser): UserPlan {
  const recorded = { ...user, status: { ...withoutRecords(user.status ?? {}), ...records } };
  return planUser(recorded, name, found, versionOf(secret));
}

const versionOf = (secret: KeptSecret | undefined) => secret?.version;
