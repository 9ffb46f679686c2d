import { Temporal } from 'temporal-polyfill';

export type Frequency = 'MINUTELY' | 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';

/** What a recurrence means, before it is written as an RRULE (RFC 5545). */
export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly months?: readonly number[];
  /** Of the month; -1 is the last. */
  readonly days?: readonly number[];
  readonly weekdays?: readonly WeekdayRule[];
  /** Which of the days that the other parts name: -1 is the last. */
  readonly position?: number;
  readonly hours?: readonly number[];
  readonly minute?: number;
  readonly count?: number;
  readonly until?: Temporal.Instant;
}

export interface WeekdayRule {
  /** Monday is 1. */
  readonly weekday: number;
  /** Which of the month or year; absent for every one. */
  readonly nth?: number;
}

const codes = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** For example `FREQ=WEEKLY;BYDAY=MO`. */
export function writeRule(rule: Rule): string {
  const days = clamped(rule);
  const parts: readonly (readonly [string, string | number | undefined])[] = [
    ['FREQ', rule.frequency],
    ['INTERVAL', rule.interval > 1 ? rule.interval : undefined],
    ['BYMONTH', rule.months?.join(',')],
    ['BYMONTHDAY', days?.days.join(',')],
    ['BYDAY', rule.weekdays && weekdayList(rule.weekdays)],
    ['BYHOUR', rule.hours?.join(',')],
    ['BYMINUTE', rule.minute],
    ['BYSETPOS', days?.positions?.join(',') ?? rule.position],
    ['COUNT', rule.count],
    ['UNTIL', rule.until && utc(rule.until)],
  ];
  return parts
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join(';');
}

function weekdayList(weekdays: readonly WeekdayRule[]): string {
  const sorted = weekdays.toSorted((a, b) => (a.nth ?? 0) - (b.nth ?? 0) || a.weekday - b.weekday);
  return [...new Set(sorted.map(({ weekday, nth }) => `${nth ?? ''}${codes[weekday - 1]}`))].join(',');
}

function utc(instant: Temporal.Instant): string {
  return instant.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '');
}

/**
 * The days of the month, or the last one in a month that is too short. Only one of them can be that: with two, the
 * shorter months go without.
 */
function clamped({
  frequency,
  interval,
  days,
  months,
  position,
}: Rule): { days: readonly number[]; positions?: readonly number[] } | undefined {
  if (!days) return undefined;
  const sorted = [...new Set(days)].toSorted((a, b) => (a < 0 ? 99 : a) - (b < 0 ? 99 : b));
  const late = sorted.filter((day) => day > 28);
  if (late.length !== 1 || position !== undefined || sorted.some((day) => day < 0)) return { days: sorted };
  const isLongEnough = months?.every(
    (month) => late[0]! <= Temporal.PlainYearMonth.from({ year: 2001, month }).daysInMonth,
  );
  // "every 4 years on 29 february"
  const isLeapYear = frequency === 'YEARLY' && interval % 4 === 0 && late[0] === 29;
  if (isLongEnough || isLeapYear) return { days: sorted };
  const early = sorted.filter((day) => day <= 28);
  const filled = [28, 29, 30, 31].filter((day) => day <= late[0]! && !early.includes(day));
  const positions = [...early.map((_, index) => index + 1), -1];
  return early.includes(28) ? { days: sorted } : { days: [...early, ...filled], positions };
}

/** The day, or the last one in a month that is too short for it. */
function dayOfMonth(day: number): string {
  return writeRule({ frequency: 'MONTHLY', interval: 1, days: [day] }).replace('FREQ=MONTHLY;', '');
}

/**
 * "Every month" from the 31st means the last day of shorter months, too, where RFC 5545 would skip them; "every year"
 * from 29 February means the 28th in other years.
 */
export function anchored(rule: string, { day, month }: { readonly day: number; readonly month: number }): string {
  const bare = /^FREQ=(MONTHLY|YEARLY)(?:;INTERVAL=\d+)?(?=$|;(?:COUNT|UNTIL)=)/.exec(rule);
  const days = bare?.[1] === 'MONTHLY' && day > 28 ? dayOfMonth(day) : undefined;
  const leapDay = bare?.[1] === 'YEARLY' && day === 29 && month === 2 ? `BYMONTH=2;${dayOfMonth(29)}` : undefined;
  const part = days ?? leapDay;
  return bare && part ? `${bare[0]};${part}${rule.slice(bare[0].length)}` : rule;
}
