import { foreignDays, foreignMonths, months, twoLetterWeekdays, units } from '../vocabulary/time-words.ts';
import { isNearMonth } from '../vocabulary/misspellings.ts';
import { following, moneyVerbs, nameVerbs, numberedThings, ratioWords } from '../vocabulary/title-words.ts';
import { readYear } from './calendar-date.ts';
import { readClock } from './clock.ts';
import { readDay } from './day.ts';
import { readMoment } from './moment.ts';
import { look, readNumber, readOrdinal, isNumber } from './number.ts';
import { at, isGlued, isPunctuation, skip, type Tokens } from './token.ts';
import type { ReadWords } from './unread-form.ts';

/*
 * Days, weeks, months and quarters that mean nothing exact, or are written as no date that chat reads.
 */

/** "in week 20" */
export const weekNumber: ReadWords = (tokens, start) => {
  const week = skip(tokens, skip(tokens, start, 'in', 'by'), 'calendar');
  if (!['week', 'kw', 'cw', 'wk'].includes(at(tokens, week).text)) return undefined;
  return isNumber(tokens, week + 1, /^\d\d?$/) && isPunctuation(tokens, week + 2) ? week + 2 : undefined;
};

/** "on earth day", "by St. Nicholas' day", "on bonfire night": one of the many days that have a name */
export const dayWithName: ReadWords = (tokens, start) => {
  if (!['on', 'by', 'before', 'until', 'till'].includes(at(tokens, start).text)) return undefined;
  const first = skip(tokens, start + 1, 'the', 'a', 'my', 'our', 'your', 'his', 'her', 'their');
  let end = first;
  while (end < first + 6 && (at(tokens, end).kind === 'word' || at(tokens, end).text === '.')) {
    end++;
    const isNamed = end > first + 1 && ['day', 'eve', 'night'].includes(at(tokens, end - 1).text);
    const isApart = isPunctuation(tokens, end) || following.has(at(tokens, end).text);
    if (isNamed && isApart) return end;
  }
  return undefined;
};

const beforeYears: ReadonlySet<string> = new Set(
  'in by before until till after from since through during starting beginning ending'.split(' '),
);

/** "on 5/2027", "by 2027", "in twenty twenty seven", "march 2027" */
export const monthOrYear: ReadWords = (tokens, start) => {
  const slash = skip(tokens, start, 'in', 'by', 'on');
  const isMonth = isNumber(tokens, slash, /^\d\d?$/) && isGlued(tokens, slash + 1, '/') && isGlued(tokens, slash + 2);
  if (isMonth && isNumber(tokens, slash + 2, /^20\d\d$/)) return slash + 3;
  const year = readYear(tokens, start + 1);
  if (!year || year.value < 2000 || !isPunctuation(tokens, year.end)) return undefined;
  if (beforeYears.has(at(tokens, start).text)) return year.end;
  const isNamed = look(months, tokens, start) !== undefined;
  const isIntroduced = ['in', 'by', 'before', 'until', 'of', 'from'].includes(at(tokens, start - 1).text);
  return isNamed && !isIntroduced ? year.end : undefined;
};

/** "the first week of october", "the second half of may", "the 4th quarter" */
export const ordinalPeriod: ReadWords = (tokens, start) => {
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

/** "on 3-4", "on 17" */
export const numbersAlone: ReadWords = (tokens, start) => {
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

/** "early" of "early tomorrow", "late" of "late march" */
export const earlyOrLate: ReadWords = (tokens, start, present) => {
  if (!['early', 'late'].includes(at(tokens, start).text)) return undefined;
  if (look(months, tokens, start + 1) !== undefined) return start + 2;
  const day = readMoment(tokens, start + 1, present)?.value.day;
  return day && !day.isPast ? start + 1 : undefined;
};

/** "Review q2", "plan for q3 2027", "budget FY27" */
export const quarterAtEnd: ReadWords = (tokens, start) => {
  const pattern = { q: /^[1-4]$/, fy: /^(?:20)?\d\d$/ }[at(tokens, start).text];
  const isQuarter = pattern !== undefined && isGlued(tokens, start + 1) && isNumber(tokens, start + 1, pattern);
  const end = isQuarter && isNumber(tokens, start + 2, /^20\d\d$/) ? start + 3 : start + 2;
  return isQuarter && start > 0 && isPunctuation(tokens, end) ? end : undefined;
};

/** "MTWThF", "TR" before a time, as colleges write the days of a class */
export const collegeDays: ReadWords = (tokens, start) => {
  const isDays = /^(?=..)M?(?:Tu?)?W?(?:Th|R)?F?$/.test(at(tokens, start).raw);
  return isDays && start > 0 && readClock(tokens, start + 1, false) ? start + 1 : undefined;
};

/** "Pay taxes april": those that are names, too, in lower case only. */
export const monthAtEnd: ReadWords = (tokens, start) => {
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
export const pointedDate: ReadWords = (tokens, start) => {
  const isPair = isNumber(tokens, start, /^0[1-9]$/) && isNumber(tokens, start + 2, /^(?:0[1-9]|1[0-2])$/);
  // "21.03." is read.
  const isPointed = isGlued(tokens, start + 1, '.') && isGlued(tokens, start + 2) && !isGlued(tokens, start + 3, '.');
  // "release 26.11"
  const isDay = isNumber(tokens, start, /^(?:1[3-9]|2\d|3[01])$/) && isNumber(tokens, start + 2, /^(?:0[1-9]|1[0-2])$/);
  const { text, kind } = at(tokens, start - 1);
  const isNumbered = numberedThings.has(text) || ratioWords.has(text) || noDateVerbs.has(at(tokens, 0).text);
  if (isDay && isPointed && kind === 'word' && !isNumbered && isPunctuation(tokens, start + 3)) return start + 3;
  return start > 0 && isPair && isPointed && isPunctuation(tokens, start + 3) ? start + 3 : undefined;
};

/** "2026-W20", "2026-05" */
export const isoWeekOrMonth: ReadWords = (tokens, start) => {
  if (start === 0 || !isNumber(tokens, start, /^20[2-9]\d$/) || !isGlued(tokens, start + 1)) return undefined;
  const hyphen = skip(tokens, start + 1, '-');
  const number = skip(tokens, hyphen, 'w');
  if (number === start + 1 || !isGlued(tokens, number) || !isNumber(tokens, number, /^[0-5]\d$/)) return undefined;
  const hasDay = number > hyphen && isGlued(tokens, number + 1, '-') && isNumber(tokens, number + 2, /^[1-7]$/);
  const end = hasDay ? number + 3 : number + 1;
  return isPunctuation(tokens, end) ? end : undefined;
};

/** "lunch 17-03", "call 5-5 14:00" */
export const dayAndMonth: ReadWords = (tokens, start) => {
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
export const foreignDate: ReadWords = (tokens, start, present) => {
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
export const nearMonth: ReadWords = (tokens, start) => {
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
export const partOfMonth: ReadWords = (tokens, start) => {
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

/** "April through June", "jan-mar": months of which each one would be due; "in april" is begun by its "in". */
export const monthRange: ReadWords = (tokens, start) => {
  const isRange = ['-', '–', 'to', 'through', 'thru', 'until', 'till'].includes(at(tokens, start + 1).text);
  const isMonths = [start, start + 2].every((index) => look(months, tokens, index) !== undefined);
  if (start === 0 || !isRange || !isMonths || introducesMonth.has(at(tokens, start - 1).text)) return undefined;
  return at(tokens, start + 3).kind === 'number' ? undefined : start + 3;
};

/** "apr '26", "31 12 2026" */
export const yearBehind: ReadWords = (tokens, start) => {
  const isShort = ["'", '’'].includes(at(tokens, start + 1).text) && isNumber(tokens, start + 2, /^\d\d$/);
  if (look(months, tokens, start) !== undefined && isShort && isPunctuation(tokens, start + 3)) return start + 3;
  // "summer 2027"
  const isSeason = ['spring', 'summer', 'autumn', 'fall', 'winter'].includes(at(tokens, start).text);
  if (isSeason && isNumber(tokens, start + 1, /^20\d\d$/)) return start + 2;
  const isSpaced = [start, start + 1].every((index) => isNumber(tokens, index, /^[0-3]?\d$/));
  return isSpaced && isNumber(tokens, start + 2, /^20\d\d$/) ? start + 3 : undefined;
};

/** "by the end of the tax year", "at the start of the season" */
export const edgeOfSomething: ReadWords = (tokens, start) => {
  if (!['by', 'before', 'until', 'till', 'at'].includes(at(tokens, start).text)) return undefined;
  const edge = skip(tokens, start + 1, 'the');
  if (
    !['end', 'start', 'beginning', 'mid', 'middle'].includes(at(tokens, edge).text) ||
    at(tokens, edge + 1).text !== 'of'
  )
    return undefined;
  const the = skip(tokens, edge + 2, 'the', 'this', 'my', 'our');
  return at(tokens, the).kind === 'word' ? the + 1 : undefined;
};

/** "tom" and "tod", as some applications shorten tomorrow and today; "Tom" is a name. */
export const shortDay: ReadWords = (tokens, start) =>
  start > 0 && ['tom', 'tod'].includes(at(tokens, start).raw) ? start + 1 : undefined;

/** "rec:1w", "wait:30th", "due:socm", as other applications write what a task has */
export const readKey: ReadWords = (tokens, start) => {
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
export const twoLetterDay: ReadWords = (tokens, start) => {
  const { raw, text } = at(tokens, start);
  const isDay = start > 0 && raw === text && text !== 'we' && Object.hasOwn(twoLetterWeekdays, text);
  return isDay && !isGlued(tokens, start + 1) && readClock(tokens, start + 1, true) ? start + 1 : undefined;
};
