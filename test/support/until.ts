import { setTimeout as delay } from 'node:timers/promises';

const lookMilliseconds = 20;

/** Waits for what only comes about in a while. A condition that throws is one that does not hold yet. */
export async function until(condition: () => boolean | Promise<boolean>, milliseconds = 30_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  for (let failure: unknown; ; await delay(lookMilliseconds)) {
    try {
      if (await condition()) return;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`Not so within ${milliseconds} ms: ${condition.toString()}`, { cause: failure });
    }
  }
}
