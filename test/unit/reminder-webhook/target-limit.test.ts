import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as settled } from 'node:timers/promises';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';
import { TargetLimit } from '../../../src/reminder-webhook/target-limit.ts';

const never = new AbortController().signal;

/** Runs so many requests of the given length, and notes when each began and how many there were at once. */
async function run({
  count,
  maxInFlight,
  maxPerSecond,
  lengths,
}: Record<'count' | 'maxInFlight' | 'maxPerSecond', number> & { lengths: readonly number[] }) {
  const clock = new ManualClock();
  const limit = new TargetLimit({ maxInFlight, maxPerSecond, clock });
  const begun: number[] = [];
  const order: number[] = [];
  let inFlight = 0;
  let most = 0;
  const all = Promise.all(
    Array.from({ length: count }, (_, index) =>
      limit.run(async () => {
        begun.push(clock.monotonic());
        order.push(index);
        most = Math.max(most, (inFlight += 1));
        await clock.sleep(lengths[index % lengths.length]!);
        inFlight -= 1;
      }, never),
    ),
  );
  let isDone = false;
  void all.then(() => (isDone = true));
  for (await settled(); !isDone; await settled()) await clock.advance(1000);
  return { begun, order, most };
}

describe('TargetLimit', () => {
  const someRuns = fc.record({
    count: fc.integer({ min: 1, max: 40 }),
    maxInFlight: fc.integer({ min: 1, max: 8 }),
    maxPerSecond: fc.integer({ min: 1, max: 20 }),
    lengths: fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 5 }),
  });

  it('lets no more pass at once, and in any second, than it may, and each in its turn', async () => {
    await fc.assert(
      fc.asyncProperty(someRuns, async (one) => {
        const { begun, order, most } = await run(one);
        expect(begun).toHaveLength(one.count);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(most).toBeLessThanOrEqual(one.maxInFlight);
        // Two begin at once after a rest, and one at each end of a second.
        for (const start of begun) {
          const within = begun.filter((at) => at >= start && at < start + 1000);
          expect(within.length).toBeLessThanOrEqual(one.maxPerSecond + 2);
        }
      }),
      // One that waits must not be passed by one that comes later.
      { numRuns: 30, examples: [[{ count: 4, maxInFlight: 2, maxPerSecond: 1, lengths: [0, 1000] }]] },
    );
  });

  it('lets nothing pass while the target asks for a pause', async () => {
    const clock = new ManualClock();
    const limit = new TargetLimit({ maxInFlight: 2, maxPerSecond: 100, clock });
    let isSent = false;
    limit.pause(5000);
    const sent = limit.run(() => Promise.resolve((isSent = true)), never);
    await clock.advance(4999);
    expect(isSent).toBe(false);
    await clock.advance(1);
    await sent;
  });

  it('lets go of those that wait when the signal aborts, and finishes what has begun', async () => {
    const clock = new ManualClock();
    const limit = new TargetLimit({ maxInFlight: 1, maxPerSecond: 100, clock });
    const stopping = new AbortController();
    let finish = () => {};
    const first = limit.run(() => new Promise<void>((resolve) => (finish = resolve)), stopping.signal);
    const second = limit.run(() => Promise.reject(new Error('sent')), stopping.signal);
    stopping.abort();
    await settled();
    finish();
    await first;
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    await limit.run(() => Promise.resolve(), never);
  });

  it('goes on after work that failed', async () => {
    const limit = new TargetLimit({ maxInFlight: 1, maxPerSecond: 1000, clock: new ManualClock() });
    await expect(limit.run(() => Promise.reject(new Error('broken')), never)).rejects.toThrow('broken');
  });
});
