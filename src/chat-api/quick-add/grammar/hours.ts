import { months, shadesOfDayParts, smallNumbers } from '../vocabulary/time-words.ts';
import { following } from '../vocabulary/title-words.ts';
import type { Day } from './calendar.ts';
import { isPointTime, readClock, type ClockTime } from './clock.ts';
import { readDay } from './day.ts';
import type { Introduction } from './introduction.ts';
import type { Moment, Present } from './moment-form.ts';
import { look } from './number.ts';
import { at, isGlued, phrases, skip, type Read, type Tokens } from './token.ts';

export const rangeMarks = new Set(['-', '–', '—', 'to', 'until', 'till', 'til', 'through', 'thru', 'and']);

const rangeStarts = ['from', 'between', 'btw', 'btwn'];

/** "2-4pm", "9 to 10:30", "2-10 july" */
export function readShortRange(
  tokens: Tokens,
  index: number,
  present: Present | undefined,
  introduction: Introduction | undefined,
): Read<Moment> | undefined {
  const first = at(tokens, index);
  if (first.kind !== 'number' || first.text.length > 2) return undefined;
  // "2nd-10th july", "2.-10. july"
  const hasSuffix = ['st', 'nd', 'rd', 'th', '.'].includes(at(tokens, index + 1).text) && isGlued(tokens, index + 1);
  const mark = index + (hasSuffix ? 2 : 1);
  if (!rangeMarks.has(at(tokens, mark).text)) return undefined;
  if (at(tokens, mark).text === 'and' && introduction !== 'from') return undefined;
  // "15-mar-27" has a year.
  if (isGlued(tokens, mark, '-') && look(months, tokens, mark + 1) && isGlued(tokens, mark + 2, '-')) return undefined;
  const day = present && readDay(tokens, mark + 1, present);
  // "weekdays at 5 until 18 december", "at 7 until the end of january"
  if (at(tokens, index - 1).text === 'at' && day?.value.date && !['-', '–', '—'].includes(at(tokens, mark).text))
    return undefined;
  if (present && day?.value.date && day.value.form === 'date') {
    const month = [...Array(day.end - mark - 1).keys()].map((offset) => look(months, tokens, mark + 1 + offset));
    const named = month.findIndex((number) => number !== undefined);
    if (named < 0) return undefined;
    const start = readDay(
      [first, ...tokens.slice(mark + 1 + named, day.end)].filter(({ kind }) => kind !== 'mark'),
      0,
      present,
    );
    return start && { value: { day: start.value, rangeEnd: { day: day.value } }, end: day.end };
  }
  if (hasSuffix) return undefined;
  const clock = readClock(tokens, mark + 1, false);
  if (!clock || clock.value.form !== 'digits') return undefined;
  const end = clock.value;
  const hour = Number(first.text);
  if (hour > 24) return undefined;
  // The last such hour before the end: "11-1pm" begins in the morning, "2-4pm" does not.
  const isLater = !end.isTwelveHour && hour < 12 && hour + 12 < end.hour + (end.minute > 0 ? 1 : 0);
  const begin: ClockTime = {
    hour: isLater ? hour + 12 : hour,
    minute: 0,
    second: 0,
    isTwelveHour: end.isTwelveHour && hour <= 12,
    form: 'digits',
  };
  return { value: { clock: begin, rangeEnd: { clock: end } }, end: clock.end };
}

/** "22-6" of "shift 22-6 friday": one of the hours is of a clock of 24 hours. */
export function readHoursOfShift(tokens: Tokens, index: number): Read<Moment> | undefined {
  if (at(tokens, index - 1).text !== 'shift' || !isGlued(tokens, index + 1) || !isGlued(tokens, index + 2))
    return undefined;
  const hours = readHours(tokens, index);
  const [first, last] = [hours?.value.clock, hours?.value.rangeEnd?.clock];
  if (!hours || !first || !last || Math.max(first.hour, last.hour) <= 12) return undefined;
  const [begin, end] = [first, last].map((clock) => ({ ...clock, isTwelveHour: false, form: 'digits' as const }));
  return { value: { clock: begin!, rangeEnd: { clock: end! } }, end: hours.end };
}

const tillLate = phrases({ 'till late': true, 'til late': true, 'until late': true, 'to late': true, '- late': true });

/** "7 till late", "noon until late" */
export function readHourTillLate(tokens: Tokens, index: number): Read<Moment> | undefined {
  // Of most sentences, this is all that is looked at.
  if (![2, 3, 4, 5, 6].some((distance) => at(tokens, index + distance).text === 'late')) return undefined;
  const clock = readClock(tokens, index, true);
  const end = clock && tillLate(tokens, clock.end)?.end;
  if (end === undefined || clock!.value.problem) return undefined;
  const { hour, isTwelveHour, ...rest } = clock!.value;
  const isEvening = isTwelveHour && hour < 12;
  return {
    value: {
      clock: { ...rest, hour: isEvening ? hour + 12 : hour, isTwelveHour: false },
      rangeEnd: { part: lateNight },
    },
    end,
  };
}

const lateNight = shadesOfDayParts['late night']!;

/** "tomorrow from 9 to 10", "friday 1-2": behind a day, they are hours. */
export function readHourRange(tokens: Tokens, index: number, day: Day): Read<Moment> | undefined {
  const comma = skip(tokens, index, ',');
  const from = skip(tokens, comma, ...rangeStarts);
  const hours = readHours(tokens, from, from > comma);
  if (!hours || from > comma) return hours;
  const next = at(tokens, hours.end);
  const isLast = next.kind === 'end' || (next.kind === 'mark' && next.isSpaced === false);
  return isLast && (day.form === 'relative' || day.form === 'weekday') ? hours : undefined;
}

/** "2-4" and "from 8 to 6", behind days that repeat, with nothing that they could count. */
export function readHoursBehindDays(tokens: Tokens, index: number): Read<Moment> | undefined {
  const comma = skip(tokens, index, ',');
  const from = skip(tokens, comma, ...rangeStarts);
  const hours = readHours(tokens, from, from > comma);
  const next = hours && at(tokens, hours.end);
  const isApart = from > comma || next?.kind !== 'word' || following.has(next.text);
  return isApart ? hours : undefined;
}

/** "from 10 to 12 tomorrow", "from 5 tomorrow" */
export function readHoursOfDay(tokens: Tokens, index: number, present: Present): Read<Moment> | undefined {
  const hours = readHours(tokens, index, true) ?? readFirstHour(tokens, index);
  const day = hours && readDay(tokens, skip(tokens, hours.end, 'on', ','), present);
  const isDay = day && ['relative', 'weekday', 'date'].includes(day.value.form) && !day.value.isPast;
  return isDay ? { value: { ...hours.value, day: day.value }, end: day.end } : undefined;
}

/** @param hasWords whether "nine" is an hour, as behind "from" */
function readHours(tokens: Tokens, index: number, hasWords = false): Read<Moment> | undefined {
  const clock = readHour(tokens, index, hasWords);
  const mark = clock && at(tokens, clock.end).text;
  // "between 9 & 11"
  const isMark = rangeMarks.has(mark ?? '') || (mark === '&' && rangeStarts.includes(at(tokens, index - 1).text));
  if (!clock || !isMark) return undefined;
  const end = readHour(tokens, clock.end + 1, hasWords);
  if (!end) return undefined;
  const begin = readShortRange(tokens, index, undefined, 'from')?.value.clock ?? clock.value;
  return { value: { clock: begin, rangeEnd: { clock: end.value } }, end: end.end };
}

function readFirstHour(tokens: Tokens, index: number): Read<Moment> | undefined {
  const clock = readHour(tokens, index);
  return clock && { value: { clock: clock.value }, end: clock.end };
}

/** "9" alone, too; "9 to 10" is a range here, not ten to nine. */
function readHour(tokens: Tokens, index: number, hasWords = false): Read<ClockTime> | undefined {
  const isWord = hasWords && at(tokens, index).kind === 'word';
  // "from ten to twelve" is no time before twelve.
  const word = isWord ? look(smallNumbers, tokens, index) : undefined;
  const isRange = at(tokens, index + 1).text === 'to' && look(smallNumbers, tokens, index + 2) !== undefined;
  if (word !== undefined && word <= 12 && isRange)
    return { value: { hour: word, minute: 0, second: 0, isTwelveHour: true, form: 'bare' }, end: index + 1 };
  const clock = readClock(tokens, index, isPointTime(tokens, index) || isWord);
  if (clock && (clock.value.form !== 'spoken' || isWord)) return clock;
  const token = at(tokens, index);
  const hour = Number(token.text);
  // "18th" is a day.
  const isOrdinal = isGlued(tokens, index + 1) && at(tokens, index + 1).kind === 'word';
  if (token.kind !== 'number' || token.text.length > 2 || hour > 24 || isOrdinal) return undefined;
  return {
    value: { hour, minute: 0, second: 0, isTwelveHour: hour >= 1 && hour <= 12, form: 'bare' },
    end: index + 1,
  };
}
