import { randomUUID } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { withTransaction, type Database } from '../../lib/database.ts';
import type { ChangeContext } from '../tasks/change-context.ts';
import { keepChange } from '../tasks/undo-change.ts';
import { idempotently, type Answer, type Claim } from './idempotency.ts';
import type { RefusedChanges } from './refused-changes.ts';
import type { RequestContext } from './request-context.ts';
import type { UserTurns } from './user-turns.ts';

export interface ChangeDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly topics: ChangeContext['topics'];
  readonly refusedChanges: RefusedChanges;
  readonly turns: UserTurns;
  /** Called after the commit. */
  readonly announce: (userId: string) => void;
}

/** Runs the change of a request in one transaction with its event and its idempotency key, and answers it. */
export async function answerChange(
  dependencies: ChangeDependencies,
  context: RequestContext,
  work: (change: ChangeContext) => Promise<Answer>,
): Promise<Response> {
  return toResponse(context, await runChange(dependencies, context, work));
}

export function toResponse(context: RequestContext, answer: Answer): Response {
  const body = answer.body === undefined ? null : JSON.stringify(answer.body);
  const headers = { ...answer.headers, ...(body !== null && { 'Content-Type': 'application/json' }) };
  return context.newResponse(body, answer.status, headers);
}

/** As {@link answerChange}, but leaves it to the caller how the answer is sent. */
export async function runChange(
  { database, clock, topics, refusedChanges, turns, announce }: ChangeDependencies,
  context: RequestContext,
  work: (change: ChangeContext) => Promise<Answer>,
  claim?: Claim,
): Promise<Answer> {
  const userId = context.get('userId');
  // Read before the transaction begins, so that a slow client holds no lock.
  const received = await context.req.text();
  const committed = turns.take(userId, () =>
    withTransaction(database, (transaction) => {
      const change = { ...contextOf(context, clock.now()), transaction, topics };
      return idempotently(context, change, received, () => keeping(change, work), claim);
    }),
  );
  committed.then(
    () => refusedChanges.committed(),
    (error: unknown) => refusedChanges.failed(error),
  );
  const answer = await committed;
  announce(userId);
  return answer;
}

/** What the work would do; it leaves all as it was: also an Idempotency-Key, which stays unused. */
export async function rehearseChange(
  { database, clock, topics, turns }: ChangeDependencies,
  context: RequestContext,
  work: (change: ChangeContext) => Promise<Answer>,
): Promise<Answer> {
  let answer: Answer | undefined;
  const rollback = new Error('Rolls the transaction back');
  const rehearsed = turns.take(context.get('userId'), () =>
    withTransaction(database, async (transaction) => {
      answer = await work({ ...contextOf(context, clock.now()), transaction, topics });
      throw rollback;
    }),
  );
  await rehearsed.catch((error: unknown) => {
    if (error !== rollback) throw error;
  });
  return answer!;
}

function contextOf(context: RequestContext, now: Date): Omit<ChangeContext, 'transaction' | 'topics'> {
  return {
    userId: context.get('userId'),
    correlationId: context.get('correlationId'),
    traceparent: context.get('traceparent'),
    now,
    newId: randomUUID,
    writes: [],
  };
}

/** Keeps what the work has changed, and names that in the header Change-Id, by which it can be undone. */
async function keeping(change: ChangeContext, work: (change: ChangeContext) => Promise<Answer>): Promise<Answer> {
  const answer = await work(change);
  const id = keepChange(change);
  return id === undefined ? answer : { ...answer, headers: { ...answer.headers, 'Change-Id': id } };
}
