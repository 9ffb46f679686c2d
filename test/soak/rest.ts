/** Lets users make changes, but for times when all of them rest. */
export class Rest {
  #isOver: PromiseWithResolvers<void> | undefined;
  readonly #changes = new Set<Promise<unknown>>();

  /** Makes a change, after the rest if there is one. */
  async change<T>(make: () => Promise<T>): Promise<T> {
    while (this.#isOver) await this.#isOver.promise;
    const change = make();
    this.#changes.add(change);
    try {
      return await change;
    } finally {
      this.#changes.delete(change);
    }
  }

  /** Does something once all changes that have begun are answered, and before others begin. */
  async during(work: () => Promise<void>): Promise<void> {
    const isOver = (this.#isOver = Promise.withResolvers<void>());
    try {
      await Promise.allSettled(this.#changes);
      await work();
    } finally {
      this.#isOver = undefined;
      isOver.resolve();
    }
  }
}
