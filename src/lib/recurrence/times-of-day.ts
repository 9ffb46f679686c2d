/** Times of a day in seconds, sorted: the same offsets within some units (hours, minutes or whole days). */
export class TimesOfDay {
  /** Where the units begin. */
  readonly #units: readonly number[];
  readonly #unitSeconds: number;
  readonly #within: readonly number[];
  readonly size: number;

  /** @param within offsets from the beginning of each unit, shorter than the unit */
  constructor(units: readonly number[], unitSeconds: number, within: readonly number[]) {
    this.#units = units;
    this.#unitSeconds = unitSeconds;
    this.#within = within;
    this.size = units.length * within.length;
  }

  at(index: number): number {
    const { length } = this.#within;
    return this.#units[Math.floor(index / length)]! + this.#within[index % length]!;
  }

  /** How many are earlier than the second of the day. */
  before(second: number): number {
    const over = lowerBound(this.#units, second - this.#unitSeconds + 1);
    const unit = this.#units[over];
    const partly = unit === undefined ? 0 : lowerBound(this.#within, second - unit);
    return over * this.#within.length + partly;
  }
}

/** How many of the sorted numbers are less than the limit. */
function lowerBound(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
