import { Temporal } from 'temporal-polyfill';
import { sayTime } from '../say-time.ts';
import { weekdayNames, type DayPart } from '../vocabulary/time-words.ts';
import { plus, sayDay } from './calendar.ts';
import type { ClockTime } from './clock.ts';
import { isZero, type Length } from './length.ts';
import type { Moment, Present } from './moment-form.ts';

/** What a moment means: at the least a day or a time of day; or why it means nothing. */
export interface Meaning {
  readonly date?: Temporal.PlainDate;
  /** Of the day, or of the next day on which it is not over. */
  readonly time?: Temporal.PlainTime;
  readonly instant?: Temporal.Instant;
  readonly problem?: string;
  readonly remarks: readonly string[];
}

/** @param isRecurring whether it repeats, so that a time that is over today will come again */
export function meaningOf(moment: Moment, present: Present, isRecurring = false): Meaning {
  const { day, clock, length } = moment;
  const problem = day?.problem ?? clock?.problem;
  if (problem) return { problem, remarks: [] };
  const remarks = [day?.remark, clock?.remark].filter((remark) => remark !== undefined);
  if (length) return { ...afterLength(length, moment, present), remarks };
  const part = moment.part ?? day?.part;
  if (clock?.zone !== undefined) return { ...inZone(clock, clock.zone, day?.date, present), remarks };
  // "breakfast slides by 5"
  const isBound = moment.introduction === 'by' || moment.introduction === 'until';
  const half = isBound ? undefined : present.half;
  const { half: _, ...others } = present;
  const there = { ...others, ...(half && { half }), isRecurring };
  const time = timeOf(clock, part, day?.date, there);
  if (!time) return day?.date ? { date: day.date, remarks } : { remarks };
  if ('problem' in time) return { problem: time.problem, remarks };
  if (!isRecurring || half || present.isJourney) remarks.push(...halfDayRemark(moment, time.time, there));
  if (!day?.date) return { time: time.time, remarks };
  const date = day.date.add({ days: time.days });
  const isMidnight = clock?.form === 'named' && clock.hour === 0;
  if (isMidnight && time.days === 0) remarks.push(`I read midnight as the start of ${sayDay(date)}.`);
  const isOver = Temporal.PlainDateTime.compare(date.toPlainDateTime(time.time), present.now.toPlainDateTime()) <= 0;
  if (isOver && day.form === 'weekday' && day.recurs) return { date: date.add({ days: 7 }), time: time.time, remarks };
  if (isOver && !isRecurring) {
    return { problem: `${sayTime(time.time, present.usesTwelveHours)} on ${sayDay(date)} has passed.`, remarks };
  }
  const isSameWeekday = day.form === 'weekday' && day.recurs && day.weekday === present.today.dayOfWeek;
  if (isSameWeekday && Temporal.PlainTime.compare(time.time, present.now.toPlainTime()) > 0)
    remarks.push(`I read ${weekdayNames[day.weekday - 1]} as the one of next week, not as today.`);
  return { date, time: time.time, remarks };
}

/** Says which half of the day was taken where the other one is as likely. */
function halfDayRemark(
  { introduction, clock, part, day }: Moment,
  time: Temporal.PlainTime,
  present: Present,
): readonly string[] {
  const { now, today, half } = present;
  if (!clock?.isTwelveHour || part || day?.part) return [];
  const taken = `I read ${clock.hour}${clock.minute ? `:${pad(clock.minute)}` : ''} as ${sayTime(time, present.usesTwelveHours)}.`;
  // "dinner at 8": without its other words, the sentence would mean the other half.
  if (half) return (half === 'pm' ? clock.hour >= 7 && clock.hour < 12 : clock.hour < 7) ? [taken] : [];
  const date = day?.date;
  // "Mix 1:10", "5:30 pace"
  const isUnsaid = introduction === undefined && !date && clock.form === 'digits' && clock.minute > 0;
  const isOtherDay = date !== undefined && !date.equals(today);
  const isEarly = (isOtherDay && clock.hour >= (present.isJourney ? 4 : 5) && clock.hour <= 8) || isUnsaid;
  const isLate = date === undefined && clock.form !== 'spoken' && time.hour >= 7 && time.hour < 12;
  // "standup at half past nine", said at eleven
  const isSpokenLate = date === undefined && clock.form === 'spoken' && time.hour >= 19;
  const isNearer = isLate && Temporal.PlainTime.compare(time, now.toPlainTime()) <= 0 && now.hour < time.hour + 12;
  return isEarly || isNearer || isSpokenLate ? [taken] : [];
}

/** "in 2 1/2 weeks" says a day, and no time of day: the one on which they are over. */
function inWholeDays(length: Length): Length {
  const days = length.seconds / 86_400;
  return days > 7 ? { ...length, days: length.days + Math.ceil(days), seconds: 0 } : length;
}

function afterLength(said: Length, { clock, part }: Moment, { now, today }: Present): Omit<Meaning, 'remarks'> {
  const tooFar = { problem: 'That is too far in the future.' };
  const length = inWholeDays(said);
  if (isZero(length)) return { problem: 'That is right now.' };
  const date = plus(today, length);
  if (!date || date.year > today.year + 100) return tooFar;
  if (length.seconds !== 0) {
    try {
      const later = now.add({ months: length.months, days: length.days, seconds: length.seconds });
      return later.year > 9999 ? tooFar : { instant: later.toInstant() };
    } catch {
      return tooFar;
    }
  }
  const time = timeOf(clock, part, date, { now, today });
  if (!time) return { date };
  return 'problem' in time ? time : { date: date.add({ days: time.days }), time: time.time };
}

function inZone(
  { hour, minute, second, isTwelveHour }: ClockTime,
  zone: string,
  date: Temporal.PlainDate | undefined,
  { now }: Present,
): Omit<Meaning, 'remarks'> {
  const there = now.withTimeZone(zone);
  const time = new Temporal.PlainTime((isTwelveHour && hour < 7 ? hour + 12 : hour) % 24, minute, second);
  const instant = (on: Temporal.PlainDate) => on.toZonedDateTime({ timeZone: zone, plainTime: time }).toInstant();
  if (date) {
    const said = instant(date);
    return Temporal.Instant.compare(said, now.toInstant()) <= 0
      ? { problem: 'That time has passed.' }
      : { instant: said };
  }
  const today = instant(there.toPlainDate());
  const isOver = Temporal.Instant.compare(today, now.toInstant()) <= 0;
  return { instant: isOver ? instant(there.toPlainDate().add({ days: 1 })) : today };
}

const pad = (number: number) => String(number).padStart(2, '0');

type TimeOfDay = { readonly time: Temporal.PlainTime; readonly days: number } | { readonly problem: string };

/** The time that was meant, and whether it is of the next day ("tonight at 1"). */
function timeOf(
  clock: ClockTime | undefined,
  part: DayPart | undefined,
  date: Temporal.PlainDate | undefined,
  {
    now,
    today,
    half,
    isJourney,
    isRecurring,
  }: Pick<Present, 'now' | 'today' | 'half' | 'isJourney'> & {
    readonly isRecurring?: boolean;
  },
): TimeOfDay | undefined {
  const isToday = date !== undefined && date.equals(today);
  if (!clock) {
    if (!part) return undefined;
    if (!isToday || now.hour < part.hour) return ofHour(part.hour, 0, 0);
    // "this evening", said in the evening
    if (now.hour + 1 < part.until) return ofHour(now.hour + 1, 0, 0);
    return { problem: `This ${part.name} is already over.` };
  }
  const { hour, minute, second, isTwelveHour, form } = clock;
  if (part) return inPart(clock, part);
  if (form === 'named' && hour === 0) return ofHour(0, minute, second, isToday ? 1 : 0);
  if (!isTwelveHour) return ofHour(hour, minute, second);
  const later = (hour % 12) + 12;
  const isOver = (candidate: number) =>
    Temporal.PlainTime.compare(new Temporal.PlainTime(candidate, minute, second), now.toPlainTime()) <= 0;
  const isHalfSaid = half !== undefined && hour >= 4 && hour < 12;
  if (isHalfSaid) return ofHour(half === 'pm' ? later : hour, minute, second);
  // "flight at 6:40" is written as timetables are; but nobody flies at 3:15 without saying so.
  const isEarly = isJourney && form === 'digits' && hour >= 4;
  const usual = hour <= 6 && !isEarly ? later : hour;
  // "half past eleven" is the next one; and so is "today at 9", when it is past nine in the morning.
  if ((isToday || (form === 'spoken' && !date && !isRecurring)) && usual < 12 && isOver(usual) && !isOver(later)) {
    return ofHour(later, minute, second);
  }
  return ofHour(usual, minute, second);
}

function ofHour(hour: number, minute: number, second: number, days = 0): TimeOfDay {
  return hour === 24
    ? { time: new Temporal.PlainTime(0, minute, second), days: days + 1 }
    : { time: new Temporal.PlainTime(hour, minute, second), days };
}

/** "at 6 in the evening", "tonight at 1", "tomorrow morning at 6" */
function inPart({ hour, minute, second, isTwelveHour, form }: ClockTime, part: DayPart): TimeOfDay {
  if (form === 'named' && hour === 0) return ofHour(0, minute, second, 1);
  const candidates = isTwelveHour ? [hour % 12, (hour % 12) + 12] : [hour];
  const inside = candidates.find((candidate) => candidate >= part.from && candidate < part.until);
  if (inside !== undefined) return ofHour(inside, minute, second);
  // "ten to six tonight"
  const isNearly = part.name === 'night' && isTwelveHour && hour === part.from - 13;
  if (isNearly) return ofHour(part.from - 1, minute, second);
  // Night goes on behind midnight.
  const early = candidates.find((candidate) => candidate < 6 || candidate === 24);
  if (part.name === 'night' && early !== undefined) return ofHour(early % 24, minute, second, 1);
  return { problem: `${hour}:${pad(minute)} is not in the ${part.name}.` };
}
