import { Temporal } from 'temporal-polyfill';
import { firstOccurrence, nextOccurrence } from '../../lib/recurrence.ts';
import { anchored } from '../quick-add/meaning/rule.ts';
import { resolveWhen, zoned, type UserTime, type When } from '../quick-add/when.ts';
import { isStorableDate, type Recurrence, type Task } from '../tasks/task.ts';
import { sayDate } from './wording.ts';

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
export function firstTiming(
  when: When | undefined,
  rule: string | undefined,
  time: UserTime,
  {
    except = [],
    fromCompletion = false,
  }: { except?: readonly string[] | undefined; fromCompletion?: boolean | undefined } = {},
): Timing {
  if (!rule) return { due_date: when ? storable(resolveWhen(when, time)) : null, recurrence: null };
  const asked = when ? resolveWhen(when, time) : usualStart(rule, time);
  // What counts from completion has its day of the month from there.
  const ofMonth = fromCompletion ? rule : anchored(rule, zoned(asked, time.zone));
  const { start, rule: fixed } = beyondGap(ofMonth, asked, when, time);
  const recurrence = { rule: fixed, time_zone: time.zone, ...(fromCompletion && { from_completion: true }) };
  const excluded = exclusions(recurrence, start, except);
  const whole = excluded.length > 0 ? { ...recurrence, excluded } : recurrence;
  return { due_date: storable(nextOccurrence(whole, start) ?? start), recurrence: whole };
}

/**
 * Where the series begins. When the clocks skip the time that was asked for on the first day, that day has it later,
 * and the rule says the time for the days after.
 */
function beyondGap(rule: string, asked: Date, when: When | undefined, time: UserTime): { start: Date; rule: string } {
  // "Every other Tuesday", said on a Wednesday, begins on the next Tuesday, not a week after that.
  const withoutInterval = rule.replace(/;INTERVAL=\d+/, '');
  const first = firstOccurrence({ rule: withoutInterval, time_zone: time.zone }, asked) ?? asked;
  const wanted = when && /(?:^|T)(\d{2}):(\d{2})$/.exec(when);
  const { hour, minute } = zoned(asked, time.zone);
  const isSkipped = wanted && (Number(wanted[1]) !== hour || Number(wanted[2]) !== minute);
  if (!isSkipped || /FREQ=(?:HOURLY|MINUTELY)|BYHOUR/.test(rule)) return { start: first, rule };
  const fixed = `${rule};BYHOUR=${Number(wanted[1])};BYMINUTE=${Number(wanted[2])}`;
  if (first.getTime() === asked.getTime()) return { start: asked, rule: fixed };
  const day = zoned(first, time.zone).toPlainDate().toString();
  return { start: resolveWhen(`${day}T${wanted[1]}:${wanted[2]}`, time), rule };
}

/** The occurrences on these local dates. */
function exclusions(recurrence: Recurrence, start: Date, except: readonly string[]): string[] {
  return except.flatMap((date) => {
    const from = Temporal.PlainDate.from(date).toZonedDateTime(recurrence.time_zone);
    const until = from.add({ days: 1 }).epochMilliseconds;
    const found: string[] = [];
    let next = nextOccurrence(recurrence, start, new Date(from.epochMilliseconds - 1));
    while (next && next.getTime() < until && found.length < 24) {
      found.push(next.toISOString());
      next = nextOccurrence(recurrence, start, next);
    }
    return found;
  });
}

/** Whose time of day a new date keeps. */
export const previousDue = ({ due_date }: Pick<Task, 'due_date'>) => (due_date ? new Date(due_date) : null);

/**
 * The recurrence of a task, with a last day instead of the end that it has.
 *
 * @throws {RangeError} when the task does not repeat, or has no occurrence until then
 */
export function endedOn({ title, recurrence, due_date }: Task, day: string, time: UserTime): Recurrence {
  if (!recurrence || !due_date) throw new RangeError(`"${title}" does not repeat`);
  const next = Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(recurrence.time_zone);
  if (Date.parse(due_date) >= next.epochMilliseconds)
    throw new RangeError(`"${title}" is next due ${sayDate(new Date(due_date), time)}, later than that`);
  const until = next.toInstant().subtract({ seconds: 1 }).toString({ smallestUnit: 'second' }).replace(/[-:]/g, '');
  return { ...recurrence, rule: `${recurrence.rule.replace(/;(?:UNTIL|COUNT)=[^;]*/g, '')};UNTIL=${until}` };
}

/** Later by an ISO 8601 duration than it was due, or than now if that is past. Days are days on the user's clock. */
export function snoozed(due: string | null, by: string, { now, zone }: UserTime): string {
  const from = due && new Date(due) > now ? new Date(due) : now;
  return storable(new Date(zoned(from, zone).add(Temporal.Duration.from(by)).epochMilliseconds));
}

/** Earlier by an ISO 8601 duration than it was due. */
export function broughtForward(due: string, by: string, { zone }: UserTime): string {
  const duration = Temporal.Duration.from(by);
  return storable(new Date(zoned(new Date(due), zone).subtract(duration).epochMilliseconds));
}

/** @throws {RangeError} for a date that is out of range */
export function storable(date: Date): string {
  if (!isStorableDate(date)) throw new RangeError('the due date must be in the years 1970 to 9999');
  return date.toISOString();
}

function usualStart(rule: string, time: UserTime): Date {
  if (/^FREQ=(?:HOURLY|MINUTELY)/.test(rule)) return time.now;
  if (!rule.includes('BYHOUR=')) return resolveWhen('09:00', time);
  // The rule has the times of day, and none of them has seconds.
  return new Date(Math.ceil(time.now.getTime() / 60_000) * 60_000);
}
