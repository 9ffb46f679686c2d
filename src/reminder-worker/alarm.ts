import type { Clock } from '../lib/clock.ts';

/** Lets the due loop sleep until a time, and wakes it when something earlier has come up. */
export class Alarm {
  readonly #clock: Clock;
  #rung = new AbortController();
  /** What the sleeper waits for; while nobody sleeps, every ring counts, and ends the next sleep at once. */
  #sleepingUntil: Date | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param at when the sleeper must be awake; at once when left out */
  ring(at?: Date): void {
    if (!at || !this.#sleepingUntil || at < this.#sleepingUntil) this.#rung.abort();
  }

  /** @param until what is slept for, if anything is known; the milliseconds may end before it */
  async sleep(milliseconds: number, until?: Date): Promise<void> {
    this.#sleepingUntil = until;
    await this.#clock.sleep(milliseconds, this.#rung.signal);
    this.#sleepingUntil = undefined;
    this.#rung = new AbortController();
  }
}
