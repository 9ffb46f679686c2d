import { backoffMilliseconds, type Backoff } from '../lib/backoff.ts';
import { ExpectedError, isRetryable } from '../lib/errors.ts';
import { retryAfterMilliseconds, type TargetAnswer } from '../lib/http-target.ts';

/**
 * TargetUnavailable: the target cannot take anything at the moment. TargetFailed: it could not cope with this request,
 * which may be the request's fault. TargetRefused: it never will.
 */
export type AnswerErrorCode = 'TargetUnavailable' | 'TargetFailed' | 'TargetRefused';

const unavailable = new Set([408, 429, 502, 503, 504]);

/** What is wrong with an answer; undefined when it says that the reminder was taken. */
export function answerError({ status }: TargetAnswer): ExpectedError<AnswerErrorCode> | undefined {
  if (status >= 200 && status < 300) return undefined;
  const details = { status };
  if (unavailable.has(status)) {
    return new ExpectedError('TargetUnavailable', `The target answers ${status}`, { retryable: true, details });
  }
  if (status >= 500) {
    return new ExpectedError('TargetFailed', `The target answers ${status}`, { retryable: true, details });
  }
  const why = status < 400 ? '; redirections are not followed' : '';
  return new ExpectedError('TargetRefused', `The target refuses the reminder with ${status}${why}`, { details });
}

/** The longest that a target may ask to be left alone; it can ask again. */
export const longestPauseMilliseconds = 5 * 60_000;

/** For how long a target asks to be left alone, in milliseconds. */
export function requestedPause(answer: TargetAnswer, now: Date): number {
  if (!unavailable.has(answer.status)) return 0;
  return Math.min(longestPauseMilliseconds, retryAfterMilliseconds(answer, now));
}

export interface RetryPolicy {
  /** Answers of TargetFailed before a reminder is given up: those behind it in its partition wait meanwhile. */
  readonly maxAttempts: number;
  /** How long after it has fired a reminder is tried again, in milliseconds. */
  readonly maxAgeMilliseconds: number;
  readonly backoff: Backoff;
}

export interface FailedAttempt {
  readonly error: unknown;
  /** Attempts so far, this one included. */
  readonly attempts: number;
  /** Those of them that ended in TargetFailed. */
  readonly failures: number;
  /** How long ago the reminder fired, in milliseconds. */
  readonly ageMilliseconds: number;
}

/** How long to wait before the next attempt, in milliseconds; undefined when there is to be none. */
export function retryDelay(
  { error, attempts, failures, ageMilliseconds }: FailedAttempt,
  { maxAttempts, maxAgeMilliseconds, backoff }: RetryPolicy,
  random: () => number,
): number | undefined {
  if (!isRetryable(error) || failures >= maxAttempts || ageMilliseconds >= maxAgeMilliseconds) return undefined;
  return backoffMilliseconds(backoff, attempts, random);
}
