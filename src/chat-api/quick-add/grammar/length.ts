import { shortUnits, units, type Unit } from '../vocabulary/time-words.ts';
import { look, readNumber } from './number.ts';
import { at, isGlued, isPunctuation, skip, type Read, type Tokens } from './token.ts';

/** How long something takes: months and days on the calendar, seconds by the clock. */
export interface Length {
  readonly months: number;
  readonly days: number;
  readonly seconds: number;
}

const nothing: Length = { months: 0, days: 0, seconds: 0 };
const seconds = { second: 1, minute: 60, hour: 3600 } as const;

/** "3 days", "an hour and a half", "1h 20m", "1.5 hours", "half an hour", "2 weeks and 3 days". */
export function readLength(tokens: Tokens, index: number): Read<Length> | undefined {
  let total: Length | undefined;
  let end = index;
  let smallest = Infinity;
  for (let next = index; ;) {
    const part = readMonthsBehindYears(tokens, next, smallest) ?? readPart(tokens, next);
    if (!part || rank(part.value) >= smallest) break;
    smallest = rank(part.value);
    total = add(total ?? nothing, part.value);
    end = part.end;
    next = end;
    if (at(tokens, next).text === ',') next++;
    next = skip(tokens, next, 'and', '&', 'n');
  }
  return total && { value: total, end };
}

/** "2m" of "1y2m" */
function readMonthsBehindYears(tokens: Tokens, index: number, smallest: number): Read<Length> | undefined {
  const { kind, text } = at(tokens, index);
  const isMonths = kind === 'number' && text.length < 3 && isGlued(tokens, index + 1, 'm') && smallest === yearRank;
  return isMonths ? { value: { ...nothing, months: Number(text) }, end: index + 2 } : undefined;
}

const yearRank = 7;

function rank({ months, days, seconds: clock }: Length): number {
  if (months) return months % 12 === 0 ? yearRank : 6;
  if (days) return days % 7 === 0 ? 5 : 4;
  if (clock >= 3600 && clock !== 5400) return 3;
  return clock >= 60 ? 2 : 1;
}

/** "an hour and a half": a count that has a half of its own. */
function readPart(tokens: Tokens, index: number): Read<Length> | undefined {
  const half = readHalf(tokens, index);
  if (half) return half;
  const count = readCount(tokens, index);
  if (!count) return undefined;
  const counted = readHalfCount(tokens, count.end) ?? { value: 0, end: count.end };
  // "2 more minutes"
  // "3/4 of an hour"
  const isOfOne = count.value < 1 && at(tokens, counted.end).text === 'of';
  const one = isOfOne ? skip(tokens, counted.end + 1, 'an', 'a') : counted.end;
  const unit = readUnit(tokens, skip(tokens, one, 'more'), count.isDigits);
  if (!unit) return undefined;
  const more = counted.value === 0 && isAnd(tokens, unit.end) ? readAndAHalf(tokens, unit.end) : undefined;
  // "1h30" and "1h 30" have minutes behind the hours.
  const minutes = unit.value.name === 'hour' && !more ? readGluedMinutes(tokens, unit.end) : undefined;
  const fraction = more === undefined ? 0 : at(tokens, more - 1).text === 'quarter' ? 0.25 : 0.5;
  const value = multiply(unit.value, count.value + counted.value + fraction);
  if (!value) return undefined;
  if (minutes) return { value: add(value, { ...nothing, seconds: minutes.value * 60 }), end: minutes.end };
  return { value, end: more ?? unit.end };
}

function readCount(tokens: Tokens, index: number): { value: number; end: number; isDigits: boolean } | undefined {
  const part = readSlashed(tokens, index);
  if (part) return part;
  const hundreds = readHundreds(tokens, index);
  if (hundreds) return hundreds;
  if (at(tokens, index).text === '½') return { value: 0.5, end: index + 1, isDigits: true };
  // ".5 hours"
  const tenths = at(tokens, index).text === '.' && isGlued(tokens, index + 1) ? at(tokens, index + 1) : undefined;
  if (tenths?.kind === 'number' && tenths.text.length < 4)
    return { value: Number(`0.${tenths.text}`), end: index + 2, isDigits: true };
  const number = readNumber(tokens, index, { fraction: true });
  if (number) return { ...number, isDigits: at(tokens, index).kind === 'number' };
  // "in couple of days", "in the next couple of days"
  if (at(tokens, index).text === 'couple' && ['in', 'next'].includes(at(tokens, index - 1).text))
    return { value: 2, end: skip(tokens, index + 1, 'of'), isDigits: false };
  if (at(tokens, index).text !== 'a' && at(tokens, index).text !== 'an') return undefined;
  if (at(tokens, index + 1).text === 'couple') return { value: 2, end: skip(tokens, index + 2, 'of'), isDigits: false };
  if (at(tokens, index + 1).text === 'dozen') return { value: 12, end: index + 2, isDigits: false };
  return { value: 1, end: index + 1, isDigits: false };
}

const slashed: Readonly<Record<string, number>> = { '1/2': 0.5, '1/4': 0.25, '3/4': 0.75 };

/** "1/2" and "1 1/2" of "1 1/2 hours" */
function readSlashed(tokens: Tokens, index: number): { value: number; end: number; isDigits: boolean } | undefined {
  const isMixed = at(tokens, index).kind === 'number' && at(tokens, index + 1).kind === 'number';
  const start = isMixed ? index + 1 : index;
  if (!isGlued(tokens, start + 1, '/') || !isGlued(tokens, start + 2)) return undefined;
  const part = slashed[`${at(tokens, start).text}/${at(tokens, start + 2).text}`];
  const whole = isMixed ? Number(at(tokens, index).text) : 0;
  return part === undefined ? undefined : { value: whole + part, end: start + 3, isDigits: true };
}

/** "a hundred", "two hundred" */
function readHundreds(tokens: Tokens, index: number): { value: number; end: number; isDigits: boolean } | undefined {
  const number = at(tokens, index).text === 'a' ? { value: 1, end: index + 1 } : readNumber(tokens, index);
  if (!number || number.value > 99 || at(tokens, number.end).text !== 'hundred') return undefined;
  // "one hundred and twenty"
  const more = readNumber(tokens, skip(tokens, number.end + 1, 'and'));
  const rest = more && more.value < 100 ? more : { value: 0, end: number.end + 1 };
  return { value: number.value * 100 + rest.value, end: rest.end, isDigits: false };
}

/** "two and a half hours" */
function readHalfCount(tokens: Tokens, index: number): Read<number> | undefined {
  const end = isAnd(tokens, index) ? readAndAHalf(tokens, index) : undefined;
  return end === undefined ? undefined : { value: at(tokens, end - 1).text === 'half' ? 0.5 : 0.25, end };
}

const isAnd = (tokens: Tokens, index: number) => ['and', '&', 'n'].includes(at(tokens, index).text);

function readAndAHalf(tokens: Tokens, index: number): number | undefined {
  // "two and half hours"
  if (at(tokens, index + 1).text === 'half') return index + 2;
  const isFraction = ['half', 'quarter'].includes(at(tokens, index + 2).text);
  return ['a', 'an'].includes(at(tokens, index + 1).text) && isFraction ? index + 3 : undefined;
}

/** "half an hour", "half a day", "a half hour", "a quarter hour", "quarter of an hour", "three quarters of an hour" */
function readHalf(tokens: Tokens, index: number): Read<Length> | undefined {
  const start = skip(tokens, index, 'a');
  const first = at(tokens, start).text;
  if (first === 'half') {
    const unit = readUnit(tokens, skip(tokens, start + 1, 'a', 'an', '-'), false);
    const value = unit && multiply(unit.value, 0.5);
    return value && { value, end: unit.end };
  }
  // "a quarter hour"
  if (first === 'quarter' && at(tokens, start + 1).text === 'hour')
    return { value: { ...nothing, seconds: 900 }, end: start + 2 };
  const quarters = isGlued(tokens, start + 1, '-') ? start + 2 : start + 1;
  const isThree = first === 'three' && at(tokens, quarters).text === 'quarters';
  const words = isThree ? quarters : start;
  if (!isThree && first !== 'quarter') return undefined;
  const isOfHour = at(tokens, words + 1).text === 'of' && at(tokens, words + 2).text === 'an';
  if (!isOfHour || at(tokens, words + 3).text !== 'hour') return undefined;
  return { value: { ...nothing, seconds: isThree ? 2700 : 900 }, end: words + 4 };
}

function readUnit(tokens: Tokens, index: number, isBehindDigits: boolean): Read<Unit> | undefined {
  const next = isBehindDigits && isGlued(tokens, index, '-') ? index + 1 : index;
  const unit = look(units, tokens, next) ?? (isBehindDigits ? look(shortUnits, tokens, next) : undefined);
  return unit && { value: unit, end: next + 1 };
}

function readGluedMinutes(tokens: Tokens, index: number): Read<number> | undefined {
  // "1h:30m"
  const colon = isGlued(tokens, index, ':') && isGlued(tokens, index + 1) ? index + 1 : index;
  const isMinutes = ['m', 'min'].includes(at(tokens, index + 2).text) || isPunctuation(tokens, index + 2);
  if (colon > index) return isMinutes ? readGluedMinutes(tokens, colon) : undefined;
  const token = at(tokens, index);
  // "1 hour 30", with nothing that it could count
  if (token.isSpaced && !isPunctuation(tokens, index + 1)) return undefined;
  if (token.kind !== 'number' || token.text.length !== 2 || Number(token.text) > 59) return undefined;
  return { value: Number(token.text), end: skip(tokens, index + 1, 'm', 'min') };
}

/** Undefined for what no calendar has, such as half a second month. */
function multiply({ name, count }: Unit, times: number): Length | undefined {
  const amount = times * count;
  if (name === 'month' || name === 'year') {
    const months = name === 'year' ? amount * 12 : amount;
    return Number.isInteger(months) ? { ...nothing, months } : undefined;
  }
  if (name === 'day' || name === 'week') {
    const days = name === 'week' ? amount * 7 : amount;
    if (Number.isInteger(days)) return { ...nothing, days };
    return Number.isInteger(days * 24) ? { ...nothing, seconds: days * 86_400 } : undefined;
  }
  return { ...nothing, seconds: Math.round(amount * seconds[name]) };
}

function add(one: Length, other: Length): Length {
  return {
    months: one.months + other.months,
    days: one.days + other.days,
    seconds: one.seconds + other.seconds,
  };
}

export function negate({ months, days, seconds: clock }: Length): Length {
  return { months: -months, days: -days, seconds: -clock };
}

export function isZero({ months, days, seconds: clock }: Length): boolean {
  return months === 0 && days === 0 && clock === 0;
}
