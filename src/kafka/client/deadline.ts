import type { Clock } from '../../lib/clock.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { KafkaErrorCode } from '../errors.ts';

/** A time by which something is over, whether or not brokers have answered. */
export class Deadline {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #end: number;

  constructor(clock: Clock, milliseconds: number) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
    this.#end = clock.monotonic() + milliseconds;
  }

  /** @throws {ExpectedError} Timeout, when it is over */
  check(): void {
    if (this.#left() <= 0) throw this.#timeout();
  }

  /** Waits no longer than to the end; what is waited for may go on. @throws {ExpectedError} Timeout */
  async wait<T>(work: () => Promise<T>): Promise<T> {
    this.check();
    const done = new AbortController();
    const late = this.#clock.sleep(this.#left(), done.signal).then(() => {
      throw this.#timeout();
    });
    try {
      return await Promise.race([work(), late]);
    } finally {
      done.abort();
    }
  }

  #left(): number {
    return this.#end - this.#clock.monotonic();
  }

  #timeout() {
    const message = `The brokers did not answer within ${this.#milliseconds / 1000} s`;
    return new ExpectedError<KafkaErrorCode>('Timeout', message, { retryable: true });
  }
}
