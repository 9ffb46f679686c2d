import { backoffMilliseconds } from '../../lib/backoff.ts';
import type { Clock } from '../../lib/clock.ts';

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
  readonly dueMilliseconds: number;
  readonly cancellation: AbortController;
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
  readonly #delayed = new Map<string, Delayed>();
  readonly #failures = new Map<string, number>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
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
    this.#hand();
  }

  /** Adds the key later; of several such times the earliest counts, and work on the key begins them anew. */
  addAfter(key: string, milliseconds: number): void {
    const dueMilliseconds = this.#now() + milliseconds;
    const present = this.#delayed.get(key);
    if (this.#closed || (present && present.dueMilliseconds <= dueMilliseconds)) return;
    present?.cancellation.abort();
    const cancellation = new AbortController();
    this.#delayed.set(key, { dueMilliseconds, cancellation });
    void this.#clock.sleep(milliseconds, cancellation.signal).then(() => {
      if (cancellation.signal.aborted) return;
      this.#delayed.delete(key);
      this.add(key);
    });
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

  /** The next key, as soon as there is one; undefined once the queue is closed. `done` must follow. */
  take(): Promise<string | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    this.#takers.push(resolve);
    this.#hand();
    return promise;
  }

  done(key: string): void {
    this.#working.delete(key);
    if (this.#again.delete(key)) this.add(key);
  }

  /** Drops what waits; whoever takes gets undefined. */
  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    for (const { cancellation } of this.#delayed.values()) cancellation.abort();
    this.#delayed.clear();
    for (const resolve of this.#takers.splice(0)) resolve(undefined);
  }

  /** Gives the first key to the first taker, if there are both. */
  #hand(): void {
    const [first] = this.#waiting;
    const taker = first && this.#takers.shift();
    if (taker) {
      const [key, since] = first;
      this.#waiting.delete(key);
      this.#working.add(key);
      this.#delayed.get(key)?.cancellation.abort();
      this.#delayed.delete(key);
      this.#observer?.taken(this.#now() - since);
      taker(key);
    }
    this.#observer?.depth(this.#waiting.size);
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
