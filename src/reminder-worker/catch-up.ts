import type { Clock } from '../lib/clock.ts';

export interface CatchUpOptions {
  /** Messages by topic that the consumer group has yet to process. */
  readonly readLag: () => Promise<ReadonlyMap<string, number>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const lookMilliseconds = 100;
/** Reminders are held up no longer than this, however much there is to read. */
const limitMilliseconds = 10_000;

/**
 * Waits until the group has processed what is in its topics: a task may have been moved or deleted while no worker
 * ran, and must not be reminded of as it was before.
 *
 * @returns whether all was processed within the limit
 */
export async function catchUp({ readLag, clock, signal }: CatchUpOptions): Promise<boolean> {
  const end = clock.monotonic() + limitMilliseconds;
  while (!signal.aborted && clock.monotonic() < end) {
    // Kafka may be away; without it nothing can be published either.
    const lag = await readLag().catch(() => undefined);
    if (lag && [...lag.values()].every((messages) => messages === 0)) return true;
    await clock.sleep(lookMilliseconds, signal);
  }
  return false;
}
