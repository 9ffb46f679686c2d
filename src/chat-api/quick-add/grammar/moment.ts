import { Temporal } from 'temporal-polyfill';
import { own } from '../own.ts';
import {
  dayPartPhrases,
  dayParts,
  shadesOfDayParts,
  smallNumbers,
  tens,
  weekdays,
  type DayPart,
} from '../vocabulary/time-words.ts';
import { beforeNumbers, nameVerbs, numberedThings, pronouns, ratioWords } from '../vocabulary/title-words.ts';
import { readYear } from './calendar-date.ts';
import { inWeekOf, sayDay, type Day } from './calendar.ts';
import { isPointTime, readClock, readExactOffset, type ClockTime } from './clock.ts';
import { readDay, readDayPart } from './day.ts';
import {
  rangeMarks,
  readHourRange,
  readHoursOfDay,
  readHoursOfShift,
  readHourTillLate,
  readShortRange,
} from './hours.ts';
import { beforeHours, introductions, type Introduction } from './introduction.ts';
import { readLength, type Length } from './length.ts';
import type { Moment, Present } from './moment-form.ts';
import { meaningOf } from './moment-meaning.ts';
import { look, readNumber } from './number.ts';
import { readRecurrence } from './recurrence.ts';
import { at, isGlued, isPunctuation, phrases, skip, type Read, type Tokens } from './token.ts';
import { readBesideWeekend } from './weekday.ts';

const overTheNext = phrases({ 'over the next': true, 'during the next': true, 'over the coming': true });
const readPartPhrase = phrases(dayPartPhrases);

/** Reads a day, a time of day or both, in any order, with the words that introduce them. */
export function readMoment(tokens: Tokens, index: number, present: Present): Read<Moment> | undefined {
  const added = readAdded(tokens, index);
  if (added) return finish(tokens, added.value, added.end, present);
  const weekday = readBesideWeekend(tokens, index, present);
  if (weekday) return finish(tokens, { introduction: 'by', day: weekday.value }, weekday.end, present);
  const beside = readBesideTime(tokens, index, present);
  if (beside) return finish(tokens, beside.value, beside.end, present);
  const ofDay = readPartOfDay(tokens, index, present) ?? readShadedPart(tokens, index, present);
  if (ofDay) return finish(tokens, ofDay.value, ofDay.end, present);
  // "about 2 hours from now"
  if (['about', 'roughly', 'approximately'].includes(at(tokens, index).text)) {
    const distance = readDistance(tokens, index + 1, undefined);
    if (distance) return finish(tokens, { length: distance.value }, distance.end, present);
  }
  const window = overTheNext(tokens, index);
  const ahead = window && readLength(tokens, window.end);
  if (ahead) return { value: { introduction: 'in', length: ahead.value, isWindow: true }, end: ahead.end };
  const introduction = introductions(tokens, index);
  // "due: friday"
  const behind = introduction && isGlued(tokens, introduction.end, ':') ? introduction.end + 1 : introduction?.end;
  const read = introduction && readFrom(tokens, behind!, present, introduction.value);
  // "by the 20" is no time of day.
  const isOfThe = read?.value.clock?.form === 'bare' && !read.value.day && at(tokens, behind! - 1).text === 'the';
  const introduced = isOfThe ? undefined : read;
  // "Check in friday": the "in" is of the verb.
  if (introduced && behind === index + 1 && at(tokens, index).text === 'in' && isDayOfVerb(introduced.value))
    return undefined;
  if (introduced) return asSaid(tokens, index, introduced);
  // "in the morning", "at night", "first thing tomorrow"
  const part = readPartPhrase(tokens, index);
  if (part) return finish(tokens, { part: part.value }, part.end, present);
  const shorter = introduction && readShorter(tokens, index, present);
  return shorter ?? readFrom(tokens, index, present, undefined);
}

/** "on the evening of the 5th", "by the end of tomorrow" */
function readPartOfDay(tokens: Tokens, index: number, present: Present): Read<Moment> | undefined {
  const preposition = at(tokens, index).text;
  const on = skip(tokens, index, 'on', 'in', 'by', 'at', 'before');
  const the = skip(tokens, on, 'the');
  const part = the > on ? look(dayParts, tokens, the) : undefined;
  const isEnd = at(tokens, the).text === 'end';
  if ((!part && !isEnd) || at(tokens, the + 1).text !== 'of') return undefined;
  const day = readDay(tokens, the + 2, present);
  const isOneDay = day && !day.value.isPast && !day.value.part && oneDay.has(day.value.form);
  if (!isOneDay || (isEnd && !['relative', 'weekday'].includes(day.value.form))) return undefined;
  const introduction = on === index ? undefined : preposition === 'by' || preposition === 'before' ? 'by' : 'on';
  const time: Moment = part ? { part } : { clock: endOfDay };
  return { value: { ...(introduction && { introduction }), ...time, day: day.value }, end: day.end };
}

const oneDay: ReadonlySet<Day['form']> = new Set<Day['form']>([
  'relative',
  'weekday',
  'date',
  'ordinal',
  'numeric',
  'holiday',
]);
const endOfDay: ClockTime = { hour: 17, minute: 0, second: 0, isTwelveHour: false, form: 'named' };

/** "an hour before noon tomorrow", "2 hours after 5pm on friday" */
function readBesideTime(tokens: Tokens, index: number, present: Present): Read<Moment> | undefined {
  const length = readLength(tokens, index);
  const direction = length && at(tokens, length.end).text;
  if (!length || (direction !== 'before' && direction !== 'after')) return undefined;
  const { months: monthCount, days, seconds } = length.value;
  const anchor = monthCount || days ? undefined : readFrom(tokens, length.end + 1, present, undefined);
  const { clock, day, rangeEnd } = anchor?.value ?? {};
  if (!anchor || !clock || clock.form === 'bare' || clock.zone !== undefined || rangeEnd) return undefined;
  const { time } = meaningOf(anchor.value, present);
  if (!time) return undefined;
  // Midnight is the end of the day for what comes before it.
  const isEnd = clock.form === 'named' && clock.hour === 0 && direction === 'before' && !day;
  const start = isEnd ? 86_400 : time.hour * 3600 + time.minute * 60 + time.second;
  const moved = start + (direction === 'before' ? -seconds : seconds);
  if (moved < 0 || moved >= 86_400) return undefined;
  const [hour, minute, second] = [Math.floor(moved / 3600), Math.floor((moved % 3600) / 60), moved % 60];
  const said: ClockTime = { hour, minute, second, isTwelveHour: false, form: 'digits' };
  return { value: { ...(day && { day }), clock: said }, end: anchor.end };
}

/** "early friday morning": as "friday early morning" is read. */
function readShadedPart(tokens: Tokens, index: number, present: Present): Read<Moment> | undefined {
  const shade = at(tokens, index).text;
  if (shade !== 'early' && shade !== 'late') return undefined;
  const day = readDay(tokens, skip(tokens, index + 1, 'on'), present);
  if (!day || day.value.isPast || day.value.part || !['relative', 'weekday'].includes(day.value.form)) return undefined;
  const name = `${shade} ${at(tokens, day.end).text}`;
  const part = own(shadesOfDayParts, name);
  return part && { value: { day: day.value, part }, end: day.end + 1 };
}

function isDayOfVerb({ day, part }: Moment): boolean {
  return day !== undefined && !part && !day.part && ['weekday', 'relative'].includes(day.form);
}

/** What the words before a day make of it. */
function asSaid(tokens: Tokens, index: number, { value, end }: Read<Moment>): Read<Moment> {
  const { day, length } = value;
  const first = at(tokens, index).text;
  const isNext = [index + 1, index + 2].some((place) => at(tokens, place).text === 'next');
  if (length && isNext) return { value: { ...value, isWindow: true }, end };
  if (!day) return { value, end };
  // "from next week on", "from monday onwards"
  const isOnwards = first === 'from' && ['on', 'onward', 'onwards', 'forward'].includes(at(tokens, end).text);
  if (isOnwards) return { value: { ...value, introduction: 'start' }, end: end + 1 };
  if (['starting', 'beginning'].includes(first)) return { value: { ...value, introduction: 'start' }, end };
  // "through june" is more than its first day.
  const isWhole = ['through', 'thru'].includes(first) && day.form === 'month' && day.date;
  if (!isWhole) return { value, end };
  return { value: { ...value, day: { form: 'date', date: day.date.with({ day: day.date.daysInMonth }) } }, end };
}

/** "+3 days", "+2h" */
function readAdded(tokens: Tokens, index: number): Read<Moment> | undefined {
  if (at(tokens, index).text !== '+' || !isGlued(tokens, index + 1)) return undefined;
  const length = readLength(tokens, index + 1);
  return length && { value: { introduction: 'in', length: length.value }, end: length.end };
}

/** "on the" can be "on" and "the 20th". */
function readShorter(tokens: Tokens, index: number, present: Present): Read<Moment> | undefined {
  const short = ({ on: 'on', by: 'by', for: 'for', from: 'from', starting: 'start' } as const)[
    at(tokens, index).text as 'on'
  ];
  return short && at(tokens, index + 1).text === 'the' ? readFrom(tokens, index + 1, present, short) : undefined;
}

export function readFrom(
  tokens: Tokens,
  index: number,
  present: Present,
  introduction: Introduction | undefined,
): Read<Moment> | undefined {
  const begun = introduction && { introduction };
  const length = readDistance(tokens, index, introduction);
  if (length) {
    const inWeek = introduction === 'in' ? readWeekdayThen(tokens, length, present) : undefined;
    if (inWeek) return finish(tokens, { introduction: 'on', day: inWeek.value }, inWeek.end, present);
    const moment = { ...begun, length: length.value };
    // "in 3 days at 10"; "in 2 hours" says the time of day already.
    return length.value.seconds === 0
      ? finish(tokens, moment, length.end, present)
      : { value: moment, end: readTail(tokens, length.end)?.end ?? length.end };
  }
  const late = introduction === 'on' || introduction === 'in' ? undefined : readHourTillLate(tokens, index);
  if (late) return finish(tokens, { ...begun, ...late.value }, late.end, present);
  const hours = introduction === 'from' ? readHoursOfDay(tokens, index, present) : readHoursOfShift(tokens, index);
  if (hours) return finish(tokens, { ...begun, ...hours.value }, hours.end, present);
  const range = readShortRange(tokens, index, present, introduction);
  if (range) return finish(tokens, { ...begun, ...range.value }, range.end, present);
  const day = readDay(tokens, index, present);
  // "8 in the evening"
  const number = readNumber(tokens, index);
  const isHour = number !== undefined && readPartPhrase(tokens, number.end) !== undefined && !isCount(tokens, index);
  // "dinner 8 tonight", "lunch 13.30 tomorrow"
  const isBeforeDay =
    introduction === undefined &&
    ((isHourBeforeDay(tokens, index, present) &&
      (present.half !== undefined || isBeforePart(tokens, index, present))) ||
      (isPointTime(tokens, index) && isBesidePointTime(tokens, index + 3, present)) ||
      isFourDigitsBeforeDay(tokens, index, present) ||
      isSpokenBeforeDay(tokens, index, present));
  const isAlarm = introduction === 'for' && at(tokens, index - 2).text === 'alarm';
  const clock = readClock(
    tokens,
    index,
    isHour || isBeforeDay || isAlarm || (introduction !== undefined && beforeHours.has(introduction)),
  );
  const isClock = clock && clock.end >= (day?.end ?? 0) && (clock.value.form !== 'bare' || !day);
  if (isClock) return finish(tokens, { ...begun, clock: clock.value }, clock.end, present);
  if (!day || !isSaidSo(day.value, introduction)) return undefined;
  return finish(tokens, { ...begun, day: day.value }, day.end, present);
}

/** The 2 of "take 2 in the morning", the one of "the red one at night": what is taken, not when. */
function isCount(tokens: Tokens, index: number): boolean {
  const before = at(tokens, index - 1);
  const isPronoun = at(tokens, index).text === 'one' && before.kind === 'word' && !isClockWord(before.text);
  return isPronoun || counting.has(before.text);
}

const isClockWord = (text: string) =>
  ['at', 'by', 'around', 'about', 'from', 'before', 'after', 'until'].includes(text);

const counting: ReadonlySet<string> = new Set(
  'take taking give eat drink swallow apply use have the other another last these those only and'.split(' '),
);

/** "clock in 0700 tomorrow", whose zero hardly a number has; "1730 friday gym", "gym 1730 friday" */
function isFourDigitsBeforeDay(tokens: Tokens, index: number, present: Present): boolean {
  if (at(tokens, index).text.length !== 4 || at(tokens, index).kind !== 'number') return false;
  const { kind, raw, text } = at(tokens, index - 1);
  const isNamed = kind !== 'word' || /\p{Lu}/u.test(raw) || numberedThings.has(text) || beforeNumbers.has(text);
  const isHeld = index === 0 || (index === 1 && beforeFourDigits.has(text));
  const pattern = isHeld ? /^(?:[01]\d|2[0-3])[0-5][05]$/ : /^0[1-9][0-5][05]$/;
  if ((isNamed && !isHeld) || !pattern.test(at(tokens, index).text)) return false;
  const day = readDay(tokens, index + 1, present)?.value;
  const isDay = day !== undefined && ['relative', 'weekday'].includes(day.form) && !day.isPast;
  return isDay || readRecurrence(tokens, index + 1) !== undefined;
}

/** "five to nine tomorrow", "quarter of five on friday"; but "chapters five to nine tomorrow" */
function isSpokenBeforeDay(tokens: Tokens, index: number, present: Present): boolean {
  const isSpoken =
    ['quarter', 'half'].includes(at(tokens, index).text) || look(spokenNumbers, tokens, index) !== undefined;
  const { text } = at(tokens, index - 1);
  if (!isSpoken || ['from', 'between'].includes(text)) return false;
  if ([text, text.replace(/s$/, '')].some((word) => numberedThings.has(word) || ratioWords.has(word))) return false;
  const clock = readClock(tokens, index, true);
  const day =
    clock?.value.form === 'spoken' ? readDay(tokens, skip(tokens, clock.end, 'on'), present)?.value : undefined;
  return day !== undefined && ['relative', 'weekday'].includes(day.form) && !day.isPast;
}

const spokenNumbers = { ...smallNumbers, ...tens };

/** What has a time of day rather than a number. */
const beforeFourDigits: ReadonlySet<string> = new Set(
  'gym yoga pilates swim run training shift lunch dinner breakfast dentist doctor haircut standup sync'.split(' '),
);

/** Behind "13.30": a day, days that repeat, or the end of a range before one of them. */
function isBesidePointTime(tokens: Tokens, index: number, present: Present): boolean {
  const isRange = rangeMarks.has(at(tokens, index).text) && isPointTime(tokens, index + 1);
  const end = isRange ? index + 4 : index;
  if (readDay(tokens, end, present)) return true;
  // "beans 7.50 every month"
  return ['00', '15', '30', '45'].includes(at(tokens, end - 1).text) && readRecurrence(tokens, end) !== undefined;
}

/** "in 2 weeks on monday": the Monday of that week. */
function readWeekdayThen(tokens: Tokens, { value, end }: Read<Length>, { today }: Present): Read<Day> | undefined {
  const on = skip(tokens, skip(tokens, end, ','), 'on');
  const weekday = on > end ? look(weekdays, tokens, on) : undefined;
  const date = weekday === undefined ? undefined : inWeekOf(today, value, weekday);
  if (!date) return undefined;
  return { value: { form: 'date', date, remark: `I read that as ${sayDay(date)}.` }, end: on + 1 };
}

/** The 8 of "8 tonight" and "8 on friday". */
export function isHourBeforeDay(tokens: Tokens, index: number, present: Present): boolean {
  const { kind, text } = at(tokens, index - 1);
  // "Chapter 8 tonight", "Ocean's 11 tonight", "a table for 8 tonight"
  const isCounted = numberedThings.has(text) || ratioWords.has(text) || text.endsWith("'s") || text === 'for';
  // "Install Windows 11 tonight", "Watch Rush Hour 2 tonight"
  const isName = index > 1 && /^\p{Lu}/u.test(at(tokens, index - 1).raw) && nameVerbs.has(at(tokens, 0).text);
  if (isName) return false;
  const number = readNumber(tokens, index);
  if (index === 0 || kind === 'mark' || isCounted || !number || number.value < 1 || number.value > 12) return false;
  const day = readDay(tokens, skip(tokens, number.end, 'on'), present)?.value;
  return day !== undefined && ['relative', 'weekday'].includes(day.form) && !day.isPast;
}

/** The 8 of "8 this evening", which hardly counts anything. */
function isBeforePart(tokens: Tokens, index: number, present: Present): boolean {
  const number = readNumber(tokens, index);
  return number !== undefined && readDay(tokens, number.end, present)?.value.part !== undefined;
}

/** "march" and "may" need a word that says that they are months. */
function isSaidSo({ form }: Day, introduction: Introduction | undefined): boolean {
  if (form !== 'month') return true;
  return introduction !== undefined && ['in', 'by', 'until', 'start', 'due', 'from', 'after'].includes(introduction);
}

/** "in 20 minutes", "in a week's time", "3 days from now", "in 2 business days" */
function readDistance(tokens: Tokens, index: number, introduction: Introduction | undefined): Read<Length> | undefined {
  const possessive = readPossessive(tokens, index);
  if (possessive && introduction === 'in') return possessive;
  const length = readLength(tokens, index);
  if (!length) return undefined;
  if (at(tokens, length.end).text === 'from' && at(tokens, length.end + 1).text === 'now')
    return { value: length.value, end: length.end + 2 };
  if (['later', 'hence'].includes(at(tokens, length.end).text) && introduction === undefined)
    return { value: length.value, end: length.end + 1 };
  const follower = at(tokens, length.end).text;
  // "set a timer for 10 minutes"
  const isTimer = introduction === 'for' && at(tokens, index - 2).text === 'timer';
  if (introduction !== 'in' && introduction !== 'after' && !isTimer) return undefined;
  // "Check in 24 hours before the flight"
  const isBesideEvent = ['the', 'my', 'our', 'his', 'her', 'their'].includes(at(tokens, length.end + 1).text);
  if (['after', 'before'].includes(follower) && isBesideEvent) return undefined;
  // "Check in 2 hours before departure"; but "Call Ann in 2 hours before she leaves"
  const behind = at(tokens, length.end + 1);
  const isNoun = behind.kind === 'word' && !pronouns.has(behind.text);
  if (['after', 'before'].includes(follower) && isNoun && length.value.seconds !== 0) return undefined;
  // "Dial in 10 minutes early"
  if (['early', 'earlier', 'beforehand', 'ahead'].includes(follower)) return undefined;
  // "in 2 weeks from tomorrow" begins with a day.
  if (['from', 'after', 'before'].includes(follower) && length.value.seconds === 0) return undefined;
  return { value: length.value, end: follower === 'time' ? length.end + 1 : length.end };
}

const possessives: Readonly<Record<string, Length>> = {
  "day's": { months: 0, days: 1, seconds: 0 },
  "days'": { months: 0, days: 1, seconds: 0 },
  "week's": { months: 0, days: 7, seconds: 0 },
  "weeks'": { months: 0, days: 7, seconds: 0 },
  "fortnight's": { months: 0, days: 14, seconds: 0 },
  "month's": { months: 1, days: 0, seconds: 0 },
  "months'": { months: 1, days: 0, seconds: 0 },
  "year's": { months: 12, days: 0, seconds: 0 },
  "years'": { months: 12, days: 0, seconds: 0 },
  "hour's": { months: 0, days: 0, seconds: 3600 },
  "hours'": { months: 0, days: 0, seconds: 3600 },
  "minutes'": { months: 0, days: 0, seconds: 60 },
};

function readPossessive(tokens: Tokens, index: number): Read<Length> | undefined {
  const number = readNumber(tokens, index);
  const isOne = at(tokens, index).text === 'a' || at(tokens, index).text === 'an';
  const count = isOne ? 1 : number?.value;
  if (count === undefined) return undefined;
  const next = isOne ? index + 1 : number!.end;
  const length = look(possessives, tokens, next);
  if (!length || at(tokens, next + 1).text !== 'time') return undefined;
  const { months: monthCount, days, seconds } = length;
  return { value: { months: monthCount * count, days: days * count, seconds: seconds * count }, end: next + 2 };
}

/** Adds what follows: the time to the day, the day to the time, the part of the day, the end of a range. */
function finish(tokens: Tokens, begun: Moment, index: number, present: Present): Read<Moment> {
  let moment = begun;
  let end = index;
  for (;;) {
    const more = readMore(tokens, end, moment, present);
    if (!more) break;
    moment = more.value;
    end = more.end;
  }
  // "in an hour or so", "by friday at the latest"
  end = readTail(tokens, end)?.end ?? end;
  const range = readRangeEnd(tokens, end, moment, present);
  return range
    ? { value: withMonthOfEnd(withZoneOfEnd({ ...moment, rangeEnd: range.value })), end: range.end }
    : { value: withZoneOfEnd(moment), end };
}

/** The month of "the 5th to the 7th of may" is of both. */
function withMonthOfEnd(moment: Moment): Moment {
  const { day, rangeEnd } = moment;
  const last = rangeEnd?.day?.date;
  if (day?.form !== 'ordinal' || !day.date || rangeEnd?.day?.form !== 'date' || !last) return moment;
  const isSame = day.date.day <= last.day;
  return isSame ? { ...moment, day: { form: 'date', date: last.with({ day: day.date.day }) } } : moment;
}

/** The zone of "2pm-3pm UTC" is of both. */
function withZoneOfEnd(moment: Moment): Moment {
  const { zone, remark } = moment.rangeEnd?.clock ?? {};
  if (!moment.clock || moment.clock.zone !== undefined || zone === undefined) return moment;
  return { ...moment, clock: { ...moment.clock, zone, ...(remark && { remark }) } };
}

const readTail = phrases({
  'the latest': true,
  'all day': true,
  'all day long': true,
  latest: true,
  'or so': true,
  'at the latest': true,
  'at latest': true,
  'at the very latest': true,
});

function readMore(tokens: Tokens, index: number, moment: Moment, present: Present): Read<Moment> | undefined {
  const part = readPart(tokens, index, moment);
  if (part) return { value: { ...moment, part: part.value }, end: part.end };
  const whole =
    moment.day && !moment.clock ? (readIsoTime(tokens, index) ?? readHourRange(tokens, index, moment.day)) : undefined;
  if (whole) return { value: { ...moment, ...whole.value }, end: whole.end };
  const comma = skip(tokens, index, ',');
  const late = moment.clock ? undefined : readHourTillLate(tokens, skip(tokens, comma, 'from', 'at', '@'));
  if (late) return { value: { ...moment, ...late.value }, end: late.end };
  const link = at(tokens, comma).text;
  const isClockLink = ['at', '@', 'around', 'by', 'before', 'um', 'like', 'say'].includes(link);
  const next = isClockLink || link === 'on' || link === 'from' || link === '-' ? comma + 1 : comma;
  const about = isClockLink ? skip(tokens, next, 'about', 'around', 'approximately') : next;
  if (!moment.clock && link !== 'on') {
    const range = readShortRange(tokens, about, present, undefined);
    if (range?.value.clock) return { value: { ...moment, ...range.value }, end: range.end };
    const isHour = isClockLink || isLastNumber(tokens, about, moment) || isSpokenAtEnd(tokens, about, moment);
    const read = readClock(tokens, about, isHour);
    // "for christmas by 1 december"
    const isOfDate = read?.value.form === 'bare' && (readDay(tokens, about, present)?.end ?? 0) > read.end;
    const clock = isOfDate ? undefined : read;
    // "tomorrow-5pm"
    const isHyphen = link === '-' && isGlued(tokens, comma) && isGlued(tokens, about) && clock?.value.form !== 'bare';
    if (clock && (link !== '-' || isHyphen)) return { value: { ...moment, clock: clock.value }, end: clock.end };
  }
  if (moment.day || moment.length) return undefined;
  // "6.30pm - 11.00pm"
  if (link === '-' && (isPointTime(tokens, next) || readClock(tokens, next, false))) return undefined;
  const day = readDay(tokens, isClockLink ? comma : next, present);
  if (!day || day.value.form === 'month' || day.value.isPast || (day.value.part && moment.part)) return undefined;
  // "6am mon-fri", "at 6am, mon to thu"
  const isRange = day.value.form === 'weekday' && rangeMarks.has(at(tokens, day.end).text);
  if (isRange && look(weekdays, tokens, day.end + 1) !== undefined) return undefined;
  // "at 9 may ..." is hardly the month.
  return { value: { ...moment, day: day.value }, end: day.end };
}

/** The rest of "2026-04-01T14:00" */
function readIsoTime(tokens: Tokens, index: number): Read<Moment> | undefined {
  if (at(tokens, index).text !== 't' || !isGlued(tokens, index) || !isGlued(tokens, index + 1)) return undefined;
  const clock =
    readSixDigits(tokens, index + 1) ?? readClock(tokens, index + 1, at(tokens, index + 1).text.length === 4);
  if (clock?.value.form !== 'digits') return undefined;
  const offset = clock.value.zone === undefined ? readExactOffset(tokens, clock.end) : undefined;
  const zone = offset && { zone: offset.value };
  return { value: { clock: { ...clock.value, isTwelveHour: false, ...zone } }, end: offset?.end ?? clock.end };
}

/** "090000", "090000Z" */
function readSixDigits(tokens: Tokens, index: number): Read<ClockTime> | undefined {
  const digits = /^([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/.exec(at(tokens, index).text)?.slice(1).map(Number);
  if (!digits) return undefined;
  const [hour = 0, minute = 0, second = 0] = digits;
  const isUtc = isGlued(tokens, index + 1, 'z');
  const clock: ClockTime = { hour, minute, second, isTwelveHour: false, form: 'digits', ...(isUtc && { zone: 'UTC' }) };
  return { value: clock, end: isUtc ? index + 2 : index + 1 };
}

function readPart(tokens: Tokens, index: number, moment: Moment): Read<DayPart> | undefined {
  const known = moment.part ?? moment.day?.part;
  const direct = moment.day && (!moment.clock || isBehindDay(tokens, index)) ? readDayPart(tokens, index) : undefined;
  // "first thing tomorrow morning"
  if (known) return direct?.value.name === known.name ? direct : undefined;
  return readPartPhrase(tokens, skip(tokens, index, ',')) ?? direct;
}

/** "at 8:30 monday morning" */
function isBehindDay(tokens: Tokens, index: number): boolean {
  return look(weekdays, tokens, index - 1) !== undefined || at(tokens, index - 1).text === 'tomorrow';
}

/** "tomorrow 10": a number behind a day, with nothing that it could count. */
function isLastNumber(tokens: Tokens, index: number, { day }: Moment): boolean {
  // "12 march 2026, 16.45", "13 mar. 18.00"
  const isBehindMonth = isPunctuation(tokens, index + 3) && /^(?:00|15|30|45)$/.test(at(tokens, index + 2).text);
  if (day?.form === 'date' && (at(tokens, index - 1).text === ',' || isBehindMonth) && isPointTime(tokens, index))
    return true;
  if (!day || (day.form !== 'relative' && day.form !== 'weekday')) return false;
  if (isPointTime(tokens, index)) return true;
  const token = at(tokens, index);
  const next = at(tokens, index + 1);
  // "friday 9 15", "tomorrow 930"; "friday 2027" might be a year.
  const isSpaced = /^\d\d?$/.test(token.text) && next.isSpaced && /^[0-5]\d$/.test(next.text);
  if (isSpaced && Number(token.text) < 24) return isPunctuation(tokens, index + 2);
  const isFull = /^(?:[1-9]|[01]\d|2[0-3])[0-5]\d$/.test(token.text) && !/^20[2-9]/.test(token.text);
  if (isFull && (next.kind === 'end' || next.text === ',')) return true;
  // "fri 20" might be the date.
  const isHour = day.form === 'relative' || Number(token.text) <= 12;
  // "tomorrow 10 with Ann", "tomorrow 10 for 2 hours"
  const length = next.text === 'for' ? readLength(tokens, index + 2) : undefined;
  const isApart = next.kind === 'end' || ['with', 'at', 'about', ','].includes(next.text) || length !== undefined;
  return token.kind === 'number' && token.text.length <= 2 && isHour && isApart;
}

/** "friday ten thirty": a time in words behind a day. */
function isSpokenAtEnd(tokens: Tokens, index: number, { day }: Moment): boolean {
  if (!day || !['relative', 'weekday'].includes(day.form) || look(smallNumbers, tokens, index) === undefined)
    return false;
  const clock = readClock(tokens, index, true);
  return clock?.value.form === 'spoken' && isPunctuation(tokens, clock.end);
}

function readRangeEnd(tokens: Tokens, index: number, moment: Moment, present: Present): Read<Moment> | undefined {
  if (moment.rangeEnd || moment.length) return undefined;
  const mark = at(tokens, index).text;
  if (!rangeMarks.has(mark) || (mark === 'and' && moment.introduction !== 'from')) return undefined;
  if (moment.clock) {
    // "11am-1"
    const isHyphened = isGlued(tokens, index) && isGlued(tokens, index + 1) && at(tokens, index + 2).isSpaced;
    const isBare =
      moment.introduction === 'from' ||
      moment.clock.form === 'bare' ||
      isPointTime(tokens, index + 1) ||
      ((isHyphened || isPunctuation(tokens, index + 2)) && mark !== 'and' && moment.clock.form === 'digits');
    const clock = readClock(tokens, index + 1, isBare);
    // "friday 22:00 to saturday 06:00"
    const lastDay = moment.day?.date && !clock && mark !== 'and' ? readDay(tokens, index + 1, present) : undefined;
    const lastClock = lastDay?.value.date ? readClock(tokens, skip(tokens, lastDay.end, 'at'), false) : undefined;
    if (lastClock && !lastClock.value.problem)
      return { value: { day: lastDay!.value, clock: lastClock.value }, end: lastClock.end };
    if (!clock || clock.value.problem) return undefined;
    // "weekdays at 5 until 18 december"
    const isDate = clock.value.form === 'bare' && readDay(tokens, index + 1, present)?.value.form === 'date';
    if (isDate) return undefined;
    const begun: Moment = { clock: clock.value };
    return { value: begun, end: clock.end };
  }
  if (!moment.day?.date) return undefined;
  const day = readDay(tokens, index + 1, present);
  const lastDay = day?.value.form === 'month' && moment.day.form === 'month' ? day.value.date : undefined;
  // "from april to june"
  if (day && lastDay) {
    const date = lastDay.with({ day: lastDay.daysInMonth });
    const isLater = Temporal.PlainDate.compare(date, moment.day.date) > 0;
    return { value: { day: { form: 'date', date: isLater ? date : date.add({ years: 1 }) } }, end: day.end };
  }
  if (day && day.value.form !== 'month' && !day.value.isPast) return { value: { day: day.value }, end: day.end };
  const number = at(tokens, index + 1);
  const isDay =
    number.kind === 'number' &&
    number.text.length <= 2 &&
    moment.day.form === 'date' &&
    (!isGlued(tokens, index + 2) || isGlued(tokens, index + 2, ','));
  if (!isDay || Number(number.text) <= moment.day.date.day) return undefined;
  const length = Number(number.text) - moment.day.date.day;
  return {
    value: { day: { form: 'date', date: moment.day.date.add({ days: length }) } },
    end: readYear(tokens, skip(tokens, index + 2, ','))?.end ?? index + 2,
  };
}
