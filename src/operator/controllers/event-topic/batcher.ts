import { setTimeout as delay } from 'node:timers/promises';

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatcherOptions<Item, Answer> {
  readonly maximum: number;
  /** Answers each item, in the order given; an error is the answer to all. */
  readonly run: (items: readonly Item[]) => Promise<readonly Answer[]>;
}

/** How long the first item waits for company. */
const gatherMilliseconds = 10;

/**
 * Turns many calls into few: what is asked for at about the same time, or while a batch is under way, goes together.
 * One batch at a time, for a broker answers one request after another anyway.
 */
export class Batcher<Item, Answer> {
  readonly #options: BatcherOptions<Item, Answer>;
  #waiting: Waiting<Item, Answer>[] = [];
  #running = false;

  constructor(options: BatcherOptions<Item, Answer>) {
    this.#options = options;
  }

  ask(item: Item): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting.push({ item, resolve, reject });
    if (!this.#running) void this.#drain();
    return promise;
  }

  async #drain(): Promise<void> {
    this.#running = true;
    await delay(gatherMilliseconds);
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, this.#options.maximum);
      this.#waiting = this.#waiting.slice(batch.length);
      await this.#run(batch);
    }
    this.#running = false;
  }

  async #run(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#options.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(answers[index]!));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
