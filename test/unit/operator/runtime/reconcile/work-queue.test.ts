import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as settled } from 'node:timers/promises';
import type { Batch, Priority } from '../../../../../src/operator/runtime/reconcile/waiting-keys.ts';
import { WorkQueue, type WorkQueueOptions } from '../../../../../src/operator/runtime/reconcile/work-queue.ts';
import { ManualClock } from '../../../../../src/operator/runtime/testing/manual-clock.ts';

const keys = ['a', 'b', 'c', 'd'] as const;
const lanes = ['north', 'south'] as const;
const key = fc.constantFrom(...keys);
const priority = fc.constantFrom<Priority>('normal', 'low');

/** What may happen to a queue, in any order. */
type Step =
  | { readonly do: 'add'; readonly key: string; readonly priority: Priority }
  | { readonly do: 'retry'; readonly key: string }
  | { readonly do: 'succeed'; readonly key: string }
  | { readonly do: 'move'; readonly key: string; readonly lane: string }
  | { readonly do: 'finish'; readonly index: number }
  | { readonly do: 'take' }
  | { readonly do: 'addAfter'; readonly key: string; readonly priority: Priority; readonly milliseconds: number }
  | { readonly do: 'wait'; readonly milliseconds: number }
  | { readonly do: 'jump'; readonly milliseconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('add' as const), key, priority }),
  fc.record({ do: fc.constant('retry' as const), key }),
  fc.record({ do: fc.constant('succeed' as const), key }),
  fc.record({ do: fc.constant('move' as const), key, lane: fc.constantFrom(...lanes) }),
  fc.record({ do: fc.constant('finish' as const), index: fc.nat() }),
  fc.record({ do: fc.constant('take' as const) }),
  fc.record({ do: fc.constant('addAfter' as const), key, priority, milliseconds: fc.nat(1000) }),
  fc.record({ do: fc.constant('wait' as const), milliseconds: fc.oneof(fc.nat(1000), fc.nat(60_000)) }),
  fc.record({ do: fc.constant('jump' as const), milliseconds: fc.integer({ min: -86_400_000, max: 86_400_000 }) }),
);

function queueOf(options: Partial<WorkQueueOptions> & { readonly clock?: ManualClock } = {}): WorkQueue {
  return new WorkQueue({ clock: new ManualClock(), batchSize: 1, concurrency: Infinity, ...options });
}

/** What the queue gives at once to somebody who takes. */
async function taken(queue: WorkQueue): Promise<Batch | undefined> {
  let batch: Batch | undefined;
  void queue.take().then((given) => (batch = given));
  await settled();
  await settled();
  return batch;
}

/** Workers that take batches, and finish them when told. */
class Workers {
  readonly clock = new ManualClock();
  readonly laneOf = new Map<string, string>();
  readonly queue: WorkQueue;
  readonly batches: Batch[] = [];
  /** Keys changed since work on them last began. */
  readonly pending = new Set<string>();
  readonly mistakes: string[] = [];
  /** What was taken, and when. */
  readonly story: string[] = [];

  constructor(options: { readonly batchSize: number; readonly concurrency: number }) {
    this.queue = queueOf({
      ...options,
      clock: this.clock,
      random: () => 0.5,
      laneOf: (key) => this.laneOf.get(key) ?? 'north',
    });
    this.options = options;
  }

  readonly options: { readonly batchSize: number; readonly concurrency: number };

  async perform(step: Step): Promise<void> {
    if (step.do === 'wait') await this.clock.advance(step.milliseconds);
    else if (step.do === 'jump') this.clock.jump(step.milliseconds);
    else if (step.do === 'take') this.take();
    else if (step.do === 'finish') this.finish(step.index);
    else if (step.do === 'succeed') this.queue.succeeded(step.key);
    else this.change(step);
    await settled();
  }

  take(): void {
    void this.queue.take().then((batch) => {
      if (batch) this.check(batch);
      if (batch) this.batches.push(batch);
    });
  }

  check({ keys, lane, priority }: Batch): void {
    const { batchSize, concurrency } = this.options;
    this.story.push(`${this.clock.monotonic()} ${priority} ${lane} ${keys.join()}`);
    const inLane = this.batches.filter((other) => other.lane === lane);
    const low = inLane.filter((other) => other.priority === 'low');
    const working = new Set(this.batches.flatMap((batch) => batch.keys));
    if (keys.length === 0 || keys.length > batchSize) this.mistakes.push('size of a batch');
    if (inLane.length >= concurrency) this.mistakes.push('too many batches in a lane');
    if (priority === 'low' && concurrency > 1 && low.length >= concurrency - 1) this.mistakes.push('none kept free');
    for (const one of keys) {
      if (working.has(one)) this.mistakes.push('two workers');
      if ((this.laneOf.get(one) ?? 'north') !== lane) this.mistakes.push('wrong lane');
      this.pending.delete(one);
    }
  }

  finish(index: number): void {
    const [batch] = this.batches.splice(index % Math.max(1, this.batches.length), 1);
    if (batch) this.queue.done(batch);
  }

  change(step: Extract<Step, { do: 'add' | 'retry' | 'move' | 'addAfter' }>): void {
    this.pending.add(step.key);
    if (step.do === 'move') this.laneOf.set(step.key, step.lane);
    if (step.do === 'retry') this.queue.retry(step.key);
    else if (step.do === 'addAfter') this.queue.addAfter(step.key, step.milliseconds, step.priority);
    else this.queue.add(step.key, step.do === 'add' ? step.priority : 'normal');
  }

  /** Lets everything end: enough takers, all work finished, all waits over. */
  async drain(): Promise<void> {
    for (let round = 0; round < 10; round += 1) {
      while (this.batches.length > 0) this.finish(0);
      for (const _ of keys) this.take();
      await this.clock.advance(60_000);
      await settled();
    }
  }
}

const options = fc.record({ batchSize: fc.integer({ min: 1, max: 3 }), concurrency: fc.integer({ min: 1, max: 3 }) });

describe('a work queue', () => {
  it('never gives a key to two workers, keeps to lanes and limits, and loses no change', async () => {
    await fc.assert(
      fc.asyncProperty(options, fc.array(step, { maxLength: 80, size: 'max' }), async (options, steps) => {
        const workers = new Workers(options);
        for (const one of steps) await workers.perform(one);
        await workers.drain();
        expect(workers.mistakes).toEqual([]);
        expect([...workers.pending]).toEqual([]);
        workers.queue.close();
      }),
      { numRuns: 300 },
    );
  });

  it('does the same at the same times when the time of day jumps', async () => {
    await fc.assert(
      fc.asyncProperty(options, fc.array(step, { maxLength: 60, size: 'max' }), async (options, steps) => {
        const stories = [];
        for (const jumps of [true, false]) {
          const workers = new Workers(options);
          for (const one of steps) {
            // A jump of nothing, so that both take the same turns of the event loop.
            await workers.perform(one.do === 'jump' && !jumps ? { ...one, milliseconds: 0 } : one);
          }
          await workers.drain();
          workers.queue.close();
          stories.push(workers.story);
        }
        expect(stories[0]).toEqual(stories[1]);
      }),
      { numRuns: 100 },
    );
  });

  it('gives keys in the order they came, each once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(key), fc.integer({ min: 1, max: 4 }), async (added, batchSize) => {
        const queue = queueOf({ batchSize });
        for (const one of added) queue.add(one);
        const taken: string[] = [];
        while (taken.length < new Set(added).size) taken.push(...(await queue.take())!.keys);
        expect(taken).toEqual([...new Set(added)]);
      }),
    );
  });

  it('waits twice as long after each failure, up to a minute, and anew after a success', async () => {
    const clock = new ManualClock();
    const queue = queueOf({ clock, random: () => 1 });
    const waits: number[] = [];
    const wait = async () => {
      queue.retry('a');
      const start = clock.monotonic();
      const taken = queue.take();
      while (clock.sleepers > 0) await clock.advance(100);
      queue.done((await taken)!);
      waits.push(clock.monotonic() - start);
    };
    for (let failure = 0; failure < 12; failure += 1) await wait();
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000]);
    queue.succeeded('a');
    await wait();
    expect(waits.at(-1)).toBe(100);
  });

  it('takes the earliest of several times', async () => {
    const clock = new ManualClock();
    const queue = queueOf({ clock });
    queue.addAfter('a', 500);
    queue.addAfter('a', 200);
    queue.addAfter('a', 900);
    const taken = queue.take();
    await clock.advance(200);
    expect(await taken).toMatchObject({ keys: ['a'] });
    expect(clock.sleepers).toBe(0);
  });

  it('gives at once all that waits, up to the size of a batch', async () => {
    const queue = queueOf({ batchSize: 3 });
    for (const one of ['a', 'b', 'c', 'd']) queue.add(one);
    const first = (await queue.take())!;
    expect(first.keys).toEqual(['a', 'b', 'c']);
    queue.add('b');
    expect(await queue.take()).toMatchObject({ keys: ['d'] });
    queue.done(first);
    expect(await queue.take()).toMatchObject({ keys: ['b'] });
  });

  it('gives thousands that are due at the same time together, by one timer', async () => {
    const clock = new ManualClock();
    const queue = queueOf({ clock, batchSize: 10_000 });
    const many = Array.from({ length: 5000 }, (_, index) => `key-${index}`);
    for (const one of many) queue.addAfter(one, 1000);
    expect(clock.sleepers).toBe(1);
    await clock.advance(999);
    const taken = queue.take();
    await clock.advance(1);
    expect((await taken)!.keys.toSorted()).toEqual(many.toSorted());
    expect(clock.sleepers).toBe(0);
  });

  it('gives together what is to be looked at again at one time of day, whenever that was asked for', async () => {
    const clock = new ManualClock();
    const queue = queueOf({ clock, batchSize: 500 });
    const many = Array.from({ length: 300 }, (_, index) => `key-${index}`);
    for (const one of many) {
      queue.addAfter(one, 1000 - (clock.now().getTime() % 1000), 'low');
      await clock.advance(0.37);
    }
    const taken = queue.take();
    await clock.advance(1000);
    expect((await taken)!.keys).toHaveLength(300);
  });

  it('lets takers go when it closes, and takes in nothing more', async () => {
    const clock = new ManualClock();
    const queue = queueOf({ clock });
    const taken = queue.take();
    queue.addAfter('a', 10);
    queue.close();
    queue.add('b');
    expect(await taken).toBeUndefined();
    expect(await queue.take()).toBeUndefined();
    expect(clock.sleepers).toBe(0);
  });
});

describe('lanes of a work queue', () => {
  const laneOf = (key: string) => key[0]!;

  it('take turns, so that the keys of a short one do not wait for all of a long one', async () => {
    const queue = queueOf({ laneOf });
    for (const one of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) queue.add(one);
    const order: string[] = [];
    while (order.length < 7) order.push(...(await queue.take())!.keys);
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
  });

  it('never wait for a lane whose work does not end', async () => {
    const name = fc.constantFrom('a', 'b', 'c', 'hung');
    const added = fc.array(fc.tuple(name, fc.nat(5)), { maxLength: 60, size: 'max' });
    await fc.assert(
      fc.asyncProperty(added, options, async (added, options) => {
        const queue = queueOf({ ...options, laneOf: (key) => key.split('/')[0]! });
        const waiting = new Set<string>();
        for (const [lane, number] of added) {
          queue.add(`${lane}/${number}`);
          if (lane !== 'hung') waiting.add(`${lane}/${number}`);
        }
        for (let batch = await taken(queue); batch; batch = await taken(queue)) {
          for (const key of batch.keys) waiting.delete(key);
          if (batch.lane !== 'hung') queue.done(batch);
        }
        expect([...waiting]).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('are forgotten once nothing waits in them and nothing is under way', async () => {
    let known = 0;
    const observer = { added: () => {}, retried: () => {}, taken: () => {}, depth: () => {} };
    const queue = queueOf({ laneOf, observer: { ...observer, working: (_batches, lanes) => (known = lanes) } });
    for (const one of ['a', 'b', 'c']) queue.add(one);
    const batches = [await queue.take(), await queue.take(), await queue.take()];
    await settled();
    expect(known).toBe(3);
    for (const batch of batches) queue.done(batch!);
    await settled();
    expect(known).toBe(0);
  });
});

describe('priorities of a work queue', () => {
  const present = Array.from({ length: 10_000 }, (_, index) => `present-${index}`);

  it('give a key that changed next, and alone, while 10,000 others wait and all that may be of those is under way', async () => {
    const queue = queueOf({ batchSize: 500, concurrency: 3 });
    for (const one of present) queue.add(one, 'low');
    expect(await taken(queue)).toMatchObject({ priority: 'low', keys: present.slice(0, 500) });
    expect(await taken(queue)).toMatchObject({ priority: 'low', keys: present.slice(500, 1000) });
    const next = queue.take();
    queue.add('new');
    expect(await next).toEqual({ lane: '', priority: 'normal', keys: ['new'] });
  });

  it('raise a key that waits already', async () => {
    const queue = queueOf();
    for (const one of ['a', 'b', 'c']) queue.add(one, 'low');
    queue.add('c');
    queue.add('b', 'low');
    const order = [await queue.take(), await queue.take(), await queue.take()];
    expect(order.flatMap((batch) => batch!.keys)).toEqual(['c', 'a', 'b']);
  });

  it('let a key that is added twice while it is worked on keep the higher one', async () => {
    const queue = queueOf();
    queue.add('a');
    const batch = (await queue.take())!;
    for (const one of ['low', 'normal', 'low'] as const) queue.add('a', one);
    queue.add('b');
    queue.done(batch);
    expect((await queue.take())!.keys).toEqual(['b']);
    expect(await queue.take()).toMatchObject({ keys: ['a'], priority: 'normal' });
  });

  it('do not starve low ones, though normal ones never end', async () => {
    const clock = new ManualClock();
    const queue = queueOf({ clock, concurrency: 1, rateLimit: { burst: 1000, perSecond: 1000 } });
    for (const one of ['low-1', 'low-2']) queue.add(one, 'low');
    const order: string[] = [];
    for (let second = 0; second < 35; second += 1) {
      for (const one of ['x', 'y', 'z']) queue.add(one);
      const batch = (await queue.take())!;
      order.push(batch.keys[0]!);
      queue.done(batch);
      await clock.advance(1000);
    }
    expect(order.indexOf('low-1')).toBe(30);
    expect(order.indexOf('low-2')).toBe(32);
  });
});

describe('the rate limit of a work queue', () => {
  /** When each key is handled, at once when it may be, while what is added comes. */
  async function handledAt(milliseconds: number, tick: (queue: WorkQueue, now: number) => void) {
    const clock = new ManualClock(new Date(0));
    const queue = queueOf({ clock });
    const times: [number, string][] = [];
    const work = async () => {
      for (let batch = await queue.take(); batch; batch = await queue.take()) {
        times.push([clock.monotonic(), ...batch.keys] as [number, string]);
        queue.done(batch);
      }
    };
    const working = work();
    for (let now = 0; now < milliseconds; now += 50) {
      tick(queue, now);
      await settled();
      await settled();
      await clock.advance(50);
    }
    await clock.advance(2000);
    queue.close();
    await working;
    return (key: string) => times.filter(([, one]) => one === key).map(([time]) => time);
  }

  it('lets a key through 20 times at once, then once a second, and never forgets the last change', async () => {
    const times = await handledAt(30_000, (queue, now) => {
      queue.add('flipped');
      if (now % 2000 === 0) queue.add('calm');
    });
    expect(times('flipped').filter((time) => time < 1000)).toHaveLength(20);
    const gaps = times('flipped').map((time, index, all) => time - (all[index - 1] ?? 0));
    for (const gap of gaps.slice(22)) expect(gap).toBe(1000);
    expect(times('flipped').at(-1)).toBeGreaterThanOrEqual(29_950);
    expect(times('calm')).toEqual(Array.from({ length: 15 }, (_, index) => index * 2000));
  });

  it('does not count retries and times that were asked for', async () => {
    const times = await handledAt(10_000, (queue, now) => {
      if (now % 100 === 0) queue.addAfter('rolling', 50);
    });
    expect(times('rolling')).toHaveLength(100);
  });
});
