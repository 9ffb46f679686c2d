import { Temporal } from 'temporal-polyfill';
import { easterDays, holidays, weekdayHolidays } from '../vocabulary/time-words.ts';
import { nthWeekday, sayDay, upcoming, type Day, type ReadDay } from './calendar.ts';
import { phrases, type Read, type Tokens } from './token.ts';

const readHolidayName = phrases(holidays);

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

export const holiday: ReadDay = (tokens, index, { today }) => {
  const moving = readMovingHoliday(tokens, index, today);
  if (moving) return moving;
  const name = readHolidayName(tokens, index);
  if (!name) return undefined;
  const [month, day] = name.value;
  return { value: { form: 'holiday', date: upcoming(today, month, day) }, end: name.end };
};
