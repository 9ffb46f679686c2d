import { Temporal } from 'temporal-polyfill';
import { pluralWeekdays, weekdayNames, weekdays } from '../vocabulary/time-words.ts';
import { iso, isSmall, monthAlone, monthAndDay, numeric, ordinalDay } from './calendar-date.ts';
import {
  dayOf,
  inWeek,
  inWeekOf,
  nextWeekday,
  sayDay,
  startOfMonth,
  type Calendar,
  type Day,
  type ReadDay,
} from './calendar.ts';
import { isPointTime } from './clock.ts';
import { holiday } from './holiday.ts';
import { readLength } from './length.ts';
import { readWorkdayWord } from './nth-day.ts';
import { look, readNumber } from './number.ts';
import { edge } from './period.ts';
import { at, isGlued, isPunctuation, phrases, skip, type Read, type Tokens } from './token.ts';

export const weekdayOf: ReadDay = (tokens, index, calendar) => {
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
    const isUnclear = at(tokens, end).text === 'after';
    const said = isUnclear ? { remark: `I read that as ${sayDay(date)}.` } : {};
    return { value: { ...value, date, recurs: false, ...(isPast && { isPast }), ...said }, end: later.end };
  }
  return { value: { ...value, date: coming }, end };
};

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

/** "the monday before christmas", "the last friday before 1 may", "the tuesday after easter" */
export const weekdayBeside: ReadDay = (tokens, index, calendar) => {
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
export const weekdaysFromNow: ReadDay = (tokens, index, { today }) => {
  const number = readNumber(tokens, index);
  const weekday = number && look(eachWeekday, tokens, number.end);
  const isFrom = number && at(tokens, number.end + 1).text === 'from';
  if (weekday === undefined || !isFrom || !['now', 'today'].includes(at(tokens, number.end + 2).text)) return undefined;
  if (number.value < 1 || number.value > 520) return undefined;
  const date = nextWeekday(today, weekday).add({ days: 7 * (number.value - 1) });
  return { value: { form: 'relative', date }, end: number.end + 3 };
};

const readWorkdays = phrases({
  ...{ workday: true, workdays: true, weekdays: true },
  ...{ 'working day': true, 'working days': true, 'work day': true, 'work days': true },
  ...{ 'business day': true, 'business days': true },
});

/** "3 business days from now", "in 5 working days"; holidays are not known. */
export const workdaysFromNow: ReadDay = (tokens, index, { today }) => {
  const number = readNumber(tokens, index);
  const workday = number && readWorkdays(tokens, number.end);
  if (!workday || number.value < 1 || number.value > 1000) return undefined;
  const behind = at(tokens, workday.end).text;
  const isFrom = behind === 'from' && ['now', 'today'].includes(at(tokens, workday.end + 1).text);
  const isIn = ['in', 'within'].includes(at(tokens, index - 1).text) && !['from', 'of'].includes(behind);
  if (!isFrom && !isIn) return undefined;
  let date = today;
  for (let left = number.value; left > 0;) {
    date = date.add({ days: 1 });
    if (date.dayOfWeek < 6) left--;
  }
  const remark = `I counted Monday to Friday: it is due on ${sayDay(date)}.`;
  return { value: { form: 'period', date, remark }, end: isFrom ? workday.end + 2 : workday.end };
};

/** "in week 50", "by calendar week 3": the Monday of that week by ISO 8601, this year's unless it is over. */
export const numberedWeek: ReadDay = (tokens, index, { today }) => {
  const isSaid =
    isLeadingWeek(tokens, index) || ['in', 'by', 'from', 'before', 'until'].includes(at(tokens, index - 1).text);
  const week = skip(tokens, index, 'calendar');
  const number = Number(at(tokens, week + 1).text);
  const isWeek =
    ['week', 'kw', 'cw', 'wk'].includes(at(tokens, week).text) && /^\d\d?$/.test(at(tokens, week + 1).text);
  if (!isSaid || !isWeek || number < 1 || number > 53) return undefined;
  const [first, second] = [today.yearOfWeek!, today.yearOfWeek! + 1].map((year) => mondayOf(year, number));
  const isOver = !first || Temporal.PlainDate.compare(first.add({ days: 6 }), today) < 0;
  const date = isOver ? second : first;
  if (!date) return { value: { form: 'period', problem: `There is no week ${number}.` }, end: week + 2 };
  return { value: { form: 'period', date, remark: `I read week ${number} as ${sayDay(date)}.` }, end: week + 2 };
};

/** "week 50: code freeze"; but "week 12 review" */
const isLeadingWeek = (tokens: Tokens, index: number) =>
  index === 0 && [2, 3].some((behind) => [':', '-', '–'].includes(at(tokens, behind).text));

/** Undefined for the 53rd week of a year that has 52. */
function mondayOf(year: number, week: number): Temporal.PlainDate | undefined {
  const fourth = new Temporal.PlainDate(year, 1, 4);
  const monday = fourth.add({ days: 7 * (week - 1) + 1 - fourth.dayOfWeek });
  return monday.yearOfWeek === year ? monday : undefined;
}

/** "next business day", "the next workday" */
export const nextWorkday: ReadDay = (tokens, index, { today }) => {
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
export const weekOfDate: ReadDay = (tokens, index, calendar) => {
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

export const weekend: ReadDay = (tokens, index, calendar) => {
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

/** "monday the 16th", "friday, 13 march", "fri 13/3": the weekday must be the date's. */
export const weekdayAndDate: ReadDay = (tokens, index, calendar) => {
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
