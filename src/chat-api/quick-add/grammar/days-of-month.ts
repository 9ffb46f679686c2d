import type { Rule } from '../meaning/rule.ts';
import {
  holidays,
  months,
  units,
  weekdayHolidays,
  weekdayNames,
  type DayPart,
  type Unit,
} from '../vocabulary/time-words.ts';
import { look, readOrdinal } from './number.ts';
import { monthly, readIntervalCount, withParts, type ReadRecurrence, type Recurrence } from './recurrence-form.ts';
import { at, isGlued, phrases, skip, type Read, type Tokens } from './token.ts';
import { everyWords, readWeekdayList, workdays } from './weekday-list.ts';

const edges: Readonly<Record<string, 'first' | 'last'>> = {
  end: 'last',
  beginning: 'first',
  start: 'first',
};

/** "end of month", "month end", "start of the year": behind "every". */
export function readEdge(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const edge = look(edges, tokens, index);
  if (edge) {
    const unit = skip(tokens, skip(tokens, index + 1, 'of'), 'the', 'a');
    return edgeOf(at(tokens, unit).text, edge, unit + 1);
  }
  const hyphen = isGlued(tokens, index + 1, '-') ? index + 2 : index + 1;
  // "week end" is the weekend.
  if (at(tokens, index).text === 'week') return undefined;
  return at(tokens, hyphen).text === 'end' ? edgeOf(at(tokens, index).text, 'last', hyphen + 1) : undefined;
}

/** "at the end of every month", "the beginning of each year" */
export function readEdgeOfEvery(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const the = skip(tokens, skip(tokens, index, 'at', 'by', 'on', 'in'), 'the');
  const edge = look(edges, tokens, the);
  const every = skip(tokens, the + 1, 'of');
  if (!edge || !everyWords.has(at(tokens, every).text)) return undefined;
  return edgeOf(at(tokens, every + 1).text, edge, every + 2);
}

function edgeOf(unit: string, edge: 'first' | 'last', end: number): Read<Recurrence> | undefined {
  const day = edge === 'first' ? 1 : -1;
  switch (unit) {
    case 'month':
      return { value: { rule: { frequency: 'MONTHLY', interval: 1, days: [day] } }, end };
    case 'quarter':
    case 'year': {
      const months = edgeMonths[unit][edge];
      return { value: { rule: { frequency: 'YEARLY', interval: 1, months, days: [day] } }, end };
    }
    case 'week': {
      const [weekday, said] = edge === 'first' ? [1, 'start'] : [5, 'end'];
      const remark = `I read the ${said} of the week as ${weekdayNames[weekday - 1]}.`;
      return { value: { rule: { frequency: 'WEEKLY', interval: 1, weekdays: [{ weekday }] }, remark }, end };
    }
    case 'day': {
      return edge === 'last'
        ? { value: { rule: { frequency: 'DAILY', interval: 1 }, parts: [endOfDay] }, end }
        : undefined;
    }
    default:
      return undefined;
  }
}

const edgeMonths = {
  quarter: { first: [1, 4, 7, 10], last: [3, 6, 9, 12] },
  year: { first: [1], last: [12] },
} as const;

const endOfDay: DayPart = { name: 'end of the day', hour: 17, from: 12, until: 24 };

export const isQuarter = ({ name, count }: Unit) => name === 'month' && count === 3;

/** "on the last day", "on the first monday": behind "every quarter". */
export function readDayOfQuarter(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const the = skip(tokens, skip(tokens, skip(tokens, index, ','), 'on'), 'the');
  const nth = readPositions(tokens, the);
  if (!nth) return undefined;
  const [position] = nth.value.positions;
  const isEdge = nth.value.positions.length === 1 && (position === 1 || position === -1);
  if (isEdge && !nth.value.weekdays && !nth.value.isWorkday)
    return edgeOf('quarter', position === 1 ? 'first' : 'last', nth.end);
  return nthOfPeriod(nth.value, 'quarter', nth.end);
}

interface Nth {
  readonly positions: readonly number[];
  readonly weekdays?: readonly number[];
  readonly isWorkday: boolean;
}

/** "3rd friday", "first and third monday of the month", "last day", "last workday of each month", "first monday in may" */
export function readNth(tokens: Tokens, index: number, isMonthSaid: boolean): Read<Recurrence> | undefined {
  const nth = readPositions(tokens, index);
  if (!nth) return undefined;
  const edge = readEdgeDay(tokens, nth);
  if (edge) return edge;
  const unit = at(tokens, nth.end).text === 'of' ? skip(tokens, nth.end + 1, 'the', 'a', 'each', 'every') : nth.end;
  const ofPeriod = unit > nth.end ? nthOfPeriod(nth.value, at(tokens, unit).text, unit + 1) : undefined;
  if (ofPeriod) return ofPeriod;
  const month = readOfMonth(tokens, nth.end);
  const { positions, weekdays: days, isWorkday } = nth.value;
  const end = month?.end ?? nth.end;
  const isSecond = at(tokens, index).text === 'second' && positions[0] === 2 && positions.length === 1;
  const at2 = isSecond && !month && !isMonthSaid;
  if (at2 && days) {
    const ask = `Does "every second ${at(tokens, nth.end - 1).text}" mean every other one, or the second one of each month? Say "every other" or "every 2nd".`;
    return { value: { ask }, end };
  }
  // "every 3rd day" is a length, "the 3rd day of the month" a date.
  const isDay = !days && !isWorkday;
  if (isDay && !month && !isMonthSaid && positions.some((position) => position > 0)) return undefined;
  // "every 3rd workday" may be every third one.
  if (isWorkday && !month && !isMonthSaid && positions.some((position) => position > 1)) return undefined;
  const base: Rule = month?.value
    ? { frequency: 'YEARLY', interval: 1, months: [month.value] }
    : { frequency: 'MONTHLY', interval: 1 };
  const isPossible = positions.every((position) => position <= (days ? 5 : isDay ? 31 : 23));
  if (!isPossible) return { value: { problem: 'No month has that many of those days.' }, end };
  const isInterval = !month && !isMonthSaid && positions.length === 1 && positions[0]! > 1 && positions[0]! < 5;
  const remark =
    positions.includes(5) && days
      ? { remark: 'Months without a fifth one are skipped.' }
      : isInterval && { remark: `I read that as once a month, not as every ${positions[0]} weeks.` };
  if (isDay) return { value: { rule: { ...base, days: positions } }, end };
  if (isWorkday) {
    if (positions.length > 1) return undefined;
    return { value: { rule: { ...base, weekdays: workdays, position: positions[0]! } }, end };
  }
  const weekdayRules = positions.flatMap((position) => days!.map((weekday) => ({ weekday, nth: position })));
  return { value: { rule: { ...base, weekdays: weekdayRules }, ...remark }, end };
}

/** "last day of the quarter", "first day of the year": behind "every". */
function readEdgeDay(tokens: Tokens, { value, end }: Read<Nth>): Read<Recurrence> | undefined {
  const [position] = value.positions;
  const isEdge = value.positions.length === 1 && (position === 1 || position === -1);
  if (!isEdge || value.weekdays || value.isWorkday || at(tokens, end).text !== 'of') return undefined;
  const unit = skip(tokens, end + 1, 'the', 'a', 'each', 'every');
  if (!['quarter', 'year', 'week'].includes(at(tokens, unit).text)) return undefined;
  return edgeOf(at(tokens, unit).text, position === 1 ? 'first' : 'last', unit + 1);
}

const readDayWord = phrases({
  day: 'day',
  'calendar day': 'day',
  workday: 'workday',
  weekday: 'workday',
  'working day': 'workday',
  'work day': 'workday',
  'business day': 'workday',
} as const);

/** "1st and 3rd week on monday", "last week of the month on friday"; "every 3rd week on monday" has an interval. */
export function readWeeksOfMonth(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const weeks = readOrdinals(tokens, index);
  if (!weeks || !['week', 'weeks'].includes(at(tokens, weeks.end).text)) return undefined;
  const month = readOfMonth(tokens, weeks.end + 1);
  const isOfMonth = weeks.value.length > 1 || weeks.value[0] === -1 || (month !== undefined && !month.value);
  const on = skip(tokens, month?.end ?? weeks.end + 1, 'on');
  const days = isOfMonth ? readWeekdayList(tokens, on) : undefined;
  if (!days || weeks.value.some((week) => week === 0 || week > 5)) return undefined;
  const weekdayRules = weeks.value.flatMap((nth) => days.value.map(({ weekday }) => ({ weekday, nth })));
  const base: Rule = month?.value
    ? { frequency: 'YEARLY', interval: 1, months: [month.value] }
    : { frequency: 'MONTHLY', interval: 1 };
  const read = withParts(tokens, { ...base, weekdays: weekdayRules }, days.end);
  const remark = 'I counted the weekdays of the month, not its weeks.';
  return { value: { ...read.value, remark }, end: read.end };
}

/** "1st and 3rd", "first, second and last", "second last": the last is -1. */
export function readOrdinals(tokens: Tokens, index: number): Read<readonly number[]> | undefined {
  const positions: number[] = [];
  let next = index;
  let end = index;
  while (positions.length < 12) {
    const ordinal = readOrdinal(tokens, skip(tokens, next, 'the'));
    if (!ordinal) break;
    const last = skip(tokens, skip(tokens, ordinal.end, '-'), 'to');
    const lastWord = skip(tokens, last, '-');
    // "second last", "third to last"
    const isFromEnd = ordinal.value > 1 && at(tokens, lastWord).text === 'last';
    positions.push(isFromEnd ? -ordinal.value : ordinal.value);
    end = isFromEnd ? lastWord + 1 : ordinal.end;
    next = skip(tokens, skip(tokens, end, ','), 'and', '&');
    if (next === end) break;
  }
  return positions.length > 0 ? { value: positions, end } : undefined;
}

function readPositions(tokens: Tokens, index: number): Read<Nth> | undefined {
  const ordinals = readOrdinals(tokens, index);
  if (!ordinals || ordinals.value.includes(0)) return undefined;
  const { value: positions, end } = ordinals;
  const word = readDayWord(tokens, end);
  if (word) return { value: { positions, isWorkday: word.value === 'workday' }, end: word.end };
  const days = readWeekdayList(tokens, end);
  if (!days) return undefined;
  return { value: { positions, weekdays: days.value.map(({ weekday }) => weekday), isWorkday: false }, end: days.end };
}

/** "of the month", "of every month", "each month"; of a certain month, its number. */
function readOfMonth(tokens: Tokens, index: number): Read<number | undefined> | undefined {
  const link = skip(tokens, index, 'of', 'in');
  if (link > index) {
    const year = skip(tokens, link, 'every', 'each');
    const month = look(months, tokens, year);
    if (month !== undefined) return { value: month, end: year + 1 };
  }
  const the =
    link > index ? skip(tokens, link, 'the', 'a', 'every', 'each', 'any') : skip(tokens, link, 'every', 'each');
  if (at(tokens, the).text === 'month' && the > index) return { value: undefined, end: the + 1 };
  return undefined;
}

/** "the first monday of every month", "1st and 15th of each month", "15th of every month" */
export function readOfEveryMonth(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const the = skip(tokens, skip(tokens, skip(tokens, index, 'due'), 'on', 'by'), 'the');
  const start = at(tokens, the + 1).kind === 'number' ? skip(tokens, the, 'day', 'days') : the;
  const nth = readPositions(tokens, start);
  const days = nth ? undefined : readDayNumbers(tokens, start, start > index);
  const end = nth?.end ?? days?.end;
  if (end === undefined) return undefined;
  const link = skip(tokens, end, 'of', 'in');
  const isEvery = everyWords.has(at(tokens, link).text);
  const isAdverb = at(tokens, end).text === 'monthly';
  if (isAdverb && nth) {
    const read = readNth(tokens, start, true);
    return read && { value: read.value, end: end + 1 };
  }
  if (isAdverb && days) return monthly(days.value, end + 1, 1);
  const ofYear = nth && readNth(tokens, start, false);
  const everyYear = ofYear?.value.rule?.frequency === 'YEARLY' ? readEveryYear(tokens, ofYear.end) : undefined;
  if (everyYear !== undefined) return { value: ofYear!.value, end: everyYear };
  // "the 2nd and 4th tuesday of the month": two days can be no one date.
  const isOfMonth = at(tokens, link).text === 'the' && at(tokens, link + 1).text === 'month';
  if (nth && nth.value.positions.length > 1 && isOfMonth) {
    const read = readNth(tokens, start, false);
    return read && { value: { ...read.value, remark: 'I assumed that it repeats every month.' }, end: link + 2 };
  }
  // "last friday of the month, every month"
  const again = isOfMonth && nth ? readEachMonth(tokens, skip(tokens, link + 2, ',')) : undefined;
  if (again) {
    const read = readNth(tokens, start, false);
    return read && { value: read.value, end: again.end };
  }
  if (!isEvery) return undefined;
  if (nth) {
    const ofPeriod = nthOfPeriod(nth.value, at(tokens, link + 1).text, link + 2);
    if (ofPeriod) return ofPeriod;
    const several = readMonths(tokens, link + 1);
    const nthRule = several && readNth(tokens, start, true)?.value.rule;
    if (nthRule) return { value: { rule: { ...nthRule, interval: several.value } }, end: several.end };
    const read = readNth(tokens, start, false);
    return read && read.end > end ? read : undefined;
  }
  const month = look(months, tokens, link + 1);
  if (month !== undefined && days!.value.length === 1) return yearlyOn(month, days!.value[0]!, link + 2);
  if (at(tokens, link + 1).text === 'month') return monthly(days!.value, link + 2, 1);
  const several = readMonths(tokens, link + 1);
  return several && monthly(days!.value, several.end, several.value);
}

const readEachMonth = phrases({ 'every month': true, 'each month': true, monthly: true });

/** "other month", "3rd month", "2 months": behind "every". */
function readMonths(tokens: Tokens, index: number): Read<number> | undefined {
  const count = readIntervalCount(tokens, index);
  const isMonth = count && ['month', 'months'].includes(at(tokens, count.end).text);
  return isMonth && count.value > 0 && count.value <= 1000 ? { value: count.value, end: count.end + 1 } : undefined;
}

/** "the first tuesday of every quarter", "the last friday of each year" */
function nthOfPeriod({ positions, weekdays: days }: Nth, unit: string, end: number): Read<Recurrence> | undefined {
  const [nth = 0] = positions;
  if ((unit !== 'quarter' && unit !== 'year') || !days || positions.length > 1 || Math.abs(nth) > 4) return undefined;
  const months = edgeMonths[unit][nth > 0 ? 'first' : 'last'];
  return {
    value: { rule: { frequency: 'YEARLY', interval: 1, months, weekdays: days.map((weekday) => ({ weekday, nth })) } },
    end,
  };
}

/** "every year", "yearly": behind "the first monday of september". */
function readEveryYear(tokens: Tokens, index: number): number | undefined {
  if (['yearly', 'annually'].includes(at(tokens, index).text)) return index + 1;
  const isEvery = everyWords.has(at(tokens, index).text) && at(tokens, index + 1).text === 'year';
  return isEvery ? index + 2 : undefined;
}

/** "15th", "15th and 30th", "1st, 10th and 20th"; mere numbers where the sentence says that they are days. */
export function readDayNumbers(
  tokens: Tokens,
  index: number,
  isNumberEnough: boolean,
): Read<readonly number[]> | undefined {
  const days: number[] = [];
  let end = index;
  for (let next = index; days.length < 31;) {
    const start = skip(tokens, next, 'the');
    const number = readOrdinal(tokens, start) ?? (isNumberEnough ? readMonthDay(tokens, start) : undefined);
    if (!number) break;
    days.push(number.value);
    end = number.end;
    next = skip(tokens, skip(tokens, end, ','), 'and', '&');
    if (next === end) break;
  }
  // "every 1st and 3rd week"
  return days.length > 0 && look(units, tokens, end) === undefined ? { value: days, end } : undefined;
}

function readMonthDay(tokens: Tokens, index: number): Read<number> | undefined {
  const token = at(tokens, index);
  const next = at(tokens, index + 1);
  const isAlone = next.isSpaced || [',', '.', '!', '?', ';', ')'].includes(next.text);
  if (token.kind !== 'number' || token.text.length > 2 || !isAlone) return undefined;
  return { value: Number(token.text), end: index + 1 };
}

/** "every 15th and 30th", "every 27" */
export const readMonthDays: ReadRecurrence = (tokens, index) => {
  const days = readDayNumbers(tokens, index, true);
  if (!days) return undefined;
  // "every second", "every third": of what?
  const isWord = days.end === index + 1 && at(tokens, index).kind === 'word';
  if (isWord && days.value[0]! < 4 && !readOfMonth(tokens, days.end)) return undefined;
  const month = readOfMonth(tokens, days.end);
  if (month && month.value === undefined) return monthly(days.value, month.end, 1);
  const read = monthly(days.value, days.end, 1);
  return { value: { ...read.value, needsBoundary: true }, end: read.end };
};

/** "27 jan", "january 27th", "1st of may", "christmas", "march" */
const readHoliday = phrases(holidays);
const readWeekdayHoliday = phrases(weekdayHolidays);
export const readYearly: ReadRecurrence = (tokens, index) => {
  const moving = readWeekdayHoliday(tokens, index);
  if (moving) {
    const [month, weekday, nth] = moving.value;
    return {
      value: { rule: { frequency: 'YEARLY', interval: 1, months: [month], weekdays: [{ weekday, nth }] } },
      end: moving.end,
    };
  }
  const holiday = readHoliday(tokens, index);
  if (holiday) return yearlyOn(holiday.value[0], holiday.value[1], holiday.end);
  const start = skip(tokens, index, 'the');
  const month = look(months, tokens, start);
  if (month !== undefined) {
    const dot = isGlued(tokens, start + 1, '.') ? start + 2 : start + 1;
    const day = readOrdinal(tokens, skip(tokens, dot, 'the')) ?? readMonthDay(tokens, dot);
    if (day && day.value > 0) return withMoreMonths(tokens, yearlyOn(month, day.value, day.end));
    return readMonthList(tokens, start);
  }
  const day = readOrdinal(tokens, start) ?? readMonthDay(tokens, start);
  if (!day || day.value < 1) return undefined;
  const named = skip(tokens, day.end, 'of');
  const monthBehind = look(months, tokens, named);
  return monthBehind === undefined ? undefined : withMoreMonths(tokens, yearlyOn(monthBehind, day.value, named + 1));
};

/** "march", "june and december" */
function readMonthList(tokens: Tokens, index: number): Read<Recurrence> {
  const found: number[] = [];
  let end = index;
  for (let next = index; found.length < 12;) {
    const month = look(months, tokens, next);
    if (month === undefined) break;
    found.push(month);
    end = next + 1;
    next = skip(tokens, skip(tokens, end, ','), 'and', '&');
  }
  const base = { frequency: 'YEARLY', interval: 1, months: [...new Set(found)].toSorted((a, b) => a - b) } as const;
  // "in june on the 1st", "in may on the second monday"
  const the = skip(tokens, skip(tokens, end, 'on'), 'the');
  const nth = the > end ? readNth(tokens, the, true) : undefined;
  const weekdayRules = nth?.value.rule?.weekdays;
  if (nth && weekdayRules) return { value: { rule: { ...base, weekdays: weekdayRules } }, end: nth.end };
  const day = the > end ? readOrdinal(tokens, the) : undefined;
  if (day && day.value > 0 && day.value < 32) return { value: { rule: { ...base, days: [day.value] } }, end: day.end };
  const rule: Rule = { ...base, days: [1] };
  const remark = `I read the ${found.length > 1 ? 'months as their first days' : 'month as its first day'}.`;
  return { value: { rule, remark, needsBoundary: true }, end };
}

/** "1 jan and 1 jul": one rule, if the day is the same. */
function withMoreMonths(tokens: Tokens, first: Read<Recurrence>): Read<Recurrence> {
  const { rule } = first.value;
  const next = skip(tokens, skip(tokens, first.end, ','), 'and', '&');
  if (!rule || next === first.end) return first;
  const more = readYearly(tokens, next);
  const isSameDay = more?.value.rule?.days?.[0] === rule.days?.[0] && !more?.value.needsBoundary;
  if (!more?.value.rule || !isSameDay) return first;
  const months = [...new Set([...rule.months!, ...more.value.rule.months!])].toSorted((a, b) => a - b);
  return { value: { ...first.value, rule: { ...rule, months } }, end: more.end };
}

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function yearlyOn(month: number, day: number, end: number): Read<Recurrence> {
  if (day > longestMonths[month - 1]!) return { value: { problem: 'No year has such a day.' }, end };
  const rule: Rule = { frequency: 'YEARLY', interval: 1, months: [month], days: [day] };
  return { value: { rule }, end };
}
