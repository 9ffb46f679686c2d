import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as settled } from 'node:timers/promises';
import { WorkQueue } from '../../../../../src/operator/runtime/reconcile/work-queue.ts';
import { ManualClock } from '../../../../../src/operator/runtime/testing/manual-clock.ts';

const keys = ['a', 'b', 'c'] as const;
const key = fc.constantFrom(...keys);

/** What may happen to a queue, in any order. */
type Step =
  | { readonly do: 'add' | 'retry' | 'finish'; readonly key: string }
  | { readonly do: 'take'; readonly maximum: number }
  | { readonly do: 'addAfter'; readonly key: string; readonly milliseconds: number }
  | { readonly do: 'wait'; readonly milliseconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('add', 'retry', 'finish'), key }),
  fc.record({ do: fc.constant('take' as const), maximum: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constant('addAfter' as const), key, milliseconds: fc.nat(1000) }),
  fc.record({ do: fc.constant('wait' as const), milliseconds: fc.nat(1000) }),
);

/** Workers that take keys, and finish them when told. */
class Workers {
  readonly clock = new ManualClock();
  readonly queue = new WorkQueue({ clock: this.clock });
  readonly working = new Set<string>();
  /** Keys changed since work on them last began. */
  readonly pending = new Set<string>();
  overlaps = 0;

  async perform(step: Step): Promise<void> {
    if (step.do === 'wait') await this.clock.advance(step.milliseconds);
    else if (step.do === 'take') this.take(step.maximum);
    else if (step.do === 'finish') this.finish(step.key);
    else this.change(step);
    await settled();
  }

  take(maximum: number): void {
    void this.queue.take(maximum).then((taken) => {
      if (taken.length > maximum) this.overlaps += 1;
      for (const one of taken) {
        if (this.working.has(one)) this.overlaps += 1;
        this.working.add(one);
        this.pending.delete(one);
      }
    });
  }

  finish(key: string): void {
    if (!this.working.delete(key)) return;
    this.queue.done(key);
  }

  change(step: Exclude<Step, { do: 'wait' | 'take' }>): void {
    this.pending.add(step.key);
    if (step.do === 'add') this.queue.add(step.key);
    else if (step.do === 'retry') this.queue.retry(step.key);
    else if (step.do === 'addAfter') this.queue.addAfter(step.key, step.milliseconds);
  }

  /** Lets everything end: enough takers, all work finished, all waits over. */
  async drain(): Promise<void> {
    for (let round = 0; round < 10; round += 1) {
      for (const key of keys) this.finish(key);
      for (const _ of keys) this.take(1);
      await this.clock.advance(60_000);
      await settled();
    }
  }
}

describe('a work queue', () => {
  it('never gives a key to two workers, and loses no change', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const workers = new Workers();
        for (const one of steps) await workers.perform(one);
        await workers.drain();
        expect(workers.overlaps).toBe(0);
        expect([...workers.pending]).toEqual([]);
        workers.queue.close();
      }),
      { numRuns: 200 },
    );
  });

  it('gives keys in the order they came, each once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(key), fc.integer({ min: 1, max: 4 }), async (added, maximum) => {
        const queue = new WorkQueue({ clock: new ManualClock() });
        for (const one of added) queue.add(one);
        const taken: string[] = [];
        while (taken.length < new Set(added).size) taken.push(...(await queue.take(maximum)));
        expect(taken).toEqual([...new Set(added)]);
      }),
    );
  });

  it('waits twice as long after each failure, up to a minute, and anew after a success', async () => {
    const clock = new ManualClock();
    const queue = new WorkQueue({ clock, random: () => 1 });
    const waits: number[] = [];
    const wait = async () => {
      queue.retry('a');
      const start = clock.now().getTime();
      const taken = queue.take(1);
      while (clock.sleepers > 0) await clock.advance(100);
      queue.done((await taken)[0]!);
      waits.push(clock.now().getTime() - start);
    };
    for (let failure = 0; failure < 12; failure += 1) await wait();
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000]);
    queue.succeeded('a');
    await wait();
    expect(waits.at(-1)).toBe(100);
  });

  it('takes the earliest of several times', async () => {
    const clock = new ManualClock();
    const queue = new WorkQueue({ clock });
    queue.addAfter('a', 500);
    queue.addAfter('a', 200);
    queue.addAfter('a', 900);
    const taken = queue.take(1);
    await clock.advance(200);
    expect(await taken).toEqual(['a']);
    expect(clock.sleepers).toBe(0);
  });

  it('gives at once all that waits, up to what is asked for', async () => {
    const queue = new WorkQueue({ clock: new ManualClock() });
    for (const one of ['a', 'b', 'c', 'd']) queue.add(one);
    expect(await queue.take(3)).toEqual(['a', 'b', 'c']);
    queue.add('b');
    expect(await queue.take(3)).toEqual(['d']);
    queue.done('b');
    expect(await queue.take(3)).toEqual(['b']);
  });

  it('gives thousands that are due at the same time together, by one timer', async () => {
    const clock = new ManualClock();
    const queue = new WorkQueue({ clock });
    const many = Array.from({ length: 5000 }, (_, index) => `key-${index}`);
    for (const one of many) queue.addAfter(one, 1000);
    expect(clock.sleepers).toBe(1);
    await clock.advance(999);
    const taken = queue.take(10_000);
    await clock.advance(1);
    expect((await taken).toSorted()).toEqual(many.toSorted());
    expect(clock.sleepers).toBe(0);
  });

  it('lets takers go when it closes, and takes in nothing more', async () => {
    const queue = new WorkQueue({ clock: new ManualClock() });
    const taken = queue.take(1);
    queue.addAfter('a', 10);
    queue.close();
    queue.add('b');
    expect(await taken).toEqual([]);
    expect(await queue.take(1)).toEqual([]);
  });
});
