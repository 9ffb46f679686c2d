import { setTimeout as delay } from 'node:timers/promises';

const lookMilliseconds = 25;

/** Repeats until it no longer throws, and answers what it returns then; what it throws last is the failure. */
export async function eventually<T>(attempt: () => Promise<T> | T, milliseconds = 20_000): Promise<T> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(lookMilliseconds);
    }
  }
}
