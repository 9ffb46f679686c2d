import { describe, expect, it } from '@jest/globals';
import { Wakeup } from '../../../src/lib/wakeup.ts';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';

const second = 1000;

/** Sleeps for ten seconds at most, for something that is due in five, and notes when it woke. */
function sleeping() {
  const clock = new ManualClock('2026-11-23T09:00:00Z');
  const wakeup = new Wakeup(clock);
  const at = (seconds: number) => new Date(Date.parse('2026-11-23T09:00:00Z') + seconds * second);
  return { clock, wakeup, at };
}

describe('a wake-up', () => {
  it('ends the sleep after its time', async () => {
    const { clock, wakeup, at } = sleeping();
    const woken = wakeup.sleep(5 * second, { until: at(5) }).then(() => clock.now());
    await clock.advance(20 * second);
    expect(await woken).toEqual(at(5));
  });

  it('wakes for something earlier', async () => {
    const { clock, wakeup, at } = sleeping();
    const woken = wakeup.sleep(5 * second, { until: at(5) }).then(() => clock.now());
    await clock.advance(1 * second);
    wakeup.wake(at(3));
    expect(await woken).toEqual(at(1));
  });

  it('does not wake for something later', async () => {
    const { clock, wakeup, at } = sleeping();
    const woken = wakeup.sleep(5 * second, { until: at(5) }).then(() => clock.now());
    wakeup.wake(at(6));
    await clock.advance(20 * second);
    expect(await woken).toEqual(at(5));
  });

  it('wakes for anything when nothing is slept for, or when it must be at once', async () => {
    const { clock, wakeup, at } = sleeping();
    const forNothing = wakeup.sleep(5 * second);
    wakeup.wake(at(600));
    await forNothing;
    const forSomething = wakeup.sleep(5 * second, { until: at(5) });
    wakeup.wake();
    await forSomething;
    expect(clock.now()).toEqual(at(0));
  });

  it('remembers a call that nobody slept through, once', async () => {
    const { clock, wakeup, at } = sleeping();
    wakeup.wake(at(600));
    await wakeup.sleep(5 * second, { until: at(5) });
    expect(clock.now()).toEqual(at(0));
    const woken = wakeup.sleep(5 * second, { until: at(5) }).then(() => clock.now());
    await clock.advance(20 * second);
    expect(await woken).toEqual(at(5));
  });

  it('ends when the signal aborts', async () => {
    const { clock, wakeup, at } = sleeping();
    const stopping = new AbortController();
    const slept = wakeup.sleep(5 * second, { signal: stopping.signal });
    stopping.abort();
    await slept;
    expect(clock.now()).toEqual(at(0));
  });
});
