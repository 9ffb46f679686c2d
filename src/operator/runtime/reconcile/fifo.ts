/** Distinct keys in the order they were added. Every operation takes the same time, however many keys there are. */
export class Fifo {
  readonly #keys = new Set<string>();
  /** Stays valid while keys come and go. A new iterator for each look would step over all that were taken before. */
  #rest = this.#keys.values();
  #first: string | undefined;

  get first(): string | undefined {
    return this.#keys.size === 0 ? undefined : (this.#first ??= this.#next());
  }

  add(key: string): void {
    this.#keys.add(key);
  }

  delete(key: string): void {
    if (key === this.#first) this.#first = undefined;
    this.#keys.delete(key);
  }

  #next(): string | undefined {
    const next = this.#rest.next();
    if (!next.done) return next.value;
    this.#rest = this.#keys.values();
    return this.#rest.next().value;
  }
}
