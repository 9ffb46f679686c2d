import { Temporal } from 'temporal-polyfill';
import { weekdays } from '../vocabulary/time-words.ts';
import { readMonth, readSaidYear, readYear } from './calendar-date.ts';
import { dayOf, nthWeekday, sayDay, startOfMonth, upcoming, type Day, type ReadDay } from './calendar.ts';
import { look, readOrdinal } from './number.ts';
import { at, phrases, skip, type Read, type Tokens } from './token.ts';

/** "the first monday of april", "last friday of the month", "last day of next month", "2nd tuesday in may" */
export const nthOfMonth: ReadDay = (tokens, index, { today }) => {
  const ordinal = readPosition(tokens, skip(tokens, index, 'the'));
  if (!ordinal) return undefined;
  // A weekend begins on Saturday.
  const isWeekend =
    at(tokens, ordinal.end).text === 'weekend' && ['of', 'in'].includes(at(tokens, ordinal.end + 1).text);
  const weekday = isWeekend ? 6 : look(weekdays, tokens, ordinal.end);
  const workday = readWorkdayWord(tokens, ordinal.end);
  const isDay = at(tokens, ordinal.end).text === 'day';
  if (weekday === undefined && !isDay && !workday) return undefined;
  const behind = workday?.end ?? ordinal.end + 1;
  const link = at(tokens, behind).text;
  // "first monday next month"
  const isMonthNext = ['next', 'this'].includes(link) && at(tokens, behind + 1).text === 'month';
  if (link !== 'of' && link !== 'in' && !isMonthNext)
    return weekday === undefined ? undefined : nthOfSomeMonth(ordinal, weekday, today);
  const month = readMonthOf(tokens, isMonthNext ? behind : behind + 1, today);
  if (!month) return undefined;
  const find = (first: Temporal.PlainDate) =>
    workday
      ? nthWorkday(first, ordinal.value)
      : weekday === undefined
        ? dayOf(first, ordinal.value)
        : nthWeekday(first, ordinal.value, weekday);
  let date = find(month.value.first);
  if (date && month.value.recurs && Temporal.PlainDate.compare(date, today) < 0)
    date = find(month.value.first.add({ years: 1 }));
  // "1st wed of month", when this month's is over
  if (date && month.value.isAny && Temporal.PlainDate.compare(date, today) < 0) {
    const next = find(month.value.first.add({ months: 1 }));
    if (next) return { value: { form: 'date', date: next, remark: `I read that as ${sayDay(next)}.` }, end: month.end };
  }
  if (date && Temporal.PlainDate.compare(date, today) < 0) {
    return { value: { form: 'date', problem: `${sayDay(date)} has passed.` }, end: month.end };
  }
  return { value: { form: 'date', ...(date ? { date } : { problem: 'That month has no such day.' }) }, end: month.end };
};

/** "third", "last", "second last", "third-to-last": the last is -1. */
function readPosition(tokens: Tokens, index: number): Read<number> | undefined {
  const word = at(tokens, index).text;
  const ordinal = word === 'penultimate' ? { value: -2, end: index + 1 } : readOrdinal(tokens, index);
  const to = ordinal && skip(tokens, skip(tokens, ordinal.end, '-'), 'to');
  const last = to === undefined ? undefined : skip(tokens, to, '-');
  const isFromEnd = ordinal && ordinal.value > 1 && at(tokens, last!).text === 'last';
  return isFromEnd ? { value: -ordinal.value, end: last! + 1 } : ordinal;
}

/** "the third wednesday", of this month or the next one that has it. */
function nthOfSomeMonth(ordinal: Read<number>, weekday: number, today: Temporal.PlainDate): Read<Day> | undefined {
  // "last friday" is over.
  if (ordinal.value < 1 || ordinal.value > 5) return undefined;
  const dates = [0, 1, 2, 3, 4].map((later) => nthWeekday(startOfMonth(today, later), ordinal.value, weekday));
  const date = dates.find((day) => day && Temporal.PlainDate.compare(day, today) >= 0);
  if (!date) return undefined;
  return { value: { form: 'date', date, remark: `I read that as ${sayDay(date)}.` }, end: ordinal.end + 1 };
}

export const readWorkdayWord = phrases({
  workday: true,
  weekday: true,
  'working day': true,
  'work day': true,
  'business day': true,
});

function nthWorkday(first: Temporal.PlainDate, ordinal: number): Temporal.PlainDate | undefined {
  const days = Array.from({ length: first.daysInMonth }, (_, index) => first.add({ days: index }));
  return days.filter(({ dayOfWeek }) => dayOfWeek <= 5).at(ordinal < 0 ? ordinal : ordinal - 1);
}

interface MonthOf {
  readonly first: Temporal.PlainDate;
  readonly recurs: boolean;
  /** Whether it may be the next month as well as this one. */
  readonly isAny?: boolean;
}

/** "april", "april 2027", "the month", "next month" */
function readMonthOf(tokens: Tokens, index: number, today: Temporal.PlainDate): Read<MonthOf> | undefined {
  const month = readMonth(tokens, index);
  if (month) {
    const year = readYear(tokens, month.end) ?? readSaidYear(tokens, month.end, today);
    const first = year
      ? Temporal.PlainDate.from({ year: year.value, month: month.value, day: 1 })
      : upcoming(today, month.value, 1, true);
    return { value: { first, recurs: !year }, end: year?.end ?? month.end };
  }
  const which = at(tokens, index).text;
  if (which === 'month')
    return { value: { first: startOfMonth(today, 0), recurs: false, isAny: true }, end: index + 1 };
  if (at(tokens, index + 1).text !== 'month' || !['the', 'this', 'next'].includes(which)) return undefined;
  const isAny = which === 'the';
  return { value: { first: startOfMonth(today, which === 'next' ? 1 : 0), recurs: false, isAny }, end: index + 2 };
}
