import { describe, expect, it } from '@jest/globals';
import { setImmediate as settled } from 'node:timers/promises';
import { catchUp } from '../../../src/reminder-worker/catch-up.ts';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';

/** Catches up with a group that is behind as told, look by look; the last number stays. */
async function catchingUp(lags: readonly (number | Error)[], signal = new AbortController().signal) {
  const clock = new ManualClock();
  const begun = clock.now().getTime();
  let looks = 0;
  const readLag = () => {
    const lag = lags[Math.min(looks++, lags.length - 1)]!;
    if (lag instanceof Error) return Promise.reject(lag);
    return Promise.resolve(
      new Map([
        ['task-events', 0],
        ['task-updates', lag],
      ]),
    );
  };
  let took: number | undefined;
  const caughtUp = catchUp({ readLag, clock, signal }).finally(() => (took = clock.now().getTime() - begun));
  for (await settled(); took === undefined; await settled()) await clock.advance(100);
  return { caughtUp: await caughtUp, took };
}

describe('catching up', () => {
  it('ends at once when nothing is left to read', async () => {
    expect(await catchingUp([0])).toEqual({ caughtUp: true, took: 0 });
  });

  it('waits until all is read, also while Kafka does not say', async () => {
    expect(await catchingUp([new Error('away'), 500, 20, 0])).toEqual({ caughtUp: true, took: 300 });
  });

  it('gives up after a while', async () => {
    expect(await catchingUp([1])).toEqual({ caughtUp: false, took: 10_000 });
  });

  it('gives up after the same while when the clock is set back', async () => {
    const clock = new ManualClock();
    const readLag = () => {
      clock.jump(-3_600_000);
      return Promise.resolve(new Map([['task-events', 1]]));
    };
    let isCaughtUp: boolean | undefined;
    void catchUp({ readLag, clock, signal: new AbortController().signal }).then((result) => (isCaughtUp = result));
    await settled();
    await clock.advance(10_000);
    expect(isCaughtUp).toBe(false);
  });

  it('ends when the worker stops', async () => {
    expect(await catchingUp([1], AbortSignal.abort())).toEqual({ caughtUp: false, took: 0 });
  });
});
