import type { Clock } from '../lib/clock.ts';

/** Ends a sleep early. A call while nobody sleeps is kept for the next sleep, so that none is lost. */
export interface Wakeup {
  wake(): void;
  /** Returns after the time, on a wake, or when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export function createWakeup(clock: Clock): Wakeup {
  let called = false;
  let alarm = new AbortController();
  return {
    wake: () => {
      called = true;
      alarm.abort();
    },
    sleep: async (milliseconds, signal) => {
      if (!called) {
        alarm = new AbortController();
        await clock.sleep(milliseconds, AbortSignal.any([alarm.signal, signal]));
      }
      called = false;
    },
  };
}
