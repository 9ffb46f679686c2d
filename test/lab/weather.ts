import { setMaxListeners } from 'node:events';
import { systemClock } from '../../src/lib/clock.ts';

/** How rough the ways to the API server are: for all proxies of a lab, and only until it is calm. */
export class Weather {
  readonly longestDelayMilliseconds: number;
  readonly #calm = new AbortController();
  #pause: Promise<void> = Promise.resolve();

  constructor(longestDelayMilliseconds: number) {
    this.longestDelayMilliseconds = longestDelayMilliseconds;
    // Everything that is held up at a time listens.
    setMaxListeners(0, this.#calm.signal);
  }

  get isCalm(): boolean {
    return this.#calm.signal.aborted;
  }

  /** From here on nothing is delayed, lost or refused, and what was held up goes on at once. */
  calm(): void {
    this.#calm.abort();
  }

  async delay(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await systemClock.sleep(milliseconds, this.#calm.signal);
  }

  /** Nothing passes for a while, in either direction; connections stay. */
  pause(milliseconds: number): void {
    const before = this.#pause;
    this.#pause = before.then(() => this.delay(milliseconds));
  }

  /** Resolves when something may pass. */
  passes(): Promise<void> {
    return this.#pause;
  }
}
