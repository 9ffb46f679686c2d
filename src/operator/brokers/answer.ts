import { isExpected, type ExpectedError } from '../../lib/errors.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { brokerTrouble } from './broker-errors.ts';

/** What came of one question to the brokers: an error is that question's own, and no matter of what else is done. */
export type Answer<T> =
  { readonly value: T; readonly error?: never } | { readonly value?: never; readonly error: ExpectedError };

/** @throws what is no expected error, which is a mistake in the program */
export async function answerOf<T>(question: Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await question };
  } catch (error) {
    if (isExpected(error)) return { error };
    throw error;
  }
}

/**
 * Why brokers refuse to answer; undefined where they have answered, or may do so later.
 *
 * @param subject what is not known for that: `The lag`
 * @param rights what the user needs to be told: `Describe on topic a`
 */
export function refusalOf(
  { error }: Answer<unknown>,
  { subject, rights }: { readonly subject: string; readonly rights: string },
): Problem | undefined {
  if (!error || error.retryable) return undefined;
  const trouble =
    error.code === 'NotAuthorized'
      ? `${error.message.replace(/\.?$/, '.')} Grant the operator's Kafka user ${rights}.`
      : brokerTrouble(error);
  return { reason: error.code, message: `${subject} is unknown: ${trouble}`, failed: true };
}

/** Everything that the brokers refused to answer. It is reported last: a workload that runs is not held up by it. */
export function nothingRefused({
  refusals,
}: {
  readonly refusals: readonly (Problem | undefined)[];
}): Problem | undefined {
  const [first, ...others] = refusals.filter((refusal) => refusal !== undefined);
  return first && { ...first, message: [first, ...others].map(({ message }) => message).join(' ') };
}
