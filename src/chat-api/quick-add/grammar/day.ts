import { Temporal } from 'temporal-polyfill';
import {
  dayParts,
  dayPartsOfToday,
  easterDays,
  halvesAsParts,
  holidays,
  monthNames,
  months,
  pluralWeekdays,
  relativeDays,
  shadesOfDayParts,
  weekdayHolidays,
  weekdayNames,
  weekdays,
  type DayPart,
} from '../vocabulary/time-words.ts';
import { isPointTime } from './clock.ts';
import { negate, readLength, type Length } from './length.ts';
import { look, readNumber, readOrdinal } from './number.ts';
import { at, isGlued, isPunctuation, phrases, skip, type Read, type Tokens } from './token.ts';

/** What a day that is said depends on. */
export interface Calendar {
  readonly today: Temporal.PlainDate;
  /** Whether 4/5 is in April. */
  readonly isMonthFirst: boolean;
  /** With which weekday a week begins; Monday is 1. */
  readonly firstWeekday: number;
}

/** How a day was said, from what can hardly be anything else to what often is. */
export type DayForm = 'relative' | 'date' | 'weekday' | 'period' | 'holiday' | 'numeric' | 'ordinal' | 'month';

export interface Day {
  readonly form: DayForm;
  /** Absent when there is no such day. */
  readonly date?: Temporal.PlainDate;
  readonly part?: DayPart;
  /** Why there is no such day. */
  readonly problem?: string;
  /** What the user should know about the choice of the day. */
  readonly remark?: string;
  /** Whether the words speak of the past: "yesterday", "last week". */
  readonly isPast?: boolean;
  readonly weekday?: number;
  /** Whether the date would come again: "5 May", "Friday". */
  readonly recurs?: boolean;
}

type ReadDay = (tokens: Tokens, index: number, calendar: Calendar) => Read<Day> | undefined;

/** The longest of the readings that the words allow. */
export const readDay: ReadDay = (tokens, index, calendar) => {
  const plain = readPlainDay(tokens, index, calendar);
  const distant = fromDay(tokens, index, calendar);
  return distant && distant.end > (plain?.end ?? index) ? distant : plain;
};

const readPlainDay: ReadDay = (tokens, index, calendar) => {
  let longest: Read<Day> | undefined;
  for (const reader of readers) {
    const read = reader(tokens, index, calendar);
    if (read && read.end > (longest?.end ?? index)) longest = read;
  }
  return longest;
};

const readRelativeDay = phrases(relativeDays);
const readPartOfToday = phrases(dayPartsOfToday);
const readHolidayName = phrases(holidays);

const relative: ReadDay = (tokens, index, { today }) => {
  const days = readRelativeDay(tokens, index);
  if (!days) return undefined;
  const isPast = days.value < 0;
  const week = at(tokens, days.end).text === 'week' && !isPast ? 7 : 0;
  const date = today.add({ days: days.value + week });
  return { value: { form: 'relative', date, ...(isPast && { isPast }) }, end: week ? days.end + 1 : days.end };
};

const partOfToday: ReadDay = (tokens, index, { today }) => {
  const part = readPartOfToday(tokens, index);
  return part && { value: { form: 'relative', date: today, part: part.value }, end: part.end };
};

/** "in an hour" is a moment; this is "a week from friday", "2 weeks from tomorrow", "3 days before 1 May". */
const fromDay: ReadDay = (tokens, index, calendar) => {
  const length = readLength(tokens, index) ?? readUncounted(tokens, index);
  if (!length || length.value.seconds !== 0) return undefined;
  const direction = at(tokens, length.end).text;
  // "for 10 days from 18 december" says how long.
  if (at(tokens, index - 1).text === 'for' && direction === 'from') return undefined;
  const isWeeks = length.value.days % 7 === 0 && length.value.days > 0 && at(tokens, index - 1).text !== 'for';
  const isOnWeekday = isWeeks && direction === 'on' && look(weekdays, tokens, length.end + 1) !== undefined;
  const isDay = ['today', 'tomorrow'].includes(direction) && length.value.days % 7 === 0;
  if (!isDay && !isOnWeekday && !['from', 'after', 'before'].includes(direction)) return undefined;
  if (at(tokens, length.end + 1).text === 'now' && !isDay) return undefined;
  const day = readPlainDay(tokens, isDay ? length.end : length.end + 1, calendar);
  if (!day || day.value.isPast) return undefined;
  if (!day.value.date) return day;
  const date = plus(day.value.date, direction === 'before' ? negate(length.value) : length.value);
  const { remark } = day.value;
  return { value: { form: 'relative', ...(date ? { date } : tooFar), ...(remark && { remark }) }, end: day.end };
};

/** "week from friday", "the day before christmas" */
function readUncounted(tokens: Tokens, index: number): Read<Length> | undefined {
  const start = at(tokens, index + 1).text === 'day' ? skip(tokens, index, 'the') : index;
  const days = { day: 1, week: 7, fortnight: 14 }[at(tokens, start).text];
  return days === undefined ? undefined : { value: { months: 0, days, seconds: 0 }, end: start + 1 };
}

const tooFar = { problem: 'That is too far in the future.' };

/** Undefined beyond the years that a date may have. */
export function plus(date: Temporal.PlainDate, { months: count, days }: Length): Temporal.PlainDate | undefined {
  try {
    const later = date.add({ months: count, days });
    return later.year > 9999 || later.year < 1970 ? undefined : later;
  } catch {
    return undefined;
  }
}

const nextWeekday = (after: Temporal.PlainDate, weekday: number) =>
  after.add({ days: ((weekday - after.dayOfWeek + 6) % 7) + 1 });

const weekdayOf: ReadDay = (tokens, index, calendar) => {
  const { today } = calendar;
  // "the monday after next"
  const isAfterNext = at(tokens, index + 2).text === 'after' && at(tokens, index + 3).text === 'next';
  const isDefinite = isAfterNext || ['following', 'coming', 'upcoming'].includes(at(tokens, index + 1).text);
  if (at(tokens, index).text === 'the' && isDefinite) return weekdayOf(tokens, index + 1, calendar);
  const modifier = at(tokens, index).text;
  const isOver = ['last', 'past', 'previous'].includes(modifier);
  const isModified = isOver || ['next', 'this', 'coming', 'following', 'upcoming'].includes(modifier);
  let start = isModified ? index + 1 : index;
  if (modifier === 'this' && ['coming', 'upcoming'].includes(at(tokens, start).text)) start++;
  const weekday = look(weekdays, tokens, start);
  if (weekday === undefined) return undefined;
  let end = start + 1;
  if (isGlued(tokens, end, '.') && !at(tokens, start).text.endsWith('day')) end++;
  const coming = nextWeekday(today, weekday);
  const value = { form: 'weekday' as const, weekday, recurs: true };
  // "monday before last"
  const isBeforeLast = at(tokens, end).text === 'before' && at(tokens, end + 1).text === 'last';
  if (isOver || isBeforeLast) return { value: { form: 'weekday', isPast: true }, end: isBeforeLast ? end + 2 : end };
  if (modifier === 'this' && start === index + 1) {
    const date = weekday === today.dayOfWeek ? today : coming;
    return { value: { ...value, date, recurs: false }, end };
  }
  if (modifier === 'next') {
    // Next week's, unless this week's is over.
    const date = inWeek(calendar, weekday, 1);
    const remark = `I read "next ${weekdayNames[weekday - 1]}" as ${weekdayNames[weekday - 1]} of next week.`;
    return { value: { ...value, date, recurs: false, ...(coming.equals(date) ? {} : { remark }) }, end };
  }
  const distant = readWeeksBehind(tokens, end, calendar, weekday);
  if (distant && !isModified) return { value: { ...value, ...distant.value, recurs: false }, end: distant.end };
  const later = readWeekBehind(tokens, end);
  if (later) {
    const date = later.isFromComing ? coming.add({ days: later.value * 7 }) : inWeek(calendar, weekday, later.value);
    const isPast = date.since(today).sign < 0;
    return { value: { ...value, date, recurs: false, ...(isPast && { isPast }) }, end: later.end };
  }
  return { value: { ...value, date: coming }, end };
};

/** The weekday of this week, or of one so many weeks later. */
function inWeek({ today, firstWeekday }: Calendar, weekday: number, later: number): Temporal.PlainDate {
  const first = today.subtract({ days: (today.dayOfWeek - firstWeekday + 7) % 7 });
  return first.add({ days: ((weekday - firstWeekday + 7) % 7) + 7 * later });
}

/** "wednesday in two weeks", "wednesday 2 weeks from now": that of the week which is then. */
function readWeeksBehind(
  tokens: Tokens,
  index: number,
  { today }: Calendar,
  weekday: number,
): Read<Pick<Day, 'date' | 'remark'>> | undefined {
  const length = readLength(tokens, skip(tokens, index, 'in'));
  const isFromNow = length && at(tokens, length.end).text === 'from' && at(tokens, length.end + 1).text === 'now';
  if (!length || (at(tokens, index).text !== 'in' && !isFromNow)) return undefined;
  const date = inWeekOf(today, length.value, weekday);
  return (
    date && { value: { date, remark: `I read that as ${sayDay(date)}.` }, end: isFromNow ? length.end + 2 : length.end }
  );
}

/** The weekday of the week that is so many whole weeks later. */
export function inWeekOf(today: Temporal.PlainDate, length: Length, weekday: number): Temporal.PlainDate | undefined {
  const isWeeks = length.days > 0 && length.days % 7 === 0 && length.months === 0 && length.seconds === 0;
  const later = isWeeks ? plus(today, length) : undefined;
  return later?.add({ days: weekday - later.dayOfWeek });
}

/** "friday week", "friday next week", "monday of next week" */
function readWeekBehind(
  tokens: Tokens,
  index: number,
): { value: number; end: number; isFromComing: boolean } | undefined {
  const { text } = at(tokens, index);
  if (text === 'week') return { value: 1, end: index + 1, isFromComing: true };
  if (text === 'fortnight') return { value: 2, end: index + 1, isFromComing: true };
  if (text === 'after' && at(tokens, index + 1).text === 'next')
    return { value: 1, end: index + 2, isFromComing: true };
  const next = skip(tokens, index, 'of', 'in');
  const which = at(tokens, next).text;
  if (at(tokens, next + 1).text === 'week' && (which === 'next' || which === 'this')) {
    return { value: which === 'next' ? 1 : 0, end: next + 2, isFromComing: false };
  }
  return undefined;
}

/** "next week", "this month", "the week after next", "next week friday"; "last week" is over. */
const period: ReadDay = (tokens, index, calendar) => {
  const { today } = calendar;
  const start = skip(tokens, index, 'the');
  const which = at(tokens, start).text;
  const unit = at(tokens, start + 1).text;
  if (isPeriod(which) && at(tokens, start + 1).text === 'after' && at(tokens, start + 2).text === 'next') {
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
  return { value: { form: 'period', date, remark }, end: start + 2 };
};

function ofMonth(ordinal: number, first: Temporal.PlainDate, today: Temporal.PlainDate, end: number): Read<Day> {
  const date = dayOf(first, ordinal);
  if (!date) return { value: { form: 'date', problem: `${monthNames[first.month - 1]} has no day ${ordinal}.` }, end };
  if (Temporal.PlainDate.compare(date, today) < 0)
    return { value: { form: 'date', problem: `${sayDay(date)} has passed.` }, end };
  return { value: { form: 'date', date }, end };
}

function endingPeriod(unit: Period, calendar: Calendar, end: number): Read<Day> {
  const date = endOf(unit, calendar, 0);
  return { value: { form: 'period', date, remark: `I read "this ${unit}" as ${sayDay(date)}.` }, end };
}

type Period = 'week' | 'month' | 'quarter' | 'year';

function isPeriod(text: string): text is Period {
  return text === 'week' || text === 'month' || text === 'quarter' || text === 'year';
}

const startOfMonth = (today: Temporal.PlainDate, later: number) => today.with({ day: 1 }).add({ months: later });

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
const edge: ReadDay = (tokens, index, calendar) => {
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
    return { value: { form: 'date', date: upcoming(today, month.value, day) }, end: month.end };
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
const quarterAlone: ReadDay = (tokens, index, { today }) => {
  const quarter = readQuarter(tokens, index, today);
  if (!quarter) return undefined;
  const name = `Q${at(tokens, index + 1).text}`;
  if (Temporal.PlainDate.compare(quarter.value, today) < 0)
    return { value: { form: 'month', problem: `${name} has begun.` }, end: quarter.end };
  const remark = `I read ${name} as ${sayDay(quarter.value)}.`;
  return { value: { form: 'month', date: quarter.value, remark }, end: quarter.end };
};

/** "the monday before christmas", "the last friday before 1 may", "the tuesday after easter" */
const weekdayBeside: ReadDay = (tokens, index, calendar) => {
  const the = skip(tokens, index, 'the');
  const start = skip(tokens, the, 'last', 'first', 'next');
  const weekday = look(weekdays, tokens, start);
  const direction = at(tokens, start + 1).text;
  if (weekday === undefined || (direction !== 'before' && direction !== 'after')) return undefined;
  const day = [holiday, iso, numeric, monthAndDay, edge]
    .map((reader) => reader(tokens, start + 2, calendar))
    .concat(direction === 'before' ? [monthAlone(tokens, start + 2, calendar)] : [])
    .find((read) => read !== undefined);
  if (!day?.value.date) return day;
  const after = nextWeekday(day.value.date, weekday);
  const before = nextWeekday(day.value.date.subtract({ days: 8 }), weekday);
  const date = direction === 'after' ? after : before;
  if (Temporal.PlainDate.compare(date, calendar.today) < 0)
    return { value: { form: 'date', problem: `${sayDay(date)} has passed.` }, end: day.end };
  return { value: { form: 'date', date, remark: `I read that as ${sayDay(date)}.` }, end: day.end };
};

const eachWeekday = { ...pluralWeekdays, ...weekdays };

/** "two fridays from now" */
const weekdaysFromNow: ReadDay = (tokens, index, { today }) => {
  const number = readNumber(tokens, index);
  const weekday = number && look(eachWeekday, tokens, number.end);
  const isFrom = number && at(tokens, number.end + 1).text === 'from';
  if (weekday === undefined || !isFrom || !['now', 'today'].includes(at(tokens, number.end + 2).text)) return undefined;
  if (number.value < 1 || number.value > 520) return undefined;
  const date = nextWeekday(today, weekday).add({ days: 7 * (number.value - 1) });
  return { value: { form: 'relative', date }, end: number.end + 3 };
};

/** "next business day", "the next workday" */
const nextWorkday: ReadDay = (tokens, index, { today }) => {
  const which = skip(tokens, index, 'the');
  const workday = at(tokens, which).text === 'next' ? readWorkdayWord(tokens, which + 1) : undefined;
  if (!workday) return undefined;
  const days = { 5: 3, 6: 2 }[today.dayOfWeek] ?? 1;
  return { value: { form: 'relative', date: today.add({ days }) }, end: workday.end };
};

/** "before the weekend", "after the weekend": the working days beside it. */
export const readBesideWeekend: ReadDay = (tokens, index, { today }) => {
  const direction = at(tokens, index).text;
  const isWeekend = ['the', 'this'].includes(at(tokens, index + 1).text) && at(tokens, index + 2).text === 'weekend';
  if (!isWeekend || (direction !== 'before' && direction !== 'after')) return undefined;
  const monday = nextWeekday(today, 1);
  const friday = monday.subtract({ days: 3 });
  const date = direction === 'after' ? monday : friday;
  const isOver = Temporal.PlainDate.compare(date, today) < 0;
  return { value: { form: 'relative', date: isOver ? date.add({ days: 7 }) : date }, end: index + 3 };
};

/** "the week of march 16": its Monday, unless that is over. */
const weekOfDate: ReadDay = (tokens, index, calendar) => {
  const week = skip(tokens, index, 'the');
  const isOf = at(tokens, week).text === 'week' && at(tokens, week + 1).text === 'of';
  const read = isOf ? readDateOf(tokens, week + 2, calendar) : undefined;
  if (!read) return undefined;
  const monday = read.date.subtract({ days: read.date.dayOfWeek - 1 });
  const date = Temporal.PlainDate.compare(monday, calendar.today) < 0 ? read.date : monday;
  return { value: { form: 'period', date, remark: `I read that week as ${sayDay(date)}.` }, end: read.end };
};

function readDateOf(
  tokens: Tokens,
  index: number,
  calendar: Calendar,
): { date: Temporal.PlainDate; end: number } | undefined {
  const read = [iso, numeric, monthAndDay, ordinalDay]
    .map((reader) => reader(tokens, index, calendar))
    .find((day) => day?.value.date);
  return read && { date: read.value.date!, end: read.end };
}

const weekend: ReadDay = (tokens, index, calendar) => {
  const { today } = calendar;
  const over = skip(tokens, index, 'over', 'during');
  const which = at(tokens, over).text;
  const isDetermined = ['the', 'this', 'next', 'coming', 'upcoming', 'last'].includes(which);
  if (over > index && !isDetermined) return undefined;
  const coming = which === 'this' ? skip(tokens, over + 1, 'coming', 'upcoming') : over + 1;
  const start = isDetermined ? coming : over;
  if (at(tokens, start).text !== 'weekend') return undefined;
  const saturdayOf = at(tokens, start + 1).text === 'of' ? readDateOf(tokens, start + 2, calendar) : undefined;
  if (saturdayOf) {
    const { date, end } = saturdayOf;
    return {
      value: {
        form: 'date',
        date: date.dayOfWeek === 7 ? date.subtract({ days: 1 }) : date.add({ days: 6 - date.dayOfWeek }),
      },
      end,
    };
  }
  if (which === 'last' || which === 'previous') return { value: { form: 'period', isPast: true }, end: start + 1 };
  // A weekend is one wherever the week begins.
  const monday = today.add({ days: 8 - today.dayOfWeek });
  if (at(tokens, start + 1).text === 'after' && at(tokens, start + 2).text === 'next') {
    const date = monday.add({ days: 12 });
    return {
      value: { form: 'period', date, remark: `I read that as the weekend of ${sayDay(date)}.` },
      end: start + 3,
    };
  }
  const saturday = today.dayOfWeek > 5 ? today : nextWeekday(today, 6);
  if (which !== 'next') return { value: { form: 'period', date: saturday }, end: start + 1 };
  const remark = 'I read "next weekend" as the one at the end of next week.';
  return { value: { form: 'period', date: monday.add({ days: 5 }), remark }, end: start + 1 };
};

/** "the first monday of april", "last friday of the month", "last day of next month", "2nd tuesday in may" */
const nthOfMonth: ReadDay = (tokens, index, { today }) => {
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

function dayOf(first: Temporal.PlainDate, ordinal: number): Temporal.PlainDate | undefined {
  if (Math.abs(ordinal) > first.daysInMonth) return undefined;
  return first.with({ day: ordinal < 0 ? first.daysInMonth + 1 + ordinal : ordinal });
}

function nthWeekday(first: Temporal.PlainDate, ordinal: number, weekday: number): Temporal.PlainDate | undefined {
  if (ordinal < 0) {
    const last = first.with({ day: first.daysInMonth });
    const date = last.subtract({ days: ((last.dayOfWeek - weekday + 7) % 7) - 7 * (ordinal + 1) });
    return date.month === first.month ? date : undefined;
  }
  const date = first.add({ days: ((weekday - first.dayOfWeek + 7) % 7) + (ordinal - 1) * 7 });
  return date.month === first.month && ordinal > 0 ? date : undefined;
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

const readWorkdayWord = phrases({
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
  if (which === 'month') return { value: { first: startOfMonth(today, 0), recurs: false }, end: index + 1 };
  if (at(tokens, index + 1).text !== 'month' || !['the', 'this', 'next'].includes(which)) return undefined;
  return { value: { first: startOfMonth(today, which === 'next' ? 1 : 0), recurs: false }, end: index + 2 };
}

/** "2026-03-20" */
const iso: ReadDay = (tokens, index, { today }) => {
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
const numeric: ReadDay = (tokens, index, { today, isMonthFirst }) => {
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
    return { value: exact(today, full, month, day, 'date'), end: index + 5 };
  }
  const end = mark === '.' && hasMark ? index + 4 : index + 3;
  return { value: ofYear(today, month, day, 'numeric'), end };
};

function isSmall(tokens: Tokens, index: number): boolean {
  const token = at(tokens, index);
  return token.kind === 'number' && token.text.length <= 2;
}

/** "15 april", "15th of april 2027", "april 15", "april the 15th", "may fifth" */
const monthAndDay: ReadDay = (tokens, index, { today }) => {
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
  const day = readOrdinal(tokens, the) ?? (the === index ? readDayNumber(tokens, index) : undefined);
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
  if (token.kind !== 'number' || token.text.length !== 4) return undefined;
  const year = Number(token.text);
  if (isGlued(tokens, index + 1) && ['h', ':', '-', '/'].includes(at(tokens, index + 1).text)) return undefined;
  return year >= 1900 && year <= 2999 ? { value: year, end: index + 1 } : undefined;
}

/** "next year", "of this year" */
function readSaidYear(tokens: Tokens, index: number, today: Temporal.PlainDate): Read<number> | undefined {
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

function readMonth(tokens: Tokens, index: number): Read<number> | undefined {
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
const ordinalDay: ReadDay = (tokens, index, { today }) => {
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

const readWeekdayHoliday = phrases(weekdayHolidays);
const readEasterDay = phrases(easterDays);

/** "thanksgiving", "easter monday": with its date, since hardly anybody knows it. */
function readMovingHoliday(tokens: Tokens, index: number, today: Temporal.PlainDate): Read<Day> | undefined {
  const byWeekday = readWeekdayHoliday(tokens, index);
  const byEaster = readEasterDay(tokens, index);
  const dateIn = (year: number) => {
    if (byEaster) return easterSunday(year).add({ days: byEaster.value });
    const [month, weekday, nth] = byWeekday!.value;
    return nthWeekday(new Temporal.PlainDate(year, month, 1), nth, weekday)!;
  };
  const end = byEaster?.end ?? byWeekday?.end;
  if (end === undefined) return undefined;
  const date = [dateIn(today.year), dateIn(today.year + 1)].find((day) => Temporal.PlainDate.compare(day, today) >= 0)!;
  const name = tokens
    .slice(index, end)
    .map(({ raw }) => raw)
    .join(' ');
  return { value: { form: 'holiday', date, remark: `I read "${name}" as ${sayDay(date)}.` }, end };
}

/** By the Gregorian computus of Meeus, Jones and Butcher. */
function easterSunday(year: number): Temporal.PlainDate {
  const golden = year % 19;
  const [century, ofCentury] = [Math.floor(year / 100), year % 100];
  const moon = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - moon + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const days = epact + weekday - 7 * late + 114;
  return new Temporal.PlainDate(year, Math.floor(days / 31), (days % 31) + 1);
}

const holiday: ReadDay = (tokens, index, { today }) => {
  const moving = readMovingHoliday(tokens, index, today);
  if (moving) return moving;
  const name = readHolidayName(tokens, index);
  if (!name) return undefined;
  const [month, day] = name.value;
  return { value: { form: 'holiday', date: upcoming(today, month, day) }, end: name.end };
};

/** A month alone: its first day, for those who say "in april" or "by april". */
const monthAlone: ReadDay = (tokens, index, { today }) => {
  const month = readMonth(tokens, index);
  if (!month) return undefined;
  const year = readYear(tokens, month.end) ?? readSaidYear(tokens, month.end, today);
  const day: Day = year
    ? exact(today, year.value, month.value, 1, 'month')
    : { form: 'month', date: upcoming(today, month.value, 1) };
  const remark = day.date && `I read ${monthNames[month.value - 1]} as ${sayDay(day.date)}.`;
  return { value: { ...day, ...(remark && { remark }) }, end: (year ?? month).end };
};

function readFirstOfMonth(tokens: Tokens, index: number): Read<Day> | undefined {
  const month = readMonth(tokens, index);
  if (!month) return undefined;
  const remark = `I read ${monthNames[month.value - 1]} as its first day.`;
  return { value: { form: 'month', date: new Temporal.PlainDate(2000, month.value, 1), remark }, end: month.end };
}

/** "monday the 16th", "friday, 13 march", "fri 13/3": the weekday must be the date's. */
const weekdayAndDate: ReadDay = (tokens, index, calendar) => {
  const weekday = look(weekdays, tokens, index);
  if (weekday === undefined) return undefined;
  let next = index + 1;
  if (isGlued(tokens, next, '.')) next++;
  next = skip(tokens, next, ',');
  next = skip(tokens, next, 'on');
  const date = [iso, numeric, monthAndDay, ordinalDay]
    .map((reader) => reader(tokens, next, calendar))
    .filter((read) => read !== undefined)
    .toSorted((a, b) => b.end - a.end)[0];
  if (!date) return readDateOfWeekday(tokens, next, calendar.today, weekday);
  // "thu 15.30"
  const isTime = isPointTime(tokens, next) && date?.value.date?.dayOfWeek !== weekday;
  if (isTime) return undefined;
  if (!date.value.date) return date;
  if (date.value.date.dayOfWeek === weekday) {
    return { value: { ...date.value, form: 'date', weekday }, end: date.end };
  }
  // The 16th that is a Monday may be in another month.
  const other = date.value.form === 'ordinal' ? withWeekday(calendar.today, date.value.date.day, weekday) : undefined;
  // "thursday 13th" in five months might be a slip.
  if (other)
    return {
      value: { form: 'date', date: other, weekday, remark: `I read that as ${sayDay(other)}.` },
      end: date.end,
    };
  const problem = `${sayDay(date.value.date)} is a ${weekdayNames[date.value.date.dayOfWeek - 1]}.`;
  return { value: { form: 'date', problem }, end: date.end };
};

/** "friday 13", with nothing behind it, where the next 13th is a Friday; "friday 7" has a time. */
function readDateOfWeekday(
  tokens: Tokens,
  index: number,
  today: Temporal.PlainDate,
  weekday: number,
): Read<Day> | undefined {
  const day = isSmall(tokens, index) ? Number(at(tokens, index).text) : 0;
  if (day <= 12 || day > 31 || !isPunctuation(tokens, index + 1)) return undefined;
  const date = [0, 1, 2]
    .map((later) => dayOf(startOfMonth(today, later), day))
    .find((one) => one && Temporal.PlainDate.compare(one, today) >= 0);
  return date?.dayOfWeek === weekday
    ? { value: { form: 'date', date, weekday, remark: `I read that as ${sayDay(date)}.` }, end: index + 1 }
    : undefined;
}

function withWeekday(today: Temporal.PlainDate, day: number, weekday: number): Temporal.PlainDate | undefined {
  for (let later = 0; later < 24; later++) {
    const date = dayOf(startOfMonth(today, later), day);
    if (date && date.dayOfWeek === weekday && Temporal.PlainDate.compare(date, today) >= 0) return date;
  }
  return undefined;
}

/** "next april", "this december"; "last december" is over. */
const namedMonth: ReadDay = (tokens, index, { today }) => {
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

const readers: readonly ReadDay[] = [
  ...[relative, partOfToday, weekdayAndDate, weekdayOf, weekdayBeside, period, edge, weekend, weekOfDate, nthOfMonth],
  ...[
    iso,
    numeric,
    monthAndDay,
    ordinalDay,
    holiday,
    monthAlone,
    namedMonth,
    quarterAlone,
    weekdaysFromNow,
    nextWorkday,
  ],
];

/** The next such day, today included. */
function upcoming(today: Temporal.PlainDate, month: number, day: number, isWholeMonth = false): Temporal.PlainDate {
  const date = Temporal.PlainDate.from({ year: today.year, month, day }, { overflow: 'constrain' });
  const isOver = isWholeMonth ? month < today.month : Temporal.PlainDate.compare(date, today) < 0;
  return isOver ? date.add({ years: 1 }) : date;
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

export function sayDay(date: Temporal.PlainDate): string {
  return `${date.day} ${monthNames[date.month - 1]} ${date.year}`;
}

function exact(today: Temporal.PlainDate, year: number, month: number, day: number, form: DayForm): Day {
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
    const remark =
      month === 2 && day === 29 && year > today.year + 1 ? { remark: `The next 29 February is in ${year}.` } : {};
    return { form, date, recurs: true, ...remark };
  }
  return { form, problem: sayNoDay(day, month) };
}

const readShade = phrases(shadesOfDayParts);
const readHalfAsPart = phrases(halvesAsParts);

/** "morning" or "late afternoon", right behind a day. */
export function readDayPart(tokens: Tokens, index: number): Read<DayPart> | undefined {
  const shade = readShade(tokens, index);
  if (shade) return shade;
  const half = readHalfAsPart(tokens, index);
  const next = half && at(tokens, half.end);
  if (half && (next?.kind === 'end' || next?.kind === 'mark')) return half;
  const part = look(dayParts, tokens, index);
  return part && { value: part, end: index + 1 };
}
