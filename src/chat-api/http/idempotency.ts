import { createHash } from 'node:crypto';
import { z } from 'zod';
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
 * @throws {ProblemError} IdempotencyKeyReused when the key came with another request
 */
export async function idempotently(
  context: RequestContext,
  { transaction, userId, now }: ChangeContext,
  body: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const { 'Idempotency-Key': key } = check(headers, { 'Idempotency-Key': context.req.header('Idempotency-Key') });
  if (!key) return work();
  const { method, path } = context.req;
  const ifMatch = context.req.header('If-Match');
  const fingerprint = digest(`${method} ${path}\n${ifMatch === undefined ? '' : `If-Match: ${ifMatch}\n`}${body}`);
  const { rowCount } = await transaction.query(
    `INSERT INTO chat.idempotency_keys (user_id, key, fingerprint, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [userId, key, fingerprint, now],
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

async function earlierAnswer(
  { transaction, userId }: Pick<ChangeContext, 'transaction' | 'userId'>,
  key: string,
  fingerprint: string,
): Promise<Answer> {
  const { rows } = await transaction.query<{ fingerprint: string; answer: Answer }>(
    'SELECT fingerprint, answer FROM chat.idempotency_keys WHERE user_id = $1 AND key = $2',
    [userId, key],
  );
  const [earlier] = rows;
  if (earlier?.fingerprint === fingerprint) {
    return { ...earlier.answer, headers: { ...earlier.answer.headers, 'Idempotency-Replayed': 'true' } };
  }
  const error = { field: 'Idempotency-Key', message: 'was used for another request; take a new one', value: key };
  throw new ProblemError('IdempotencyKeyReused', `${error.field} ${error.message}`, [error]);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
