import { Temporal } from 'temporal-polyfill';
import { monthNames, months, tens, units, weekdays } from '../vocabulary/time-words.ts';
import { dayOf, sayDay, startOfMonth, upcoming, type Day, type DayForm, type ReadDay } from './calendar.ts';
import { look, readNumber, readOrdinal } from './number.ts';
import { at, isGlued, isPunctuation, skip, type Read, type Tokens } from './token.ts';

export function ofMonth(ordinal: number, first: Temporal.PlainDate, today: Temporal.PlainDate, end: number): Read<Day> {
  const date = dayOf(first, ordinal);
  if (!date) return { value: { form: 'date', problem: `${monthNames[first.month - 1]} has no day ${ordinal}.` }, end };
  if (Temporal.PlainDate.compare(date, today) < 0)
    return { value: { form: 'date', problem: `${sayDay(date)} has passed.` }, end };
  return { value: { form: 'date', date }, end };
}

/** "2026-03-20" */
export const iso: ReadDay = (tokens, index, { today }) => {
  const compact = /^(20[2-9]\d)(\d\d)(\d\d)$/.exec(at(tokens, index).text)?.slice(1).map(Number);
  if (compact) return { value: exact(today, compact[0]!, compact[1]!, compact[2]!, 'numeric'), end: index + 1 };
  const [year, month, day] = [0, 2, 4].map((offset) => at(tokens, index + offset));
  const isDate =
    year?.kind === 'number' &&
    year.text.length === 4 &&
    ['-', '/', '.'].some((mark) => isGlued(tokens, index + 1, mark) && isGlued(tokens, index + 3, mark)) &&
    month?.kind === 'number' &&
    day?.kind === 'number' &&
    isGlued(tokens, index + 2) &&
    isGlued(tokens, index + 4);
  if (!isDate || month.text.length > 2 || day.text.length > 2) return undefined;
  const value = exact(today, Number(year.text), Number(month.text), Number(day.text), 'date');
  // "2026-03-15 Sun", as Org mode writes it
  const weekday = look(weekdays, tokens, index + 5);
  return { value, end: weekday !== undefined && weekday === value.date?.dayOfWeek ? index + 6 : index + 5 };
};

/** "4.5.2026", "20.3.", "12/25", "31-12-2026" */
export const numeric: ReadDay = (tokens, index, { today, isMonthFirst }) => {
  const [first, second] = [at(tokens, index), at(tokens, index + 2)];
  const mark = at(tokens, index + 1).text;
  const isPair =
    isSmall(tokens, index) && isGlued(tokens, index + 1) && isGlued(tokens, index + 2) && isSmall(tokens, index + 2);
  if (!isPair || !['.', '/', '-'].includes(mark)) return undefined;
  const hasMark = isGlued(tokens, index + 3, mark);
  const year = at(tokens, index + 4);
  const hasYear = hasMark && isGlued(tokens, index + 4) && year.kind === 'number' && [2, 4].includes(year.text.length);
  // "20.3" is a number, unless a point ends it; "3-4" is a range.
  if (mark === '-' && !hasYear) return undefined;
  const [one, other] = [Number(first.text), Number(second.text)];
  const isMonthLeading = mark !== '.' && (one > 12 ? false : other > 12 ? true : isMonthFirst);
  const [day, month] = isMonthLeading ? [other, one] : [one, other];
  if (hasYear) {
    const full = year.text.length === 2 ? 2000 + Number(year.text) : Number(year.text);
    const date = exact(today, full, month, day, 'date');
    // "read 11/22/63"
    const isFar = year.text.length === 2 && full > today.year + 20 && date.date !== undefined;
    return { value: isFar ? { ...date, remark: `I read the year as ${full}.` } : date, end: index + 5 };
  }
  // "saturday 5.12am", "for 1.5 hours"
  const isNumber = ['am', 'pm'].includes(at(tokens, index + 3).text) || look(units, tokens, index + 3) !== undefined;
  if (mark === '.' && isNumber) return undefined;
  const end = mark === '.' && hasMark ? index + 4 : index + 3;
  return { value: ofYear(today, month, day, 'numeric'), end };
};

export function isSmall(tokens: Tokens, index: number): boolean {
  const token = at(tokens, index);
  return token.kind === 'number' && token.text.length <= 2;
}

/** "15 april", "15th of april 2027", "april 15", "april the 15th", "may fifth" */
export const monthAndDay: ReadDay = (tokens, index, { today }) => {
  const month = readMonth(tokens, index);
  if (month) {
    const isHyphened = isGlued(tokens, month.end, '-') && isGlued(tokens, month.end + 1);
    const next = isHyphened ? month.end + 1 : month.end;
    const the = skip(tokens, next, 'the');
    const day =
      readOrdinal(tokens, the) ??
      (the === next ? (readDayNumber(tokens, the) ?? readDayInWords(tokens, the)) : undefined);
    return day && day.value >= 0 ? dated(tokens, day.end, today, month.value, day.value) : undefined;
  }
  const the = skip(tokens, index, 'the');
  const day =
    readOrdinal(tokens, the) ??
    (the === index || at(tokens, the + 1).text === 'of' ? readDayNumber(tokens, the) : undefined);
  if (!day || day.value < 0) return undefined;
  const isJoined = (end: number) => ['.', '-', '/'].some((mark) => isGlued(tokens, end, mark));
  const dot = isJoined(day.end) ? day.end + 1 : day.end;
  const named = readMonth(tokens, skip(tokens, dot, 'of'));
  if (!named) return undefined;
  const isYearJoined = isGlued(tokens, named.end, '-') || isGlued(tokens, named.end, '/');
  return dated(tokens, isYearJoined ? named.end + 1 : named.end, today, named.value, day.value);
};

/** "twenty six" of "may twenty six", with nothing that it could count. */
function readDayInWords(tokens: Tokens, index: number): Read<number> | undefined {
  const number = at(tokens, index).kind === 'word' ? readNumber(tokens, index) : undefined;
  const isLast = number && (isPunctuation(tokens, number.end) || ['at', '@'].includes(at(tokens, number.end).text));
  return isLast ? number : undefined;
}

function readDayNumber(tokens: Tokens, index: number): Read<number> | undefined {
  if (!isSmall(tokens, index)) return undefined;
  // "may 5:30" and "may 5pm" have a time.
  const next = at(tokens, index + 1);
  if (isGlued(tokens, index + 1, ':') && isGlued(tokens, index + 2)) return undefined;
  if (!next.isSpaced && ['am', 'pm', 'h', 'p', 'a'].includes(next.text)) return undefined;
  if (!next.isSpaced && next.text === '/' && !readMonth(tokens, index + 2)) return undefined;
  if (isGlued(tokens, index + 1, '.') && at(tokens, index + 2).kind === 'number' && isGlued(tokens, index + 2))
    return undefined;
  if (next.text === 'am' || next.text === 'pm' || next.text === "o'clock") return undefined;
  return { value: Number(at(tokens, index).text), end: index + 1 };
}

function dated(tokens: Tokens, index: number, today: Temporal.PlainDate, month: number, day: number): Read<Day> {
  // "jun-13-2027"
  const isHyphened = isGlued(tokens, index, '-') && at(tokens, index + 1).text.length === 4;
  const behind = at(tokens, index).text === ',' || isHyphened ? index + 1 : index;
  const year = readYear(tokens, behind) ?? readSaidYear(tokens, behind, today) ?? readShortYear(tokens, behind, today);
  if (year) return { value: exact(today, year.value, month, day, 'date'), end: year.end };
  // The year of "Oct 12-14, 2027" is of both days.
  const isRange = ['-', '–'].includes(at(tokens, index).text) && isSmall(tokens, index + 1);
  const later = isRange ? readYear(tokens, skip(tokens, index + 2, ',')) : undefined;
  return {
    value: later ? exact(today, later.value, month, day, 'date') : ofYear(today, month, day, 'date'),
    end: index,
  };
}

export function readYear(tokens: Tokens, index: number): Read<number> | undefined {
  const token = at(tokens, index);
  const isShort = (token.text === "'" || token.text === '’') && isSmall(tokens, index + 1);
  if (isShort && isGlued(tokens, index + 1))
    return { value: 2000 + Number(at(tokens, index + 1).text), end: index + 2 };
  // "twenty twenty seven"
  const ofCentury =
    token.text === 'twenty' && look(tens, tokens, index + 1) ? readNumber(tokens, index + 1) : undefined;
  if (ofCentury) return { value: 2000 + ofCentury.value, end: ofCentury.end };
  if (token.kind !== 'number' || token.text.length !== 4) return undefined;
  const year = Number(token.text);
  if (isGlued(tokens, index + 1) && ['h', ':', '-', '/'].includes(at(tokens, index + 1).text)) return undefined;
  return year >= 1900 && year <= 2999 ? { value: year, end: index + 1 } : undefined;
}

/** "next year", "of this year" */
export function readSaidYear(tokens: Tokens, index: number, today: Temporal.PlainDate): Read<number> | undefined {
  const which = skip(tokens, index, 'of', 'in');
  const later = ({ this: 0, next: 1 } as Readonly<Record<string, number | undefined>>)[at(tokens, which).text];
  return later !== undefined && at(tokens, which + 1).text === 'year'
    ? { value: today.year + later, end: which + 2 }
    : undefined;
}

/** "26" of "24th dec 26" and "24-dec-26", at the end or before a mark; a time of day would have more. */
function readShortYear(tokens: Tokens, index: number, today: Temporal.PlainDate): Read<number> | undefined {
  const token = at(tokens, index);
  const next = at(tokens, index + 1);
  const isHyphened = ['-', '/'].includes(at(tokens, index - 1).text) && isGlued(tokens, index);
  const isDayFirst = look(months, tokens, isHyphened ? index - 2 : index - 1) !== undefined;
  const isAlone = ['', 'at', '@'].includes(next.text) || (next.text === ',' && !isGlued(tokens, index + 2));
  if (!isDayFirst || token.kind !== 'number' || token.text.length !== 2 || !isAlone) return undefined;
  const year = 2000 + Number(token.text);
  return year >= today.year && year <= today.year + 20 ? { value: year, end: index + 1 } : undefined;
}

export function readMonth(tokens: Tokens, index: number): Read<number> | undefined {
  const month = look(months, tokens, index);
  if (month === undefined) return undefined;
  const isAbbreviated = isGlued(tokens, index + 1, '.') && at(tokens, index).text.length <= 4;
  return { value: month, end: isAbbreviated ? index + 2 : index + 1 };
}

/** Before "first", these make it a day of a month. */
const beforeOrdinals: ReadonlySet<string> = new Set('the on by due until till before starting from after'.split(' '));

/** "15" of "on the 15", "by the 15 at 9" */
function readDayAlone(tokens: Tokens, index: number): Read<number> | undefined {
  const isIntroduced = ['on', 'by', 'until', 'till', 'before', 'due'].includes(at(tokens, index - 1).text);
  if (!isIntroduced || at(tokens, index).text !== 'the' || !isSmall(tokens, index + 1)) return undefined;
  const isLast = isPunctuation(tokens, index + 2) || ['at', '@', 'of'].includes(at(tokens, index + 2).text);
  return isLast ? { value: Number(at(tokens, index + 1).text), end: index + 2 } : undefined;
}

/** "the 20th", "the 20th of next month" */
export const ordinalDay: ReadDay = (tokens, index, { today }) => {
  const ordinal = readOrdinal(tokens, skip(tokens, index, 'the')) ?? readDayAlone(tokens, index);
  if (!ordinal || ordinal.value < 0) return undefined;
  const link = skip(tokens, ordinal.end, 'of');
  const which = at(tokens, link).text;
  const isOfMonth = at(tokens, link + 1).text === 'month' && ['the', 'this', 'next'].includes(which);
  const isSaid = link > ordinal.end || which !== 'the';
  const end = isOfMonth && isSaid ? link + 2 : ordinal.end;
  // "Feed the dog first at 9am"
  const isWord = at(tokens, index).kind === 'word' && at(tokens, index).text !== 'the' && end === ordinal.end;
  if (isWord && !beforeOrdinals.has(at(tokens, index - 1).text)) return undefined;
  if (ordinal.value > 31 || ordinal.value === 0)
    return { value: { form: 'ordinal', problem: `No month has a day ${ordinal.value}.` }, end };
  if (end > ordinal.end && which !== 'the')
    return ofMonth(ordinal.value, startOfMonth(today, which === 'next' ? 1 : 0), today, end);
  // The next month that has such a day; of two neighbours, one has 31 days.
  for (let later = 0; later < 3; later++) {
    const date = dayOf(startOfMonth(today, later), ordinal.value);
    if (date && Temporal.PlainDate.compare(date, today) >= 0)
      return { value: { form: end > ordinal.end ? 'date' : 'ordinal', date, recurs: true }, end };
  }
  return undefined;
};

/** A month alone: its first day, for those who say "in april" or "by april". */
export const monthAlone: ReadDay = (tokens, index, { today }) => {
  const month = readMonth(tokens, index);
  if (!month) return undefined;
  const year = readYear(tokens, month.end) ?? readSaidYear(tokens, month.end, today);
  const day: Day = year
    ? exact(today, year.value, month.value, 1, 'month')
    : { form: 'month', date: upcoming(today, month.value, 1) };
  const remark = day.date && `I read ${monthNames[month.value - 1]} as ${sayDay(day.date)}.`;
  const span = day.date && { first: day.date, last: day.date.with({ day: day.date.daysInMonth }) };
  return { value: { ...day, ...(remark && { remark }), ...(span && { span }) }, end: (year ?? month).end };
};

export function readFirstOfMonth(tokens: Tokens, index: number): Read<Day> | undefined {
  const month = readMonth(tokens, index);
  if (!month) return undefined;
  const remark = `I read ${monthNames[month.value - 1]} as its first day.`;
  return { value: { form: 'month', date: new Temporal.PlainDate(2000, month.value, 1), remark }, end: month.end };
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= Temporal.PlainYearMonth.from({ year, month }).daysInMonth;
}

function sayNoDay(day: number, month: number, year?: number): string {
  if (month < 1 || month > 12) return `There is no month ${month}.`;
  const name = monthNames[month - 1]!;
  return `There is no ${day} ${name}${year === undefined ? '' : ` ${year}`}.`;
}

export function exact(today: Temporal.PlainDate, year: number, month: number, day: number, form: DayForm): Day {
  if (!isDate(year, month, day)) return { form, problem: sayNoDay(day, month, year) };
  const date = Temporal.PlainDate.from({ year, month, day });
  if (year < 1970) return { form, problem: `${sayDay(date)} has passed.` };
  if (Temporal.PlainDate.compare(date, today) < 0) return { form, problem: `${sayDay(date)} has passed.` };
  return { form, date };
}

/** The next time that the calendar has such a day. */
function ofYear(today: Temporal.PlainDate, month: number, day: number, form: DayForm): Day {
  if (!isDate(2000, month, day)) return { form, problem: sayNoDay(day, month) };
  for (let year = today.year; year <= today.year + 8; year++) {
    if (!isDate(year, month, day)) continue;
    const date = Temporal.PlainDate.from({ year, month, day });
    if (Temporal.PlainDate.compare(date, today) < 0) continue;
    const isRareLeapDay = month === 2 && day === 29 && year > today.year + 1;
    // "24 november", said on the 25th, may be that of yesterday.
    const isJustOver = today.until(date).days > 335;
    const remark = isRareLeapDay
      ? `The next 29 February is in ${year}.`
      : isJustOver && `I read that as ${sayDay(date)}.`;
    return { form, date, recurs: true, ...(remark && { remark }) };
  }
  return { form, problem: sayNoDay(day, month) };
}
