import { setTimeout as delay } from 'node:timers/promises';

const lookMilliseconds = 50;

/** Waits for what only comes about in a while. A condition that throws is one that does not hold yet. */
export async function until(condition: () => boolean | Promise<boolean>, limitMilliseconds = 45_000): Promise<void> {
  const deadline = performance.now() + limitMilliseconds;
  for (let failure: unknown; ; await delay(lookMilliseconds)) {
    try {
      if (await condition()) return;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`still not so after ${limitMilliseconds / 1000} s: ${condition.toString()}`, { cause: failure });
    }
  }
}
