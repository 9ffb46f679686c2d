/**
 * Looks after the test files that run: the time limits of their tests do not end a worker that never comes back to its
 * event loop, a file that hangs while it is loaded, or an environment that is never taken down.
 */
export class FileLimits {
  readonly #minutes: number;
  readonly #onHung: (line: string) => void;
  readonly #running = new Map<string, { readonly timer: NodeJS.Timeout; test: string | undefined }>();

  /** @param onHung is told which file took longer than that, and at which test it is */
  constructor(minutes: number, onHung: (line: string) => void) {
    this.#minutes = minutes;
    this.#onHung = onHung;
  }

  /** A file begins, or one of its tests does. */
  begin(file: string, test?: string): void {
    const running = this.#running.get(file);
    if (running) running.test = test;
    else this.#running.set(file, { timer: setTimeout(() => this.#hung(file), this.#minutes * 60_000), test });
  }

  end(file: string): void {
    clearTimeout(this.#running.get(file)?.timer);
    this.#running.delete(file);
  }

  close(): void {
    for (const file of this.#running.keys()) this.end(file);
  }

  #hung(file: string): void {
    const test = this.#running.get(file)?.test ?? '(before its first test)';
    this.#onHung(`${file} › ${test}: the file had not ended after ${this.#minutes} minutes`);
  }
}
