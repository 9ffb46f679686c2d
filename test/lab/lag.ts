import type { Random } from '../support/random.ts';

/** How far behind the watches of one kind are: for some events hardly at all, then for some more a great deal. */
export class Lag {
  readonly #random: Random;
  readonly #longest: number;
  #milliseconds = 0;
  #eventsLeft = 0;

  constructor(random: Random, longestMilliseconds: number) {
    this.#random = random;
    this.#longest = longestMilliseconds;
  }

  /** The delay of the next event. */
  next(): number {
    if (this.#eventsLeft === 0) this.#change();
    this.#eventsLeft -= 1;
    return this.#milliseconds;
  }

  #change(): void {
    const mood = this.#random.weighted({ prompt: 4, slow: 3, late: 2 });
    const most = { prompt: 20, slow: this.#longest / 10, late: this.#longest }[mood];
    this.#milliseconds = this.#random.between(0, most);
    this.#eventsLeft = this.#random.integer(3, 40);
  }
}
