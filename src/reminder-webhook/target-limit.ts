import type { Clock } from '../lib/clock.ts';

export interface TargetLimitOptions {
  readonly maxInFlight: number;
  readonly maxPerSecond: number;
  readonly clock: Clock;
}

/** Lets requests to a target pass: so many at once, so many a second, and none while the target asks for a pause. */
export class TargetLimit {
  readonly #clock: Clock;
  readonly #intervalMilliseconds: number;
  #free: number;
  readonly #waiting: (() => void)[] = [];
  /** When the next request may begin. */
  #nextAt = -Infinity;
  /** Those that wait for their turn, each with what lets it begin: nobody who comes later may pass them. */
  readonly #line: (() => void)[] = [];
  /** Ends the waiting for the next turn when nobody is left in the line. */
  #pacing = new AbortController();

  constructor({ maxInFlight, maxPerSecond, clock }: TargetLimitOptions) {
    this.#clock = clock;
    this.#free = maxInFlight;
    this.#intervalMilliseconds = 1000 / maxPerSecond;
  }

  /** No request begins for so long. */
  pause(milliseconds: number): void {
    this.#nextAt = Math.max(this.#nextAt, this.#clock.monotonic() + milliseconds);
  }

  /**
   * Does the work when it is its turn, in the order of the calls. What has begun is not cut short.
   *
   * @throws the signal's reason when that aborts before it has begun
   */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      await this.#turn(signal);
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#line.length === 0 && this.#take()) return;
    await new Promise<void>((resolve, reject) => {
      const begin = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#line.splice(this.#line.indexOf(begin), 1);
        if (this.#line.length === 0) this.#pacing.abort();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#line.push(begin);
      if (this.#line.length === 1) void this.#pace();
    });
  }

  /** Lets those in the line begin, one after another, until it is empty. */
  async #pace(): Promise<void> {
    const { signal } = (this.#pacing = new AbortController());
    while (!signal.aborted && this.#line.length > 0) {
      if (this.#take()) this.#line.shift()!();
      else await this.#clock.sleep(this.#nextAt - this.#clock.monotonic(), signal);
    }
  }

  /** Whether a request may begin now; it counts as begun then. */
  #take(): boolean {
    const now = this.#clock.monotonic();
    if (this.#nextAt > now) return false;
    // A timer that is a little late costs no throughput.
    this.#nextAt = Math.max(this.#nextAt, now - this.#intervalMilliseconds) + this.#intervalMilliseconds;
    return true;
  }
}
