/** Each answer begins with its size in bytes, which does not count itself. */
const sizeBytes = 4;
/** What is kept for an answer grows with what has come of it, and not with what was announced. */
const leastCapacity = 64 * 1024;

/** Puts answers together from the pieces that they come in. */
export class AnswerReader {
  readonly #checkSize: (bytes: number) => void;
  #buffer = Buffer.alloc(0);
  #filled = 0;
  #wanted = sizeBytes;

  /** @param checkSize is told of each size as soon as it is announced, and throws when it is not to be waited for */
  constructor(checkSize: (bytes: number) => void) {
    this.#checkSize = checkSize;
  }

  /** How many bytes are kept for an answer that has not come whole. */
  get held(): number {
    return this.#buffer.length;
  }

  /** The answers that are whole by now, each with its size before it. @throws whatever `checkSize` throws */
  *take(bytes: Buffer): Generator<Buffer> {
    let rest = bytes;
    while (rest.length > 0) {
      rest = rest.subarray(this.#fill(rest));
      if (this.#filled < this.#wanted) return;
      if (this.#wanted === sizeBytes) {
        const size = this.#buffer.readInt32BE(0);
        this.#checkSize(size);
        this.#wanted += size;
      }
      if (this.#filled === this.#wanted) yield this.#finish();
    }
  }

  /** Begins anew, with the next answer. */
  forget(): void {
    this.#buffer = Buffer.alloc(0);
    this.#filled = 0;
    this.#wanted = sizeBytes;
  }

  #fill(bytes: Buffer): number {
    const end = Math.min(this.#wanted, this.#filled + bytes.length);
    if (end > this.#buffer.length) {
      const capacity = Math.min(this.#wanted, Math.max(end, leastCapacity, 2 * this.#buffer.length));
      const larger = Buffer.allocUnsafe(capacity);
      this.#buffer.copy(larger, 0, 0, this.#filled);
      this.#buffer = larger;
    }
    const count = bytes.copy(this.#buffer, this.#filled, 0, end - this.#filled);
    this.#filled = end;
    return count;
  }

  #finish(): Buffer {
    const answer = this.#buffer;
    this.forget();
    return answer;
  }
}
