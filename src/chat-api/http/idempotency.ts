import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Queryable } from '../../lib/database.ts';
import type { ChangeContext } from '../tasks/change-context.ts';
import { ProblemError } from './problem.ts';
import type { RequestContext } from './request-context.ts';
import { check } from './validation.ts';

/** An answer that can be kept and given again. */
export interface Answer {
  readonly status: 200 | 201 | 204;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * How long a claim holds, in milliseconds: longer than a language model and the change behind it may take, so that only
 * that of a process which is gone is taken over.
 */
const longestClaim = 30_000;

/** A key that is taken before the work begins: until there is an answer, repetitions are told to come again. */
export interface Claim {
  /** Tells it from a later one of the same key. */
  readonly since: Date;
  /** Without an answer, a repetition may run the work. */
  readonly release: () => Promise<void>;
}

const headers = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, { error: 'must be 1 to 255 visible ASCII characters' })
    .optional(),
});

/**
 * Runs the work once for each Idempotency-Key of a user; a repetition gets the first answer again. The key is written
 * in the work's own transaction: a repetition that comes meanwhile waits for it, and runs if it fails.
 *
 * @param claim of the key, if the request has one already
 * @throws {ProblemError} IdempotencyKeyReused when the key came with another request, RequestInProgress while the first
 *   one has claimed it
 */
export async function idempotently(
  context: RequestContext,
  { transaction, userId, now }: ChangeContext,
  body: string,
  work: () => Promise<Answer>,
  claim?: Claim,
): Promise<Answer> {
  const key = keyOf(context);
  if (!key) return work();
  const fingerprint = fingerprintOf(context, body);
  const { rowCount } = await transaction.query(
    `INSERT INTO chat.idempotency_keys AS kept (user_id, key, fingerprint, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_id, key) DO UPDATE SET created_at = kept.created_at
     WHERE kept.answer IS NULL AND kept.created_at = $5`,
    [userId, key, fingerprint, now, claim?.since ?? null],
  );
  if (rowCount === 0) return earlierAnswer({ transaction, userId }, key, fingerprint);
  const answer = await work();
  transaction.send('UPDATE chat.idempotency_keys SET answer = $3 WHERE user_id = $1 AND key = $2', [
    userId,
    key,
    JSON.stringify(answer),
  ]);
  return answer;
}

/**
 * Takes the key of a request that will ask a language model, so that a repetition meanwhile does not ask it, too.
 *
 * @returns undefined when the request has no key; `taken` when there is an answer, or will be one
 */
export async function claimKey(
  context: RequestContext,
  database: Queryable,
  now: Date,
  body: string,
): Promise<Claim | 'taken' | undefined> {
  const key = keyOf(context);
  if (!key) return undefined;
  const userId = context.get('userId');
  const { rowCount } = await database.query(
    `INSERT INTO chat.idempotency_keys AS kept (user_id, key, fingerprint, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_id, key) DO UPDATE SET created_at = excluded.created_at
     WHERE kept.answer IS NULL AND kept.created_at < $5 AND kept.fingerprint = excluded.fingerprint`,
    [userId, key, fingerprintOf(context, body), now, new Date(now.getTime() - longestClaim)],
  );
  if (rowCount === 0) return 'taken';
  const release = async () => {
    await database.query(
      'DELETE FROM chat.idempotency_keys WHERE user_id = $1 AND key = $2 AND answer IS NULL AND created_at = $3',
      [userId, key, now],
    );
  };
  return { since: now, release };
}

function keyOf(context: RequestContext): string | undefined {
  return check(headers, { 'Idempotency-Key': context.req.header('Idempotency-Key') })['Idempotency-Key'];
}

/** Of method, path, precondition and body: the same key with another request is a mistake. */
function fingerprintOf(context: RequestContext, body: string): string {
  const { method, path } = context.req;
  const ifMatch = context.req.header('If-Match');
  return digest(`${method} ${path}\n${ifMatch === undefined ? '' : `If-Match: ${ifMatch}\n`}${body}`);
}

async function earlierAnswer(
  { transaction, userId }: Pick<ChangeContext, 'transaction' | 'userId'>,
  key: string,
  fingerprint: string,
): Promise<Answer> {
  const { rows } = await transaction.query<{ fingerprint: string; answer: Answer | null }>(
    'SELECT fingerprint, answer FROM chat.idempotency_keys WHERE user_id = $1 AND key = $2',
    [userId, key],
  );
  const [earlier] = rows;
  if (earlier?.fingerprint === fingerprint) {
    if (!earlier.answer)
      throw new ProblemError('RequestInProgress', 'The first request with this key is still running');
    return { ...earlier.answer, headers: { ...earlier.answer.headers, 'Idempotency-Replayed': 'true' } };
  }
  const error = { field: 'Idempotency-Key', message: 'was used for another request; take a new one', value: key };
  throw new ProblemError('IdempotencyKeyReused', `${error.field} ${error.message}`, [error]);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
