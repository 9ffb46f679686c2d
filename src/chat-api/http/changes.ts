import { randomUUID } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { withTransaction, type Database } from '../../lib/database.ts';
import type { ChangeContext } from '../tasks/change-context.ts';
import { keepChange } from '../tasks/undo-change.ts';
import { idempotently, type Answer } from './idempotency.ts';
import type { RequestContext } from './request-context.ts';

export interface ChangeDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly topics: ChangeContext['topics'];
  /** Called after the commit. */
  readonly announce: (userId: string) => void;
}

/** Runs the change of a request in one transaction with its event and its idempotency key, and answers it. */
export async function answerChange(
  { database, clock, topics, announce }: ChangeDependencies,
  context: RequestContext,
  work: (change: ChangeContext) => Promise<Answer>,
): Promise<Response> {
  const userId = context.get('userId');
  // Read before the transaction begins, so that a slow client holds no lock.
  const received = await context.req.text();
  const answer = await withTransaction(database, (transaction) => {
    const change: ChangeContext = {
      transaction,
      userId,
      correlationId: context.get('correlationId'),
      traceparent: context.get('traceparent'),
      now: clock.now(),
      newId: randomUUID,
      writes: [],
      topics,
    };
    return idempotently(context, change, received, () => keeping(change, work));
  });
  announce(userId);
  const body = answer.body === undefined ? null : JSON.stringify(answer.body);
  const headers = { ...answer.headers, ...(body !== null && { 'Content-Type': 'application/json' }) };
  return context.newResponse(body, answer.status, headers);
}

/** Keeps what the work has changed, and names that in the header Change-Id, by which it can be undone. */
async function keeping(change: ChangeContext, work: (change: ChangeContext) => Promise<Answer>): Promise<Answer> {
  const answer = await work(change);
  const id = await keepChange(change);
  return id === undefined ? answer : { ...answer, headers: { ...answer.headers, 'Change-Id': id } };
}
