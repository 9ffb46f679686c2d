import { Temporal } from 'temporal-polyfill';
import { readDate, takeSchedule } from './date-phrase.ts';
import type { Schedule } from './meaning/schedule.ts';
import { zoned, type UserTime, type When } from './when.ts';
import type { WorkingText } from './working-text.ts';

const words = / remind me /gi;
/** Nobody plans further ahead. */
const longestLead = 366 * 86_400;

/** How long before a task is due the user wants to hear of it, and the text without the words that say so. */
export interface ReminderDay {
  readonly text: WorkingText;
  readonly schedule: Schedule;
  /** In seconds; undefined where the words leave it open. */
  readonly lead: number | undefined;
  readonly remarks: readonly string[];
}

/**
 * "renewal on 1 june, remind me on 25 may". Where one of the two says a time of day and the other none, nobody said how
 * long it is between them.
 */
export function takeReminderDay(text: WorkingText, time: UserTime): ReminderDay | undefined {
  const { visible } = text;
  const [said, another] = visible.matchAll(words);
  if (!said?.index || another) return undefined;
  const start = said.index;
  const day = readDate(visible.slice(start + said[0].length), time);
  // "remind me at 9" is on the day of the task.
  if (!day || 'problem' in day || !/^\d{4}/.test(day.when)) return undefined;
  const [link = ''] = /[,;]? ?(?:and|but|please)?$/i.exec(visible.slice(Math.max(0, start - 9), start)) ?? [];
  const rest = text.take({ start: start - link.length, end: visible.length, means: 'reminder' });
  const taken = takeSchedule(rest, time);
  const { due, recurrence } = taken.schedule;
  // "call Ann, remind me on friday" has one date.
  if (!due && !recurrence) return undefined;
  const lead = due && !recurrence ? secondsBetween(day.when, due, time) : undefined;
  const isPossible = lead !== undefined && lead > 0 && lead <= longestLead;
  return { ...taken, lead: isPossible ? lead : undefined, remarks: day.remarks };
}

function secondsBetween(earlier: When, later: When, { now, zone }: UserTime): number | undefined {
  const isDate = (when: When) => /^\d{4}-\d\d-\d\d$/.test(when);
  const isLocal = (when: When) => isDate(when) || /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(when);
  if (![earlier, later].every(isLocal) || isDate(earlier) !== isDate(later)) return undefined;
  const [from, to] = [earlier, later].map((when) => Temporal.PlainDateTime.from(when).toZonedDateTime(zone));
  // A reminder of today, or one that is over, would not come.
  if (Temporal.ZonedDateTime.compare(from!, zoned(now, zone)) <= 0) return undefined;
  return from!.until(to!).total('seconds');
}
