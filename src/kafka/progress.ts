import type { Clock } from '../lib/clock.ts';
import type { ResumedPosition } from './topic-identity.ts';

export interface StuckPartition {
  readonly topic: string;
  readonly partition: number;
  /** Of the first message that does not get through. */
  readonly offset: string;
  readonly seconds: number;
}

/** On messages of a partition, from the first of them on. */
export interface Attempt {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

interface Work extends Attempt {
  /** When the first attempt began. */
  readonly since: number;
  /** When the last attempt failed; undefined while one is under way. */
  failedAt: number | undefined;
}

/** What fails comes again sooner, also from another broker or after another join: what does not is not there any more. */
const goneMilliseconds = 30_000;

/** How long each partition has been at the same message, however often that has come again. */
export class Progress {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #work = new Map<string, Work>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  begin(topic: string, partition: number, offset: string): Attempt {
    const place = placeOf(topic, partition);
    const before = this.#work.get(place);
    const since = before?.offset === offset ? before.since : this.#clock.monotonic();
    const work = { topic, partition, offset, since, failedAt: undefined };
    this.#work.set(place, work);
    return work;
  }

  end(attempt: Attempt): void {
    if (this.#of(attempt)) this.#work.delete(placeOf(attempt.topic, attempt.partition));
  }

  fail(attempt: Attempt): void {
    const work = this.#of(attempt);
    if (work) work.failedAt = this.#clock.monotonic();
  }

  /** Undefined when another attempt has begun since, or the partition is another's. */
  #of(attempt: Attempt): Work | undefined {
    const work = this.#work.get(placeOf(attempt.topic, attempt.partition));
    return work === attempt ? work : undefined;
  }

  /** Forgets the partitions that are another's now. */
  keep(assigned: Readonly<Record<string, readonly number[]>>): void {
    for (const [place, { topic, partition }] of this.#work) {
      if (!assigned[topic]?.includes(partition)) this.#work.delete(place);
    }
  }

  /**
   * Forgets the messages that do not come again: their partition is read from its beginning, or they are committed,
   * which nobody may have been told when the connection broke.
   */
  resume(positions: readonly ResumedPosition[]): void {
    for (const { topic, partition, offset, isStale } of positions) {
      const work = this.#work.get(placeOf(topic, partition));
      if (work && (isStale || BigInt(work.offset) < offset)) this.end(work);
    }
  }

  /** Those that have not got on for so long. */
  stuck(milliseconds: number): StuckPartition[] {
    const now = this.#clock.monotonic();
    return [...this.#work.values()]
      .filter(({ since }) => now - since >= milliseconds)
      .filter(({ failedAt = now }) => now - failedAt < goneMilliseconds)
      .map(({ topic, partition, offset, since }) => ({
        topic,
        partition,
        offset,
        seconds: Math.round((now - since) / 1000),
      }));
  }
}

const placeOf = (topic: string, partition: number) => `${topic}/${partition}`;
