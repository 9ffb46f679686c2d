import { Temporal } from 'temporal-polyfill';
import { firstOccurrence } from '../../../lib/recurrence.ts';
import { isZero, type Length } from '../grammar/length.ts';
import { plus, sayDay } from '../grammar/calendar.ts';
import type { Moment, Present } from '../grammar/moment-form.ts';
import { meaningOf, type Meaning } from '../grammar/moment-meaning.ts';
import type { Bound } from '../grammar/bound.ts';
import type { Exception } from '../grammar/exception.ts';
import type { Recurrence } from '../grammar/recurrence-form.ts';
import type { ClockTime } from '../grammar/clock.ts';
import type { ExceptedDate } from '../grammar/scan.ts';
import { sayTime } from '../say-time.ts';
import { writeRule, type Rule } from './rule.ts';
import { resolveWhen, type When } from '../when.ts';

/** What the words of time in a sentence say together. */
export interface Schedule {
  readonly due?: When;
  /** RFC 5545 RRULE text. */
  readonly recurrence?: string;
  /** Whether it counts from when the task is done. */
  readonly fromCompletion?: true;
  /** Local dates on which it is left out. */
  readonly except?: readonly string[];
  /** What the user should know about how it was read. */
  readonly remarks: readonly string[];
  /** What has to be answered before anything can be done. */
  readonly ask?: string;
  /** Why the words cannot be kept: they stay in the title. */
  readonly problem?: string;
}

/** All that was read in one sentence, in its order. */
export interface Readings {
  readonly moments: readonly Moment[];
  readonly recurrences: readonly Recurrence[];
  readonly times: readonly (readonly ClockTime[])[];
  readonly bounds: readonly Bound[];
  readonly exceptions: readonly (Exception | ExceptedDate)[];
}

export const twoDates = 'I found two dates or times in this. When is it due? Put the other one in quotation marks.';

/** Puts together what was read: which day and time, how often, and until when. */
export function scheduleOf(said: Readings, present: Present): Schedule {
  const readings = withDaysOfDaily(said);
  const [recurrence, second] = mergeRecurrences(readings.recurrences);
  if (second) return { remarks: [], ask: 'I found two recurrences in this. Which one do you mean?' };
  if (recurrence?.ask) return { remarks: [], ask: recurrence.ask };
  if (recurrence?.problem) return { remarks: [], problem: recurrence.problem };
  const isRecurring = recurrence?.rule !== undefined;
  const hasDay = readings.moments.some(({ introduction, day }) => introduction !== 'until' && day);
  // "until friday" says when a task is due; the "til 2" of "party fri til 2", when the party ends.
  const ends = readings.moments.filter(
    ({ introduction, day, clock }) => introduction === 'until' && (isRecurring || (hasDay && clock && !day)),
  );
  const start = merge(readings.moments.filter((moment) => !ends.includes(moment)));
  if (!start || ends.length > 1 || readings.times.length > 1) return { remarks: [], ask: twoDates };
  const meaning = meaningOf(start, present, isRecurring);
  if (meaning.problem) return { remarks: [], problem: meaning.problem };
  if (!isRecurring) {
    if (readings.times.length > 0) return { remarks: [], ask: twoDates };
    return once({ ...start, ...(ends[0] && { rangeEnd: ends[0] }) }, meaning, present);
  }
  const end = ends[0] ?? (start.rangeEnd?.day ? start.rangeEnd : undefined);
  const within = end || readings.bounds.length > 0 ? undefined : withinSpan(start, recurrence.rule, present);
  if (within) {
    const { remarks: _, ...begun } = meaningOf(within.start, present, true);
    const remarks = [`It ends on ${sayDay(within.end.day!.date!)}.`];
    return repeated({
      recurrence,
      rule: recurrence.rule,
      ...within,
      meaning: { ...begun, remarks },
      readings,
      present,
    });
  }
  return repeated({ recurrence, rule: recurrence.rule, start, meaning, end, readings, present });
}

/** "every saturday in december", "every evening this week": from the first day of that time to its last. */
function withinSpan(
  start: Moment,
  { frequency }: Rule,
  { today }: Present,
): { readonly start: Moment; readonly end: Moment } | undefined {
  const { introduction = 'in', day, rangeEnd } = start;
  const isWhole = (introduction === 'in' || introduction === 'at') && day?.span && !rangeEnd;
  if (!isWhole || (frequency !== 'WEEKLY' && frequency !== 'DAILY')) return undefined;
  const { first, last } = day.span;
  const { day: _, introduction: __, ...time } = start;
  // A series that may begin today begins at its first time that is not over.
  const isBegun = Temporal.PlainDate.compare(first, today) <= 0;
  return {
    start: isBegun ? time : { ...time, introduction: 'from', day: { form: 'date', date: first } },
    end: { introduction: 'until', day: { form: 'date', date: last } },
  };
}

/** "daily at 6am, mon to thu": the days of each week, rather than those of one. */
function withDaysOfDaily(readings: Readings): Readings {
  const [daily, ...others] = readings.recurrences;
  const isDaily = daily && others.length === 0 && isBare(daily) && daily.rule?.frequency === 'DAILY';
  const range = readings.moments.find(
    ({ introduction, day, rangeEnd }) =>
      introduction !== 'from' && day?.form === 'weekday' && rangeEnd?.day?.form === 'weekday',
  );
  const [first, last] = [range?.day?.weekday, range?.rangeEnd?.day?.weekday];
  if (!isDaily || daily.rule.interval > 1 || !range || first === undefined || last === undefined) return readings;
  const { day: _, rangeEnd: __, introduction: ___, ...time } = range;
  const count = ((last - first + 7) % 7) + 1;
  const days = Array.from({ length: count }, (_unused, later) => ({ weekday: ((first - 1 + later) % 7) + 1 }));
  return {
    ...readings,
    recurrences: [{ ...daily, rule: { frequency: 'WEEKLY', interval: 1, weekdays: days } }],
    moments: readings.moments.map((moment) => (moment === range ? time : moment)),
  };
}

/** "every tuesday" and "biweekly", "daily" and "in the mornings" are one recurrence each. */
function mergeRecurrences(recurrences: readonly Recurrence[]): readonly Recurrence[] {
  const [first, second, ...more] = recurrences;
  if (!first?.rule || !second?.rule || more.length > 0) return recurrences;
  const [bare, full] = isBare(first) ? [first, second] : [second, first];
  // "every 2 hours on weekdays"
  const { weekdays } = full.rule!;
  const isOfDays = full.rule!.frequency === 'WEEKLY' && full.rule!.interval === 1 && weekdays && !full.parts;
  if (isBare(bare) && bare.rule!.frequency === 'HOURLY' && isOfDays)
    return [{ ...bare, rule: { ...bare.rule!, weekdays } }];
  // "daily at 6, mon-fri"
  if (
    isBare(bare) &&
    bare.rule!.frequency === 'DAILY' &&
    bare.rule!.interval === 1 &&
    isOfDays &&
    !bare.isFromCompletion
  )
    return [full];
  const isOne = isBare(bare) && bare.rule!.frequency === full.rule!.frequency && full.rule!.interval === 1;
  if (!isOne || (isBare(full) && bare.rule!.interval !== full.rule!.interval)) return recurrences;
  // "tues & thurs at 7 every week" leaves nothing to ask.
  const { ask: _, ...certain } = full;
  return [
    {
      ...certain,
      ...(bare.remark && { remark: bare.remark }),
      ...(bare.isFromCompletion && { isFromCompletion: true }),
      rule: { ...full.rule!, interval: bare.rule!.interval },
    },
  ];
}

function isBare({ rule, parts }: Recurrence): boolean {
  return rule !== undefined && !parts && !rule.weekdays && !rule.days && !rule.hours && !rule.months;
}

/** The one moment that several say together: "on friday … at 9"; undefined when they contradict each other. */
function merge(moments: readonly Moment[]): Moment | undefined {
  let merged: Moment = {};
  for (const moment of moments) {
    const day = moment.day ?? merged.day;
    const clock = moment.clock ?? merged.clock;
    const length = moment.length ?? merged.length;
    const isTwice =
      (moment.part && merged.part && moment.part !== merged.part) ||
      (moment.day && merged.day) ||
      (moment.clock && merged.clock) ||
      (moment.length && merged.length) ||
      // "in two days" is a day, and "in two hours" is a time.
      (length && (day ?? (length.seconds !== 0 && clock)));
    if (isTwice) return undefined;
    // "from january on … at noon"
    const isBegun = merged.day && ['start', 'from'].includes(merged.introduction ?? '');
    merged = { ...merged, ...moment, ...(isBegun && { introduction: merged.introduction }) };
  }
  return merged;
}

function once(moment: Moment, meaning: Meaning, present: Present): Schedule {
  const { introduction, day, clock, rangeEnd } = moment;
  const remarks = [...meaning.remarks, ...gapRemark(meaning, present)];
  if (introduction === 'after' && day && !clock && meaning.date)
    remarks.push(`I read "after" as ${sayDay(meaning.date)} itself.`);
  if (rangeEnd) remarks.push(isBackwards(moment) ? backwards : 'A task has no end time, so I used the start.');
  const due = toWhen(meaning);
  return { ...(due && { due }), remarks };
}

const backwards = 'The end is before the start. A task has no end time, so I used the start.';

/** "from 5pm to 3pm", which is hardly until the next day */
function isBackwards({ day, clock, rangeEnd }: Moment): boolean {
  const last = rangeEnd?.clock;
  const [first, lastDay] = [day, rangeEnd?.day];
  // "from 10 may to 3 may"
  if (first?.form === 'date' && lastDay?.form === 'date' && first.date && lastDay.date)
    return Temporal.PlainDate.compare(lastDay.date, first.date) < 0;
  if (!clock || !last || rangeEnd.day || day?.part || clock.isTwelveHour || last.isTwelveHour) return false;
  return last.hour * 60 + last.minute <= clock.hour * 60 + clock.minute && clock.hour < 18;
}

/** The most that the words are certain of. */
function toWhen({ date, time, instant }: Meaning): When | undefined {
  if (instant) return new Date(instant.epochMilliseconds).toISOString();
  const clock = time?.toString({ smallestUnit: time.second ? 'second' : 'minute' });
  if (!date) return clock;
  return clock ? `${date.toString()}T${clock}` : date.toString();
}

function gapRemark({ date, time }: Meaning, present: Present): readonly string[] {
  if (!date || !time) return [];
  const wall = date.toPlainDateTime(time);
  const actual = wall.toZonedDateTime(present.now.timeZoneId).toPlainDateTime();
  if (actual.equals(wall)) return [];
  const said = [time, actual].map((one) => sayTime(one, present.usesTwelveHours));
  return [`The clocks skip ${said[0]} on ${sayDay(date)}; I used ${said[1]}.`];
}

interface Repeated {
  readonly recurrence: Recurrence;
  readonly rule: Rule;
  readonly start: Moment;
  readonly meaning: Meaning;
  readonly end: Moment | undefined;
  readonly readings: Readings;
  readonly present: Present;
}

function repeated(whole: Repeated): Schedule {
  const within = hoursWithin(whole);
  const said = within ? { ...whole, rule: within } : whole;
  const { recurrence, start, readings, present } = said;
  const isReplaced = recurrence.isTimeTaken && readings.times.length > 0;
  const remarks = [...(recurrence.remark && !isReplaced ? [recurrence.remark] : []), ...said.meaning.remarks];
  const { clock } = start;
  // "thursdays at 6:30", "mon wed fri 7"
  const isEither = clock?.isTwelveHour && clock.hour >= 5 && clock.hour <= 8 && !recurrence.parts && !start.part;
  if (isEither && said.meaning.time && !present.half && !present.isJourney)
    remarks.push(
      `I read ${clock.hour}:${String(clock.minute).padStart(2, '0')} as ${sayTime(said.meaning.time, present.usesTwelveHours)}.`,
    );
  const hours = hoursOf(said);
  if ('ask' in hours) return { remarks: [], ask: hours.ask };
  if ('problem' in hours) return { remarks: [], problem: hours.problem };
  const isSubdaily = said.rule.frequency === 'HOURLY' || said.rule.frequency === 'MINUTELY';
  // "every hour today" does not go on for ever to everybody.
  const isLoose = start.introduction === 'on' || start.introduction === undefined;
  if (isSubdaily && start.day && isLoose && said.meaning.date)
    remarks.push(`It begins on ${sayDay(said.meaning.date)}.`);
  // "monthly on friday" might be that of each month
  const isOtherKind = isBare(recurrence) && (unlikelyDays[said.rule.frequency] ?? []).includes(start.day?.form ?? '');
  if (isOtherKind && isLoose && said.meaning.date) remarks.push(`It begins on ${sayDay(said.meaning.date)}.`);
  if (start.rangeEnd?.clock && isSubdaily)
    return { remarks: [], problem: 'I cannot limit a recurrence to certain hours.' };
  if (within) remarks.push(`I set the times to ${sayHours(within, present)}.`);
  else if (readings.moments.some(({ rangeEnd }) => rangeEnd?.clock && (rangeEnd === start.rangeEnd || !rangeEnd.day)))
    remarks.push('A task has no end time, so I used the start.');
  const isStart = ['start', 'from'].includes(start.introduction ?? '');
  const { date } = said.meaning;
  const isOther = date !== undefined && !isStart && !isOfRule(said.rule, date);
  if (isOther) remarks.push(`I took ${sayDay(date)} as its beginning, which is none of its days.`);
  const isPeriod = start.day?.form === 'period' && !['on', 'by', 'due'].includes(start.introduction ?? '');
  const isWithin = start.day?.form === 'month' || start.day?.form === 'holiday' || isPeriod;
  const isWindow = start.isWindow ?? (start.introduction === 'by' && !isDayOfRule(said));
  // "every month between the 1st and the 5th"
  const isSomeDays =
    start.day?.form === 'ordinal' && start.rangeEnd?.day !== undefined && said.rule.frequency === 'MONTHLY';
  if (isSomeDays) return { remarks: [], problem: 'I cannot repeat a task on one of several days.' };
  if ((isWithin && !isStart) || isWindow)
    return { remarks: [], problem: 'I cannot limit a recurrence to part of the year.' };
  let rule: Rule = { ...said.rule, ...hours.rule };
  const meaning: Meaning = hours.time ? { ...said.meaning, time: hours.time } : said.meaning;
  for (const exception of readings.exceptions) {
    if ('dates' in exception && exception.isPerhapsMonthly)
      remarks.push(`It leaves out ${exception.dates.map(sayDay).join(' and ')} only.`);
    const left = 'dates' in exception ? rule : without(rule, exception);
    if (!left) return { remarks: [], problem: 'I cannot make that exception to this recurrence.' };
    rule = left;
  }
  const bound = boundOf(rule, said);
  if ('problem' in bound) return { remarks: [], problem: bound.problem };
  if (recurrence.isFromCompletion && (bound.count !== undefined || readings.exceptions.length > 0))
    return { remarks: [], problem: notFromCompletion };
  remarks.push(...(bound.remarks ?? []));
  const { remarks: _, ...limit } = bound;
  rule = { ...rule, ...limit };
  const due = dueOf(rule, meaning, present);
  if (rule.until && !comesOnce(rule, due, present))
    return { remarks: [], problem: 'It would end before it comes for the first time.' };
  remarks.push(...shortMonthRemark(rule, meaning));
  const except = readings.exceptions.flatMap((exception) => ('dates' in exception ? exception.dates.map(String) : []));
  return {
    ...(due && { due }),
    recurrence: writeRule(rule),
    ...(recurrence.isFromCompletion && { fromCompletion: true as const }),
    ...(except.length > 0 && { except }),
    remarks,
  };
}

/** How the day of "monthly on friday" and "weekly on the 5th" is said, which does not fit how often it is. */
const unlikelyDays: Readonly<Partial<Record<Rule['frequency'], readonly string[]>>> = {
  DAILY: ['weekday', 'ordinal'],
  WEEKLY: ['ordinal'],
  MONTHLY: ['weekday'],
  YEARLY: ['weekday'],
};

/** "every 2 hours from 8 to 6": so many times of every day. */
function hoursWithin({ rule, start, present }: Repeated): Rule | undefined {
  const [first, last] = [start.clock, start.rangeEnd?.clock];
  const isOfClock = first && last && !(first.zone ?? last.zone ?? start.rangeEnd?.day);
  if (rule.frequency !== 'HOURLY' || !isOfClock) return undefined;
  const [from, said] = [first, last].map((clock) => meaningOf({ clock }, present, true).time);
  if (!from || !said) return undefined;
  const [begin, latest] = [minuteOf(from), minuteOf(said)];
  // "from 8 to 8"
  const end = latest <= begin && last.isTwelveHour ? latest + 720 : latest;
  const hours = [];
  for (let minute = begin; minute <= Math.min(end, 1439); minute += rule.interval * 60)
    hours.push(Math.floor(minute / 60));
  if (hours.length < 2) return undefined;
  const days = rule.weekdays
    ? ({ frequency: 'WEEKLY', weekdays: rule.weekdays } as const)
    : ({ frequency: 'DAILY' } as const);
  return { ...days, interval: 1, hours, minute: from.minute };
}

const minuteOf = ({ hour, minute }: Temporal.PlainTime) => hour * 60 + minute;

function sayHours({ hours, minute }: Rule, { usesTwelveHours }: Present): string {
  const said = hours!.map((hour) => sayTime(new Temporal.PlainTime(hour, minute), usesTwelveHours));
  return `${said.slice(0, -1).join(', ')} and ${said.at(-1)}`;
}

/** "every 1st for 10 days", said on the 10th, has no date. */
function comesOnce(rule: Rule, due: When | undefined, { now }: Present): boolean {
  const { timeZoneId: zone } = now;
  const present = new Date(now.epochMilliseconds);
  // A rule of days alone begins at nine.
  const usual = rule.hours || rule.frequency === 'HOURLY' || rule.frequency === 'MINUTELY' ? undefined : '09:00';
  const when = due ?? usual;
  const start = when === undefined ? present : resolveWhen(when, { now: present, zone });
  const first = firstOccurrence({ rule: writeRule(rule), time_zone: zone }, start);
  // The start of a series is there whatever its end.
  return first !== undefined && first.getTime() <= rule.until!.epochMilliseconds;
}

/** "every week by friday" is due on Fridays; "every day before friday" is no more than a few days. */
function isDayOfRule({ rule, start, meaning }: Repeated): boolean {
  if (start.day === undefined || rule.frequency === 'WEEKLY' || !meaning.date) return true;
  const { form } = start.day;
  // "every month by the 5th", "by 1 december every year"
  if (rule.days ?? rule.weekdays ?? rule.months) return false;
  return rule.frequency === 'MONTHLY'
    ? form === 'ordinal'
    : rule.frequency === 'YEARLY' && ['date', 'numeric', 'holiday'].includes(form);
}

/** Whether the rule can have that day, by its weekdays and by its days of the month that are said as such. */
function isOfRule({ weekdays, days, months }: Rule, date: Temporal.PlainDate): boolean {
  const isWeekday = !weekdays || weekdays.some(({ weekday }) => weekday === date.dayOfWeek);
  const isDay = !days || days.some((day) => day === date.day || day < 0 || (day > 28 && date.day === date.daysInMonth));
  return isWeekday && isDay && (!months || months.includes(date.month));
}

const notFromCompletion =
  'A task that repeats from the day it is done can have an end date, but no number of times and no exceptions.';

interface Hours {
  readonly rule?: Pick<Rule, 'hours' | 'minute'>;
  readonly time?: Temporal.PlainTime;
}

/** The times of day: one goes with the due date, several into the rule. */
function hoursOf({
  recurrence,
  start,
  readings,
  present,
}: Repeated): Hours | { readonly ask: string } | { readonly problem: string } {
  const [list] = readings.times;
  const parts = recurrence.parts ?? [];
  if (list) {
    if (start.clock) return { ask: twoDates };
    // "at 6 and 18"
    const hasTwentyFour = list.some(({ hour, isTwelveHour }) => hour > 12 && !isTwelveHour);
    const clocks = list.map((clock) =>
      hasTwentyFour && clock.form === 'bare' ? { ...clock, isTwelveHour: false } : clock,
    );
    const meanings = clocks.map((clock) => meaningOf({ clock }, present, true));
    const problem = meanings.find((meaning) => meaning.problem)?.problem;
    if (problem) return { problem };
    const times = meanings.map(({ time }) => time!);
    if (times.some(({ minute }) => minute !== times[0]!.minute))
      return {
        ask: 'A task can repeat at several times of day only if their minutes are the same. Please make it two tasks.',
      };
    return ofHours(
      times.map(({ hour }) => hour),
      times[0]!.minute,
    );
  }
  if (parts.length > 1) {
    if (start.clock) return { ask: 'I found several times of day in this. Which one do you mean?' };
    return ofHours(
      parts.map(({ hour }) => hour),
      0,
    );
  }
  const [part] = parts;
  if (!part) return {};
  // "every morning call Ann in the evening"
  if (start.part && start.part.name !== part.name)
    return { ask: 'I found several times of day in this. Which one do you mean?' };
  const meaning = meaningOf({ ...(start.clock && { clock: start.clock }), part }, present, true);
  return meaning.problem ? { problem: meaning.problem } : { ...(meaning.time && { time: meaning.time }) };
}

function ofHours(hours: readonly number[], minute: number): Hours {
  return { rule: { hours: [...new Set(hours)].toSorted((a, b) => a - b), minute } };
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const everyMonth = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

function without(rule: Rule, exception: Exception): Rule | undefined {
  if ('months' in exception) {
    const months = (rule.months ?? everyMonth).filter((month) => !exception.months.includes(month));
    return months.length > 0 && rule.interval === 1 ? { ...rule, months } : undefined;
  }
  const isDaily = rule.frequency === 'DAILY' && rule.interval === 1;
  const isWeekly = rule.frequency === 'WEEKLY' && rule.weekdays !== undefined;
  if (!isDaily && !isWeekly) return undefined;
  const days = isDaily ? everyDay : rule.weekdays!.map(({ weekday }) => weekday);
  const left = days.filter((day) => !exception.weekdays.includes(day));
  if (left.length === 0) return undefined;
  return { ...rule, frequency: 'WEEKLY', weekdays: left.map((weekday) => ({ weekday })) };
}

type Limit = (Pick<Rule, 'count' | 'until'> & { readonly remarks?: readonly string[] }) | { readonly problem: string };

function boundOf(rule: Rule, { end, readings, meaning, present }: Repeated): Limit {
  const [bound, second] = readings.bounds;
  if (second || (bound && end)) return { problem: 'A recurrence can have only one end.' };
  if (end) return untilOf(rule, end, meaning, present);
  if (!bound || 'isEndless' in bound) return {};
  if ('times' in bound ? bound.times < 1 : isZero(bound.length))
    return { problem: 'A recurrence comes at least once.' };
  // "every day 3 times" might be three times a day.
  const isBare = 'times' in bound && bound.isBare && rule.frequency === 'DAILY' && bound.times < 5;
  if (isBare) return { count: bound.times, remarks: [`It ends after ${bound.times} times.`] };
  if ('times' in bound) return bound.times <= 10_000 ? { count: bound.times } : { problem: 'That is too many times.' };
  const count = countOf(rule, bound.length);
  if (count !== undefined) return { count };
  const isDay = !['HOURLY', 'MINUTELY'].includes(rule.frequency);
  if (isDay && bound.length.seconds !== 0) return { problem: 'I cannot end a recurrence in the middle of a day.' };
  const last = plus(meaning.date ?? present.today, bound.length);
  return last
    ? { until: endOfDay(last.subtract({ days: 1 }), present) }
    : { problem: 'That is too far in the future.' };
}

/** "every day for 10 days" is ten times; "mon and wed for 2 weeks" four times. */
function countOf(
  { frequency, interval, weekdays, hours = [0], days, months }: Rule,
  length: Length,
): number | undefined {
  if (months) return undefined;
  const perTurn =
    hours.length * (frequency === 'WEEKLY' ? (weekdays?.length ?? 1) : (days?.length ?? weekdays?.length ?? 1));
  const units = {
    DAILY: length.months === 0 ? length.days : NaN,
    WEEKLY: length.months === 0 ? length.days / 7 : NaN,
    MONTHLY: length.days === 0 ? length.months : NaN,
    YEARLY: length.days === 0 ? length.months / 12 : NaN,
    HOURLY: length.months === 0 ? length.days * 24 + length.seconds / 3600 : NaN,
    MINUTELY: length.months === 0 ? length.days * 1440 + length.seconds / 60 : NaN,
  }[frequency];
  const turns = units / interval;
  return Number.isInteger(turns) && turns > 0 && turns <= 10_000 ? turns * perTurn : undefined;
}

function untilOf({ frequency }: Rule, end: Moment, start: Meaning, present: Present): Limit {
  const meaning = meaningOf(end, present);
  if (meaning.problem) return { problem: meaning.problem };
  if (meaning.instant) return { until: meaning.instant };
  const date = meaning.date ?? present.today;
  if (start.date && Temporal.PlainDate.compare(date, start.date) < 0)
    return { problem: 'It would end before it starts.' };
  const { remarks } = meaning;
  if (!meaning.date && frequency !== 'HOURLY' && frequency !== 'MINUTELY')
    return { problem: 'I cannot limit a recurrence to certain hours.' };
  if (!meaning.time) return { until: endOfDay(date, present), remarks };
  const until = date.toZonedDateTime({ timeZone: present.now.timeZoneId, plainTime: meaning.time });
  const isOver = Temporal.ZonedDateTime.compare(until, present.now) <= 0;
  return { until: (isOver ? until.add({ days: 1 }) : until).toInstant(), remarks };
}

function endOfDay(date: Temporal.PlainDate, { now }: Present): Temporal.Instant {
  return date.add({ days: 1 }).toZonedDateTime(now.timeZoneId).toInstant().subtract({ seconds: 1 });
}

function dueOf(rule: Rule, meaning: Meaning, { today }: Present): When | undefined {
  if (!rule.hours) return toWhen(meaning);
  // The rule has the times of day; the first of the first day counts.
  if (!meaning.date || meaning.date.equals(today)) return undefined;
  return `${meaning.date.toString()}T00:00`;
}

function shortMonthRemark(rule: Rule, { date }: Meaning): readonly string[] {
  const { frequency, interval, days, months, weekdays, position } = rule;
  const isLeapDay = days ? months?.includes(2) && days.includes(29) : date?.month === 2 && date.day === 29;
  if (frequency === 'YEARLY' && isLeapDay && !weekdays && position === undefined)
    return interval % 4 === 0 ? [] : ['In other years, it is due on 28 February.'];
  if (!date || days || weekdays || position !== undefined) return [];
  return frequency === 'MONTHLY' && date.day > 28 ? ['In shorter months, it is due on the last day.'] : [];
}
