import { look, readOrdinal } from '../grammar/number.ts';
import { isClearMonth } from '../grammar/unread-dates.ts';
import { at, isPunctuation, skip, type Tokens } from '../grammar/token.ts';
import { months, relativeDays, units, weekdays } from '../vocabulary/time-words.ts';
import { following } from '../vocabulary/title-words.ts';
import type { ReadLeft } from './read-left.ts';

/*
 * Periods, their edges and their days, which no phrase has: they are named whether or not the sentence has a date.
 */

/** "march's end" */
const endOfPeriod: ReadLeft = (tokens, index) => {
  const { text } = at(tokens, index);
  const isPeriod = text.endsWith("'s") && Object.hasOwn({ ...months, ...units }, text.slice(0, -2));
  return isPeriod && ['end', 'start', 'beginning'].includes(at(tokens, index + 1).text) ? index + 2 : undefined;
};

/** "week 50 code freeze"; but "week 12 review on friday" */
const leadingWeek: ReadLeft = (tokens, index, { hasMeant }) => {
  const isWeek = index === 0 && ['week', 'wk', 'kw', 'cw'].includes(at(tokens, 0).text);
  return isWeek && !hasMeant && /^(?:[1-9]|[1-4]\d|5[0-3])$/.test(at(tokens, 1).text) ? 2 : undefined;
};

/** "next-next week", "this coming month" */
const comingPeriod: ReadLeft = (tokens, index, { isTaken }) => {
  const isComing = ['next', 'this', 'coming', 'following'].includes(at(tokens, index).text);
  const isPeriod = ['week', 'weekend', 'month', 'quarter', 'year'].includes(at(tokens, index + 1).text);
  return isComing && isPeriod && !isTaken(index + 1) ? index + 2 : undefined;
};

/** "summer only: water the pots daily", "mow weekly in summer" */
const season: ReadLeft = (tokens, index, { isRecurring }) => {
  const isSeason = ['spring', 'summer', 'autumn', 'fall', 'winter'].includes(at(tokens, index).text);
  if (!isSeason || !isRecurring) return undefined;
  if (at(tokens, index + 1).text === 'only') return index + 2;
  return ['in', 'during', 'through', 'until'].includes(at(tokens, index - 1).text) ? index + 1 : undefined;
};

/** Behind "month", "2027", "june" with "the" or "each" before it. */
function endOfPeriodName(tokens: Tokens, index: number): number | undefined {
  const name = skip(tokens, index, 'the', 'this', 'next', 'each', 'every', 'a');
  const isYear = /^20\d\d$/.test(at(tokens, name).text);
  const isPeriod = periods.has(at(tokens, name).text) || look(months, tokens, name) !== undefined;
  return isYear || isPeriod ? name + 1 : undefined;
}

const periods: ReadonlySet<string> = new Set(
  'week month quarter year term semester season sprint fiscal financial'.split(' '),
);

/** "the last workday of the quarter", "3rd school day of each month", "the end of 2027"; but "the last page of the year book" */
const dayOfPeriod: ReadLeft = (tokens, index, { isTaken }) => {
  const the = skip(tokens, index, 'the');
  const ordinal = readOrdinal(tokens, the)?.end;
  const edge = ['end', 'start', 'beginning', 'middle', 'rest'].includes(at(tokens, the).text) ? the + 1 : undefined;
  const isDay = (place: number) => days.has(at(tokens, place).text);
  const day = ordinal !== undefined && !isDay(ordinal) && at(tokens, ordinal).kind === 'word' ? ordinal + 1 : ordinal;
  const of = edge ?? (day !== undefined && isDay(day) ? day + 1 : undefined);
  if (of === undefined || isTaken(of - 1)) return undefined;
  const period = ['of', 'in'].includes(at(tokens, of).text) ? endOfPeriodName(tokens, of + 1) : undefined;
  const isApart = period !== undefined && (isPunctuation(tokens, period) || following.has(at(tokens, period).text));
  if (isApart) return period;
  // "on the last business day"
  const isIntroduced = ['on', 'by', 'until', 'before'].includes(at(tokens, index - 1).text);
  return edge === undefined && isIntroduced && day !== ordinal ? of : undefined;
};

const days: ReadonlySet<string> = new Set(
  'day days workday workdays weekday weekend week weeks quarter half third'.split(' '),
);

/** "2nd of month" */
const dayOfMonth: ReadLeft = (tokens, index) => {
  const ordinal = at(tokens, index).kind === 'number' ? readOrdinal(tokens, index)?.end : undefined;
  if (ordinal === undefined || at(tokens, ordinal).text !== 'of') return undefined;
  const month = skip(tokens, ordinal + 1, 'the', 'each', 'every');
  return at(tokens, month).text === 'month' ? month + 1 : undefined;
};

/** "june" of "weekly may, june": of something else, perhaps; but "read the march issue", "call June" */
const leftMonth: ReadLeft = (tokens, index, { hasMeant }) => {
  const { kind, text } = at(tokens, index + 1);
  const isApart = kind !== 'word' || following.has(text);
  return hasMeant && isApart && isClearMonth(tokens, index) ? index + 1 : undefined;
};

/** "before monday's class", "prepare monday's meeting tonight": of a day that is not the task's, perhaps */
const possessiveDay: ReadLeft = (tokens, index, { hasMeant }) => {
  const day = at(tokens, index).raw.toLowerCase().replace('’', "'");
  const isDay = day.endsWith("'s") && [weekdays, relativeDays].some((names) => Object.hasOwn(names, day.slice(0, -2)));
  const isIntroduced = index === 0 || beforeDays.has(at(tokens, index - 1).text);
  return isDay && (hasMeant || isIntroduced) ? index + 1 : undefined;
};

const beforeDays: ReadonlySet<string> = new Set('before after by until till for at in from since on'.split(' '));

/** "2 pills am 1 pill pm" */
const halfOfDay: ReadLeft = (tokens, index, { isTaken }) => {
  const { text, raw } = at(tokens, index);
  const isPm = text === 'pm' && raw !== 'PM' && at(tokens, index - 1).kind === 'word' && !isTaken(index - 1);
  return isPm ? index + 1 : undefined;
};

export const periodReaders: readonly ReadLeft[] = [
  endOfPeriod,
  leadingWeek,
  season,
  comingPeriod,
  dayOfPeriod,
  dayOfMonth,
  leftMonth,
  possessiveDay,
  halfOfDay,
];
