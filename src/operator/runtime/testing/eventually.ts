import { setTimeout as delay } from 'node:timers/promises';

/** Repeats until it no longer throws, and answers what it returns then; what it throws last is the failure. */
export async function eventually<T>(attempt: () => Promise<T> | T, milliseconds = 60_000): Promise<T> {
  const started = performance.now();
  for (;;) {
    const looked = performance.now();
    try {
      return await attempt();
    } catch (error) {
      const now = performance.now();
      if (now > started + milliseconds) throw error;
      await delay(pause(now - started, now - looked));
    }
  }
}

/** Often at first; less often when it takes long, or when a look does: what is waited for needs the processor, too. */
function pause(waited: number, look: number): number {
  return Math.max(25, Math.min(200, waited / 20), Math.min(1000, 4 * look));
}
