import { describe, expect, it } from '@jest/globals';
import { Alarm } from '../../../src/reminder-worker/alarm.ts';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';

const second = 1000;

/** Sleeps for ten seconds at most, for something that is due in five, and notes when it woke. */
function sleeping() {
  const clock = new ManualClock('2026-11-23T09:00:00Z');
  const alarm = new Alarm(clock);
  const at = (seconds: number) => new Date(Date.parse('2026-11-23T09:00:00Z') + seconds * second);
  return { clock, alarm, at };
}

describe('an alarm', () => {
  it('ends the sleep after its time', async () => {
    const { clock, alarm, at } = sleeping();
    const woken = alarm.sleep(5 * second, at(5)).then(() => clock.now());
    await clock.advance(20 * second);
    expect(await woken).toEqual(at(5));
  });

  it('wakes for something earlier', async () => {
    const { clock, alarm, at } = sleeping();
    const woken = alarm.sleep(5 * second, at(5)).then(() => clock.now());
    await clock.advance(1 * second);
    alarm.ring(at(3));
    expect(await woken).toEqual(at(1));
  });

  it('does not wake for something later', async () => {
    const { clock, alarm, at } = sleeping();
    const woken = alarm.sleep(5 * second, at(5)).then(() => clock.now());
    alarm.ring(at(6));
    await clock.advance(20 * second);
    expect(await woken).toEqual(at(5));
  });

  it('wakes for anything when nothing is slept for, or when it must be at once', async () => {
    const { clock, alarm, at } = sleeping();
    const forNothing = alarm.sleep(5 * second);
    alarm.ring(at(600));
    await forNothing;
    const forSomething = alarm.sleep(5 * second, at(5));
    alarm.ring();
    await forSomething;
    expect(clock.now()).toEqual(at(0));
  });

  it('remembers a ring that nobody slept through, once', async () => {
    const { clock, alarm, at } = sleeping();
    alarm.ring(at(600));
    await alarm.sleep(5 * second, at(5));
    expect(clock.now()).toEqual(at(0));
    const woken = alarm.sleep(5 * second, at(5)).then(() => clock.now());
    await clock.advance(20 * second);
    expect(await woken).toEqual(at(5));
  });
});
