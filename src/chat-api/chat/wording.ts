import { toText } from 'rrule-temporal/totext';
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { nextOccurrence } from '../../lib/recurrence.ts';
import { sayTime } from '../quick-add/say-time.ts';
import { usesTwelveHours, zoned, type UserTime } from '../quick-add/when.ts';
import type { Recurrence, Task } from '../tasks/task.ts';

/** "today at 17:00", "tomorrow at 09:00", "Fri 27 Nov at 10:00", on the user's clock. */
export function sayDate(date: Date, time: UserTime): string {
  const { now, zone } = time;
  const moment = zoned(date, zone);
  const today = zoned(now, zone).toPlainDate();
  const days = today.until(moment.toPlainDate(), { largestUnit: 'day' }).days;
  return `${sayDay(moment, days, today)} at ${sayTime(moment, usesTwelveHours(time))}`;
}

function sayDay(moment: Temporal.ZonedDateTime, days: number, today: Temporal.PlainDate): string {
  if (days === 0) return 'today';
  if (days === 1) return 'tomorrow';
  if (days === -1) return 'yesterday';
  return format(moment, moment.year === today.year ? formats.day : formats.dayOfYear).replace(',', '');
}

/** Made once, since that takes long, for a clock that is the user's and shows as UTC. */
const formats = {
  day: formatter({ weekday: 'short', day: 'numeric', month: 'short' }),
  untilDay: formatter({ day: 'numeric', month: 'short', year: 'numeric' }),
  dayOfYear: formatter({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }),
};

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
}

function format(moment: Temporal.ZonedDateTime, by: Intl.DateTimeFormat): string {
  return by.format(moment.toPlainDateTime().toZonedDateTime('UTC').epochMilliseconds);
}

/** "every week on Monday"; "every 3 months from the day it is done" */
export function sayRecurrence({ rule, time_zone, from_completion }: Recurrence): string {
  const said = sayRule(rule, time_zone);
  return from_completion ? `${said} from the day it is done` : said;
}

function sayRule(rule: string, time_zone: string): string {
  // "On the last of the 28th, 29th, 30th and 31st" says less than what was meant.
  const clamped = /^FREQ=MONTHLY(?:;INTERVAL=(\d+))?;BYMONTHDAY=28,.*?(\d+);BYSETPOS=-1/.exec(rule);
  if (clamped) {
    const [, interval, day] = clamped;
    return `every ${interval ? `${interval} months` : 'month'} on day ${day}, or the last day of the month`;
  }
  const leap = /^FREQ=YEARLY(?:;INTERVAL=(\d+))?;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1/.exec(rule);
  if (leap) return `every ${leap[1] ? `${leap[1]} years` : 'year'} on 29 February, or 28 February in other years`;
  const start = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(time_zone);
  // The library multiplies the times of a day out, which takes it long; the due date says the time anyway.
  const rruleString = rule.replace(/;BY(?:HOUR|MINUTE|SECOND)=[^;]*/g, '');
  const said = toText(new RRuleTemporal({ rruleString, dtstart: start }), 'en').replace(/ at \d.*$/, '');
  return inPlainWords(said, rule) + sayEnd(rule, time_zone);
}

const workdays = 'Monday, Tuesday, Wednesday, Thursday and Friday';

function inPlainWords(said: string, rule: string): string {
  // The library takes the weekday of the start, which is any day here.
  const withoutStart = /^FREQ=WEEKLY(?!.*;BYDAY)/.test(rule) ? said.replace(/ on \w+day$/, '') : said;
  const place = /;BYSETPOS=(-?1)(?!\d)/.exec(rule)?.[1];
  const placed = place
    ? withoutStart.replace(`on ${workdays}`, `on the ${place === '1' ? 'first' : 'last'} workday`)
    : withoutStart;
  return placed
    .replace(/ in (\w+) on the (\d{1,2})(?:st|nd|rd|th) day of the month$/, ' on $2 $1')
    .replace(/(on the \d{1,2}(?:st|nd|rd|th)) day of the month$/, '$1')
    .replace(/ on (?=(?:last|\d{1,2}(?:st|nd|rd|th)) \w+day$)/, ' on the ');
}

/** ", 5 times", ", until 1 Jun 2026" */
function sayEnd(rule: string, time_zone: string): string {
  const count = /;COUNT=(\d+)/.exec(rule)?.[1];
  if (count) return count === '1' ? ', once' : `, ${count} times`;
  const until = /;UNTIL=(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?/.exec(rule);
  if (!until) return '';
  const [, year, month, day, hour = '00', minute = '00', second = '00', zulu] = until;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const date = zulu
    ? Temporal.Instant.from(`${text}Z`).toZonedDateTimeISO(time_zone)
    : Temporal.PlainDateTime.from(text).toZonedDateTime(time_zone);
  return `, until ${format(date, formats.untilDay).replace(',', '')}`;
}

/** `"Pay rent", due tomorrow at 09:00, every month, priority high, #home` */
export function sayTask(task: Task, time: UserTime): string {
  return [
    `"${task.title}"`,
    task.due_date && `due ${sayDate(new Date(task.due_date), time)}`,
    task.recurrence && sayRecurrence(task.recurrence),
    task.reminders && `reminder ${sayLeads(task.reminders)} before`,
    task.priority !== 'MEDIUM' && `priority ${task.priority.toLowerCase()}`,
    ...task.tags.map((tag) => `#${tag}`),
    task.status === 'DONE' && 'done',
    task.status === 'IN_PROGRESS' && 'in progress',
  ]
    .filter(Boolean)
    .join(', ');
}

/** "10 minutes and 1 day" */
function sayLeads(reminders: readonly number[]): string {
  const said = reminders.map(sayLead);
  return said.length < 2 ? said.join('') : `${said.slice(0, -1).join(', ')} and ${said.at(-1)}`;
}

function sayLead(seconds: number): string {
  const units = [
    ['week', 604_800],
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ] as const;
  const [name, size] = units.find(([, size]) => seconds % size === 0)!;
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** One line a task; the rest as a number. */
export function sayTasks(tasks: readonly Task[], time: UserTime, shown = 10): string {
  const lines = tasks.slice(0, shown).map((task) => `- ${sayTask(task, time)}`);
  const more = tasks.length - shown;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** "Next: tomorrow at 09:00, Fri 27 Nov at 09:00, …": three dates of a task that recurs; empty for another one. */
export function sayNextDates({ due_date, recurrence }: Pick<Task, 'due_date' | 'recurrence'>, time: UserTime): string {
  if (!recurrence || !due_date) return '';
  const start = new Date(due_date);
  if (recurrence.from_completion)
    return `Next: ${sayDate(start, time)}; after that, it counts from the day it is done.`;
  const dates = [start];
  while (dates.length < 3) {
    const next = nextOccurrence(recurrence, start, dates.at(-1));
    if (!next) break;
    dates.push(next);
  }
  return `Next: ${dates.map((date) => sayDate(date, time)).join('; ')}.`;
}

/** "1 task", "10 or more tasks" */
export const sayCount = (count: number | string) => (String(count) === '1' ? '1 task' : `${count} tasks`);
