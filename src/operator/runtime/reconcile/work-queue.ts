import TinyQueue from 'tinyqueue';
import { backoffMilliseconds } from '../../../lib/backoff.ts';
import type { Clock } from '../../../lib/clock.ts';

/** Told of what happens, for metrics. */
export interface QueueObserver {
  added(): void;
  retried(): void;
  /** Milliseconds the key waited from being due to being taken. */
  taken(waitedMilliseconds: number): void;
  depth(length: number): void;
}

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly random?: () => number;
  readonly observer?: QueueObserver;
}

const backoff = { initial: 100, maximum: 60_000, factor: 2, jitter: 'full' } as const;

interface Delayed {
  readonly key: string;
  readonly dueMilliseconds: number;
}

interface Taker {
  readonly maximum: number;
  readonly resolve: (keys: string[]) => void;
}

/**
 * Keys that need work, first come first served. A key waits at most once; one that is being worked on is not given to
 * a second worker, and an addition meanwhile brings it back afterwards. So no change is lost and none is handled twice
 * at a time.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #observer: QueueObserver | undefined;
  /** Keys that wait, in order, with the time they came. */
  readonly #waiting = new Map<string, number>();
  readonly #working = new Set<string>();
  /** Keys added while being worked on. */
  readonly #again = new Set<string>();
  /** When keys are due that are to be added later. */
  readonly #delayed = new Map<string, number>();
  /** The same by time; an entry that the map does not confirm is out of date. */
  readonly #agenda = new TinyQueue<Delayed>([], (one, other) => one.dueMilliseconds - other.dueMilliseconds);
  readonly #failures = new Map<string, number>();
  readonly #takers: Taker[] = [];
  /** One timer for all that is delayed: thousands of keys are looked at again at the same time. */
  #alarm: { readonly dueMilliseconds: number; readonly cancellation: AbortController } | undefined;
  #handing = false;
  #closed = false;

  constructor({ clock, random = Math.random, observer }: WorkQueueOptions) {
    this.#clock = clock;
    this.#random = random;
    this.#observer = observer;
  }

  add(key: string): void {
    if (this.#closed || this.#waiting.has(key)) return;
    if (this.#working.has(key)) {
      this.#again.add(key);
      return;
    }
    this.#observer?.added();
    this.#waiting.set(key, this.#now());
    this.#handSoon();
  }

  /** Adds the key later; of several such times the earliest counts, and work on the key begins them anew. */
  addAfter(key: string, milliseconds: number): void {
    const dueMilliseconds = this.#now() + milliseconds;
    if (this.#closed || (this.#delayed.get(key) ?? Infinity) <= dueMilliseconds) return;
    this.#delayed.set(key, dueMilliseconds);
    this.#agenda.push({ key, dueMilliseconds });
    this.#setAlarm();
  }

  /** Adds the key after a wait that doubles with each call in a row, up to a minute. */
  retry(key: string): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.#observer?.retried();
    this.addAfter(key, backoffMilliseconds(backoff, failures, this.#random));
  }

  /** Ends the row of failures. */
  succeeded(key: string): void {
    this.#failures.delete(key);
  }

  /**
   * The next keys, one at least and `maximum` at most, as soon as there are any; none once the queue is closed. For each
   * of them `done` must follow.
   */
  take(maximum: number): Promise<string[]> {
    if (this.#closed) return Promise.resolve([]);
    const { promise, resolve } = Promise.withResolvers<string[]>();
    this.#takers.push({ maximum, resolve });
    this.#handSoon();
    return promise;
  }

  done(key: string): void {
    this.#working.delete(key);
    if (this.#again.delete(key)) this.add(key);
  }

  /** Drops what waits; whoever takes gets nothing. */
  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    this.#delayed.clear();
    this.#setAlarm();
    for (const { resolve } of this.#takers.splice(0)) resolve([]);
  }

  /** Keys that come at the same moment, as from a list or when they are due, are given together. */
  #handSoon(): void {
    if (this.#handing) return;
    this.#handing = true;
    setImmediate(() => {
      this.#handing = false;
      this.#hand();
    });
  }

  /** Gives the first keys to the first takers, as long as there are both. */
  #hand(): void {
    while (this.#waiting.size > 0 && this.#takers.length > 0) {
      const { maximum, resolve } = this.#takers.shift()!;
      resolve(this.#begin(maximum));
    }
    this.#observer?.depth(this.#waiting.size);
  }

  #begin(maximum: number): string[] {
    const keys: string[] = [];
    for (const [key, since] of this.#waiting) {
      if (keys.length === maximum) break;
      this.#observer?.taken(this.#now() - since);
      this.#waiting.delete(key);
      this.#working.add(key);
      this.#delayed.delete(key);
      keys.push(key);
    }
    this.#setAlarm();
    return keys;
  }

  /** Sets the timer to the first time on the agenda, and none when there is none. */
  #setAlarm(): void {
    const first = this.#nextDelayed();
    if (first?.dueMilliseconds === this.#alarm?.dueMilliseconds) return;
    this.#alarm?.cancellation.abort();
    this.#alarm = undefined;
    if (!first) return;
    const { dueMilliseconds } = first;
    const cancellation = new AbortController();
    this.#alarm = { dueMilliseconds, cancellation };
    void this.#clock.sleep(dueMilliseconds - this.#now(), cancellation.signal).then(() => {
      if (!cancellation.signal.aborted) this.#ring();
    });
  }

  /** Adds everything that is due. */
  #ring(): void {
    this.#alarm = undefined;
    for (let next = this.#nextDelayed(); next && next.dueMilliseconds <= this.#now(); next = this.#nextDelayed()) {
      this.#delayed.delete(next.key);
      this.add(next.key);
    }
    this.#setAlarm();
  }

  #nextDelayed(): Delayed | undefined {
    for (let first = this.#agenda.peek(); first; first = this.#agenda.peek()) {
      if (this.#delayed.get(first.key) === first.dueMilliseconds) return first;
      this.#agenda.pop();
    }
    return undefined;
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
