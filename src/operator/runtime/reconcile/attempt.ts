import type { Clock } from '../../../lib/clock.ts';
import { ExpectedError, toError } from '../../../lib/errors.ts';
import type { Logger } from '../../../lib/log.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';

/** What work is given that may be abandoned. */
export interface Attempt {
  /** Aborts when the operator stops, and when the time is over. */
  readonly signal: AbortSignal;
  /** Writes nothing once the time is over. */
  readonly client: KubernetesClient;
  /** @throws {ExpectedError} ReconcileTimeout once the time is over */
  readonly assertCurrent: () => void;
}

export interface AttemptOptions {
  readonly clock: Clock;
  readonly client: KubernetesClient;
  readonly logger: Logger;
  /** Aborts when the operator stops. The work is still waited for, until its time is over. */
  readonly signal: AbortSignal;
  readonly milliseconds: number;
}

/**
 * Waits for work no longer than the time it has. Whatever it still does afterwards is abandoned: its writes are refused,
 * so that it cannot interfere with the next attempt.
 *
 * @throws {ExpectedError} ReconcileTimeout, or what the work throws
 */
export async function attempt<Value>(
  { clock, client, logger, signal, milliseconds }: AttemptOptions,
  work: (attempt: Attempt) => Promise<Value>,
): Promise<Value> {
  const aborting = new AbortController();
  const ended = new AbortController();
  const timeout = Promise.withResolvers<never>();
  let late: Error | undefined;
  const assertCurrent = () => {
    if (late) throw late;
  };
  const stop = () => aborting.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  void clock.sleep(milliseconds, ended.signal).then(() => {
    if (ended.signal.aborted) return;
    late = timeoutError(milliseconds);
    aborting.abort(late);
    timeout.reject(late);
  });
  const logLate = (error: unknown) => {
    if (late) logger.debug({ err: toError(error) }, 'Abandoned work failed');
  };
  try {
    const working = work({ signal: aborting.signal, client: client.guardedBy(assertCurrent), assertCurrent });
    working.catch(logLate);
    return await Promise.race([working, timeout.promise]);
  } finally {
    ended.abort();
    signal.removeEventListener('abort', stop);
  }
}

function timeoutError(milliseconds: number): ExpectedError<'ReconcileTimeout'> {
  const message = `Reconciling did not finish within ${milliseconds / 1000} s. It was abandoned and will be retried.`;
  return new ExpectedError('ReconcileTimeout', message, { retryable: true });
}
