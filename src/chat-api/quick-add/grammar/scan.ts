import { Temporal } from 'temporal-polyfill';
import { months, weekdays } from '../vocabulary/time-words.ts';
import { vague } from '../vocabulary/title-words.ts';
import { isPointTime, readClock, type ClockTime } from './clock.ts';
import { readYear } from './calendar-date.ts';
import { sayDay, type Day } from './calendar.ts';
import { readDay } from './day.ts';
import { readHoursBehindDays } from './hours.ts';
import type { Introduction } from './introduction.ts';
import type { Moment, Present } from './moment-form.ts';
import { readFrom, readMoment } from './moment.ts';
import { readBound, type Bound } from './bound.ts';
import { look, readOrdinal } from './number.ts';
import { readException, readExceptWord, type Exception } from './exception.ts';
import type { Recurrence } from './recurrence-form.ts';
import { readRecurrence } from './recurrence.ts';
import { readRepeater } from './repeater.ts';
import { at, isGlued, isPunctuation, phrases, skip, type Read, type Token, type Tokens } from './token.ts';
import { monthRange } from './unread-dates.ts';
import { readLoose, readOutside, readUnknownRecurrence } from './unread.ts';

/** A phrase of time, and where it stands among the tokens. */
export type Phrase = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'moment'; readonly moment: Moment }
  | { readonly kind: 'recurrence'; readonly recurrence: Recurrence }
  | { readonly kind: 'times'; readonly times: readonly ClockTime[] }
  | { readonly kind: 'bound'; readonly bound: Bound }
  | { readonly kind: 'exception'; readonly exception: Exception | ExceptedDate }
  /** "soon": a word about time that says nothing exact. */
  | { readonly kind: 'unknown' }
);

/** Dates that a series leaves out; "the 1st" might be that of each month. */
export interface ExceptedDate {
  readonly dates: readonly Temporal.PlainDate[];
  readonly isPerhapsMonthly?: boolean;
}

export function isClockOnly(phrase: Phrase): boolean {
  return phrase.kind === 'moment' && phrase.moment.clock !== undefined && !phrase.moment.day;
}

const readVague = phrases(vague);

/** The phrases of time, from left to right; the longest reading at each place. */
export function scan(tokens: Tokens, present: Present, isRecurring: boolean): readonly Phrase[] {
  const found: Phrase[] = [];
  for (let index = 0; index < tokens.length;) {
    const phrase = startsWord(tokens, index)
      ? (readTimeOfDays(tokens, index, found.at(-1)) ??
        readRepeaterOfDay(tokens, index, found.at(-1)) ??
        readMonthsOfSeries(tokens, index, found.at(-1), present) ??
        readPhrase(tokens, index, present, isRecurring))
      : undefined;
    const isTorn = phrase !== undefined && isInsideWord(tokens, phrase.end);
    if (phrase && !isTorn) found.push(phrase);
    // The "fri" of "fri 7.5km"
    if (isTorn && phrase.end > index + 1 && look(weekdays, tokens, index) !== undefined)
      found.push({ start: index, end: index + 1, kind: 'unknown' });
    index = phrase && !isTorn ? phrase.end : index + 1;
  }
  return found;
}

/** "9-10" of "tue/thu 9-10", "from 8 to 6" of "every 2 hours from 8 to 6", "9.15" of "every weekday 9.15" */
function readTimeOfDays(tokens: Tokens, start: number, before: Phrase | undefined): Phrase | undefined {
  const rule = before?.kind === 'recurrence' && before.end === start ? before.recurrence.rule : undefined;
  const hasParts = before?.kind === 'recurrence' && before.recurrence.parts?.length === 1;
  const isOfDays = rule?.frequency === 'WEEKLY' ? rule.weekdays !== undefined : hasParts;
  if (!isOfDays && rule?.frequency !== 'HOURLY') return undefined;
  const time =
    readHoursBehindDays(tokens, start) ??
    (isOfDays ? (readPointTime(tokens, start) ?? readLastHour(tokens, start)) : undefined);
  return time && { start, end: time.end, kind: 'moment', moment: time.value };
}

/** "+1m" of "2026-04-01 +1m", "++1w" of "friday ++1w" */
function readRepeaterOfDay(tokens: Tokens, start: number, before: Phrase | undefined): Phrase | undefined {
  if (before?.kind !== 'moment' || !before.moment.day || before.end !== start) return undefined;
  const isWritten = /^20\d\d$/.test(at(tokens, before.start).text) && isGlued(tokens, before.start + 1, '-');
  const repeater = readRepeater(tokens, start, isWritten);
  return repeater && { start, end: repeater.end, kind: 'recurrence', recurrence: repeater.value };
}

/** "april through june" of "daily april through june": as with "from" before it. */
function readMonthsOfSeries(
  tokens: Tokens,
  start: number,
  before: Phrase | undefined,
  present: Present,
): Phrase | undefined {
  const isOfSeries = before?.kind === 'recurrence' && before.end === start;
  const isRange = isOfSeries && monthRange(tokens, start, present) !== undefined;
  const moment = isRange ? readFrom(tokens, start, present, 'from') : undefined;
  return moment && { start, end: moment.end, kind: 'moment', moment: moment.value };
}

/** "10" of "every sunday 10", with nothing that it could count */
function readLastHour(tokens: Tokens, start: number): Read<Moment> | undefined {
  const isHour = /^(?:[1-9]|1\d|2[0-3])$/.test(at(tokens, start).text) && isPunctuation(tokens, start + 1);
  const clock = isHour ? readClock(tokens, start, true) : undefined;
  return clock && { value: { clock: clock.value }, end: clock.end };
}

/** "9.15"; "10.50" may be a price. */
function readPointTime(tokens: Tokens, start: number): Read<Moment> | undefined {
  const isQuarter = isPointTime(tokens, start) && ['00', '15', '30', '45'].includes(at(tokens, start + 2).text);
  const clock = isQuarter ? readClock(tokens, start, true) : undefined;
  return clock && { value: { clock: clock.value }, end: clock.end };
}

function readPhrase(tokens: Tokens, start: number, present: Present, isRecurring: boolean): Phrase | undefined {
  const recurrence = readRecurrence(tokens, start);
  const year = isRecurring ? readYearEnd(tokens, start, present) : undefined;
  if (year) return { start, end: year.end, kind: 'moment', moment: { introduction: 'until', day: year.value } };
  const outside = readOutside(tokens, start, present);
  if (outside !== undefined && !recurrence?.value.isFromCompletion) return { start, end: outside, kind: 'unknown' };
  if (isRecurring && !recurrence) {
    const exception = readException(tokens, start);
    if (exception) return { start, end: exception.end, kind: 'exception', exception: exception.value };
    const date = readExceptedDate(tokens, start, present);
    if (date) return { start, end: date.end, kind: 'exception', exception: date.value };
    const unread = readExceptWord(tokens, start);
    const left = unread === undefined ? undefined : readMoment(tokens, unread, present);
    if (left?.value.day) return { start, end: left.end, kind: 'unknown' };
    if (
      unread !== undefined &&
      at(tokens, unread).kind === 'word' &&
      !readRecurrence(tokens, unread) &&
      !['but', 'without', 'skip', 'skipping'].includes(at(tokens, start).text)
    )
      return { start, end: unread + 1, kind: 'unknown' };
    const edge = readEdge(tokens, start, present);
    if (edge) return edge;
    const bound = readBound(tokens, start);
    if (bound) return { start, end: bound.end, kind: 'bound', bound: bound.value };
  }
  const times = readTimes(tokens, start);
  const moment = readMoment(tokens, start, present);
  const longest = Math.max(recurrence?.end ?? 0, times?.end ?? 0, moment?.end ?? 0);
  if (recurrence && recurrence.end === longest)
    return { start, end: longest, kind: 'recurrence', recurrence: recurrence.value };
  if (times && times.end === longest) return { start, end: longest, kind: 'times', times: times.value };
  const unknown = readVague(tokens, start);
  if (unknown && unknown.end >= longest) return { start, end: unknown.end, kind: 'unknown' };
  const loose = readLoose(tokens, start, present);
  if (loose !== undefined) return { start, end: loose, kind: 'unknown' };
  if (moment) return { start, end: moment.end, kind: 'moment', moment: moment.value };
  const unknownRecurrence = readUnknownRecurrence(tokens, start);
  return unknownRecurrence === undefined ? undefined : { start, end: unknownRecurrence, kind: 'unknown' };
}

/** "until 2027", which does not have any of it; "through 2027" does. */
function readYearEnd(tokens: Tokens, start: number, { today }: Present): Read<Day> | undefined {
  const until = readUntilYear(tokens, start);
  const year = until && readYear(tokens, until.end);
  if (!year || !isPunctuation(tokens, year.end)) return undefined;
  const date = Temporal.PlainDate.from({ year: year.value - (until.value === 'before' ? 1 : 0), month: 12, day: 31 });
  const isOver = Temporal.PlainDate.compare(date, today) < 0;
  const said = isOver ? { problem: `${sayDay(date)} has passed.` } : { date, remark: `It ends on ${sayDay(date)}.` };
  return { value: { form: 'date', ...said }, end: year.end };
}

const readUntilYear = phrases({
  until: 'before',
  till: 'before',
  til: 'before',
  'up to': 'before',
  through: 'within',
  thru: 'within',
  'until the end of': 'within',
  'until end of': 'within',
  'till the end of': 'within',
  'till end of': 'within',
} as const);

const readEdgeWord = phrases<Introduction>({
  ends: 'until',
  'ends on': 'until',
  'end on': 'until',
  'stop on': 'until',
  'stops on': 'until',
  'last on': 'until',
  begins: 'start',
  'begins on': 'start',
  starts: 'start',
  'starts on': 'start',
  effective: 'start',
});

/** "ends on june 1" of a series; of a task that does not repeat, it is a part of the title. */
function readEdge(tokens: Tokens, start: number, present: Present): Phrase | undefined {
  const edge = readEdgeWord(tokens, start);
  const moment = edge && readMoment(tokens, edge.end, present);
  const isDay = moment?.value.day?.date !== undefined && moment.value.introduction === undefined;
  return isDay
    ? { start, end: moment.end, kind: 'moment', moment: { ...moment.value, introduction: edge!.value } }
    : undefined;
}

/** "except on 5 May" */
function readExceptedDate(tokens: Tokens, start: number, present: Present): Read<ExceptedDate> | undefined {
  const except = readExceptWord(tokens, start);
  const listed = except === undefined ? undefined : readDaysOfMonth(tokens, except, present);
  if (listed) return { value: { dates: listed.value }, end: listed.end };
  const moment = except === undefined ? undefined : readMoment(tokens, except, present);
  const date = moment?.value.day?.date;
  // "except the first" is of the series, not of a month.
  if (
    moment?.value.day?.form === 'ordinal' &&
    at(tokens, moment.end - 1).kind === 'word' &&
    !isGlued(tokens, moment.end - 1)
  )
    return undefined;
  // "except next week" is more than its first day.
  const isOneDay =
    moment !== undefined && !moment.value.rangeEnd && !['period', 'month'].includes(moment.value.day?.form ?? '');
  const isPerhapsMonthly = moment?.value.day?.form === 'ordinal' || at(tokens, (moment?.end ?? 0) - 1).text === 'month';
  if (!date || !isOneDay) return undefined;
  const dates = [date];
  let { end } = moment;
  // "except 6 april and 13 april"
  for (let next = behindComma(tokens, end); next > end && dates.length < 50; next = behindComma(tokens, end)) {
    const more = readDay(tokens, skip(tokens, next, 'on'), present);
    if (!more?.value.date || !['date', 'numeric', 'holiday'].includes(more.value.form)) break;
    dates.push(more.value.date);
    end = more.end;
  }
  return { value: { dates, isPerhapsMonthly }, end };
}

/** "24, 25 and 31 december": two days at least. */
function readDaysOfMonth(
  tokens: Tokens,
  index: number,
  present: Present,
): Read<readonly Temporal.PlainDate[]> | undefined {
  const numbers: Token[] = [];
  let end = index;
  for (let next = index; numbers.length < 31;) {
    const start = skip(tokens, next, 'the');
    if (!/^\d\d?$/.test(at(tokens, start).text)) break;
    numbers.push(at(tokens, start));
    end = readOrdinal(tokens, start)?.end ?? start + 1;
    next = behindComma(tokens, end);
    if (next === end) break;
  }
  if (numbers.length < 2 || look(months, tokens, end) === undefined) return undefined;
  const dates = numbers.flatMap((number) => readDay([number, at(tokens, end)], 0, present)?.value.date ?? []);
  return dates.length === numbers.length ? { value: dates, end: end + 1 } : undefined;
}

const behindComma = (tokens: Tokens, index: number) => skip(tokens, skip(tokens, index, ','), 'and', '&', 'or');

/** "at 9, 13 and 17", "at 8am and 8pm": two times at least. */
function readTimes(tokens: Tokens, start: number): Read<readonly ClockTime[]> | undefined {
  const first = skip(tokens, start, 'at', '@');
  const times: ClockTime[] = [];
  let end = start;
  for (let next = first; times.length < 24;) {
    const clock = readClock(tokens, next, first > start);
    if (!clock) break;
    times.push(clock.value);
    end = clock.end;
    const comma = skip(tokens, end, ',');
    next = skip(tokens, skip(tokens, comma, 'and', '&'), 'at', '@');
    // "8am 8pm"
    const isBeside = isHalf(tokens, end - 1) && isHalf(tokens, end + 1) && at(tokens, end).kind === 'number';
    if (next === end && !isBeside) break;
  }
  return times.length > 1 ? { value: times, end } : undefined;
}

const isHalf = (tokens: Tokens, index: number) => ['am', 'pm'].includes(at(tokens, index).text);

const openings = new Set(['(', '[', '<', '-', '–', '—', '@', '/']);

function startsWord(tokens: Tokens, index: number): boolean {
  if (at(tokens, index).isSpaced) return true;
  const before = at(tokens, index - 1);
  // "milk,tomorrow"
  if ((before.text === ',' || before.text === ';') && at(tokens, index).kind === 'word') return true;
  return openings.has(before.text) && before.isSpaced && before.text !== '-' && before.text !== '/';
}

/** Whether the word goes on: "5pm-ish", "9/11s", "tomorrow's", "10,000". */
function isInsideWord(tokens: Tokens, end: number): boolean {
  const next = at(tokens, end);
  if (next.isSpaced || next.kind === 'end') return false;
  if (next.kind === 'word' || next.kind === 'number' || next.kind === 'opaque') return true;
  return (
    (next.text === ',' && at(tokens, end - 1).kind === 'number' && isDigitsGlued(tokens, end + 1)) ||
    ["'", '’', '/', '-', '_', '%', '€', '$', '@', '#', '+', '=', '*', '~'].includes(next.text) ||
    (next.text === '.' && isGlued(tokens, end + 1) && !isPunctuation(tokens, end))
  );
}

/** "10,000" */
function isDigitsGlued(tokens: Tokens, index: number): boolean {
  return isGlued(tokens, index) && at(tokens, index).kind === 'number';
}
