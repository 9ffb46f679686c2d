import { backoffMilliseconds, type Backoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import { errorCode, isRetryable } from './errors.ts';

export interface Patience {
  readonly clock: Clock;
  readonly backoff: Backoff;
  /** Ends the waiting: the last error is thrown then. */
  readonly signal: AbortSignal;
  /** Whether to wait for the end of what the error tells of; `isOutage` when left out. */
  readonly isToOutlast?: (error: unknown) => boolean;
  readonly onFailure: (error: unknown, attempt: number) => void;
}

/** Does something again and again until it succeeds, or fails for a reason that waiting does not remove. */
export async function outlast<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const { clock, backoff, signal, isToOutlast = isOutage, onFailure } = patience;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !isToOutlast(error)) throw error;
      onFailure(error, attempt);
      await clock.sleep(backoffMilliseconds(backoff, attempt), signal);
      if (signal.aborted) throw error;
    }
  }
}

/** Whether a service is away, or does not let us in, which a person can change: nothing that was sent to it is to blame. */
export function isOutage(error: unknown): boolean {
  const code = errorCode(error);
  return (
    isRetryable(error) || code === 'DatabaseAccessDenied' || code === 'NotAuthorized' || code === 'AuthenticationFailed'
  );
}
