/** Something that keeps the bytes of an answer which has not come whole. */
export interface AnswerHolder {
  /** Gives the answer up, and its connection with it. */
  giveUp(): void;
}

/**
 * How many bytes of unfinished answers may be kept, by all connections that share it. When there are more, the largest
 * answer is given up: whoever sends much keeps nobody from whom little comes from being heard.
 */
export class AnswerBudget {
  readonly #limit: number;
  readonly #bytes = new Map<AnswerHolder, number>();
  #held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes that are kept at the moment. */
  get held(): number {
    return this.#held;
  }

  /** Tells how many bytes a holder keeps now, none when its answer is whole or its connection has ended. */
  hold(holder: AnswerHolder, bytes: number): void {
    this.#held += bytes - (this.#bytes.get(holder) ?? 0);
    if (bytes === 0) this.#bytes.delete(holder);
    else this.#bytes.set(holder, bytes);
    while (this.#held > this.#limit) this.#giveUpLargest();
  }

  #giveUpLargest(): void {
    let largest: readonly [AnswerHolder, number] | undefined;
    for (const entry of this.#bytes) if (!largest || entry[1] > largest[1]) largest = entry;
    if (!largest) return;
    this.hold(largest[0], 0);
    largest[0].giveUp();
  }
}
