import { Temporal } from 'temporal-polyfill';
import { firstOccurrence } from '../../lib/recurrence.ts';
import { dayOfMonth } from '../quick-add/recurrence-phrase.ts';
import { resolveWhen, zoned, type UserTime, type When } from '../quick-add/when.ts';
import { isStorableDate, type Recurrence } from '../tasks/task.ts';

/** A due date and a recurrence that go together. */
export interface Timing {
  readonly due_date: string | null;
  readonly recurrence: Recurrence | null;
}

/**
 * When a task is first due. A recurrence without a date begins at its first occurrence from now, at nine unless there
 * is a time; with a date, at its first occurrence from there.
 *
 * @throws {RangeError} for a date that is out of range
 */
export function firstTiming(when: When | undefined, rule: string | undefined, time: UserTime): Timing {
  if (!rule) return { due_date: when ? storable(resolveWhen(when, time)) : null, recurrence: null };
  const start = when ? resolveWhen(when, time) : usualStart(rule, time);
  const recurrence = { rule: anchored(rule, start, time), time_zone: time.zone };
  const first = firstOccurrence(recurrence, start) ?? start;
  return { due_date: storable(first), recurrence };
}

/** Later by an ISO 8601 duration than it was due, or than now if that is past. Days are days on the user's clock. */
export function snoozed(due: string | null, by: string, { now, zone }: UserTime): string {
  const from = due && new Date(due) > now ? new Date(due) : now;
  return storable(new Date(zoned(from, zone).add(Temporal.Duration.from(by)).epochMilliseconds));
}

/** @throws {RangeError} for a date that is out of range */
export function storable(date: Date): string {
  if (!isStorableDate(date)) throw new RangeError('A due date must be in the years 1970 to 9999');
  return date.toISOString();
}

function usualStart(rule: string, time: UserTime): Date {
  const minutes = /^FREQ=(?:HOURLY|MINUTELY)/.test(rule);
  return minutes ? time.now : resolveWhen('09:00', time);
}

/** "Every month" from the 31st means the last day of shorter months, too, where RFC 5545 would skip them. */
function anchored(rule: string, start: Date, { zone }: UserTime): string {
  const { day } = zoned(start, zone);
  return /^FREQ=MONTHLY(;INTERVAL=\d+)?$/.test(rule) && day > 28 ? `${rule};${dayOfMonth(day)}` : rule;
}
