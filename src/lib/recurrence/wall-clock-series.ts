import { modulo, monthAt, weekdayOf, yearLength, yearOf, yearStart } from './calendar.ts';
import { DayFilter } from './day-filter.ts';
import type { DaySource } from './day-source.ts';
import { PeriodDays } from './period-days.ts';
import type { Rule } from './rule.ts';
import { SteppedTimes } from './stepped-times.ts';
import { TimesOfDay } from './times-of-day.ts';

const daySeconds = 86_400;
/** The first day of the year 10000, which ISO 8601 with four digits does not have. */
const endOfDays = yearStart(10_000);
/** The Gregorian calendar repeats itself after so many days. */
const calendarDays = 146_097;

/**
 * The times that a rule gives on a wall clock that nobody ever changes, in seconds since 1970-01-01T00:00:00 on that
 * clock. COUNT and UNTIL are not known here.
 *
 * Nothing is found by walking from the start: a time's period follows from arithmetic, the days of a year are looked up
 * by the kind of year, and the times of a day are products that are not multiplied out.
 */
export class WallClockSeries {
  readonly #start: number;
  readonly #filter: DayFilter;
  readonly #source: DaySource;

  constructor(rule: Rule, start: number) {
    const startDay = Math.floor(start / daySeconds);
    const complete = withDayOfStart(rule, startDay);
    const { frequency } = rule;
    this.#start = start;
    this.#filter = new DayFilter(complete);
    const { hours, minutes, seconds } = timeLists(rule, start - startDay * daySeconds);
    const within = minutes.flatMap((minute) => seconds.map((second) => minute * 60 + second));
    switch (frequency) {
      case 'SECONDLY':
        this.#source = new SteppedTimes(complete, frequency, start, [0]);
        break;
      case 'MINUTELY':
        this.#source = new SteppedTimes(complete, frequency, start, seconds);
        break;
      case 'HOURLY':
        this.#source = new SteppedTimes(complete, frequency, start, within);
        break;
      default: {
        const units = hours.map((hour) => hour * 3600);
        this.#source = new PeriodDays(complete, this.#filter, startDay, new TimesOfDay(units, 3600, within));
      }
    }
  }

  /**
   * The first time at this second or later, and not before the start.
   *
   * @returns undefined when there is none in the next 400 years and before the year 10000
   */
  next(from: number): number | undefined {
    if (this.#source.isEmpty) return undefined;
    const first = Math.max(from, this.#start);
    const firstDay = Math.floor(first / daySeconds);
    const end = Math.min(endOfDays, firstDay + calendarDays);
    for (let day = this.#nextDay(firstDay, end); day !== undefined; day = this.#nextDay(day + 1, end)) {
      const times = this.#source.timesOn(day);
      const index = times?.before(first - day * daySeconds) ?? 0;
      if (times && index < times.size) return day * daySeconds + times.at(index);
    }
    return undefined;
  }

  /** How many times there are from one second on and before another. */
  count(from: number, end: number): number {
    const first = Math.max(from, this.#start);
    const [firstDay, endDay] = [Math.floor(first / daySeconds), Math.floor(end / daySeconds)];
    let total = 0;
    for (let day = this.#nextDay(firstDay, endDay + 1); day !== undefined;) {
      const times = this.#source.timesOn(day);
      const year = this.#source.alike ? yearOf(day) : undefined;
      const isWhole = year !== undefined && yearStart(year) > firstDay && yearStart(year + 1) <= endDay;
      if (isWhole) total += this.#filter.daysOf(year).total * (times?.size ?? 0);
      else if (times) total += times.before(end - day * daySeconds) - times.before(first - day * daySeconds);
      day = this.#nextDay(isWhole ? yearStart(year + 1) : day + 1, endDay + 1);
    }
    return total;
  }

  /** The first day that both the lists and the interval allow. */
  #nextDay(from: number, end: number): number | undefined {
    for (let day = this.#filter.next(from, end); day !== undefined;) {
      const inStep = this.#source.nextDay(day);
      if (inStep === day) return day;
      day = this.#filter.next(inStep, end);
    }
    return undefined;
  }
}

/** What a rule says nothing of is as it is at the start. */
function withDayOfStart(rule: Rule, startDay: number): Rule {
  const { frequency, byDay, byMonthDay, byYearDay, byWeekNumber, byMonth } = rule;
  if (byDay ?? byMonthDay ?? byYearDay) return rule;
  const year = yearOf(startDay);
  const month = monthAt(startDay - yearStart(year), yearLength(year));
  const onWeekday = { byDay: [{ weekday: weekdayOf(startDay), ordinal: 0 }] };
  const onDayOfMonth = { byMonthDay: new Set([startDay - yearStart(year) - month.start + 1]) };
  switch (frequency) {
    case 'YEARLY':
      return {
        ...rule,
        ...(byWeekNumber ? onWeekday : { byMonth: byMonth ?? new Set([month.month]), ...onDayOfMonth }),
      };
    case 'MONTHLY':
      return { ...rule, ...onDayOfMonth };
    case 'WEEKLY':
      return { ...rule, ...onWeekday };
    default:
      return rule;
  }
}

function timeLists({ byHour, byMinute, bySecond }: Rule, startSecond: number) {
  return {
    hours: byHour ?? [Math.floor(startSecond / 3600)],
    minutes: byMinute ?? [Math.floor(startSecond / 60) % 60],
    // Computers' clocks have no leap seconds.
    seconds: (bySecond ?? [modulo(startSecond, 60)]).filter((second) => second < 60),
  };
}
