import type { Clock } from './clock.ts';
import { toError } from './errors.ts';
import type { Logger } from './log.ts';

export interface OutageLogOptions {
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Message of the warning when something fails: `Could not renew the lease`. */
  readonly begun: string;
  /** Message of the line when it works again. */
  readonly ended: string;
}

/**
 * Reports what fails over and over while something is away: one warning when an outage begins, one line when it ends,
 * and at debug what lies between. Several parts can share an outage, which ends when the last of them works again.
 */
export class OutageLog {
  readonly #options: OutageLogOptions;
  readonly #failing = new Set<string>();
  #beganAt = 0;

  constructor(options: OutageLogOptions) {
    this.#options = options;
  }

  failed(error: unknown, fields: object = {}, part = ''): void {
    const { logger, clock, begun } = this.#options;
    const isNew = this.#failing.size === 0;
    if (isNew) this.#beganAt = clock.monotonic();
    this.#failing.add(part);
    logger[isNew ? 'warn' : 'debug']({ ...fields, err: toError(error) }, begun);
  }

  /** To be called at each success. */
  ended(fields: object = {}, part = ''): void {
    if (!this.#failing.delete(part) || this.#failing.size > 0) return;
    const { logger, clock, ended } = this.#options;
    const seconds = Math.round((clock.monotonic() - this.#beganAt) / 100) / 10;
    logger.info({ ...fields, seconds }, ended);
  }
}
