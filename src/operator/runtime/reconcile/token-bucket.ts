export interface Allowance {
  /** How many at once after a quiet time. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Lets through so many at once, and then so many a second. Times are milliseconds of a monotonic clock. */
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
    if (this.waitMilliseconds(now) > 0) return false;
    this.#tokens -= 1;
    return true;
  }

  /** How long to wait until one more may pass, in whole milliseconds; 0 when it may pass now. */
  waitMilliseconds(now: number): number {
    const { burst, perSecond } = this.#allowance;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / perSecond) * 1000);
  }
}
