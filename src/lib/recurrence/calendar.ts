/** Days are numbered from 1970-01-01, which is 0 and a Thursday; months and days of a month from 1. */

export interface Month {
  readonly month: number;
  /** Of its first day, within the year; from 0. */
  readonly start: number;
  readonly length: number;
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function yearLength(year: number): number {
  return isLeapYear(year) ? 366 : 365;
}

/** The number of the year's first day. */
export function yearStart(year: number): number {
  const before = year - 1;
  return before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 719_162;
}

export function yearOf(day: number): number {
  const estimate = 1970 + Math.floor(day / 365.2425);
  if (day < yearStart(estimate)) return estimate - 1;
  return day >= yearStart(estimate + 1) ? estimate + 1 : estimate;
}

/** 0 for Monday. */
export function weekdayOf(day: number): number {
  return modulo(day + 3, 7);
}

/** The months of a year of 365 or 366 days. */
export function monthsOf(length: number): readonly Month[] {
  return length === 366 ? leapMonths : commonMonths;
}

const commonMonths = toMonths([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
const leapMonths = toMonths([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);

function toMonths(lengths: readonly number[]): readonly Month[] {
  return lengths.map((length, index) => ({
    month: index + 1,
    start: lengths.slice(0, index).reduce((sum, days) => sum + days, 0),
    length,
  }));
}

/** The month that a day of a year (from 0) is in. */
export function monthAt(dayOfYear: number, length: number): Month {
  const months = monthsOf(length);
  // A month has at most 31 days, so the estimate is never too high.
  let index = Math.floor(dayOfYear / 31);
  while (index < 11 && months[index + 1]!.start <= dayOfYear) index++;
  return months[index]!;
}

/** Never negative. */
export function modulo(number: number, divisor: number): number {
  return ((number % divisor) + divisor) % divisor;
}
