export interface Allowance {
  /** How many at once after a quiet time. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Lets through so many at once, and then so many a second. Times are milliseconds since the epoch. */
export class TokenBucket {
  readonly #allowance: Allowance;
  #tokens: number;
  #filledAt: number;

  constructor(allowance: Allowance, now: number) {
    this.#allowance = allowance;
    this.#tokens = allowance.burst;
    this.#filledAt = now;
  }

  /** Whether one more may pass. */
  take(now: number): boolean {
    const { burst, perSecond } = this.#allowance;
    // A clock that was set back fills nothing.
    const refill = (Math.max(0, now - this.#filledAt) / 1000) * perSecond;
    this.#tokens = Math.min(burst, this.#tokens + refill);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
