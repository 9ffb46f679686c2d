import {
  foreignDays,
  foreignMonths,
  months,
  pluralDayParts,
  pluralWeekdays,
  recurringParts,
  smallNumbers,
  tens,
  twoLetterWeekdays,
  units,
} from '../vocabulary/time-words.ts';
import { isNearMonth } from '../vocabulary/misspellings.ts';
import {
  following,
  holding,
  moneyVerbs,
  nameVerbs,
  numberedThings,
  ratioWords,
  scriptures,
  usualHalves,
  workVerbs,
} from '../vocabulary/title-words.ts';
import { isPointTime, readClock } from './clock.ts';
import { readDay } from './day.ts';
import { readLength } from './length.ts';
import type { Present } from './moment-form.ts';
import { isHourBeforeDay, readMoment } from './moment.ts';
import { look, readNumber, readOrdinal } from './number.ts';
import { readFromCompletion, readRecurrence } from './recurrence.ts';
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

export const isNumber = (tokens: Tokens, index: number, pattern = /^\d+$/) => pattern.test(at(tokens, index).text);

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

const beforeYears: ReadonlySet<string> = new Set(
  'in by before until till after from since through during starting beginning ending'.split(' '),
);

/** "on 5/2027", "by 2027", "march 2027" */
const monthOrYear: ReadWords = (tokens, start) => {
  const slash = skip(tokens, start, 'in', 'by', 'on');
  const isMonth = isNumber(tokens, slash, /^\d\d?$/) && isGlued(tokens, slash + 1, '/') && isGlued(tokens, slash + 2);
  if (isMonth && isNumber(tokens, slash + 2, /^20\d\d$/)) return slash + 3;
  if (!isNumber(tokens, start + 1, /^20\d\d$/) || !isPunctuation(tokens, start + 2)) return undefined;
  if (beforeYears.has(at(tokens, start).text)) return start + 2;
  const isNamed = look(months, tokens, start) !== undefined;
  const isIntroduced = ['in', 'by', 'before', 'until', 'of', 'from'].includes(at(tokens, start - 1).text);
  return isNamed && !isIntroduced ? start + 2 : undefined;
};

/** "next 3 days", "next 5 mondays" */
const comingDays: ReadWords = (tokens, start) => {
  if (at(tokens, start).text !== 'next' || at(tokens, start + 1).kind === 'mark') return undefined;
  const number = readNumber(tokens, start + 1);
  const counted = number && at(tokens, number.end).text;
  const isDays =
    counted !== undefined && (Object.hasOwn(pluralWeekdays, counted) || Object.hasOwn(pluralDayParts, counted));
  if (number && (isDays || counted === 'weekends' || counted === 'weekdays')) return number.end + 1;
  const length = readLength(tokens, start + 1);
  return length?.end;
};

/** "the first week of october", "the second half of may", "the 4th quarter" */
const ordinalPeriod: ReadWords = (tokens, start) => {
  const ordinal = readOrdinal(tokens, skip(tokens, start, 'the'));
  const unit = ordinal && at(tokens, ordinal.end).text;
  if (!ordinal || !['week', 'quarter', 'half'].includes(unit!)) return undefined;
  const of = skip(tokens, ordinal.end + 1, 'of', 'in');
  if (of > ordinal.end + 1 && look(months, tokens, of) !== undefined) return of + 1;
  // "the first week of every month"
  if (of > ordinal.end + 1 && ['every', 'each'].includes(at(tokens, of).text)) return of + 2;
  const year = isNumber(tokens, ordinal.end + 1, /^20\d\d$/) ? ordinal.end + 2 : ordinal.end + 1;
  return unit === 'quarter' && isPunctuation(tokens, year) ? year : undefined;
};

/** "a day" of "read 10 pages a day", "/day" of "1h/day" */
const perDay: ReadWords = (tokens, start) => {
  const isPer = ['a', 'per', '/'].includes(at(tokens, start).text);
  if (!isPer || !['day', 'night', 'week', 'month', 'year'].includes(at(tokens, start + 1).text)) return undefined;
  if (!isPunctuation(tokens, start + 2) && at(tokens, start + 2).text !== 'for') return undefined;
  const isCounted = tokens
    .slice(0, start)
    .some(({ kind, text }) => kind === 'number' || Object.hasOwn(smallNumbers, text));
  return isCounted || at(tokens, start).text === 'per' ? start + 2 : undefined;
};

/** Behind "leave in 5": "with Ann", "if you can". */
const behindMinutes: ReadonlySet<string> = new Set(['with', 'please', 'if', 'so', 'because', 'then']);

/** "in 5", "in 2-3 days", "in 3 mondays", "in -2 days" */
const inAnUnclearLength: ReadWords = (tokens, start) => {
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
const lengthOfNothing: ReadWords = (tokens, start) => {
  const isBare = at(tokens, start).text === 'for' && ['week', 'month', 'year'].includes(at(tokens, start + 1).text);
  if (isBare && isPunctuation(tokens, start + 2)) return start + 2;
  if (at(tokens, start).text !== 'for' || !['-', 'zero', 'no'].includes(at(tokens, start + 1).text)) return undefined;
  const number = readNumber(tokens, start + 2);
  const unit = at(tokens, start + 1).text === '-' ? number?.end : start + 2;
  return unit !== undefined && (look(units, tokens, unit) ?? at(tokens, unit).text === 'times') ? unit + 1 : undefined;
};

/** "every 3 or 4 days", "every two to three weeks" */
const unclearInterval: ReadWords = (tokens, start) => {
  const number = at(tokens, start).text === 'every' ? readNumber(tokens, start + 1) : undefined;
  const more = number && skip(tokens, number.end, '-', '–', 'to', 'or');
  return more !== undefined && more > number!.end ? readLength(tokens, more)?.end : undefined;
};

/** "in 5 business days", "5 working days from now" */
const workingDays: ReadWords = (tokens, start) => {
  const number = readNumber(tokens, skip(tokens, start, 'in'));
  if (!number || !['business', 'working', 'work'].includes(at(tokens, number.end).text)) return undefined;
  if (!['day', 'days'].includes(at(tokens, number.end + 1).text)) return undefined;
  const from = skip(tokens, number.end + 2, 'from');
  return from > number.end + 2 ? skip(tokens, from, 'now', 'today') : from;
};

/** "on 3-4", "on 17" */
const numbersAlone: ReadWords = (tokens, start) => {
  if (!['on', 'by', 'due'].includes(at(tokens, start).text)) return undefined;
  const isDay = at(tokens, start).text === 'on' && isNumber(tokens, start + 1, /^(?:[1-9]|[12]\d|3[01])$/);
  if (isDay && (isPunctuation(tokens, start + 2) || at(tokens, start + 2).text === 'at')) return start + 2;
  // "on 1 and 15"
  const isAnd = ['and', '&', ','].includes(at(tokens, start + 2).text);
  if (isDay && isAnd && isNumber(tokens, start + 3, /^(?:[1-9]|[12]\d|3[01])$/) && isPunctuation(tokens, start + 4))
    return start + 4;
  if (!isGlued(tokens, start + 2, '-')) return undefined;
  const isPair = [1, 3].every((offset) => isNumber(tokens, start + offset, /^\d\d?$/));
  return isPair && isPunctuation(tokens, start + 4) ? start + 4 : undefined;
};

/** "3:16" of "Read John 3:16 tonight"; but "Call John 3:30 tonight" */
const verse: ReadWords = (tokens, start, present) => {
  const isVerse = scriptures.has(at(tokens, start - 1).text) && workVerbs.has(at(tokens, 0).text);
  const isPair = isNumber(tokens, start) && isGlued(tokens, start + 1, ':') && isNumber(tokens, start + 2);
  return isVerse && isPair && readDay(tokens, start + 3, present) ? start + 3 : undefined;
};

/** What no other reading of the same words can be: it is looked for first. */
export const readOutside = firstOf([
  ...[lengthOfPast, numberedWeek, monthOrYear, comingDays, ordinalPeriod],
  ...[perDay, inAnUnclearLength, unclearInterval, workingDays, numbersAlone, lengthOfNothing, verse],
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

/** "2 days before the exam", "a week after the launch", "night before the exam" */
const besideEvent: ReadWords = (tokens, start) => {
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

/** "Review q2", "plan for q3 2027", "budget FY27" */
const quarterAtEnd: ReadWords = (tokens, start) => {
  const pattern = { q: /^[1-4]$/, fy: /^(?:20)?\d\d$/ }[at(tokens, start).text];
  const isQuarter = pattern !== undefined && isGlued(tokens, start + 1) && isNumber(tokens, start + 1, pattern);
  const end = isQuarter && isNumber(tokens, start + 2, /^20\d\d$/) ? start + 3 : start + 2;
  return isQuarter && start > 0 && isPunctuation(tokens, end) ? end : undefined;
};

/** "MTWThF", "TR" before a time, as colleges write the days of a class */
const collegeDays: ReadWords = (tokens, start) => {
  const isDays = /^(?=..)M?(?:Tu?)?W?(?:Th|R)?F?$/.test(at(tokens, start).raw);
  return isDays && start > 0 && readClock(tokens, start + 1, false) ? start + 1 : undefined;
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
  const { text } = at(tokens, start);
  // "5 to 6", but not "pages 10 to 12"
  const isCounted = numberedThings.has(at(tokens, start - 1).text) || ratioWords.has(at(tokens, start - 1).text);
  const isDigits = /^(?:5|10|20|25)$/.test(text) && !isCounted;
  if (start === 0 || !(isDigits || Object.hasOwn(smallNumbers, text) || Object.hasOwn(tens, text))) return undefined;
  const clock = readClock(tokens, start, true);
  return clock?.value.form === 'spoken' && isPunctuation(tokens, clock.end) ? clock.end : undefined;
};

/** "at 5:3", "at 5-30", "at -5", "at 800" */
const oddTime: ReadWords = (tokens, start) => {
  if (at(tokens, start).text === 'at' && isNumber(tokens, start + 1, /^\d\d\d$/) && isPunctuation(tokens, start + 2))
    return start + 2;
  if (at(tokens, start).text === 'at' && at(tokens, start + 1).text === '-' && isNumber(tokens, start + 2))
    return start + 3;
  const isPair = [1, 3].every((offset) => at(tokens, start + offset).kind === 'number');
  const isJoined = [':', '-'].includes(at(tokens, start + 2).text) && isGlued(tokens, start + 2);
  return at(tokens, start).text === 'at' && isPair && isJoined ? start + 4 : undefined;
};

/** "after work past 7", "open from 7", "call about 5" */
const hourBehind: ReadWords = (tokens, start) => {
  if (start === 0 || !['past', 'from', 'about'].includes(at(tokens, start).text)) return undefined;
  if (at(tokens, start - 1).kind !== 'word') return undefined;
  return isNumber(tokens, start + 1, /^(?:[1-9]|1[0-2])$/) && isPunctuation(tokens, start + 2) ? start + 2 : undefined;
};

/** "Work 9-5", "work 9-5 monday", "study 10-12 tomorrow" */
const officeHours: ReadWords = (tokens, start, present) => {
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
const hoursOrPages: ReadWords = (tokens, start) => {
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
const hourOrNumber: ReadWords = (tokens, start, present) => {
  const { text } = at(tokens, start - 1);
  // "dinner 7"
  const isLast = /^(?:[1-9]|1[0-2])$/.test(at(tokens, start).text) && isPunctuation(tokens, start + 1);
  const isHeld = isLast && (Object.hasOwn(usualHalves, text) || mealsAndMeetings.has(text));
  return isHeld || isHourBeforeDay(tokens, start, present) ? start + 1 : undefined;
};

/** "Tea 5 30", "lunch 12 15 friday"; but "Call 030 12 30" */
const spacedTime: ReadWords = (tokens, start, present) => {
  const isTime = isNumber(tokens, start, /^(?:\d|1\d|2[0-3])$/) && isNumber(tokens, start + 1, /^[0-5][05]$/);
  if (!isTime || isGlued(tokens, start + 1) || at(tokens, start - 1).kind === 'number') return undefined;
  return isPunctuation(tokens, start + 2) || readDay(tokens, start + 2, present) ? start + 2 : undefined;
};

/** "meeting 930 tomorrow", "call 1730 friday", "call bob 0900 friday"; but "LH 1730 tomorrow" is a flight */
const gluedTimeBeforeDay: ReadWords = (tokens, start, present) => {
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
const timeOrPrice: ReadWords = (tokens, start) => {
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
const leadingTime: ReadWords = (tokens, start) => {
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

/** "Pay taxes april": those that are names, too, in lower case only. */
const monthAtEnd: ReadWords = (tokens, start) => {
  // "may or june"
  const isPair = ['or', 'and', 'to', '-', '/'].includes(at(tokens, start + 1).text) && isClearMonth(tokens, start + 2);
  const isFirst =
    start > 0 && look(months, tokens, start) !== undefined && at(tokens, start).raw === at(tokens, start).text;
  if (isFirst && isPair && isPunctuation(tokens, start + 3)) return start + 3;
  const isLast = start > 0 && isPunctuation(tokens, start + 1);
  return isLast && isClearMonth(tokens, start) && !introducesMonth.has(at(tokens, start - 1).text)
    ? start + 1
    : undefined;
};

/** Whether a month can be nothing else: "April" may be a person. */
export function isClearMonth(tokens: Tokens, index: number): boolean {
  const { raw, text } = at(tokens, index);
  const isName = text.length < 4 || ['april', 'june', 'august', 'march'].includes(text);
  return look(months, tokens, index) !== undefined && (raw === text || !isName);
}

const introducesMonth: ReadonlySet<string> = new Set(
  'in by before until till of from after due during this next last and or to starting'.split(' '),
);

const noDateVerbs: ReadonlySet<string> = new Set([...moneyVerbs, ...nameVerbs]);

/** "01.02", whose zeros no sum of money has */
const pointedDate: ReadWords = (tokens, start) => {
  const isPair = isNumber(tokens, start, /^0[1-9]$/) && isNumber(tokens, start + 2, /^(?:0[1-9]|1[0-2])$/);
  const isPointed = isGlued(tokens, start + 1, '.') && isGlued(tokens, start + 2);
  // "release 26.11"
  const isDay = isNumber(tokens, start, /^(?:1[3-9]|2\d|3[01])$/) && isNumber(tokens, start + 2, /^(?:0[1-9]|1[0-2])$/);
  const { text, kind } = at(tokens, start - 1);
  const isNumbered = numberedThings.has(text) || ratioWords.has(text) || noDateVerbs.has(at(tokens, 0).text);
  if (isDay && isPointed && kind === 'word' && !isNumbered && isPunctuation(tokens, start + 3)) return start + 3;
  return start > 0 && isPair && isPointed && isPunctuation(tokens, start + 3) ? start + 3 : undefined;
};

/** "2026-W20", "2026-05" */
const isoWeekOrMonth: ReadWords = (tokens, start) => {
  if (start === 0 || !isNumber(tokens, start, /^20[2-9]\d$/) || !isGlued(tokens, start + 1)) return undefined;
  const hyphen = skip(tokens, start + 1, '-');
  const number = skip(tokens, hyphen, 'w');
  if (number === start + 1 || !isGlued(tokens, number) || !isNumber(tokens, number, /^[0-5]\d$/)) return undefined;
  const hasDay = number > hyphen && isGlued(tokens, number + 1, '-') && isNumber(tokens, number + 2, /^[1-7]$/);
  const end = hasDay ? number + 3 : number + 1;
  return isPunctuation(tokens, end) ? end : undefined;
};

/** "lunch 17-03", "call 5-5 14:00" */
const dayAndMonth: ReadWords = (tokens, start) => {
  const numbers = [start, start + 2].map((index) => at(tokens, index).text);
  const isPair = numbers.every((text) => /^[0-3]?\d$/.test(text)) && isGlued(tokens, start + 1, '-');
  const isDate = isPair && isGlued(tokens, start + 2) && numbers.some((text) => Number(text) <= 12 && Number(text) > 0);
  const before = at(tokens, start - 1).text;
  const isCounted =
    ratioWords.has(before) || numberedThings.has(before) || numberedThings.has(before.replace(/s$/, ''));
  if (!isDate || isCounted) return undefined;
  // "12-01 kickoff"
  if (start === 0) return numbers.some((text) => /^0/.test(text)) && !isGlued(tokens, 3) ? 3 : undefined;
  const isBeforeTime = !isGlued(tokens, start + 3) && readClock(tokens, skip(tokens, start + 3, 'at'), false);
  return isPunctuation(tokens, start + 3) || isBeforeTime ? start + 3 : undefined;
};

/** "14 juillet 9h", "am 3. juni um 10:00", "morgen um 10": with the time of day, which without the day is another one. */
const foreignDate: ReadWords = (tokens, start, present) => {
  const end = endOfForeignDate(tokens, start) ?? endOfForeignDay(tokens, start);
  if (end === undefined || readDay(tokens, start, present)) return undefined;
  const next = skip(tokens, skip(tokens, end, ','), ...beforeForeignTimes);
  const clock = readClock(tokens, skip(tokens, next, 'las'), true);
  if (!clock) return end;
  const behind = skip(tokens, clock.end, 'uhr');
  const isTime = clock.value.form !== 'bare' || next > end || behind > clock.end || isPunctuation(tokens, clock.end);
  return isTime ? behind : end;
};

const beforeForeignTimes = ['um', 'à', 'a', 'alle', 'ore', 'om', 'às'];

/** "14 juillet", "5 de mayo", "1er mai", "juillet 14", "im juli" */
function endOfForeignDate(tokens: Tokens, start: number): number | undefined {
  if (foreignMonths.has(at(tokens, start).text)) {
    const isIntroduced = ['im', 'en', 'in', 'ab', 'bis', 'ende', 'anfang', 'fin'].includes(at(tokens, start - 1).text);
    if (isNumber(tokens, start + 1, /^(?:[0-3]?\d|20\d\d)$/) && isPunctuation(tokens, start + 2)) return start + 2;
    return isIntroduced && isPunctuation(tokens, start + 1) ? start + 1 : undefined;
  }
  if (!isNumber(tokens, start, /^[0-3]?\d$/)) return undefined;
  const month = skip(tokens, skip(tokens, start + 1, '.', 'er', 'º', '°'), 'de', 'di');
  const { text } = at(tokens, month);
  if (!foreignMonths.has(text)) return undefined;
  // "5 mars bars"
  const next = skip(tokens, month + 1, ...beforeForeignTimes);
  const isEnglish = (text === 'mars' || text === 'mai') && at(tokens, next).kind === 'word';
  return isEnglish && next === month + 1 ? undefined : month + 1;
}

/** "morgen", "le lundi"; but "Placido Domingo" */
function endOfForeignDay(tokens: Tokens, start: number): number | undefined {
  const { text, raw } = at(tokens, start);
  return foreignDays.has(text) && (text !== 'domingo' || raw === text) ? start + 1 : undefined;
}

/** "20 mach", "5th of augut", "jly 5" */
const nearMonth: ReadWords = (tokens, start) => {
  if (start === 0) return undefined;
  if (isNearMonth(at(tokens, start).text)) {
    const day = readOrdinal(tokens, start + 1)?.end ?? start + 2;
    return isNumber(tokens, start + 1, /^(?:[1-9]|[12]\d|3[01])$/) && isPunctuation(tokens, day) ? day : undefined;
  }
  if (!isNumber(tokens, start, /^(?:[1-9]|[12]\d|3[01])$/)) return undefined;
  const month = skip(tokens, readOrdinal(tokens, start)?.end ?? start + 1, 'of');
  return at(tokens, month).isSpaced && isNearMonth(at(tokens, month).text) ? month + 1 : undefined;
};

/** "the first two weeks of august", "12.-14.5.", "the 3 days of may", "the last 3 days of the month" */
const partOfMonth: ReadWords = (tokens, start) => {
  const first = skip(tokens, start, 'the');
  const number = readNumber(tokens, skip(tokens, first, 'first', 'last'));
  const of = number && look(units, tokens, number.end) ? number.end + 1 : undefined;
  if (of !== undefined && at(tokens, of).text === 'of') {
    const period = skip(tokens, of + 1, 'the', 'this', 'next', 'each', 'every', 'my', 'our');
    if (look(months, tokens, period) ?? look(units, tokens, period)) return period + 1;
  }
  const isRange = [0, 3, 5].every((offset) => isNumber(tokens, start + offset, /^\d\d?$/));
  return isRange && ['.', '-', '', '.'].every((mark, at) => mark === '' || isGlued(tokens, start + 1 + at, mark))
    ? skip(tokens, start + 6, '.')
    : undefined;
};

/** "apr '26", "31 12 2026" */
const yearBehind: ReadWords = (tokens, start) => {
  const isShort = ["'", '’'].includes(at(tokens, start + 1).text) && isNumber(tokens, start + 2, /^\d\d$/);
  if (look(months, tokens, start) !== undefined && isShort && isPunctuation(tokens, start + 3)) return start + 3;
  // "summer 2027"
  const isSeason = ['spring', 'summer', 'autumn', 'fall', 'winter'].includes(at(tokens, start).text);
  if (isSeason && isNumber(tokens, start + 1, /^20\d\d$/)) return start + 2;
  const isSpaced = [start, start + 1].every((index) => isNumber(tokens, index, /^[0-3]?\d$/));
  return isSpaced && isNumber(tokens, start + 2, /^20\d\d$/) ? start + 3 : undefined;
};

/** "pills morning and evening" */
const severalParts: ReadWords = (tokens, start) => {
  const [first, second] = [at(tokens, start).text, at(tokens, start + 2).text];
  const isPair = Object.hasOwn(recurringParts, first) && Object.hasOwn(recurringParts, second);
  return start > 0 && isPair && ['and', '&', 'or', 'n', '/', '+'].includes(at(tokens, start + 1).text)
    ? start + 3
    : undefined;
};

/** "Call 5 days", "Call Ann 5 min": in how many, or for how many? */
const bareLength: ReadWords = (tokens, start) => {
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
const onAndOff: ReadWords = (tokens, start) => {
  const on = endOfCount(tokens, start);
  if (on === undefined || at(tokens, on).text !== 'on') return undefined;
  const off = endOfCount(tokens, skip(tokens, skip(tokens, on + 1, ',', '/'), 'and'));
  return off !== undefined && at(tokens, off).text === 'off' ? off + 1 : undefined;
};

/** "by the end of the tax year", "at the start of the season" */
const edgeOfSomething: ReadWords = (tokens, start) => {
  if (!['by', 'before', 'until', 'till', 'at'].includes(at(tokens, start).text)) return undefined;
  const edge = skip(tokens, start + 1, 'the');
  if (!['end', 'start', 'beginning'].includes(at(tokens, edge).text) || at(tokens, edge + 1).text !== 'of')
    return undefined;
  const the = skip(tokens, edge + 2, 'the', 'this', 'my', 'our');
  return at(tokens, the).kind === 'word' ? the + 1 : undefined;
};

/** "tom" and "tod", as some applications shorten tomorrow and today; "Tom" is a name. */
const shortDay: ReadWords = (tokens, start) =>
  start > 0 && ['tom', 'tod'].includes(at(tokens, start).raw) ? start + 1 : undefined;

const unlessRead =
  (reader: ReadWords): ReadWords =>
  (tokens, start, present) => {
    const end = reader(tokens, start, present);
    const read = end === undefined ? undefined : readMoment(tokens, start, present);
    return read && read.end >= end! ? undefined : end;
  };

/** "rec:1w", "wait:30th", "due:socm", as other applications write what a task has */
const readKey: ReadWords = (tokens, start) => {
  const isKey = isGlued(tokens, start + 1, ':') && isGlued(tokens, start + 2);
  if (!isKey || !keysOfTime.has(at(tokens, start).text)) return undefined;
  let end = start + 3;
  while (isGlued(tokens, end)) end++;
  return end;
};

const keysOfTime: ReadonlySet<string> = new Set(
  'rec recur recurrence repeat wait scheduled until due start'.split(' '),
);

/** "vet mo 9", "gym sa 9-10" */
const twoLetterDay: ReadWords = (tokens, start) => {
  const { raw, text } = at(tokens, start);
  const isDay = start > 0 && raw === text && text !== 'we' && Object.hasOwn(twoLetterWeekdays, text);
  return isDay && !isGlued(tokens, start + 1) && readClock(tokens, start + 1, true) ? start + 1 : undefined;
};

/** "half 7", which is 7:30 to some and 6:30 to others */
const halfSeven: ReadWords = (tokens, start) =>
  at(tokens, start).text === 'half' && readClock(tokens, start + 1, true)?.value.form === 'bare'
    ? start + 2
    : undefined;

/** What might be read otherwise, and is not. */
export const readLoose = firstOf([
  ...[
    pointedDate,
    isoWeekOrMonth,
    lastWord,
    halfSeven,
    leadingTime,
    unlessRead(readKey),
    timeOrPrice,
    shortDay,
    dayAndMonth,
    foreignDate,
    nearMonth,
    onAndOff,
    partOfMonth,
    yearBehind,
    monthAtEnd,
    severalParts,
  ],
  ...[
    earlyOrLate,
    besideMoment,
    besideEvent,
    edgeOfSomething,
    spokenTime,
    oddTime,
    officeHours,
    hoursOrPages,
    hourOrNumber,
    bareLength,
    spacedTime,
    gluedTimeBeforeDay,
    hourBehind,
    twoLetterDay,
    quarterAtEnd,
    collegeDays,
  ].map(unlessRead),
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
  const isOdd =
    at(tokens, end).text === 'so' || (['-', '!'].includes(at(tokens, end).text) && isGlued(tokens, end + 1));
  return isOdd ? end + 2 : undefined;
}
