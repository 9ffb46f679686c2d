import {
  dayParts,
  dayPartsOfToday,
  halvesAsParts,
  relativeDays,
  shadesOfDayParts,
  weekdays,
  type DayPart,
} from '../vocabulary/time-words.ts';
import { iso, monthAlone, monthAndDay, numeric, ordinalDay } from './calendar-date.ts';
import { plus, tooFar, type Day, type ReadDay } from './calendar.ts';
import { holiday } from './holiday.ts';
import { negate, readLength, type Length } from './length.ts';
import { nthOfMonth } from './nth-day.ts';
import { look } from './number.ts';
import { edge, namedMonth, period, quarterAlone } from './period.ts';
import { at, phrases, skip, type Read, type Tokens } from './token.ts';
import {
  nextWorkday,
  numberedWeek,
  weekdayAndDate,
  weekdayBeside,
  weekdayOf,
  weekdaysFromNow,
  weekend,
  weekOfDate,
  workdaysFromNow,
} from './weekday.ts';

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
  const start = isDay ? length.end : length.end + 1;
  const coming = readPlainDay(tokens, start, calendar);
  // "30 days after 1 may", said on 13 May
  const isYearly = direction === 'after' && ['date', 'numeric', 'holiday'].includes(coming?.value.form ?? '');
  const earlier = isYearly ? plus(calendar.today, negate(length.value)) : undefined;
  const day = earlier ? readPlainDay(tokens, start, { ...calendar, today: earlier }) : coming;
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
    workdaysFromNow,
    nextWorkday,
    numberedWeek,
  ],
];

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
