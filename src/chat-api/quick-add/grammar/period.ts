import { Temporal } from 'temporal-polyfill';
import { monthNames, weekdayNames, weekdays } from '../vocabulary/time-words.ts';
import { exact, monthAndDay, ofMonth, readFirstOfMonth, readMonth, readYear } from './calendar-date.ts';
import { inWeek, sayDay, startOfMonth, upcoming, type Calendar, type Day, type ReadDay } from './calendar.ts';
import { look, readOrdinal } from './number.ts';
import { at, isGlued, skip, type Read, type Tokens } from './token.ts';

/** "next week", "this month", "the week after next", "next week friday"; "last week" is over. */
export const period: ReadDay = (tokens, index, calendar) => {
  const { today } = calendar;
  const start = skip(tokens, index, 'the');
  const which = at(tokens, start).text;
  const unit = at(tokens, start + 1).text;
  const early = at(tokens, index + 2).text;
  if (which === 'early' && unit === 'next' && isPeriod(early)) {
    const date = startOf(early, calendar, 1);
    return {
      value: { form: 'period', date, remark: `I read "early next ${early}" as ${sayDay(date)}.` },
      end: index + 3,
    };
  }
  if (isPeriod(which) && at(tokens, start + 1).text === 'after' && at(tokens, start + 2).text === 'next') {
    const next = skip(tokens, start + 3, 'on', ',');
    const weekday = which === 'week' ? look(weekdays, tokens, next) : undefined;
    if (weekday !== undefined)
      return { value: { form: 'weekday', weekday, date: inWeek(calendar, weekday, 2) }, end: next + 1 };
    return { value: { form: 'period', date: startOf(which, calendar, 2) }, end: start + 3 };
  }
  // "the week before last"
  if (isPeriod(which) && unit === 'before' && at(tokens, start + 2).text === 'last')
    return { value: { form: 'period', isPast: true }, end: start + 3 };
  if (!isPeriod(unit)) return undefined;
  if (['last', 'past', 'previous'].includes(which)) return { value: { form: 'period', isPast: true }, end: start + 2 };
  if (which !== 'next' && which !== 'this' && which !== 'coming') return undefined;
  if (unit === 'week') {
    const next = skip(tokens, start + 2, 'on', ',');
    const weekday = look(weekdays, tokens, next);
    if (weekday !== undefined) {
      const date = inWeek(calendar, weekday, which === 'this' ? 0 : 1);
      const isPast = Temporal.PlainDate.compare(date, today) < 0;
      return { value: { form: 'weekday', weekday, date, ...(isPast && { isPast }) }, end: next + 1 };
    }
  }
  if (unit === 'year' && which !== 'coming') {
    // "next year in march", "next year on 5 may"
    const on = skip(tokens, skip(tokens, start + 2, ','), 'in', 'on');
    const month = monthAndDay(tokens, on, calendar) ?? readFirstOfMonth(tokens, on);
    const year = today.year + (which === 'next' ? 1 : 0);
    const date = month?.value.date;
    if (date && on > start + 2) {
      const { remark } = month.value;
      return {
        value: { ...exact(today, year, date.month, date.day, 'date'), ...(remark && { remark }) },
        end: month.end,
      };
    }
  }
  if (unit === 'month') {
    // "next month on the 5th"
    const the = skip(tokens, skip(tokens, start + 2, ','), 'on');
    const ordinal = readOrdinal(tokens, skip(tokens, the, 'the'));
    if (ordinal && ordinal.value > 0)
      return ofMonth(ordinal.value, startOf('month', calendar, which === 'this' ? 0 : 1), today, ordinal.end);
  }
  if (which === 'this') return endingPeriod(unit, calendar, start + 2);
  const date = startOf(unit, calendar, 1);
  const remark = `I read "next ${unit}" as ${sayDay(date)}.`;
  const last = startOf(unit, calendar, 2).subtract({ days: 1 });
  return { value: { form: 'period', date, remark, span: { first: date, last } }, end: start + 2 };
};

function endingPeriod(unit: Period, calendar: Calendar, end: number): Read<Day> {
  const date = endOf(unit, calendar, 0);
  const span = { first: calendar.today, last: startOf(unit, calendar, 1).subtract({ days: 1 }) };
  return { value: { form: 'period', date, remark: `I read "this ${unit}" as ${sayDay(date)}.`, span }, end };
}

type Period = 'week' | 'month' | 'quarter' | 'year';

function isPeriod(text: string): text is Period {
  return text === 'week' || text === 'month' || text === 'quarter' || text === 'year';
}

/** Of a week, it is the Monday. */
function startOf(unit: Period, calendar: Calendar, later: number): Temporal.PlainDate {
  const { today } = calendar;
  if (unit === 'week') return inWeek(calendar, 1, later);
  if (unit === 'year') return Temporal.PlainDate.from({ year: today.year + later, month: 1, day: 1 });
  if (unit === 'month') return startOfMonth(today, later);
  const first = startOfMonth(today, 0);
  return first.with({ month: first.month - ((first.month - 1) % 3) }).add({ months: 3 * later });
}

/** A week ends on Friday, as far as work goes. */
function endOf(unit: Period, calendar: Calendar, later: number): Temporal.PlainDate {
  if (unit !== 'week') return startOf(unit, calendar, later + 1).subtract({ days: 1 });
  const { today } = calendar;
  const friday = inWeek(calendar, 5, later);
  // Said on a Saturday or Sunday, it is the end of that weekend.
  const isOver = Temporal.PlainDate.compare(friday, today) < 0;
  return isOver ? today.add({ days: 7 - today.dayOfWeek }) : friday;
}

const edges: Readonly<Record<string, 'start' | 'middle' | 'end'>> = {
  end: 'end',
  beginning: 'start',
  start: 'start',
  middle: 'middle',
};
const edgeDays: Readonly<Record<string, 'start' | 'end'>> = { first: 'start', last: 'end' };
const shortEnds: Readonly<Record<string, Period>> = { eom: 'month', eoy: 'year', eow: 'week', eoq: 'quarter' };

/** "end of next month", "the beginning of april", "eom", "mid april" */
export const edge: ReadDay = (tokens, index, calendar) => {
  const { today } = calendar;
  const short = look(shortEnds, tokens, index);
  if (short) return { value: endingDay(short, calendar, 0), end: index + 1 };
  const named = at(tokens, index).text;
  const hyphen = isGlued(tokens, index + 1, '-') ? index + 2 : index + 1;
  // "year end"
  if (isPeriod(named) && named !== 'week' && at(tokens, hyphen).text === 'end')
    return { value: endingDay(named, calendar, 0), end: hyphen + 1 };
  if (at(tokens, index).text === 'midweek') return middleOfWeek(calendar, 0, index + 1);
  if (at(tokens, index).text === 'mid') {
    const of = isGlued(tokens, index + 1, '-') ? index + 2 : index + 1;
    const isNext = at(tokens, of).text === 'next' || at(tokens, of).text === 'this';
    if (at(tokens, isNext ? of + 1 : of).text === 'week')
      return middleOfWeek(calendar, at(tokens, of).text === 'next' ? 1 : 0, isNext ? of + 2 : of + 1);
    if (at(tokens, of).text === 'month') {
      const date = startOfMonth(today, today.day > 15 ? 1 : 0).with({ day: 15 });
      return {
        value: { form: 'period', date, remark: `I read the middle of the month as ${sayDay(date)}.` },
        end: of + 1,
      };
    }
    // "mid next month"
    if (at(tokens, of).text === 'next' && at(tokens, of + 1).text === 'month')
      return { value: { form: 'period', date: startOfMonth(today, 1).with({ day: 15 }) }, end: of + 2 };
    const month = readMonth(tokens, of);
    if (!month) return undefined;
    return { value: { form: 'date', date: upcoming(today, month.value, 15) }, end: month.end };
  }
  const start = skip(tokens, index, 'the');
  // "the last of april"; "last april" is over.
  const isLastOf = at(tokens, start).text === 'last' && at(tokens, start + 1).text === 'of';
  // "the last day of the quarter"
  const isDayOf = at(tokens, start + 1).text === 'day' && at(tokens, start + 2).text === 'of';
  const dayOfEdge = isDayOf ? look(edgeDays, tokens, start) : undefined;
  const which = isLastOf ? 'end' : (dayOfEdge ?? look(edges, tokens, start));
  if (!which || (isDayOf && !dayOfEdge)) return undefined;
  const isLinked = at(tokens, start + 1).text === 'of';
  const next = isDayOf ? start + 3 : isLinked ? start + 2 : start + 1;
  const month = readMonth(tokens, next);
  if (month) {
    const first = upcoming(today, month.value, 1, true);
    const day = which === 'start' ? 1 : which === 'middle' ? 15 : first.daysInMonth;
    const form = which === 'end' ? 'date' : 'period';
    return { value: { form, date: upcoming(today, month.value, day) }, end: month.end };
  }
  const quarter = readQuarter(tokens, next, today);
  if (quarter && which !== 'middle') {
    const date = which === 'start' ? quarter.value : quarter.value.add({ months: 3 }).subtract({ days: 1 });
    return { value: { form: 'date', date }, end: quarter.end };
  }
  const determiner = at(tokens, next).text;
  const isDetermined = ['the', 'this', 'next'].includes(determiner);
  const unit = at(tokens, isDetermined ? next + 1 : next).text;
  if (!isPeriod(unit) || (isDayOf && unit === 'week')) return undefined;
  if (!isDetermined && which !== 'end') return undefined;
  const later = determiner === 'next' ? 1 : 0;
  const end = isDetermined ? next + 2 : next + 1;
  if (which === 'end') return { value: endingDay(unit, calendar, later), end };
  const first = startOf(unit, calendar, later);
  if (which === 'middle' && unit === 'week') return middleOfWeek(calendar, later, end);
  const date = which === 'start' ? first : unit === 'month' ? first.with({ day: 15 }) : undefined;
  if (!date) return undefined;
  if (Temporal.PlainDate.compare(date, today) < 0) {
    if (isDayOf && determiner === 'the') return { value: { form: 'period', date: startOf(unit, calendar, 1) }, end };
    return { value: { form: 'period', problem: `The ${at(tokens, start).text} of this ${unit} has passed.` }, end };
  }
  return { value: { form: 'period', date }, end };
};

function endingDay(unit: Period, calendar: Calendar, later: number): Day {
  const date = endOf(unit, calendar, later);
  return {
    form: 'period',
    date,
    ...(unit === 'week' && { remark: `I read the end of the week as ${weekdayNames[date.dayOfWeek - 1]}.` }),
  };
}

function middleOfWeek(calendar: Calendar, later: number, end: number): Read<Day> {
  const wednesday = inWeek(calendar, 3, later);
  const isOver = Temporal.PlainDate.compare(wednesday, calendar.today) < 0;
  const remark = 'I read the middle of the week as Wednesday.';
  return { value: { form: 'period', date: isOver ? wednesday.add({ days: 7 }) : wednesday, remark }, end };
}

/** "Q3", "Q3 2027": its first day; this year's unless that quarter is over. */
function readQuarter(tokens: Tokens, index: number, today: Temporal.PlainDate): Read<Temporal.PlainDate> | undefined {
  const number = at(tokens, index + 1).text;
  if (at(tokens, index).text !== 'q' || !isGlued(tokens, index + 1) || !/^[1-4]$/.test(number)) return undefined;
  const year = readYear(tokens, index + 2);
  const first = Temporal.PlainDate.from({ year: year?.value ?? today.year, month: Number(number) * 3 - 2, day: 1 });
  const isOver = !year && Temporal.PlainDate.compare(first.add({ months: 3 }), today) <= 0;
  return { value: isOver ? first.add({ years: 1 }) : first, end: year?.end ?? index + 2 };
}

/** "by Q3" */
export const quarterAlone: ReadDay = (tokens, index, { today }) => {
  const quarter = readQuarter(tokens, index, today);
  if (!quarter) return undefined;
  const name = `Q${at(tokens, index + 1).text}`;
  if (Temporal.PlainDate.compare(quarter.value, today) < 0)
    return { value: { form: 'month', problem: `${name} has begun.` }, end: quarter.end };
  const remark = `I read ${name} as ${sayDay(quarter.value)}.`;
  return { value: { form: 'month', date: quarter.value, remark }, end: quarter.end };
};

/** "next april", "this december"; "last december" is over. */
export const namedMonth: ReadDay = (tokens, index, { today }) => {
  const which = at(tokens, index).text;
  const month = ['next', 'this', 'last', 'previous'].includes(which) ? readMonth(tokens, index + 1) : undefined;
  // "this may be late"
  const isWord = which !== 'next' && ['may', 'march'].includes(at(tokens, index + 1).text);
  if (!month || (isWord && at(tokens, month.end).kind !== 'end')) return undefined;
  if (which === 'last') return { value: { form: 'period', isPast: true }, end: month.end };
  const date = upcoming(today, month.value, 1);
  const remark = `I read "${which} ${monthNames[month.value - 1]}" as ${sayDay(date)}.`;
  return { value: { form: 'period', date, remark }, end: month.end };
};
