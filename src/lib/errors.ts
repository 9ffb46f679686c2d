/** What else is known of an error. */
export interface ErrorOptions {
  /** Whether the same call can succeed later with nothing changed by a person; false when left out. */
  readonly retryable?: boolean;
  /** The error that led to this one. */
  readonly cause?: unknown;
  /** Facts for logs and answers, such as the field and what is allowed; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * The one class of expected errors. Modules map what their libraries throw to it once, where the library is called.
 *
 * `code` is stable, one of a module's own union of literals; `message` is for people.
 */
export class ExpectedError<Code extends string = string> extends Error {
  override readonly name = 'ExpectedError';
  readonly code: Code;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, { retryable = false, cause, details = {} }: ErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = retryable;
    this.details = details;
  }
}

/** Whether an error is one of the expected ones, mapped where it arose. */
export function isExpected(error: unknown): error is ExpectedError {
  return error instanceof ExpectedError;
}

/** Whether waiting helps. An error that nobody has mapped is a mistake in the program, and stays one. */
export function isRetryable(error: unknown): boolean {
  return isExpected(error) && error.retryable;
}

/** The code of an expected error, or `Unexpected`: for logs, metrics and conditions. */
export function errorCode(error: unknown): string {
  return isExpected(error) ? error.code : 'Unexpected';
}

/** Something thrown, as an Error: JavaScript can throw anything. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
