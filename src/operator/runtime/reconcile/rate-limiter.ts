import { TokenBucket, type Allowance } from './token-bucket.ts';

/**
 * The same allowance for each of many keys. A key is forgotten once its bucket must be full again, so memory holds only
 * keys of late. Times are milliseconds of a monotonic clock.
 */
export class RateLimiter {
  readonly #allowance: Allowance;
  /** How long an empty bucket takes to fill. */
  readonly #fillMilliseconds: number;
  /** Keys used since `#since`, and those last used in the period before that. */
  #recent = new Map<string, TokenBucket>();
  #earlier = new Map<string, TokenBucket>();
  #since = -Infinity;

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
    this.#fillMilliseconds = (allowance.burst / allowance.perSecond) * 1000;
  }

  /** How many keys it remembers. */
  get size(): number {
    return this.#recent.size + this.#earlier.size;
  }

  /** Lets the key pass and returns 0, or returns how many milliseconds it must wait. */
  pass(key: string, now: number): number {
    this.#forget(now);
    const bucket = this.#recent.get(key) ?? this.#earlier.get(key) ?? new TokenBucket(this.#allowance, now);
    this.#earlier.delete(key);
    this.#recent.set(key, bucket);
    const wait = bucket.waitMilliseconds(now);
    if (wait === 0) bucket.take(now);
    return wait;
  }

  #forget(now: number): void {
    const age = now - this.#since;
    if (age < this.#fillMilliseconds) return;
    this.#earlier = age < 2 * this.#fillMilliseconds ? this.#recent : new Map<string, TokenBucket>();
    this.#recent = new Map();
    this.#since = now;
  }
}
