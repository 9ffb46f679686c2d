import type { Clock } from '../../lib/clock.ts';
import type { DatabaseErrorCode } from '../../lib/database-errors.ts';
import { errorCode, ExpectedError, toError } from '../../lib/errors.ts';
import { Gauge, type Registry } from '../../lib/metrics.ts';

/** Of a database that answers, and can still be read. */
const refusals: ReadonlySet<string> = new Set<DatabaseErrorCode>(['DatabaseFull', 'DatabaseReadOnly']);

/** Whether the database refuses changes though it answers: its disk is full, or it is a standby. */
export class RefusedChanges {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #gauge: Gauge;
  #refusal: { readonly error: Error; readonly since: number } | undefined;

  constructor(registry: Registry, clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#gauge = new Gauge({
      name: 'chat_api_changes_refused',
      help: '1 while the database answers but refuses changes, as when its disk is full',
      registers: [registry],
    });
  }

  /** A change is committed. */
  committed(): void {
    this.#refusal = undefined;
    this.#gauge.set(0);
  }

  /** A change has failed, for whatever reason. */
  failed(error: unknown): void {
    if (!refusals.has(errorCode(error))) return;
    this.#refusal = { error: toError(error), since: this.#refusal?.since ?? this.#clock.monotonic() };
    this.#gauge.set(1);
  }

  /** @throws {ExpectedError} ChangesRefused, with the reason and for how long */
  check(): void {
    if (!this.#refusal) return;
    const { error, since } = this.#refusal;
    const seconds = Math.round((this.#clock.monotonic() - since) / 1000);
    throw new ExpectedError('ChangesRefused', `Changes have been refused for ${seconds} s: ${error.message}`, {
      retryable: true,
      cause: error,
    });
  }
}
