import type { Clock } from '../lib/clock.ts';
import type { ResumedPosition } from './topic-identity.ts';

export interface StuckPartition {
  readonly topic: string;
  readonly partition: number;
  /** Of the first message that does not get through. */
  readonly offset: string;
  readonly seconds: number;
}

interface Work {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly since: number;
}

/** How long each partition has been at the same message, however often that has come again. */
export class Progress {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #work = new Map<string, Work>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  begin(topic: string, partition: number, offset: string): void {
    const place = placeOf(topic, partition);
    if (this.#work.get(place)?.offset === offset) return;
    this.#work.set(place, { topic, partition, offset, since: this.#clock.monotonic() });
  }

  end(topic: string, partition: number): void {
    this.#work.delete(placeOf(topic, partition));
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
      if (work && (isStale || BigInt(work.offset) < offset)) this.end(topic, partition);
    }
  }

  /** Those that have not got on for so long. */
  stuck(milliseconds: number): StuckPartition[] {
    const now = this.#clock.monotonic();
    return [...this.#work.values()]
      .filter(({ since }) => now - since >= milliseconds)
      .map(({ topic, partition, offset, since }) => ({
        topic,
        partition,
        offset,
        seconds: Math.round((now - since) / 1000),
      }));
  }
}

const placeOf = (topic: string, partition: number) => `${topic}/${partition}`;
