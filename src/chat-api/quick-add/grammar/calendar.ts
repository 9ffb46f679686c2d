import { Temporal } from 'temporal-polyfill';
import { monthNames, type DayPart } from '../vocabulary/time-words.ts';
import type { Length } from './length.ts';
import type { Read, Tokens } from './token.ts';

/** What a day that is said depends on. */
export interface Calendar {
  readonly today: Temporal.PlainDate;
  /** Whether 4/5 is in April. */
  readonly isMonthFirst: boolean;
  /** With which weekday a week begins; Monday is 1. */
  readonly firstWeekday: number;
}

/** How a day was said, from what can hardly be anything else to what often is. */
export type DayForm = 'relative' | 'date' | 'weekday' | 'period' | 'holiday' | 'numeric' | 'ordinal' | 'month';

export interface Day {
  readonly form: DayForm;
  /** Absent when there is no such day. */
  readonly date?: Temporal.PlainDate;
  readonly part?: DayPart;
  /** Why there is no such day. */
  readonly problem?: string;
  /** What the user should know about the choice of the day. */
  readonly remark?: string;
  /** Whether the words speak of the past: "yesterday", "last week". */
  readonly isPast?: boolean;
  readonly weekday?: number;
  /** Of a week or month that is said as a whole: its days from today on. */
  readonly span?: { readonly first: Temporal.PlainDate; readonly last: Temporal.PlainDate };
  /** Whether the date would come again: "5 May", "Friday". */
  readonly recurs?: boolean;
}

export type ReadDay = (tokens: Tokens, index: number, calendar: Calendar) => Read<Day> | undefined;

export const tooFar = { problem: 'That is too far in the future.' };

/** Undefined beyond the years that a date may have. */
export function plus(date: Temporal.PlainDate, { months: count, days }: Length): Temporal.PlainDate | undefined {
  try {
    const later = date.add({ months: count, days });
    return later.year > 9999 || later.year < 1970 ? undefined : later;
  } catch {
    return undefined;
  }
}

export const nextWeekday = (after: Temporal.PlainDate, weekday: number) =>
  after.add({ days: ((weekday - after.dayOfWeek + 6) % 7) + 1 });

/** The weekday of this week, or of one so many weeks later. */
export function inWeek({ today, firstWeekday }: Calendar, weekday: number, later: number): Temporal.PlainDate {
  const first = today.subtract({ days: (today.dayOfWeek - firstWeekday + 7) % 7 });
  return first.add({ days: ((weekday - firstWeekday + 7) % 7) + 7 * later });
}

/** The weekday of the week that is so many whole weeks later. */
export function inWeekOf(today: Temporal.PlainDate, length: Length, weekday: number): Temporal.PlainDate | undefined {
  const isWeeks = length.days > 0 && length.days % 7 === 0 && length.months === 0 && length.seconds === 0;
  const later = isWeeks ? plus(today, length) : undefined;
  return later?.add({ days: weekday - later.dayOfWeek });
}

export const startOfMonth = (today: Temporal.PlainDate, later: number) => today.with({ day: 1 }).add({ months: later });

export function dayOf(first: Temporal.PlainDate, ordinal: number): Temporal.PlainDate | undefined {
  if (Math.abs(ordinal) > first.daysInMonth) return undefined;
  return first.with({ day: ordinal < 0 ? first.daysInMonth + 1 + ordinal : ordinal });
}

export function nthWeekday(
  first: Temporal.PlainDate,
  ordinal: number,
  weekday: number,
): Temporal.PlainDate | undefined {
  if (ordinal < 0) {
    const last = first.with({ day: first.daysInMonth });
    const date = last.subtract({ days: ((last.dayOfWeek - weekday + 7) % 7) - 7 * (ordinal + 1) });
    return date.month === first.month ? date : undefined;
  }
  const date = first.add({ days: ((weekday - first.dayOfWeek + 7) % 7) + (ordinal - 1) * 7 });
  return date.month === first.month && ordinal > 0 ? date : undefined;
}

/** The next such day, today included. */
export function upcoming(
  today: Temporal.PlainDate,
  month: number,
  day: number,
  isWholeMonth = false,
): Temporal.PlainDate {
  const date = Temporal.PlainDate.from({ year: today.year, month, day }, { overflow: 'constrain' });
  const isOver = isWholeMonth ? month < today.month : Temporal.PlainDate.compare(date, today) < 0;
  return isOver ? date.add({ years: 1 }) : date;
}

export function sayDay(date: Temporal.PlainDate): string {
  return `${date.day} ${monthNames[date.month - 1]} ${date.year}`;
}
