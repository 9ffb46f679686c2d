import { isLeapYear, modulo, monthAt, weekdayOf, yearLength, yearOf, yearStart, type Month } from './calendar.ts';
import type { Rule, WeekdayNumber } from './rule.ts';

/** The days of one year that a rule allows, whatever its interval. */
export interface YearDays {
  /** 1 for each allowed day, by the day of the year from 0. */
  readonly allowed: Uint8Array;
  readonly total: number;
}

/**
 * Which days a rule's lists of days, weeks and months allow.
 *
 * There are few kinds of years: by the weekday that they begin on, by their length, and by those of the years before and
 * after, which decide the numbers of weeks at either end. Each kind is looked at once.
 */
export class DayFilter {
  readonly #rule: Rule;
  readonly #kinds = new Map<number, YearDays>();
  #current = { start: 0, end: 0, days: { allowed: new Uint8Array(), total: 0 } as YearDays };

  constructor(rule: Rule) {
    this.#rule = rule;
  }

  /** The first allowed day from one day on and before another, by number. */
  next(from: number, end: number): number | undefined {
    for (let day = from; day < end; day = this.#current.end) {
      this.#turnTo(day);
      const { start, days } = this.#current;
      const index = days.allowed.indexOf(1, day - start);
      if (index !== -1) return start + index < end ? start + index : undefined;
    }
    return undefined;
  }

  /** How many days are allowed from one day on and before another. */
  count(from: number, end: number): number {
    let total = 0;
    for (let day = from; day < end; day = this.#current.end) {
      this.#turnTo(day);
      const { start, days } = this.#current;
      const last = Math.min(end - start, days.allowed.length);
      for (let index = day - start; index < last; index++) total += days.allowed[index]!;
    }
    return total;
  }

  daysOf(year: number): YearDays {
    const leaps = [year - 1, year, year + 1].reduce((bits, each) => bits * 2 + Number(isLeapYear(each)), 0);
    const kind = weekdayOf(yearStart(year)) * 8 + leaps;
    const known = this.#kinds.get(kind);
    if (known) return known;
    const allowed = this.#look(year);
    const days = { allowed, total: allowed.reduce((sum, bit) => sum + bit, 0) };
    this.#kinds.set(kind, days);
    return days;
  }

  /** Days are mostly asked for in their order, many of one year. */
  #turnTo(day: number): void {
    if (day >= this.#current.start && day < this.#current.end) return;
    const year = yearOf(day);
    this.#current = { start: yearStart(year), end: yearStart(year + 1), days: this.daysOf(year) };
  }

  #look(year: number): Uint8Array {
    const length = yearLength(year);
    const first = weekdayOf(yearStart(year));
    return Uint8Array.from({ length }, (_, dayOfYear) => {
      const day = { year, length, dayOfYear, month: monthAt(dayOfYear, length), weekday: (first + dayOfYear) % 7 };
      return Number(this.#allows(day));
    });
  }

  #allows(day: Day): boolean {
    const { byMonth, byMonthDay, byYearDay, byWeekNumber, byDay } = this.#rule;
    const { month, dayOfYear, length } = day;
    if (byMonth && !byMonth.has(month.month)) return false;
    if (byMonthDay && !includesCounted(byMonthDay, dayOfYear - month.start, month.length)) return false;
    if (byYearDay && !includesCounted(byYearDay, dayOfYear, length)) return false;
    if (byWeekNumber && !this.#isInWeek(byWeekNumber, day)) return false;
    return !byDay || byDay.some((wanted) => this.#isWeekday(wanted, day));
  }

  /** Within the month, or within the year for a yearly rule that names no months. */
  #isWeekday({ weekday, ordinal }: WeekdayNumber, day: Day): boolean {
    const { frequency, byMonth } = this.#rule;
    if (day.weekday !== weekday) return false;
    if (ordinal === 0 || (frequency !== 'YEARLY' && frequency !== 'MONTHLY')) return true;
    const isInYear = frequency === 'YEARLY' && !byMonth;
    const { start, length } = isInYear ? { start: 0, length: day.length } : day.month;
    const index = day.dayOfYear - start;
    return ordinal > 0 ? Math.floor(index / 7) + 1 === ordinal : -Math.floor((length - 1 - index) / 7) - 1 === ordinal;
  }

  /** Weeks are those of ISO 8601 (the first has at least four days in its year), but may begin on another day. */
  #isInWeek(weeks: ReadonlySet<number>, { year, length, dayOfYear }: Day): boolean {
    const firstWeek = this.#firstWeek(year);
    if (dayOfYear < firstWeek) {
      const before = yearLength(year - 1);
      return this.#hasWeek(
        weeks,
        dayOfYear + before - this.#firstWeek(year - 1),
        before + firstWeek - this.#firstWeek(year - 1),
      );
    }
    const nextFirstWeek = length + this.#firstWeek(year + 1);
    if (dayOfYear < nextFirstWeek) return this.#hasWeek(weeks, dayOfYear - firstWeek, nextFirstWeek - firstWeek);
    const afterNext = nextFirstWeek - length;
    return this.#hasWeek(
      weeks,
      dayOfYear - nextFirstWeek,
      yearLength(year + 1) + this.#firstWeek(year + 2) - afterNext,
    );
  }

  #hasWeek(weeks: ReadonlySet<number>, index: number, days: number): boolean {
    return includesCounted(weeks, Math.floor(index / 7), days / 7);
  }

  /** Where week 1 begins, by the day of the year from 0: from -3 to 3. */
  #firstWeek(year: number): number {
    const daysBefore = modulo(weekdayOf(yearStart(year)) - this.#rule.weekStart, 7);
    return daysBefore <= 3 ? -daysBefore : 7 - daysBefore;
  }
}

interface Day {
  readonly year: number;
  /** Of the year. */
  readonly length: number;
  /** From 0. */
  readonly dayOfYear: number;
  readonly month: Month;
  readonly weekday: number;
}

/** Whether a set has the index (from 0), counted from 1 at the front or from -1 at the back. */
function includesCounted(numbers: ReadonlySet<number>, index: number, length: number): boolean {
  return numbers.has(index + 1) || numbers.has(index - length);
}
