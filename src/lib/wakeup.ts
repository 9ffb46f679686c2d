import type { Clock } from './clock.ts';

export interface SleepOptions {
  /** What is slept for, if anything is known: later calls do not end the sleep. The milliseconds may end before it. */
  readonly until?: Date | undefined;
  readonly signal?: AbortSignal;
}

/** Without a reason of ours, each call would make an error with its stack. */
const woken = 'woken';

/** Lets a loop sleep, and ends its sleep early. A call while nobody sleeps ends the next sleep at once: none is lost. */
export class Wakeup {
  readonly #clock: Clock;
  #called = new AbortController();
  #sleepingUntil: Date | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param at when the sleeper must be awake; at once when left out */
  wake(at?: Date): void {
    if (!at || !this.#sleepingUntil || at < this.#sleepingUntil) this.#called.abort(woken);
  }

  /** Returns after the time, on a wake, or when the signal aborts. */
  async sleep(milliseconds: number, { until, signal }: SleepOptions = {}): Promise<void> {
    this.#sleepingUntil = until;
    const called = this.#called.signal;
    await this.#clock.sleep(milliseconds, signal ? AbortSignal.any([called, signal]) : called);
    this.#sleepingUntil = undefined;
    this.#called = new AbortController();
  }
}
