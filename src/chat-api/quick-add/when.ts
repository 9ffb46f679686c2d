import { Temporal } from 'temporal-polyfill';

/**
 * A moment as people say it, as text in one of four forms; all but the first are local to the user's time zone:
 * an instant `2026-11-27T09:00:00Z`, a date and time `2026-11-27T10:00`, a date `2026-11-27`, a time `10:00`.
 */
export type When = string;

/** Where and when the user is. */
export interface UserTime {
  readonly now: Date;
  /** IANA name, for example `Europe/Berlin`. */
  readonly zone: string;
  /**
   * BCP 47, for example `en-US`: whether the month or the day comes first in 4/5, with which day a week begins, and
   * whether a day has twice twelve hours. By the zone when left out.
   */
  readonly locale?: string | undefined;
}

/** Zones of countries that write the month before the day. */
const monthFirstZones =
  /^(?:US\/|America\/(?:New_York|Chicago|Denver|Los_Angeles|Phoenix|Anchorage|Detroit|Boise|Juneau|Sitka|Nome|Adak|Menominee|Indiana\/|Kentucky\/|North_Dakota\/)|Pacific\/(?:Honolulu|Guam)|Asia\/Manila)/;

/** Whether 4/5 is in April for the user. */
export function isMonthFirst({ zone, locale }: Pick<UserTime, 'zone' | 'locale'>): boolean {
  return locale === undefined ? monthFirstZones.test(zone) : /^en-(?:US|PH)\b|^en$/i.test(locale);
}

type Place = Pick<UserTime, 'zone' | 'locale'>;

/** What is written as in the United States when only a zone says where the user is. */
const localeOf = ({ zone, locale }: Place) => locale ?? (monthFirstZones.test(zone) ? 'en-US' : 'en-GB');

/** With which weekday a week begins for the user; Monday is 1. */
export function firstWeekday(place: Place): number {
  return conventions(localeOf(place)).firstWeekday;
}

/** Whether the user writes 5:00 PM, not 17:00. */
export function usesTwelveHours(place: Place): boolean {
  return conventions(localeOf(place)).usesTwelveHours;
}

interface Conventions {
  readonly firstWeekday: number;
  readonly usesTwelveHours: boolean;
}

const known = new Map<string, Conventions>();
/** More locales than there are in use are an attack on the memory. */
const mostKnown = 1000;

function conventions(locale: string): Conventions {
  const found = known.get(locale);
  if (found) return found;
  const { hour12 } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions();
  // The library's types do not have it yet.
  const week = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?(): { firstDay: number } };
  const read = { firstWeekday: week.getWeekInfo?.().firstDay ?? 1, usesTwelveHours: hour12 === true };
  if (known.size < mostKnown) known.set(locale, read);
  return read;
}

/** What a date without a time of day means: the first of these that has not passed. */
const usualTimes = ['09:00', '18:00', '23:59'];

/** Whether the text has one of the four forms. */
export function isWhen(text: string): boolean {
  return form(text) !== undefined;
}

/**
 * The instant that `when` means. A local time that a clock change skips becomes the one an hour later; of a local time
 * that happens twice, the first is taken.
 *
 * @param previous the task's present due date, whose time of day a bare date keeps and whose date a bare time keeps
 * @throws {RangeError} when the text has none of the four forms, or the year is out of range
 */
export function resolveWhen(when: When, { now, zone }: UserTime, previous?: Date | null): Date {
  switch (form(when)) {
    case 'instant':
      return new Date(Temporal.Instant.from(when).epochMilliseconds);
    case 'local':
      return toDate(Temporal.PlainDateTime.from(when), zone);
    case 'date':
      return resolveDate(Temporal.PlainDate.from(when), { now, zone }, previous);
    case 'time':
      return resolveTime(Temporal.PlainTime.from(when), { now, zone }, previous);
    default:
      throw new RangeError(`${JSON.stringify(when)} is neither an instant, nor a local date, time or both`);
  }
}

/** The wall clock of an instant. */
export function zoned(instant: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
}

/** Whether the runtime knows the time zone; only IANA names count, not offsets such as `+01:00`. */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && Boolean(zoned(new Date(0), name));
  } catch {
    return false;
  }
}

const date = /^\d{4}-\d{2}-\d{2}$/;
const time = /^\d{2}:\d{2}(:\d{2})?$/;
const local = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

function form(text: string): 'instant' | 'local' | 'date' | 'time' | undefined {
  try {
    if (instant.test(text)) return Temporal.Instant.from(text) && 'instant';
    if (local.test(text)) return Temporal.PlainDateTime.from(text) && 'local';
    if (date.test(text)) return Temporal.PlainDate.from(text) && 'date';
    if (time.test(text)) return Temporal.PlainTime.from(text) && 'time';
  } catch {
    // The 31st of February, 25:00: digits in the right places, but no moment.
  }
  return undefined;
}

function resolveDate(day: Temporal.PlainDate, { now, zone }: UserTime, previous?: Date | null): Date {
  if (previous) return toDate(day.toPlainDateTime(zoned(previous, zone).toPlainTime()), zone);
  const moments = usualTimes.map((usual) => toDate(day.toPlainDateTime(Temporal.PlainTime.from(usual)), zone));
  return moments.find((moment) => moment > now) ?? moments.at(-1)!;
}

function resolveTime(at: Temporal.PlainTime, { now, zone }: UserTime, previous?: Date | null): Date {
  const moment = previous && toDate(zoned(previous, zone).toPlainDate().toPlainDateTime(at), zone);
  // A day that is over is not the one that was meant.
  if (moment && moment > now) return moment;
  const today = zoned(now, zone).toPlainDate();
  const next = toDate(today.toPlainDateTime(at), zone);
  return next > now ? next : toDate(today.add({ days: 1 }).toPlainDateTime(at), zone);
}

function toDate(moment: Temporal.PlainDateTime, zone: string): Date {
  return new Date(moment.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds);
}
