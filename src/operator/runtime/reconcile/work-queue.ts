import { backoffMilliseconds } from '../../../lib/backoff.ts';
import type { Clock } from '../../../lib/clock.ts';
import { Agenda } from './agenda.ts';
import { RateLimiter } from './rate-limiter.ts';
import type { Allowance } from './token-bucket.ts';
import { WaitingKeys, type Batch, type Priority } from './waiting-keys.ts';

/** Told what happens, for metrics. */
export interface QueueObserver {
  added(): void;
  retried(): void;
  /** Milliseconds the key waited from being due to being taken. */
  taken(waitedMilliseconds: number): void;
  depth(length: number): void;
  /** Batches under way, and lanes with anything to do. */
  working(batches: number, lanes: number): void;
}

export interface WorkQueueOptions {
  readonly clock: Clock;
  /** How many keys make a batch at most. */
  readonly batchSize: number;
  /** How many batches of a lane are under way at most. */
  readonly concurrency: number;
  /** Keys of one lane wait for one another, and for no others. One lane for all when left out. */
  readonly laneOf?: (key: string) => string;
  /** How often `add` brings a key of normal priority. */
  readonly rateLimit?: Allowance;
  readonly random?: () => number;
  readonly observer?: QueueObserver | undefined;
}

const backoff = { initial: 100, maximum: 60_000, factor: 2, jitter: 'full' } as const;

/**
 * How late a key of low priority may come. Thousands of looks at one time of day are asked for one after another, which
 * by the monotonic clock is not exactly the same time, and are to be done together.
 */
const slackMilliseconds = 10;

/** Enough for every change that people or programs make for a reason. */
const defaultRateLimit: Allowance = { burst: 20, perSecond: 1 };

/**
 * Keys that need work. A key waits at most once; one that is being worked on is not given to a second worker, and an
 * addition meanwhile brings it back afterwards. So no change is lost and none is handled twice at a time. Which of the
 * keys that wait come next: see WaitingKeys.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #observer: QueueObserver | undefined;
  readonly #laneOf: (key: string) => string;
  readonly #waiting: WaitingKeys;
  readonly #limiter: RateLimiter;
  readonly #working = new Set<string>();
  /** Keys added while being worked on. */
  readonly #again = new Map<string, Priority>();
  /** Keys that come later: by the priority they then have, and those that were added too often. */
  readonly #later: Readonly<Record<Priority, Agenda>>;
  readonly #heldBack: Agenda;
  readonly #failures = new Map<string, number>();
  readonly #takers: ((batch: Batch | undefined) => void)[] = [];
  #handing = false;
  #closed = false;

  constructor(options: WorkQueueOptions) {
    const { clock, random = Math.random, observer, laneOf = () => '', rateLimit = defaultRateLimit } = options;
    const { batchSize, concurrency } = options;
    this.#clock = clock;
    this.#random = random;
    this.#observer = observer;
    this.#laneOf = laneOf;
    this.#waiting = new WaitingKeys({ batchSize, concurrency, onTaken: (waited) => observer?.taken(waited) });
    this.#limiter = new RateLimiter(rateLimit);
    this.#later = {
      normal: new Agenda(clock, (key) => this.#enter(key, 'normal')),
      low: new Agenda(clock, (key) => this.#enter(key, 'low'), slackMilliseconds),
    };
    this.#heldBack = new Agenda(clock, (key) => this.add(key));
  }

  /** A key of normal priority that is added more often than the rate limit allows comes later. */
  add(key: string, priority: Priority = 'normal'): void {
    if (this.#closed) return;
    const limited = priority === 'normal' && !this.#working.has(key) && !this.#waiting.has(key);
    const wait = limited ? this.#limiter.pass(key, this.#clock.monotonic()) : 0;
    if (wait > 0) this.#heldBack.add(key, wait);
    else this.#enter(key, priority);
  }

  /** Adds the key later; of several such times the earliest counts, and work on the key begins them anew. */
  addAfter(key: string, milliseconds: number, priority: Priority = 'normal'): void {
    if (!this.#closed) this.#later[priority].add(key, milliseconds);
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

  /** The next batch, as soon as there is one; none once the queue is closed. `done` must follow. */
  take(): Promise<Batch | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    const { promise, resolve } = Promise.withResolvers<Batch | undefined>();
    this.#takers.push(resolve);
    this.#handSoon();
    return promise;
  }

  done(batch: Batch): void {
    this.#waiting.release(batch);
    for (const key of batch.keys) {
      this.#working.delete(key);
      const priority = this.#again.get(key);
      this.#again.delete(key);
      if (priority) this.add(key, priority);
    }
    this.#handSoon();
  }

  /** Drops what waits; whoever takes gets nothing. */
  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    for (const agenda of this.#agendas()) agenda.clear();
    for (const resolve of this.#takers.splice(0)) resolve(undefined);
  }

  #enter(key: string, priority: Priority): void {
    if (this.#working.has(key)) {
      if (this.#again.get(key) !== 'normal') this.#again.set(key, priority);
      return;
    }
    if (!this.#waiting.has(key)) this.#observer?.added();
    this.#waiting.put(key, this.#laneOf(key), priority, this.#clock.monotonic());
    this.#handSoon();
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

  #hand(): void {
    while (this.#takers.length > 0) {
      const batch = this.#waiting.next(this.#clock.monotonic());
      if (!batch) break;
      this.#begin(batch);
      this.#takers.shift()!(batch);
    }
    this.#observer?.depth(this.#waiting.size);
    this.#observer?.working(this.#waiting.underWay, this.#waiting.lanes);
  }

  #begin({ keys }: Batch): void {
    for (const key of keys) {
      this.#working.add(key);
      for (const agenda of this.#agendas()) agenda.delete(key);
    }
  }

  #agendas(): readonly Agenda[] {
    return [this.#later.normal, this.#later.low, this.#heldBack];
  }
}
