import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/lib/clock.ts';

const forever = Number.MAX_SAFE_INTEGER;

describe('systemClock', () => {
  it('sleeps no shorter than it is asked to', async () => {
    const before = performance.now();
    await systemClock.sleep(30);
    expect(performance.now() - before).toBeGreaterThan(28);
  });

  it('does not wait for what is over', async () => {
    await systemClock.sleep(0);
    await systemClock.sleep(-1);
  });

  it.each([forever, 2 ** 31])('wakes early, without an error, when told to: %d ms', async (milliseconds) => {
    const controller = new AbortController();
    let awake = false;
    const sleeping = systemClock.sleep(milliseconds, controller.signal).then(() => (awake = true));
    await systemClock.sleep(5);
    expect(awake).toBe(false);
    controller.abort();
    await sleeping;
  });

  it('does not fall asleep after it was told to wake', async () => {
    await systemClock.sleep(forever, AbortSignal.abort());
  });
});
