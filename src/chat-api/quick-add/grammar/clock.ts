import { namedTimes, relativeDays, smallNumbers, weekdays } from '../vocabulary/time-words.ts';
import { moneyVerbs } from '../vocabulary/title-words.ts';
import {
  sharedAbbreviations,
  continents,
  zoneAbbreviations,
  zoneInitials,
  zonePlaces,
  zoneRegions,
} from '../vocabulary/zones.ts';
import { own } from '../own.ts';
import { isTimeZone } from '../when.ts';
import { look, readNumber } from './number.ts';
import { at, isGlued, isPunctuation, phrases, skip, type Read, type Tokens } from './token.ts';

/** A time of day as it was said; whoever knows the day and its part finds out which one is meant. */
export interface ClockTime {
  /** 0 to 24. */
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Whether it may as well be twelve hours later: "3", but not "15", "03:00" or "3 am". */
  readonly isTwelveHour: boolean;
  /**
   * `bare` is a mere number, `spoken` is "half past three"; what is `named` means the end of the day or its middle.
   */
  readonly form: 'bare' | 'digits' | 'spoken' | 'named';
  /** The time zone that was said: an IANA name, or hours and minutes ahead of UTC such as `+02:00`. */
  readonly zone?: string;
  /** What the user should know about how it was read. */
  readonly remark?: string;
  /** Why there is no such time. */
  readonly problem?: string;
}

const readNamed = phrases(namedTimes);

/**
 * @param isIntroduced whether a word such as "at" is before it, so that a mere number can be an hour
 */
export function readClock(tokens: Tokens, index: number, isIntroduced: boolean): Read<ClockTime> | undefined {
  const read =
    readNamedTime(tokens, index) ??
    (isIntroduced ? readHundred(tokens, index) : undefined) ??
    readSpoken(tokens, index, isIntroduced) ??
    readDigits(tokens, index, isIntroduced) ??
    readWords(tokens, index, isIntroduced);
  return read && withZone(tokens, read);
}

function readNamedTime(tokens: Tokens, index: number): Read<ClockTime> | undefined {
  const twelve = at(tokens, index).text === '12' || at(tokens, index).text === 'twelve' ? index + 1 : index;
  const named = readNamed(tokens, twelve);
  if (!named || (twelve > index && named.value[0] % 12 !== 0)) return undefined;
  const [hour, minute] = named.value;
  return { value: { hour, minute, second: 0, isTwelveHour: false, form: 'named' }, end: named.end };
}

const before = new Set(['to', 'before', 'till', 'til']);
const after = new Set(['past', 'after']);

/** "half past eleven", "quarter to nine", "ten past 5", "20 minutes to six" */
function readSpoken(tokens: Tokens, index: number, isIntroduced: boolean): Read<ClockTime> | undefined {
  const start = skip(tokens, index, 'a');
  const word = at(tokens, start).text;
  const number = readNumber(tokens, start);
  const minutes = word === 'half' ? 30 : word === 'quarter' ? 15 : number?.value;
  if (minutes === undefined || minutes < 1 || minutes > 30) return undefined;
  let next = number?.end ?? start + 1;
  const isSaid = at(tokens, next).text === 'minutes' || at(tokens, next).text === 'mins';
  if (isSaid) next++;
  const direction = at(tokens, next).text;
  // "quarter of three", as Americans say
  const isOf = direction === 'of' && word === 'quarter' && isIntroduced;
  const isBefore = before.has(direction) || isOf;
  if (!isBefore && !after.has(direction)) return undefined;
  if (isBefore && word === 'half') return undefined;
  // "Read pages 10 to 12", "a quarter to Ann": only what can hardly be anything else.
  const isPlain =
    word === 'half' || word === 'quarter' || isSaid || (isIntroduced && minutes % 5 === 0) || direction === 'past';
  if (!isPlain) return undefined;
  const hour = readHourWord(tokens, next + 1);
  if (!hour) return undefined;
  const minute = isBefore ? 60 - minutes : minutes;
  const full = isBefore ? (hour.value + 23) % 24 : hour.value;
  const isNamed = hour.value === 0 || hour.isNoon;
  // "class ten to eleven"
  const isPerhapsRange = direction === 'to' && number !== undefined && !isSaid && minutes === hour.value - 1;
  const clock: ClockTime = {
    hour: full % 12 === 0 && !isNamed ? 12 : full,
    minute,
    second: 0,
    isTwelveHour: !isNamed,
    form: 'spoken',
    ...(isPerhapsRange && {
      remark: `I read that as ${minutes} minutes to ${hour.value}, not as the hours from ${minutes} to ${hour.value}.`,
    }),
  };
  return isNamed ? { value: clock, end: hour.end } : withHalfDay(tokens, clock, hour.end);
}

function readHourWord(tokens: Tokens, index: number): { value: number; end: number; isNoon: boolean } | undefined {
  const { text } = at(tokens, index);
  if (text === 'midnight') return { value: 0, end: index + 1, isNoon: false };
  if (text === 'noon' || text === 'midday') return { value: 12, end: index + 1, isNoon: true };
  const number = readNumber(tokens, index);
  if (!number || number.value < 1 || number.value > 12) return undefined;
  // "ten past 3pm" goes on behind the number; "quarter to 3-D" does not.
  const isWhole =
    !isGlued(tokens, number.end) ||
    ['.', ',', '!', '?', ';', ')'].includes(at(tokens, number.end).text) ||
    readHalfDay(tokens, number.end) !== undefined;
  return isWhole ? { ...number, isNoon: false } : undefined;
}

const joints = new Set([':', '.', 'h', 'u']);

/** "9", "9am", "9:30", "17h30", "9.30 pm", "1730", "5 o'clock" */
function readDigits(tokens: Tokens, index: number, isIntroduced: boolean): Read<ClockTime> | undefined {
  const token = at(tokens, index);
  if (token.kind !== 'number') return undefined;
  const glued = readGluedMinutes(tokens, index);
  if (glued) return glued;
  if (token.text.length === 4) return readMilitary(tokens, index, isIntroduced);
  if (token.text.length === 3 && isIntroduced) return readThreeDigits(tokens, index);
  if (token.text.length > 2) return undefined;
  const hour = Number(token.text);
  const isTwelveHour = hour >= 1 && hour <= 12 && !token.text.startsWith('0');
  const joint = at(tokens, index + 1);
  const minute = at(tokens, index + 2);
  const hasMinute =
    joints.has(joint.text) &&
    !joint.isSpaced &&
    minute.kind === 'number' &&
    !minute.isSpaced &&
    minute.text.length === 2;
  // "5:3"
  if (!hasMinute && joint.text === ':' && !joint.isSpaced && minute.kind === 'number' && !minute.isSpaced)
    return undefined;
  if (hasMinute) return readWithMinutes(tokens, index, { hour, isTwelveHour, joint: joint.text, isIntroduced });
  const split = readSplitMinutes(tokens, index, { hour, isTwelveHour, joint: ' ', isIntroduced });
  if (split) return split;
  const clock: ClockTime = { hour, minute: 0, second: 0, isTwelveHour, form: 'bare' };
  if (isIsh(tokens, index + 1)) return withHalfDay(tokens, { ...clock, form: 'digits' }, endOfIsh(tokens, index + 1));
  if (
    joint.text === 'h' &&
    !joint.isSpaced &&
    (isIntroduced || (hour > 12 && hour < 24)) &&
    !isWordGlued(tokens, index + 2)
  ) {
    return { value: checked({ ...clock, isTwelveHour: false, form: 'digits' }), end: index + 2 };
  }
  const half = withHalfDay(tokens, clock, index + 1);
  if (half && half.end > index + 1) return half;
  return isIntroduced ? { value: checked(clock), end: index + 1 } : undefined;
}

const isWordGlued = (tokens: Tokens, index: number) => isGlued(tokens, index) && at(tokens, index).kind !== 'mark';

/** "5ish", "5-ish", "5 ish" */
function isIsh(tokens: Tokens, index: number): boolean {
  return at(tokens, endOfIsh(tokens, index) - 1).text === 'ish';
}

function endOfIsh(tokens: Tokens, index: number): number {
  return isGlued(tokens, index, '-') ? index + 2 : index + 1;
}

interface Hour {
  readonly hour: number;
  readonly isTwelveHour: boolean;
  readonly joint: string;
  readonly isIntroduced: boolean;
}

function readWithMinutes(
  tokens: Tokens,
  index: number,
  { hour, isTwelveHour, joint, isIntroduced }: Hour,
): Read<ClockTime> | undefined {
  const minute = Number(at(tokens, index + 2).text);
  let end = index + 3;
  let second = 0;
  if (joint === ':' && isGlued(tokens, end, ':') && at(tokens, end + 1).kind === 'number' && isGlued(tokens, end + 1)) {
    second = Number(at(tokens, end + 1).text);
    end += 2;
    // "17:00:00.000Z"
    if (isGlued(tokens, end, '.') && isGlued(tokens, end + 1) && at(tokens, end + 1).kind === 'number') end += 2;
  }
  const isContinued =
    ['.', ':', '-', '/'].includes(at(tokens, end).text) && isGlued(tokens, end) && isGlued(tokens, end + 1);
  const nextIsNumber = at(tokens, end + 1).kind === 'number';
  if (isContinued && nextIsNumber && at(tokens, end).text !== '-') return undefined;
  const clock: ClockTime = { hour, minute, second, isTwelveHour: joint === 'h' ? false : isTwelveHour, form: 'digits' };
  // "19:30h", "19.30 hrs"
  const isHours = at(tokens, end).text === 'h' ? isGlued(tokens, end) : ['hrs', 'hours'].includes(at(tokens, end).text);
  if (isHours && !isWordGlued(tokens, end + 1) && (joint === ':' || joint === '.'))
    return { value: checked({ ...clock, isTwelveHour: false }), end: end + 1 };
  const half = withHalfDay(tokens, clock, end);
  const hasHalf = half !== undefined && half.end > end;
  if (joint === '.' && !hasHalf && !isIntroduced) return undefined;
  // "Run 1h30" is a length.
  if ((joint === 'h' || joint === 'u') && !isIntroduced && hour < 6) return undefined;
  return half ?? { value: checked(clock), end };
}

/** "at 8 30", "8 30 pm": with nothing that the second number could count. */
function readSplitMinutes(
  tokens: Tokens,
  index: number,
  { hour, isTwelveHour, isIntroduced }: Hour,
): Read<ClockTime> | undefined {
  const minute = at(tokens, index + 1);
  if (!minute.isSpaced || !/^[0-5]\d$/.test(minute.text) || hour > 23) return undefined;
  const clock: ClockTime = { hour, minute: Number(minute.text), second: 0, isTwelveHour, form: 'digits' };
  const half = withHalfDay(tokens, clock, index + 2);
  if (half && half.end > index + 2) return half;
  return isIntroduced && isPunctuation(tokens, index + 2) ? { value: checked(clock), end: index + 2 } : undefined;
}

/** "at 830", with nothing that it could count. */
function readThreeDigits(tokens: Tokens, index: number): Read<ClockTime> | undefined {
  const { text } = at(tokens, index);
  const [hour, minute] = [Number(text.slice(0, 1)), Number(text.slice(1))];
  // "Set the oven to 200"
  if (hour < 1 || minute === 0 || minute > 59 || !isPunctuation(tokens, index + 1)) return undefined;
  return { value: { hour, minute, second: 0, isTwelveHour: true, form: 'digits' }, end: index + 1 };
}

/** "13.30" with nothing glued to it: a time of day beside a day, else perhaps a price. */
export function isPointTime(tokens: Tokens, index: number): boolean {
  // "pay 12.50 friday"
  if (moneyVerbs.has(at(tokens, 0).text)) return false;
  const isHour = /^(?:[01]?\d|2[0-3])$/.test(at(tokens, index).text) && isGlued(tokens, index + 1, '.');
  const isMinute = /^[0-5]\d$/.test(at(tokens, index + 2).text) && isGlued(tokens, index + 2);
  const next = at(tokens, index + 3);
  return isHour && isMinute && (!isGlued(tokens, index + 3) || next.kind === 'mark' || next.text === 'ish');
}

/** "230pm", "1045 am" */
function readGluedMinutes(tokens: Tokens, index: number): Read<ClockTime> | undefined {
  const { text } = at(tokens, index);
  const hour = Number(text.slice(0, -2));
  const minute = Number(text.slice(-2));
  if ((text.length !== 3 && text.length !== 4) || hour < 1 || hour > 12 || minute > 59) return undefined;
  const half = withHalfDay(tokens, { hour, minute, second: 0, isTwelveHour: true, form: 'digits' }, index + 1);
  return half && half.end > index + 1 && readHalfDay(tokens, index + 1) ? half : undefined;
}

/** "at 1730", "0900", "1730h" */
function readMilitary(tokens: Tokens, index: number, isIntroduced: boolean): Read<ClockTime> | undefined {
  const { text } = at(tokens, index);
  const suffix = at(tokens, index + 1).text;
  const hasSuffix = suffix === 'h' || suffix === 'hrs' || suffix === 'hours';
  const hour = Number(text.slice(0, 2));
  const minute = Number(text.slice(2));
  if ((!isIntroduced && !hasSuffix) || hour > 24 || minute > 59) return undefined;
  // "at 2027" might be a year.
  const clock = { hour, minute, second: 0, isTwelveHour: false, form: 'digits' as const };
  return { value: checked(clock), end: hasSuffix ? index + 2 : index + 1 };
}

/** "three", "nine thirty", "seven o'clock" */
function readWords(tokens: Tokens, index: number, isIntroduced: boolean): Read<ClockTime> | undefined {
  const hour = look(smallNumbers, tokens, index);
  if (hour === undefined) return undefined;
  const next = isGlued(tokens, index + 1, '-') ? index + 2 : index + 1;
  const minutes = readNumber(tokens, next);
  const few = readFewMinutes(tokens, index + 1);
  if (few && hour <= 12 && isIntroduced)
    return withHalfDay(tokens, { hour, minute: few.value, second: 0, isTwelveHour: true, form: 'spoken' }, few.end);
  const hasMinutes =
    minutes !== undefined && at(tokens, next).kind === 'word' && minutes.value >= 10 && minutes.value < 60;
  if (hour > 12 && !(isIntroduced && hasMinutes)) return undefined;
  const clock: ClockTime = {
    hour,
    minute: hasMinutes ? minutes.value : 0,
    second: 0,
    isTwelveHour: hour <= 12,
    form: hasMinutes ? 'spoken' : 'bare',
  };
  const end = hasMinutes ? minutes.end : index + 1;
  const half = withHalfDay(tokens, clock, end);
  if (half && half.end > end) return half;
  return isIntroduced ? { value: clock, end } : undefined;
}

/** "oh eight hundred", "nineteen hundred hours", as soldiers say it */
function readHundred(tokens: Tokens, index: number): Read<ClockTime> | undefined {
  const small = skip(tokens, index, 'oh', 'zero');
  const hour = at(tokens, small).kind === 'word' ? readNumber(tokens, small) : undefined;
  if (!hour || at(tokens, hour.end).text !== 'hundred') return undefined;
  const isPossible = small > index ? hour.value < 10 : hour.value >= 10 && hour.value <= 24;
  const end = skip(tokens, hour.end + 1, 'hours', 'hrs');
  // "at sixteen hundred main street"
  const isApart = isPunctuation(tokens, end) || end > hour.end + 1 || small > index;
  if (!isPossible || !isApart) return undefined;
  return { value: { hour: hour.value, minute: 0, second: 0, isTwelveHour: false, form: 'spoken' }, end };
}

/** "oh five" of "three oh five" */
function readFewMinutes(tokens: Tokens, index: number): Read<number> | undefined {
  if (!['oh', 'o', 'zero'].includes(at(tokens, index).text)) return undefined;
  const number = readNumber(tokens, index + 1);
  return number && number.value > 0 && number.value < 10 ? number : undefined;
}

const clockWords = new Set(["o'clock", 'oclock', 'uhr']);

/** With "am", "p.m." or "o'clock", if it is there; undefined never means that the time before is wrong. */
function withHalfDay(tokens: Tokens, clock: ClockTime, index: number): Read<ClockTime> | undefined {
  let next = index;
  let said = clock;
  const isSplit = at(tokens, next).text === 'o' && at(tokens, next + 1).text === 'clock';
  if (isSplit || clockWords.has(at(tokens, next).text)) {
    next += isSplit ? 2 : 1;
    said = { ...clock, form: clock.form === 'bare' ? 'digits' : clock.form };
  }
  const half = readHalfDay(tokens, next);
  if (!half) return { value: checked(said), end: next };
  const { hour } = clock;
  const form = clock.form === 'bare' ? 'digits' : clock.form;
  if (hour > 12) {
    const time = `${hour}:${String(clock.minute).padStart(2, '0')}`;
    const doubt =
      half.value === 'am' ? { problem: `There is no ${hour} am.` } : { remark: `I read ${time} pm as ${time}.` };
    return { value: checked({ ...said, form, ...doubt }), end: half.end };
  }
  if (hour === 0) return { value: checked({ ...said, form, isTwelveHour: false }), end: half.end };
  const shifted = (hour % 12) + (half.value === 'pm' ? 12 : 0);
  return { value: checked({ ...said, hour: shifted, form, isTwelveHour: false }), end: half.end };
}

function readHalfDay(tokens: Tokens, index: number): Read<'am' | 'pm'> | undefined {
  // "3 in the AM"
  const inThe = at(tokens, index).text === 'in' && at(tokens, index + 1).text === 'the' ? index + 2 : index;
  if (inThe > index) {
    const { text } = at(tokens, inThe);
    return text === 'am' || text === 'pm' ? { value: text, end: inThe + 1 } : undefined;
  }
  const token = at(tokens, index);
  if (token.text === 'am' || token.text === 'pm') return { value: token.text, end: index + 1 };
  if (token.text !== 'a' && token.text !== 'p') return undefined;
  const value = token.text === 'a' ? 'am' : 'pm';
  // "a.m.", "a. m.", "a m"
  const point = isGlued(tokens, index + 1, '.') ? index + 2 : index + 1;
  if (at(tokens, point).text === 'm' && (point > index + 1 || at(tokens, point).isSpaced)) {
    return { value, end: isGlued(tokens, point + 1, '.') ? point + 2 : point + 1 };
  }
  // "9a-10a"
  const isRange = isGlued(tokens, index + 1, '-') && at(tokens, index + 2).kind === 'number';
  const isAlone = !token.isSpaced && (!isGlued(tokens, index + 1) || isRange);
  return isAlone ? { value, end: index + 1 } : undefined;
}

function checked(clock: ClockTime): ClockTime {
  const { hour, minute, second } = clock;
  const isPossible = hour < 24 ? minute < 60 && second < 60 : hour === 24 && minute === 0 && second === 0;
  if (isPossible) return clock;
  return { ...clock, problem: `There is no ${hour}:${String(minute).padStart(2, '0')}.` };
}

const readAbbreviation = phrases(zoneAbbreviations);
const readRegion = phrases(zoneRegions);
const readPlace = phrases(zonePlaces);
const exactly = phrases({ sharp: true, exactly: true, prompt: true, 'on the dot': true });
const ofUser = phrases({ local: true, 'my local': true, my: true, 'the local': true });

function withZone(tokens: Tokens, { value, end }: Read<ClockTime>): Read<ClockTime> {
  const offset = value.form === 'digits' ? readOffset(tokens, end) : undefined;
  if (offset) return { value: { ...value, zone: offset.value, isTwelveHour: false }, end: offset.end };
  const isDigits = value.form === 'digits';
  const bracketed =
    at(tokens, end).text === '('
      ? ((isDigits ? readOffset(tokens, end + 1) : undefined) ?? readZone(tokens, end + 1, value.form))
      : undefined;
  const isBracketed = bracketed && at(tokens, bracketed.end).text === ')';
  const zone = isBracketed ? { ...bracketed, end: bracketed.end + 1 } : readZone(tokens, end, value.form);
  if (zone) {
    const word = at(tokens, isBracketed ? end + 1 : end).text;
    const remark = sharedAbbreviations.has(word)
      ? { remark: `I read ${word.toUpperCase()} as UTC${zone.value}.` }
      : undefined;
    return { value: { ...value, zone: zone.value, ...remark }, end: zone.end };
  }
  const local = ofUser(tokens, end);
  if (local && at(tokens, local.end).text === 'time') return { value, end: local.end + 1 };
  const ish = isIsh(tokens, end) ? endOfIsh(tokens, end) : end;
  return { value, end: exactly(tokens, ish)?.end ?? skip(tokens, ish, 'ish') };
}

/** "UTC", "PT", "Eastern time", "Berlin time" */
function readZone(tokens: Tokens, index: number, form: ClockTime['form']): Read<string> | undefined {
  const { raw } = at(tokens, index);
  // "at 5pm et": in lower case at the end or before a day only.
  const isDay = look(relativeDays, tokens, index + 1) !== undefined || look(weekdays, tokens, index + 1) !== undefined;
  const isApart = form !== 'bare' && raw === raw.toLowerCase() && (isDay || isPunctuation(tokens, index + 1));
  const letters = isApart ? raw.toUpperCase() : raw;
  const initials = own(zoneInitials, letters);
  if (initials) return { value: initials, end: skip(tokens, index + 1, 'time') };
  const named = readZoneName(tokens, index);
  if (named && form !== 'bare') return named;
  const abbreviation = readAbbreviation(tokens, index);
  // "at 3 est": lower case is no abbreviation behind a mere number.
  const isMeant = form !== 'bare' || /^[A-Z]+$/.test(at(tokens, index).raw);
  if (abbreviation && isMeant) return { value: abbreviation.value, end: skip(tokens, abbreviation.end, 'time') };
  const region = readRegion(tokens, index);
  if (region) {
    const time = skip(tokens, skip(tokens, region.end, 'standard', 'daylight'), 'time');
    const next = at(tokens, time);
    if (time > region.end || (form !== 'bare' && (next.kind === 'end' || next.kind === 'mark')))
      return { value: region.value, end: time };
  }
  const place = readPlace(tokens, skip(tokens, index, 'in'));
  return place && at(tokens, place.end).text === 'time' ? { value: place.value, end: place.end + 1 } : undefined;
}

/** "Europe/London", "America/New_York" */
function readZoneName(tokens: Tokens, index: number): Read<string> | undefined {
  if (!isGlued(tokens, index + 1, '/') || !isGlued(tokens, index + 2) || !continents.has(at(tokens, index).text))
    return undefined;
  let end = index + 3;
  while (end < index + 9 && isGlued(tokens, end) && ['_', '/'].includes(at(tokens, end).text)) end += 2;
  const name = tokens
    .slice(index, end)
    .map(({ raw }) => raw)
    .join('');
  return isTimeZone(name) ? { value: name, end } : undefined;
}

/** Ahead of UTC: the rest of "09:00Z", "09:00+02:00", "15:00 +0200", "9am UTC+2", "9am GMT + 2". */
function readOffset(tokens: Tokens, index: number): Read<string> | undefined {
  if (isGlued(tokens, index, 'z') && !isGlued(tokens, index + 1)) return { value: 'UTC', end: index + 1 };
  const isNamed = ['utc', 'gmt'].includes(at(tokens, index).text);
  const sign = isNamed ? index + 1 : index;
  const exact = readExactOffset(tokens, sign);
  // "10:00-11:00" and "10:00 - 11:00" are ranges.
  if (exact && (isNamed || at(tokens, sign).text === '+')) return exact;
  const mark = at(tokens, sign).text;
  const hours = at(tokens, sign + 1).text;
  if (!isNamed || (mark !== '+' && mark !== '-') || !/^(?:\d|1[0-4])$/.test(hours)) return undefined;
  const hasMinutes = isGlued(tokens, sign + 2, ':') && /^[0-5]\d$/.test(at(tokens, sign + 3).text);
  const minutes = hasMinutes ? at(tokens, sign + 3).text : '00';
  return { value: `${mark}${hours.padStart(2, '0')}:${minutes}`, end: hasMinutes ? sign + 4 : sign + 2 };
}

/** "-05:30", "+0200" */
export function readExactOffset(tokens: Tokens, index: number): Read<string> | undefined {
  const sign = at(tokens, index).text;
  const hours = at(tokens, index + 1).text;
  if ((sign !== '-' && sign !== '+') || !isGlued(tokens, index + 1)) return undefined;
  if (/^(?:0\d|1[0-4])[0-5]\d$/.test(hours))
    return { value: `${sign}${hours.slice(0, 2)}:${hours.slice(2)}`, end: index + 2 };
  const hasMinutes = isGlued(tokens, index + 2, ':') && /^[0-5]\d$/.test(at(tokens, index + 3).text);
  if (!/^(?:0\d|1[0-4])$/.test(hours) || !hasMinutes) return undefined;
  return { value: `${sign}${hours}:${at(tokens, index + 3).text}`, end: index + 4 };
}
