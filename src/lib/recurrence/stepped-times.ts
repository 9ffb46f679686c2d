import { modulo } from './calendar.ts';
import { indexesOf, type DaySource } from './day-source.ts';
import type { Frequency, Rule } from './rule.ts';
import { TimesOfDay } from './times-of-day.ts';

const daySeconds = 86_400;

export type SteppedFrequency = Exclude<Frequency, 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'>;

const unitSeconds: Readonly<Record<SteppedFrequency, number>> = { SECONDLY: 1, MINUTELY: 60, HOURLY: 3600 };

/** Few times a day are found as fast as remembered. */
const worthRemembering = 16;

/** Frequencies from SECONDLY to HOURLY: the times of a day depend on how far the interval's steps have come by then. */
export class SteppedTimes implements DaySource {
  readonly alike: boolean;
  readonly isEmpty: boolean;
  readonly #rule: Rule;
  readonly #unit: number;
  readonly #unitsOfDay: number;
  readonly #start: number;
  readonly #within: readonly number[];
  readonly #known = new Map<number, TimesOfDay | undefined>();

  /**
   * @param start the series' first second
   * @param within the offsets in seconds of the times within each unit, before BYSETPOS
   */
  constructor(rule: Rule, frequency: SteppedFrequency, start: number, within: readonly number[]) {
    const { interval, bySetPosition } = rule;
    this.#rule = rule;
    this.#unit = unitSeconds[frequency];
    this.#unitsOfDay = daySeconds / this.#unit;
    this.#start = Math.floor(start / this.#unit);
    this.#within = bySetPosition ? indexesOf(bySetPosition, within.length).map((index) => within[index]!) : within;
    this.alike = this.#unitsOfDay % interval === 0;
    // The steps come to exactly those units of a day that differ from the first by a multiple of this.
    const common = greatestCommonDivisor(interval, this.#unitsOfDay);
    this.isEmpty = this.#within.length === 0 || this.#unitsFrom(this.#start % common, common).next().done === true;
  }

  nextDay(day: number): number {
    return this.#rule.interval <= this.#unitsOfDay ? day : day + Math.floor(this.#stepsTo(day) / this.#unitsOfDay);
  }

  timesOn(day: number): TimesOfDay | undefined {
    const first = this.#stepsTo(day);
    if (this.#unitsOfDay / this.#rule.interval < worthRemembering) return this.#timesFrom(first);
    if (!this.#known.has(first)) this.#known.set(first, this.#timesFrom(first));
    return this.#known.get(first);
  }

  /** How many units after a day's beginning the interval's next step is. */
  #stepsTo(day: number): number {
    return modulo(this.#start - day * this.#unitsOfDay, this.#rule.interval);
  }

  #timesFrom(first: number): TimesOfDay | undefined {
    const units = [...this.#unitsFrom(first, this.#rule.interval)];
    return units.length > 0 ? new TimesOfDay(units, this.#unit, this.#within) : undefined;
  }

  /** The beginnings of the allowed units of a day, in steps. */
  *#unitsFrom(first: number, step: number): Generator<number> {
    for (let unit = first; unit < this.#unitsOfDay; unit += step) {
      if (this.#allows(unit * this.#unit)) yield unit * this.#unit;
    }
  }

  /** Whether the unit that begins at this second of the day may be. */
  #allows(second: number): boolean {
    const { byHour, byMinute, bySecond } = this.#rule;
    if (byHour && !byHour.includes(Math.floor(second / 3600))) return false;
    if (this.#unit <= 60 && byMinute && !byMinute.includes(Math.floor(second / 60) % 60)) return false;
    return this.#unit > 1 || !bySecond || bySecond.includes(second % 60);
  }
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
