import type { TimesOfDay } from './times-of-day.ts';

/** What a rule's frequency and interval make of the days. */
export interface DaySource {
  /** Whether the interval allows each day, and all have the same times. */
  readonly alike: boolean;
  /** Whether no day ever has a time. */
  readonly isEmpty: boolean;
  /** The first day that may have times, as far as the interval and BYSETPOS decide it, from this day on. */
  nextDay(day: number): number;
  /** The times of a day that the interval allows. */
  timesOn(day: number): TimesOfDay | undefined;
}

/** The indexes, sorted, of the positions (BYSETPOS) that a set of this size has: 1 is the first, -1 the last. */
export function indexesOf(positions: readonly number[], size: number): number[] {
  const indexes = positions.map((position) => (position > 0 ? position - 1 : size + position));
  return [...new Set(indexes.filter((index) => index >= 0 && index < size))].sort((one, other) => one - other);
}
