import { recurringParts, smallNumbers, tens } from '../vocabulary/time-words.ts';
import { holding, numberedThings, ratioWords, scriptures, usualHalves, workVerbs } from '../vocabulary/title-words.ts';
import { isPointTime, readClock } from './clock.ts';
import { readDay } from './day.ts';
import { isHourBeforeDay, readMoment } from './moment.ts';
import { readNumber, isNumber } from './number.ts';
import { readRecurrence } from './recurrence.ts';
import { at, isGlued, isPunctuation, skip, type Tokens } from './token.ts';
import type { ReadWords } from './unread-form.ts';

/*
 * Numbers and words that may be a time of day, and may be something else.
 */

/** "3:16" of "Read John 3:16 tonight"; but "Call John 3:30 tonight" */
export const verse: ReadWords = (tokens, start, present) => {
  const isVerse = scriptures.has(at(tokens, start - 1).text) && workVerbs.has(at(tokens, 0).text);
  const isPair = isNumber(tokens, start) && isGlued(tokens, start + 1, ':') && isNumber(tokens, start + 2);
  return isVerse && isPair && readDay(tokens, start + 3, present) ? start + 3 : undefined;
};

/** "Call evening", "Call 1730" */
export const lastWord: ReadWords = (tokens, start) => {
  const [before, { text }] = [at(tokens, start - 1), at(tokens, start)];
  if (start === 0 || !isPunctuation(tokens, start + 1) || holding.has(before.text)) return undefined;
  if (['morning', 'afternoon', 'evening'].includes(text)) return start + 1;
  // "LH 1730" is a flight, "1917" a year.
  const isNamed = before.kind !== 'word' || /^\p{Lu}+$/u.test(before.raw);
  const isTime = /^(?:[01]\d|2[0-3])[0-5]\d$/.test(text) && !/^(?:19|20)/.test(text);
  return isTime && !isNamed ? start + 1 : undefined;
};

/** "Tea ten to 4", "Tea four thirty" */
export const spokenTime: ReadWords = (tokens, start) => {
  const { text } = at(tokens, start);
  // "5 to 6", but not "pages 10 to 12"
  const isCounted = numberedThings.has(at(tokens, start - 1).text) || ratioWords.has(at(tokens, start - 1).text);
  const isDigits = /^(?:5|10|20|25)$/.test(text) && !isCounted;
  if (start === 0 || !(isDigits || Object.hasOwn(smallNumbers, text) || Object.hasOwn(tens, text))) return undefined;
  const clock = readClock(tokens, start, true);
  return clock?.value.form === 'spoken' && isPunctuation(tokens, clock.end) ? clock.end : undefined;
};

/** "at 5:3", "at 5-30", "at -5", "at 800" */
export const oddTime: ReadWords = (tokens, start) => {
  if (at(tokens, start).text === 'at' && isNumber(tokens, start + 1, /^\d\d\d$/) && isPunctuation(tokens, start + 2))
    return start + 2;
  if (at(tokens, start).text === 'at' && at(tokens, start + 1).text === '-' && isNumber(tokens, start + 2))
    return start + 3;
  const isPair = [1, 3].every((offset) => at(tokens, start + offset).kind === 'number');
  const isJoined = [':', '-'].includes(at(tokens, start + 2).text) && isGlued(tokens, start + 2);
  return at(tokens, start).text === 'at' && isPair && isJoined ? start + 4 : undefined;
};

/** "be home for 5", "back for 6" */
export const hourToBeThere: ReadWords = (tokens, start) => {
  const isThere = ['home', 'there', 'here', 'ready', 'back', 'up'].includes(at(tokens, start - 1).text);
  const isHour = at(tokens, start).text === 'for' && isNumber(tokens, start + 1, /^(?:[1-9]|1[0-2])$/);
  return isThere && isHour && isPunctuation(tokens, start + 2) ? start + 2 : undefined;
};

/** "after work past 7", "open from 7", "call about 5" */
export const hourBehind: ReadWords = (tokens, start) => {
  if (start === 0 || !['past', 'from', 'about'].includes(at(tokens, start).text)) return undefined;
  if (at(tokens, start - 1).kind !== 'word') return undefined;
  return isNumber(tokens, start + 1, /^(?:[1-9]|1[0-2])$/) && isPunctuation(tokens, start + 2) ? start + 2 : undefined;
};

/** "Work 9-5", "work 9-5 monday", "study 10-12 tomorrow" */
export const officeHours: ReadWords = (tokens, start, present) => {
  const [first, last] = [start, start + 2].map((index) =>
    isNumber(tokens, index, /^\d\d?$/) ? Number(at(tokens, index).text) : 0,
  );
  if (!first || !last || start === 0 || !isGlued(tokens, start + 1, '-')) return undefined;
  const isOffice = first >= 7 && first <= 11 && last >= 3 && last <= 7;
  if (isOffice && isPunctuation(tokens, start + 3)) return start + 3;
  const { text } = at(tokens, start - 1);
  // "Block 9-11 tomorrow"
  const isCounted = (start > 1 && (ratioWords.has(text) || numberedThings.has(text))) || first > 24 || last > 24;
  const day = isOffice || !isCounted ? readDay(tokens, skip(tokens, start + 3, 'on'), present)?.value : undefined;
  return day && ['relative', 'weekday'].includes(day.form) ? start + 3 : undefined;
};

/** "from 9 to 10", which might be pages */
export const hoursOrPages: ReadWords = (tokens, start) => {
  if (!['from', 'between'].includes(at(tokens, start).text)) return undefined;
  const isPair = [1, 3].every((offset) => {
    const number = readNumber(tokens, start + offset);
    return number?.end === start + offset + 1 && number.value <= 24;
  });
  const isRange = ['to', 'and', '-', 'until'].includes(at(tokens, start + 2).text);
  const isLast = isPunctuation(tokens, start + 4) || readRecurrence(tokens, start + 4) !== undefined;
  return isPair && isRange && isLast ? start + 4 : undefined;
};

/** The 8 of "Call 8 tonight", which might be a person's number */
export const hourOrNumber: ReadWords = (tokens, start, present) => {
  const { text } = at(tokens, start - 1);
  // "dinner 7"
  const isLast = /^(?:[1-9]|1[0-2])$/.test(at(tokens, start).text) && isPunctuation(tokens, start + 1);
  const isHeld = isLast && (Object.hasOwn(usualHalves, text) || mealsAndMeetings.has(text));
  return isHeld || isHourBeforeDay(tokens, start, present) ? start + 1 : undefined;
};

/** "Tea 5 30", "lunch 12 15 friday"; but "Call 030 12 30" */
export const spacedTime: ReadWords = (tokens, start, present) => {
  const isTime = isNumber(tokens, start, /^(?:\d|1\d|2[0-3])$/) && isNumber(tokens, start + 1, /^[0-5][05]$/);
  if (!isTime || isGlued(tokens, start + 1) || at(tokens, start - 1).kind === 'number') return undefined;
  return isPunctuation(tokens, start + 2) || readDay(tokens, start + 2, present) ? start + 2 : undefined;
};

/** "meeting 930 tomorrow", "call 1730 friday", "call bob 0900 friday"; but "LH 1730 tomorrow" is a flight */
export const gluedTimeBeforeDay: ReadWords = (tokens, start, present) => {
  const { text, kind, raw } = at(tokens, start - 1);
  const isNamed = kind !== 'word' || /^\p{Lu}+$/u.test(raw) || numberedThings.has(text);
  const isFull = isNumber(tokens, start, /^(?:[01]\d|2[0-3])[0-5]\d$/);
  const isHeld = Object.hasOwn(usualHalves, text) || mealsAndMeetings.has(text) || (isFull && !isNamed && start > 0);
  const isTime = isNumber(tokens, start, /^(?:[1-9]|0\d|1\d|2[0-3])[0-5][05]$/);
  const isBeforeDay = readMoment(tokens, start + 1, present)?.value.day ?? readRecurrence(tokens, start + 1);
  return isHeld && isTime && isBeforeDay ? start + 1 : undefined;
};

const mealsAndMeetings: ReadonlySet<string> = new Set(
  'lunch brunch coffee tea meeting call standup sync appointment appt dentist doctor class'.split(' '),
);

/** "lunch 13.30", which might be a price; "train 17.42" */
export const timeOrPrice: ReadWords = (tokens, start) => {
  const { kind, text } = at(tokens, start - 1);
  const isLikely = mealsAndMeetings.has(text) || journeys.has(text);
  const isTime = isQuarter(tokens, start) || (isLikely && isPointTime(tokens, start));
  return start > 0 && kind === 'word' && isTime && isPunctuation(tokens, start + 3) ? start + 3 : undefined;
};

const journeys: ReadonlySet<string> = new Set(
  'train bus flight plane ferry tram coach taxi pickup departure'.split(' '),
);

const isQuarter = (tokens: Tokens, index: number) =>
  isPointTime(tokens, index) && ['00', '15', '30', '45'].includes(at(tokens, index + 2).text);

/** "1700 debrief", "10.30 standup", "9-10 standup"; but neither "1984 essay" nor "1000 steps" */
export const leadingTime: ReadWords = (tokens, start) => {
  if (start > 0) return undefined;
  const isFull = isNumber(tokens, start, /^(?:[01]\d|2[0-3])[0-5]\d$/) && !/^(?:19|20)/.test(at(tokens, start).text);
  const isRange =
    isGlued(tokens, 1, '-') &&
    isGlued(tokens, 2) &&
    [0, 2].every((index) => isNumber(tokens, index, /^(?:\d|1\d|2[0-4])$/));
  const end = isFull ? 1 : isRange || isQuarter(tokens, start) ? 3 : undefined;
  const next = end === undefined ? undefined : at(tokens, end);
  const isWord =
    next?.kind === 'word' && next.isSpaced && !['am', 'pm', 'a', 'p', 'hours', 'hrs', 'h'].includes(next.text);
  return isWord && !/[^s]s$/.test(next.text) ? end : undefined;
};

/** "pills morning and evening" */
export const severalParts: ReadWords = (tokens, start) => {
  const [first, second] = [at(tokens, start).text, at(tokens, start + 2).text];
  const isPair = Object.hasOwn(recurringParts, first) && Object.hasOwn(recurringParts, second);
  return start > 0 && isPair && ['and', '&', 'or', 'n', '/', '+'].includes(at(tokens, start + 1).text)
    ? start + 3
    : undefined;
};

/** "half 7", which is 7:30 to some and 6:30 to others */
export const halfSeven: ReadWords = (tokens, start) =>
  at(tokens, start).text === 'half' && readClock(tokens, start + 1, true)?.value.form === 'bare'
    ? start + 2
    : undefined;
