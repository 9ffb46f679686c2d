import { modulo, monthAt, monthsOf, yearLength, yearOf, yearStart } from './calendar.ts';
import type { DayFilter } from './day-filter.ts';
import { indexesOf, type DaySource } from './day-source.ts';
import type { Rule } from './rule.ts';
import { TimesOfDay } from './times-of-day.ts';

const nothing: ReadonlyMap<number, TimesOfDay> = new Map();

/** Numbers the days, weeks, months or years since 1970, in which a rule has its interval. */
interface Unit {
  /** The period that a day is in. */
  of(day: number): number;
  /** The first day of a period. */
  start(period: number): number;
}

const months: Unit = {
  of: (day) => {
    const year = yearOf(day);
    return year * 12 + monthAt(day - yearStart(year), yearLength(year)).month - 1;
  },
  start: (period) => {
    const year = Math.floor(period / 12);
    return yearStart(year) + monthsOf(yearLength(year))[period - year * 12]!.start;
  },
};

function unitOf({ frequency, weekStart }: Rule): Unit {
  if (frequency === 'YEARLY') return { of: yearOf, start: yearStart };
  if (frequency === 'MONTHLY') return months;
  if (frequency === 'DAILY') return { of: (day) => day, start: (period) => period };
  // Day 0 is a Thursday, day 4 a Monday.
  return { of: (day) => Math.floor((day - 4 - weekStart) / 7), start: (period) => period * 7 + 4 + weekStart };
}

/** Frequencies from DAILY to YEARLY: the same times on each day, unless BYSETPOS picks some of a period. */
export class PeriodDays implements DaySource {
  readonly alike: boolean;
  readonly isEmpty: boolean;
  readonly #interval: number;
  readonly #unit: Unit;
  readonly #filter: DayFilter;
  readonly #first: number;
  readonly #times: TimesOfDay;
  readonly #positions: readonly number[] | undefined;
  readonly #indexes = new Map<number, readonly number[]>();
  /** What BYSETPOS picks in one period, which begins and ends with these days. */
  #picked = { start: 0, end: 0, days: nothing };

  constructor(rule: Rule, filter: DayFilter, startDay: number, times: TimesOfDay) {
    const isDaily = rule.frequency === 'DAILY';
    this.#unit = unitOf(rule);
    this.#filter = filter;
    this.#first = this.#unit.of(startDay);
    // A day's set is always the same, so what BYSETPOS picks of it is, too.
    this.#times = isDaily && rule.bySetPosition ? pick(times, indexesOf(rule.bySetPosition, times.size)) : times;
    this.#positions = isDaily ? undefined : rule.bySetPosition;
    this.isEmpty = this.#times.size === 0;
    this.#interval = rule.interval;
    this.alike = rule.interval === 1 && !this.#positions;
  }

  nextDay(day: number): number {
    const ahead = this.#interval === 1 ? 0 : modulo(this.#first - this.#unit.of(day), this.#interval);
    if (ahead > 0) return this.#unit.start(this.#unit.of(day) + ahead);
    if (!this.#positions) return day;
    const { end, days } = this.#pickAround(day, this.#positions);
    return days.size > 0 ? day : end;
  }

  timesOn(day: number): TimesOfDay | undefined {
    return this.#positions ? this.#pickAround(day, this.#positions).days.get(day) : this.#times;
  }

  #pickAround(day: number, positions: readonly number[]) {
    if (day < this.#picked.start || day >= this.#picked.end) {
      const period = this.#unit.of(day);
      const [start, end] = [this.#unit.start(period), this.#unit.start(period + 1)];
      this.#picked = { start, end, days: this.#pickBetween(start, end, positions) };
    }
    return this.#picked;
  }

  #pickBetween(start: number, end: number, positions: readonly number[]): ReadonlyMap<number, TimesOfDay> {
    const { size } = this.#times;
    const indexes = this.#indexesOf(positions, this.#filter.count(start, end) * size);
    if (indexes.length === 0) return nothing;
    const days: number[] = [];
    for (let day = this.#filter.next(start, end); day !== undefined; day = this.#filter.next(day + 1, end)) {
      days.push(day);
    }
    const picked = new Map<number, number[]>();
    for (const index of indexes) {
      const day = days[Math.floor(index / size)]!;
      picked.set(day, [...(picked.get(day) ?? []), index % size]);
    }
    return new Map([...picked].map(([day, indexes]) => [day, pick(this.#times, indexes)]));
  }

  #indexesOf(positions: readonly number[], size: number): readonly number[] {
    const known = this.#indexes.get(size) ?? indexesOf(positions, size);
    this.#indexes.set(size, known);
    return known;
  }
}

const daySeconds = 86_400;

function pick(times: TimesOfDay, indexes: readonly number[]): TimesOfDay {
  return new TimesOfDay(
    [0],
    daySeconds,
    indexes.map((index) => times.at(index)),
  );
}
