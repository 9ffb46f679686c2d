import { errorCode, isExpected, toError } from '../../../lib/errors.ts';
import type { Logger } from '../../../lib/log.ts';
import { parseKey } from '../objects.ts';

/** Tells of work that failed, so that a cause which lasts over many attempts is told once. */
export class FailureLog {
  readonly #logger: Logger;
  /** The error code of each key whose last attempt failed. */
  readonly #codes = new Map<string, string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  failed(key: string, error: unknown): void {
    const code = errorCode(error);
    const isRepeated = this.#codes.get(key) === code;
    this.#codes.set(key, code);
    // An unexpected error is a mistake in the program, and each time may be another.
    const level = !isExpected(error) ? 'error' : isRepeated ? 'debug' : 'warn';
    this.#logger[level]({ ...parseKey(key), err: toError(error) }, 'Reconciliation failed');
  }

  succeeded(key: string): void {
    this.#codes.delete(key);
  }
}
