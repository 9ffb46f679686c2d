import { setTimeout as delay } from 'node:timers/promises';

/** Waits until the condition holds. @throws when it does not within the time */
export async function until(condition: () => boolean | Promise<boolean>, milliseconds = 15_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`Not so within ${milliseconds} ms: ${condition.toString()}`);
    await delay(20);
  }
}
