/** The time as a dependency, so that tests can move it by hand. */
export interface Clock {
  /** The time of day, for people: it can jump, in both directions. */
  now(): Date;
  /** Milliseconds since whenever, which only grow: for every wait, age and limit. */
  monotonic(): number;
  /** Resolves after the time, or early when the signal aborts; it never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Node's timers fire at once when asked for more than this (24.8 days). */
const longestTimer = 2 ** 31 - 1;

async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  for (let left = milliseconds; left > 0 && !signal?.aborted; left -= longestTimer) {
    await timer(Math.min(left, longestTimer), signal);
  }
}

/** Node's own promises of timers make an error with its stack for each that ends early, which loops do all the time. */
function timer(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timeout);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timeout = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
  });
}

export const systemClock: Clock = { now: () => new Date(), monotonic: () => performance.now(), sleep };
