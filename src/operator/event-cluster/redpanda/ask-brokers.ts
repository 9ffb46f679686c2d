import type { z } from 'zod';
import { ExpectedError } from '../../../lib/errors.ts';
import type { RedpandaAdmin, RedpandaAdminErrorCode } from '../../brokers/redpanda-admin.ts';
import { brokerHost, type ClusterName } from '../names.ts';
import { redpandaPorts } from './layout.ts';

/** Where a broker's admin API is; RedpandaAdmin knows whether it speaks TLS. */
export const adminUrl = (cluster: ClusterName, index: number) =>
  `http://${brokerHost(cluster, index)}:${redpandaPorts.admin}`;

/**
 * The answer of the first broker that is not away, and does not refer to another one.
 *
 * @param brokers the admin APIs of brokers that are ready: each answers for the whole cluster, and one takes changes
 * @throws {ExpectedError} with a RedpandaAdminErrorCode: the last one's, when none answers
 */
export async function firstAnswer<Answer>(
  brokers: readonly string[],
  ask: (url: string) => Promise<Answer>,
): Promise<Answer> {
  let failure = adminUnavailable('no broker is ready');
  for (const url of brokers) {
    try {
      return await ask(url);
    } catch (error) {
      if (!isAdminError(error) || error.code === 'AdminRefused' || error.code === 'AdminMissing') throw error;
      failure = error;
    }
  }
  throw failure;
}

const adminCodes: ReadonlySet<unknown> = new Set<RedpandaAdminErrorCode>([
  'AdminUnavailable',
  'AdminElsewhere',
  'AdminRefused',
  'AdminMissing',
]);

/** Whether it is an answer of the admin API, or the lack of one. */
export const isAdminError = (error: unknown): error is ExpectedError<RedpandaAdminErrorCode> =>
  error instanceof ExpectedError && adminCodes.has(error.code);

/** @throws {ExpectedError} AdminUnavailable for an answer of another shape */
export async function askFor<Shape>(admin: RedpandaAdmin, url: string, shape: z.ZodType<Shape>): Promise<Shape> {
  return inShape(url, await admin.get(url), shape);
}

/** @throws {ExpectedError} AdminUnavailable for an answer of another shape */
export function inShape<Shape>(url: string, answer: unknown, shape: z.ZodType<Shape>): Shape {
  const parsed = shape.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw adminUnavailable(`its answer to ${new URL(url).pathname} is not as expected`);
}

export const adminUnavailable = (message: string) =>
  new ExpectedError<RedpandaAdminErrorCode>('AdminUnavailable', message, { retryable: true });
