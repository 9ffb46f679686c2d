import { isNearNext, isNearUnit, isUnclearSlip } from '../vocabulary/misspellings.ts';
import { months, pluralWeekdays, relativeDays, units, weekdays } from '../vocabulary/time-words.ts';
import { zoneAbbreviations } from '../vocabulary/zones.ts';
import { isNumber, look, readOrdinal } from './number.ts';
import { at, isGlued, isPunctuation, skip, type Tokens } from './token.ts';
import { isClearMonth } from './unread-dates.ts';

/*
 * Words that can hardly mean anything but a time, wherever they stand: where no phrase has them, the answer names them.
 */

/** "lunchtomorrow", "gymtonight" */
const gluedDay = /^\p{L}{2,40}(?:tomorrow|tonight|today|(?:mon|tues|wednes|thurs|fri|satur|sun)day)$/u;

const clearWords: ReadonlySet<string> = new Set([
  ...Object.keys({ ...weekdays, ...pluralWeekdays, ...relativeDays }).filter((word) => word.length > 4),
  ...['tonight', 'tmrw', 'midnight', 'eod', 'eow', 'eom', 'eoy', 'cob', 'eob'],
]);

/**
 * "!tomorrow", "wait:monday", "7:30-ish": whatever else its marks make of it, a word that can hardly mean anything but
 * a time. Returns the index behind it.
 */
export function readStray(tokens: Tokens, index: number): number | undefined {
  // "mon-wed,fri", "{fri}"
  const isMarked =
    isGlued(tokens, index) && [',', '{', '*', '_', '=', '|', '!', '>', '<'].includes(at(tokens, index - 1).text);
  if (isMarked && look(weekdays, tokens, index) !== undefined) return index + 1;
  // "@due(2026-03-20)"
  const isDate = /^20\d\d$/.test(at(tokens, index).text) && isGlued(tokens, index + 1, '-');
  const isHeld =
    isGlued(tokens, index) &&
    ['(', '[', '{', '=', ':', '<', '>', '~', '^', '!', '@', '*'].includes(at(tokens, index - 1).text);
  if (isDate && isHeld && [2, 4].every((offset) => isNumber(tokens, index + offset, /^\d\d$/))) return index + 5;
  // "fri13"
  const isDayAndNumber =
    at(tokens, index).isSpaced && isGlued(tokens, index + 1) && isNumber(tokens, index + 1, /^\d\d?$/);
  if (isDayAndNumber && look(weekdays, tokens, index) !== undefined) return index + 2;
  // "march, 31"
  const isMonth = isClearMonth(tokens, index) && at(tokens, index + 1).text === ',';
  if (isMonth && isNumber(tokens, index + 2, /^(?:[1-9]|[12]\d|3[01])$/) && isPunctuation(tokens, index + 3))
    return index + 3;
  // "oct 17+18"
  const isPair =
    isNumber(tokens, index + 1, /^\d\d?$/) &&
    ['+', '&', '/'].some((mark) => isGlued(tokens, index + 2, mark)) &&
    isNumber(tokens, index + 3, /^\d\d?$/);
  if (isPair && look(months, tokens, index) !== undefined) return index + 4;
  // "in 5 minuets", "nexy week"
  const isLength = ['in', 'every', 'within'].includes(at(tokens, index - 1).text) && isNumber(tokens, index, /^\d\d?$/);
  if (isLength && isNearUnit(at(tokens, index + 1).text)) return index + 2;
  const isPeriod = ['week', 'month', 'year', 'weekend', 'quarter'].includes(at(tokens, index + 1).text);
  const isDay = isPeriod || look(weekdays, tokens, index + 1) !== undefined;
  if (isDay && isNearNext(at(tokens, index).text)) return index + 2;
  // "at :15 past every hour"
  const isMinute = at(tokens, index).text === ':' && at(tokens, index).isSpaced && isGlued(tokens, index + 1);
  if (isMinute && isNumber(tokens, index + 1, /^[0-5]\d$/)) return index + 2;
  // "pay the invoice net 30"
  const isTerm = at(tokens, index).text === 'net' && isNumber(tokens, index + 1, /^(?:7|1[045]|30|45|[69]0)$/);
  if (isTerm && isPunctuation(tokens, index + 2)) return index + 2;
  // "fri+1"
  const isShifted = isGlued(tokens, index + 1, '+') && isNumber(tokens, index + 2);
  if (isShifted && look(weekdays, tokens, index) !== undefined) return index + 3;
  // ".+2d/3d", "++1d" without a day
  const isRepeater =
    ['.', '+'].includes(at(tokens, index).text) && isGlued(tokens, index + 1, '+') && isNumber(tokens, index + 2);
  if (isRepeater && isGlued(tokens, index + 3)) return index + 4;
  // "5 to 8 tram"
  const isClock = index === 0 && isNumber(tokens, 0, /^(?:5|10|20|25)$/) && at(tokens, 1).text === 'to';
  if (isClock && isNumber(tokens, 2, /^(?:[1-9]|1[0-2])$/) && at(tokens, 3).kind === 'word') return 3;
  const shorthand = endOfShorthand(tokens, index);
  if (shorthand !== undefined) return shorthand;
  const written = endOfWrittenRule(tokens, index);
  if (written !== undefined) return written;
  // "20260505T140000"
  if (isNumber(tokens, index, /^20[2-9]\d[01]\d[0-3]\d$/)) return index + 1;
  // "Monday.com"
  const isAddress = isGlued(tokens, index + 1, '.') && isGlued(tokens, index + 2);
  if (clearWords.has(at(tokens, index).text)) return isAddress ? undefined : index + 1;
  if (isUnclearSlip(at(tokens, index).raw)) return index + 1;
  if (gluedDay.test(at(tokens, index).text) && !isAddress) return index + 1;
  const isHour = isNumber(tokens, index, /^\d\d?$/);
  // "5pmm"
  if (isHour && isGlued(tokens, index + 1) && /^(?:[ap]mm+|aam|ppm)$/.test(at(tokens, index + 1).text))
    return index + 2;
  if (isHour && ['am', 'pm'].includes(at(tokens, index + 1).text)) return index + 2;
  return isHour && isGlued(tokens, index + 1, ':') && isNumber(tokens, index + 2, /^[0-5]\d$/) ? index + 3 : undefined;
}

/** "RRULE:FREQ=DAILY", "P1D", "PT30M", "R/P1W", as programs write how often and how long. */
function endOfWrittenRule(tokens: Tokens, index: number): number | undefined {
  const { text, raw, isSpaced } = at(tokens, index);
  const isRule =
    (text === 'rrule' && isGlued(tokens, index + 1, ':')) || (text === 'freq' && isGlued(tokens, index + 1, '='));
  const isLength =
    (isSpaced || ['/', ':', '='].includes(at(tokens, index - 1).text)) &&
    /^PT?$/.test(raw) &&
    isGlued(tokens, index + 1) &&
    isNumber(tokens, index + 1) &&
    isGlued(tokens, index + 2) &&
    /^[DWMYHST]$/.test(at(tokens, index + 2).raw);
  if (!isRule && !isLength) return undefined;
  let end = index + 1;
  while (isGlued(tokens, end) && !isPunctuation(tokens, end)) end++;
  return end;
}

const romanMonth = /^(?:I{1,3}|I?V|VI{1,3}|I?X|XI{1,2})$/;
const dayNumber = /^(?:[1-9]|[12]\d|3[01])$/;

/** "jog m w f", "invoice 1st/15th", "{20 mar}", "9 PST", "20 III 2026", "T-2 days", "8/20h" */
function endOfShorthand(tokens: Tokens, index: number): number | undefined {
  const { text, raw } = at(tokens, index);
  const before = at(tokens, index - 1);
  if (index > 0 && initials.has(text)) {
    let end = index;
    let count = 0;
    for (; initials.has(at(tokens, end).text); count++) end = skip(tokens, end + 1, '/', ',', '&', 'and');
    if (count > 2 && isPunctuation(tokens, end)) return end;
  }
  const ordinal = at(tokens, index).kind === 'number' ? readOrdinal(tokens, index)?.end : undefined;
  if (ordinal !== undefined && ['/', '&', ','].includes(at(tokens, ordinal).text)) {
    const other = at(tokens, ordinal + 1).kind === 'number' ? readOrdinal(tokens, ordinal + 1)?.end : undefined;
    if (other !== undefined && isPunctuation(tokens, other)) return other;
  }
  if (!isNumber(tokens, index, /^\d\d?$/)) return undefined;
  const next = at(tokens, index + 1);
  // "buy 20 mar apples" has no date.
  const isHeld = !at(tokens, index).isSpaced && ['{', '<', '[', '('].includes(before.text);
  if (isHeld && dayNumber.test(text) && look(months, tokens, index + 1) !== undefined) return index + 2;
  if (Number(text) < 25 && /^[A-Z]{2,4}$/.test(next.raw) && Object.hasOwn(zoneAbbreviations, next.text))
    return index + 2;
  if (dayNumber.test(text) && romanMonth.test(next.raw) && isNumber(tokens, index + 2, /^20\d\d$/)) return index + 3;
  // "11/XII"
  const isSlashed = ['/', '.', '-'].includes(next.text) && isGlued(tokens, index + 1) && isGlued(tokens, index + 2);
  if (isSlashed && dayNumber.test(text) && romanMonth.test(at(tokens, index + 2).raw)) return index + 3;
  const isBehindMark = !at(tokens, index).isSpaced && ['-', '+'].includes(before.text);
  if (isBehindMark && look(units, tokens, index + 1) !== undefined && isPunctuation(tokens, index + 2))
    return index + 2;
  const isHours = before.text === '/' && next.text === 'h' && !next.isSpaced && raw.length < 3;
  return isHours ? index + 2 : undefined;
}

/** Days of the week as timetables write them. */
const initials: ReadonlySet<string> = new Set(['m', 't', 'tu', 'w', 'th', 'f', 'sa', 'su']);
