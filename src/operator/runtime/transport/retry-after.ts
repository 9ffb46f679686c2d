import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../../lib/clock.ts';

/** With these and a Retry-After the server says that it has done nothing, and when to come again: any request may. */
const refusals = new Set([429, 503]);

/** How long one request waits in all. What lasts longer is the caller's to know. */
const patienceMilliseconds = 10_000;

/** Waits as often as the server asks one request to come again, within limits. */
export class Patience {
  readonly #clock: Clock;
  #leftMilliseconds = patienceMilliseconds;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves to true when it is time to send the request again; to false, at once, when it is to be given up. */
  async wait(response: IncomingMessage, signal: AbortSignal | undefined): Promise<boolean> {
    const seconds = Number(response.headers['retry-after']);
    if (!refusals.has(response.statusCode ?? 0) || !Number.isInteger(seconds)) return false;
    // At least a second, so that the number of attempts is bounded as well.
    const milliseconds = Math.max(seconds, 1) * 1000;
    this.#leftMilliseconds -= milliseconds;
    if (this.#leftMilliseconds < 0) return false;
    await this.#clock.sleep(milliseconds, signal);
    return signal?.aborted !== true;
  }
}
