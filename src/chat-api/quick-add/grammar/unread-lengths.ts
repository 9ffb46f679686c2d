import { dayParts, pluralDayParts, pluralWeekdays, smallNumbers, units, weekdays } from '../vocabulary/time-words.ts';
import { readLength } from './length.ts';
import { readMoment } from './moment.ts';
import { look, readNumber } from './number.ts';
import { readFromCompletion } from './recurrence.ts';
import { at, isGlued, isPunctuation, skip, type Tokens } from './token.ts';
import type { ReadWords } from './unread-form.ts';

/*
 * Lengths that mean nothing exact, and those beside an event: how many, before what, or for how long?
 */

/** "2 days ago"; "10 days after I finish it", without "every" */
export const lengthOfPast: ReadWords = (tokens, start) => {
  const length = readLength(tokens, start);
  if (!length) return undefined;
  return at(tokens, length.end).text === 'ago' ? length.end + 1 : readFromCompletion(tokens, length.end)?.end;
};

/** "next 3 days", "next 5 mondays" */
export const comingDays: ReadWords = (tokens, start) => {
  if (at(tokens, start).text !== 'next' || at(tokens, start + 1).kind === 'mark') return undefined;
  const number = readNumber(tokens, start + 1);
  const counted = number && at(tokens, number.end).text;
  const isDays =
    counted !== undefined && (Object.hasOwn(pluralWeekdays, counted) || Object.hasOwn(pluralDayParts, counted));
  if (number && (isDays || counted === 'weekends' || counted === 'weekdays')) return number.end + 1;
  const length = readLength(tokens, start + 1);
  return length?.end;
};

/** "a day" of "read 10 pages a day", "/day" of "1h/day" */
export const perDay: ReadWords = (tokens, start) => {
  const isPer = ['a', 'per', '/'].includes(at(tokens, start).text);
  if (!isPer || !['day', 'night', 'week', 'month', 'year'].includes(at(tokens, start + 1).text)) return undefined;
  if (!isPunctuation(tokens, start + 2) && !['for', 'until', 'till'].includes(at(tokens, start + 2).text))
    return undefined;
  const isCounted = tokens
    .slice(0, start)
    .some(({ kind, text }) => kind === 'number' || Object.hasOwn(smallNumbers, text));
  return isCounted || at(tokens, start).text === 'per' ? start + 2 : undefined;
};

/** "one friday a month", "two evenings per week": on which ones? */
export const someDaysPer: ReadWords = (tokens, start) => {
  const number = readNumber(tokens, start);
  const day = number && at(tokens, number.end).text;
  if (day === undefined || !Object.hasOwn(countedDays, day)) return undefined;
  const isPer = ['a', 'per', 'each', 'every'].includes(at(tokens, number!.end + 1).text);
  return isPer && look(units, tokens, number!.end + 2) ? number!.end + 3 : undefined;
};

const countedDays = {
  ...{ ...weekdays, ...pluralWeekdays, ...dayParts, ...pluralDayParts },
  ...{ day: 1, days: 1, weekend: 1, weekends: 1, weekday: 1, weekdays: 1 },
};

/** Behind "leave in 5": "with Ann", "if you can". */
const behindMinutes: ReadonlySet<string> = new Set(['with', 'please', 'if', 'so', 'because', 'then']);

/** "in 5", "in 2-3 days", "in 3 mondays", "in -2 days" */
export const inAnUnclearLength: ReadWords = (tokens, start) => {
  // "within 30 days of the purchase"
  const within = at(tokens, start).text === 'within' ? readLength(tokens, start + 1)?.end : undefined;
  if (within !== undefined && at(tokens, within).text === 'of') return within + 1;
  if (at(tokens, start).text !== 'in') return undefined;
  if (at(tokens, start + 1).text === '-') return readLength(tokens, start + 2)?.end;
  const length = readLength(tokens, start + 1);
  // "Dial in 10 minutes early"
  if (length && ['early', 'earlier', 'beforehand', 'ahead'].includes(at(tokens, length.end).text))
    return length.end + 1;
  const number = readNumber(tokens, start + 1);
  if (!number) return undefined;
  // "in 5'"
  if (["'", '"', '′', '″'].includes(at(tokens, number.end).text) && isGlued(tokens, number.end)) return number.end + 1;
  const isLast = isPunctuation(tokens, number.end) || behindMinutes.has(at(tokens, number.end).text);
  if (isLast && number.value <= 120) return number.end;
  const and = at(tokens, number.end).text === 'and' && readNumber(tokens, number.end + 1) ? 'and' : 'or';
  const more = skip(tokens, number.end, '-', '–', 'to', 'or', and);
  // "remind me in 5 to drink"
  const isAlone = start === 0 && at(tokens, number.end).text === 'to';
  if (more > number.end) return readLength(tokens, more)?.end ?? (isAlone ? number.end : undefined);
  // "in 2+ hours"
  const plus = isGlued(tokens, number.end, '+') ? number.end + 1 : number.end;
  if (plus > number.end && look(units, tokens, plus)) return plus + 1;
  const unit = at(tokens, number.end).text;
  return Object.hasOwn(pluralWeekdays, unit) ||
    Object.hasOwn(pluralDayParts, unit) ||
    unit === 'weekends' ||
    unit === 'sleeps'
    ? number.end + 1
    : undefined;
};

/** "for -3 days", "for zero weeks", "for month" */
export const lengthOfNothing: ReadWords = (tokens, start) => {
  const isBare = at(tokens, start).text === 'for' && ['week', 'month', 'year'].includes(at(tokens, start + 1).text);
  if (isBare && isPunctuation(tokens, start + 2)) return start + 2;
  if (at(tokens, start).text !== 'for' || !['-', 'zero', 'no'].includes(at(tokens, start + 1).text)) return undefined;
  const number = readNumber(tokens, start + 2);
  const unit = at(tokens, start + 1).text === '-' ? number?.end : start + 2;
  return unit !== undefined && (look(units, tokens, unit) ?? at(tokens, unit).text === 'times') ? unit + 1 : undefined;
};

/** "every 3 or 4 days", "every two to three weeks" */
export const unclearInterval: ReadWords = (tokens, start) => {
  const number = at(tokens, start).text === 'every' ? readNumber(tokens, start + 1) : undefined;
  const more = number && skip(tokens, number.end, '-', '–', 'to', 'or');
  return more !== undefined && more > number!.end ? readLength(tokens, more)?.end : undefined;
};

/** "in 5 business days", "5 working days from now" */
export const workingDays: ReadWords = (tokens, start) => {
  const number = readNumber(tokens, skip(tokens, start, 'in'));
  if (!number || !['business', 'working', 'work'].includes(at(tokens, number.end).text)) return undefined;
  if (!['day', 'days'].includes(at(tokens, number.end + 1).text)) return undefined;
  const from = skip(tokens, number.end + 2, 'from');
  return from > number.end + 2 ? skip(tokens, from, 'now', 'today') : from;
};

/** "an hour before midnight" */
export const besideMoment: ReadWords = (tokens, start, present) => {
  const length = readLength(tokens, start);
  if (!length || length.value.seconds <= 0 || !['before', 'after'].includes(at(tokens, length.end).text))
    return undefined;
  const anchor = readMoment(tokens, length.end + 1, present);
  return anchor?.value.day?.isPast ? undefined : (anchor?.end ?? length.end + 1);
};

/** "2 days before the exam", "a week after the launch", "night before the exam" */
export const besideEvent: ReadWords = (tokens, start) => {
  const isPart = ['day', 'night', 'evening', 'morning', 'week'].includes(at(tokens, start).text);
  const isOfEvent = ['before', 'after'].includes(at(tokens, start + 1).text) && whose.has(at(tokens, start + 2).text);
  if (isPart && isOfEvent && at(tokens, start + 3).kind === 'word') return start + 2;
  // "pack the night before, flight at 6"
  if (isPart && at(tokens, start + 1).text === 'before' && at(tokens, start + 2).kind === 'mark') return start + 2;
  const the = skip(tokens, start, 'the');
  const whole = the > start && ['day', 'week', 'month'].includes(at(tokens, the).text) ? the + 1 : undefined;
  const end = whole ?? readLength(tokens, start)?.end;
  if (end === undefined || start === 0 || !['before', 'after'].includes(at(tokens, end).text)) return undefined;
  return at(tokens, end + 1).kind === 'word' ? end + 1 : undefined;
};

const whose: ReadonlySet<string> = new Set(['the', 'my', 'our', 'his', 'her', 'their', 'your']);

/** "Call 5 days", "Call Ann 5 min": in how many, or for how many? */
export const bareLength: ReadWords = (tokens, start) => {
  if (start === 0 || at(tokens, start - 1).kind !== 'word' || beforeLengths.has(at(tokens, start - 1).text))
    return undefined;
  const length = readLength(tokens, start);
  // "Wait a minute"; but "meeting pushed back an hour"
  const isMoved = ['back', 'forward', 'up'].includes(at(tokens, start - 1).text);
  const isIdiom = length && length.value.seconds > 0 && ['a', 'an'].includes(at(tokens, start).text) && !isMoved;
  return length && !isIdiom && isPunctuation(tokens, length.end) ? length.end : undefined;
};

const beforeLengths: ReadonlySet<string> = new Set(
  'it for of than over under about by per every each and or to after before within since in last next past take takes lasts'.split(
    ' ',
  ),
);

const endOfCount = (tokens: Tokens, index: number) => readLength(tokens, index)?.end ?? readNumber(tokens, index)?.end;

/** "2 weeks on, 1 week off", "4 on 3 off" */
export const onAndOff: ReadWords = (tokens, start) => {
  const on = endOfCount(tokens, start);
  if (on === undefined || at(tokens, on).text !== 'on') return undefined;
  const off = endOfCount(tokens, skip(tokens, skip(tokens, on + 1, ',', '/'), 'and'));
  return off !== undefined && at(tokens, off).text === 'off' ? off + 1 : undefined;
};
