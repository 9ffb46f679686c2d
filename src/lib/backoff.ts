/** Delays that grow from `initial` to `maximum`, in milliseconds. */
export interface Backoff {
  readonly initial: number;
  readonly maximum: number;
  /** What each delay is multiplied by to give the next; at least 1. */
  readonly factor: number;
  /** `full`: a random part of the delay, so that many who failed together do not come back together. */
  readonly jitter?: 'none' | 'full';
}

/**
 * The delay before a retry, in milliseconds.
 *
 * @param attempt 1 for the first retry
 * @param random gives a number in [0, 1); only called with full jitter
 */
export function backoffMilliseconds(backoff: Backoff, attempt: number, random: () => number = Math.random): number {
  const { initial, maximum, factor, jitter = 'none' } = backoff;
  const delay = Math.min(maximum, initial * factor ** (attempt - 1));
  return Math.round(jitter === 'full' ? delay * random() : delay);
}
