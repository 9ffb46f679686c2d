import { months, pluralWeekdays, smallNumbers } from '../vocabulary/time-words.ts';
import { following, holding } from '../vocabulary/title-words.ts';
import { readClock } from './clock.ts';
import { readLength } from './length.ts';
import { readMoment, type Present } from './moment.ts';
import { look, readNumber, readOrdinal } from './number.ts';
import { readFromCompletion } from './recurrence.ts';
import { at, isGlued, isPunctuation, skip, type Tokens } from './token.ts';

/*
 * Words about time that mean nothing exact, or nothing that a task can have. They stay in the title, and the answer names
 * them. Each reader returns the index behind the words.
 */
type ReadWords = (tokens: Tokens, start: number, present: Present) => number | undefined;

const firstOf =
  (readers: readonly ReadWords[]): ReadWords =>
  (tokens, start, present) => {
    for (const reader of readers) {
      const end = reader(tokens, start, present);
      if (end !== undefined) return end;
    }
    return undefined;
  };

const isNumber = (tokens: Tokens, index: number, pattern = /^\d+$/) => pattern.test(at(tokens, index).text);

/** "2 days ago"; "10 days after I finish it", without "every" */
const lengthOfPast: ReadWords = (tokens, start) => {
  const length = readLength(tokens, start);
  if (!length) return undefined;
  return at(tokens, length.end).text === 'ago' ? length.end + 1 : readFromCompletion(tokens, length.end)?.end;
};

/** "in week 20" */
const numberedWeek: ReadWords = (tokens, start) => {
  const week = skip(tokens, skip(tokens, start, 'in', 'by'), 'calendar');
  if (!['week', 'kw', 'cw', 'wk'].includes(at(tokens, week).text)) return undefined;
  return isNumber(tokens, week + 1, /^\d\d?$/) && isPunctuation(tokens, week + 2) ? week + 2 : undefined;
};

/** "on 5/2027", "by 2027", "march 2027" */
const monthOrYear: ReadWords = (tokens, start) => {
  const slash = skip(tokens, start, 'in', 'by', 'on');
  const isMonth = isNumber(tokens, slash, /^\d\d?$/) && isGlued(tokens, slash + 1, '/') && isGlued(tokens, slash + 2);
  if (isMonth && isNumber(tokens, slash + 2, /^20\d\d$/)) return slash + 3;
  if (!isNumber(tokens, start + 1, /^20\d\d$/) || !isPunctuation(tokens, start + 2)) return undefined;
  if (['in', 'by', 'before', 'until'].includes(at(tokens, start).text)) return start + 2;
  const isNamed = look(months, tokens, start) !== undefined;
  const isIntroduced = ['in', 'by', 'before', 'until', 'of', 'from'].includes(at(tokens, start - 1).text);
  return isNamed && !isIntroduced ? start + 2 : undefined;
};

/** "next 3 days" */
const comingDays: ReadWords = (tokens, start) => {
  if (at(tokens, start).text !== 'next' || at(tokens, start + 1).kind === 'mark') return undefined;
  const length = readLength(tokens, start + 1);
  return length?.value.seconds === 0 ? length.end : undefined;
};

/** "the first week of october", "the 4th quarter" */
const ordinalPeriod: ReadWords = (tokens, start) => {
  const ordinal = readOrdinal(tokens, skip(tokens, start, 'the'));
  const unit = ordinal && at(tokens, ordinal.end).text;
  if (!ordinal || (unit !== 'week' && unit !== 'quarter')) return undefined;
  const of = skip(tokens, ordinal.end + 1, 'of', 'in');
  if (of > ordinal.end + 1 && look(months, tokens, of) !== undefined) return of + 1;
  return unit === 'quarter' && isPunctuation(tokens, ordinal.end + 1) ? ordinal.end + 1 : undefined;
};

/** "a day" of "read 10 pages a day" */
const perDay: ReadWords = (tokens, start) => {
  const isPer = at(tokens, start).text === 'a' || at(tokens, start).text === 'per';
  if (!isPer || !['day', 'week', 'month'].includes(at(tokens, start + 1).text)) return undefined;
  if (!isPunctuation(tokens, start + 2)) return undefined;
  const isCounted = tokens
    .slice(0, start)
    .some(({ kind, text }) => kind === 'number' || Object.hasOwn(smallNumbers, text));
  return isCounted ? start + 2 : undefined;
};

/** "in 5", "in 2-3 days", "in 3 mondays", "in -2 days" */
const inAnUnclearLength: ReadWords = (tokens, start) => {
  if (at(tokens, start).text !== 'in') return undefined;
  if (at(tokens, start + 1).text === '-') return readLength(tokens, start + 2)?.end;
  const number = readNumber(tokens, start + 1);
  if (!number) return undefined;
  if (isPunctuation(tokens, number.end) && number.value <= 60) return number.end;
  const more = skip(tokens, number.end, '-', '–', 'to', 'or');
  if (more > number.end) return readLength(tokens, more)?.end;
  const unit = at(tokens, number.end).text;
  return Object.hasOwn(pluralWeekdays, unit) || unit === 'weekends' ? number.end + 1 : undefined;
};

/** "in 5 business days", "5 working days from now" */
const workingDays: ReadWords = (tokens, start) => {
  const number = readNumber(tokens, skip(tokens, start, 'in'));
  if (!number || !['business', 'working', 'work'].includes(at(tokens, number.end).text)) return undefined;
  if (!['day', 'days'].includes(at(tokens, number.end + 1).text)) return undefined;
  const from = skip(tokens, number.end + 2, 'from');
  return from > number.end + 2 ? skip(tokens, from, 'now', 'today') : from;
};

/** "on 3-4" */
const twoNumbers: ReadWords = (tokens, start) => {
  if (!['on', 'by', 'due'].includes(at(tokens, start).text) || !isGlued(tokens, start + 2, '-')) return undefined;
  const isPair = [1, 3].every((offset) => isNumber(tokens, start + offset, /^\d\d?$/));
  return isPair && isPunctuation(tokens, start + 4) ? start + 4 : undefined;
};

/** What no other reading of the same words can be: it is looked for first. */
export const readOutside = firstOf([
  ...[lengthOfPast, numberedWeek, monthOrYear, comingDays, ordinalPeriod],
  ...[perDay, inAnUnclearLength, workingDays, twoNumbers],
]);

/** "early" of "early tomorrow", "late" of "late march" */
const earlyOrLate: ReadWords = (tokens, start, present) => {
  if (!['early', 'late'].includes(at(tokens, start).text)) return undefined;
  if (look(months, tokens, start + 1) !== undefined) return start + 2;
  const day = readMoment(tokens, start + 1, present)?.value.day;
  return day && !day.isPast ? start + 1 : undefined;
};

/** "an hour before midnight" */
const besideMoment: ReadWords = (tokens, start, present) => {
  const length = readLength(tokens, start);
  if (!length || length.value.seconds <= 0 || !['before', 'after'].includes(at(tokens, length.end).text))
    return undefined;
  const anchor = readMoment(tokens, length.end + 1, present);
  return anchor?.value.day?.isPast ? undefined : (anchor?.end ?? length.end + 1);
};

/** "Call evening", "Call 1730" */
const lastWord: ReadWords = (tokens, start) => {
  const [before, { text }] = [at(tokens, start - 1), at(tokens, start)];
  if (start === 0 || !isPunctuation(tokens, start + 1) || holding.has(before.text)) return undefined;
  if (['morning', 'afternoon', 'evening'].includes(text)) return start + 1;
  // "LH 1730" is a flight, "1917" a year.
  const isNamed = before.kind !== 'word' || /^\p{Lu}+$/u.test(before.raw);
  const isTime = /^(?:[01]\d|2[0-3])[0-5]\d$/.test(text) && !/^(?:19|20)/.test(text);
  return isTime && !isNamed ? start + 1 : undefined;
};

/** "Tea ten to 4", "Tea four thirty" */
const spokenTime: ReadWords = (tokens, start) => {
  if (start === 0 || !Object.hasOwn(smallNumbers, at(tokens, start).text)) return undefined;
  const clock = readClock(tokens, start, true);
  return clock?.value.form === 'spoken' && isPunctuation(tokens, clock.end) ? clock.end : undefined;
};

/** "at 5:3", "at 5-30" */
const oddTime: ReadWords = (tokens, start) => {
  const isPair = [1, 3].every((offset) => at(tokens, start + offset).kind === 'number');
  const isJoined = [':', '-'].includes(at(tokens, start + 2).text) && isGlued(tokens, start + 2);
  return at(tokens, start).text === 'at' && isPair && isJoined ? start + 4 : undefined;
};

/** "Work 9-5" */
const officeHours: ReadWords = (tokens, start) => {
  const isPair = isNumber(tokens, start, /^(?:7|8|9|10|11)$/) && isNumber(tokens, start + 2, /^[3-7]$/);
  return isPair && start > 0 && isGlued(tokens, start + 1, '-') && isPunctuation(tokens, start + 3)
    ? start + 3
    : undefined;
};

/** "from 9 to 10", which might be pages */
const hoursOrPages: ReadWords = (tokens, start) => {
  if (!['from', 'between'].includes(at(tokens, start).text)) return undefined;
  const isPair = [1, 3].every(
    (offset) => isNumber(tokens, start + offset) && Number(at(tokens, start + offset).text) <= 24,
  );
  const isRange = ['to', 'and', '-', 'until'].includes(at(tokens, start + 2).text);
  return isPair && isRange && isPunctuation(tokens, start + 4) ? start + 4 : undefined;
};

const unlessRead =
  (reader: ReadWords): ReadWords =>
  (tokens, start, present) => {
    const end = reader(tokens, start, present);
    return end === undefined || readMoment(tokens, start, present) ? undefined : end;
  };

/** "half 7", which is 7:30 to some and 6:30 to others */
const halfSeven: ReadWords = (tokens, start) =>
  at(tokens, start).text === 'half' && readClock(tokens, start + 1, true)?.value.form === 'bare'
    ? start + 2
    : undefined;

/** What might be read otherwise, and is not. */
export const readLoose = firstOf([
  ...[earlyOrLate, lastWord, halfSeven],
  ...[besideMoment, spokenTime, oddTime, officeHours, hoursOrPages].map(unlessRead),
]);

/** "every blue moon": up to two words behind "every". */
export function readUnknownRecurrence(tokens: Tokens, start: number): number | undefined {
  const { text } = at(tokens, start);
  if (text !== 'every' && text !== 'each') return undefined;
  let end = start + 1;
  while (end < start + 3 && at(tokens, end).kind !== 'end' && at(tokens, end).kind !== 'mark') {
    if (following.has(at(tokens, end).text)) break;
    end++;
    while (at(tokens, end).kind !== 'end' && !at(tokens, end).isSpaced && !isPunctuation(tokens, end)) end++;
  }
  if (end > start + 1) return end;
  // "every so many days", "every -1 days"
  const isOdd = at(tokens, end).text === 'so' || (at(tokens, end).text === '-' && isGlued(tokens, end + 1));
  return isOdd ? end + 2 : undefined;
}
