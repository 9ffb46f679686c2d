import type { Rule } from '../meaning/rule.ts';
import {
  adverbs,
  dayParts,
  months,
  pluralDayParts,
  pluralWeekdays,
  units,
  weekdays,
  type DayPart,
  type Unit,
} from '../vocabulary/time-words.ts';
import { moneyVerbs } from '../vocabulary/title-words.ts';
import { isQuarter, readDayNumbers, readDayOfQuarter, readNth, readYearly } from './days-of-month.ts';
import { readLength, type Length } from './length.ts';
import { look, readNumber, readOrdinal } from './number.ts';
import {
  monthly,
  readIntervalCount,
  ruleOf,
  withParts,
  type ReadRecurrence,
  type Recurrence,
} from './recurrence-form.ts';
import { at, isGlued, isPunctuation, phrases, skip, type Read, type Tokens } from './token.ts';
import { readWeekday, readWeekdayList, readWorkday, weekendDays } from './weekday-list.ts';

/** "alternate days", "on alternate fridays" */
export function readAlternate(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const on = skip(tokens, index, 'on', 'in');
  if (!['alternate', 'alternating', 'alt'].includes(at(tokens, on).text)) return undefined;
  const unit = look(units, tokens, on + 1);
  // "alternate route"; "alternate month" at the end
  const isSaid = at(tokens, on + 1).text.endsWith('s') || isPunctuation(tokens, on + 2);
  const rule = unit && isSaid ? ruleOf(unit, 2) : undefined;
  if (rule) return readDetails(tokens, on + 2, rule);
  const days = readWeekdayList(tokens, on + 1);
  return days && withParts(tokens, { frequency: 'WEEKLY', interval: 2, weekdays: days.value }, days.end);
}

/** "every day", "every 2 weeks on friday", "every other month", "every 3rd day", "every hour and a half" */
export const readInterval: ReadRecurrence = (tokens, index) => {
  if (at(tokens, index).text === 'half' || at(tokens, index + 1).text === 'of') {
    const part = readHalf(tokens, index);
    if (part) return part;
  }
  if (at(tokens, index).text === 'quarter' && at(tokens, index + 1).text === 'hour')
    return { value: { rule: { frequency: 'MINUTELY', interval: 15 } }, end: index + 2 };
  const oneAndAHalf = readOneAndAHalf(tokens, index);
  if (oneAndAHalf) return oneAndAHalf;
  const count = readIntervalCount(tokens, index);
  const start = count?.end ?? index;
  const several = readSeveralParts(tokens, index);
  if (several) return several;
  // "every two fridays"
  const weekday = count && count.value > 1 ? look(pluralWeekdays, tokens, start) : undefined;
  if (weekday !== undefined)
    return {
      value: { rule: { frequency: 'WEEKLY', interval: count!.value, weekdays: [{ weekday }] } },
      end: start + 1,
    };
  const unit = look(units, tokens, start) ?? readShortUnit(tokens, start, count !== undefined);
  if (!unit || unit.name === 'second') return count ? readSubdaily(tokens, index) : undefined;
  // "every hour and a half", "every 1h 30m"
  const length = readSubdaily(tokens, index);
  if (length && length.end > start + 1) return length;
  const times = count?.value ?? 1;
  if (times < 1 || times > 1000)
    return { value: { problem: `I cannot repeat a task every ${times} ${unit.name}s.` }, end: start + 1 };
  const rule = ruleOf(unit, times);
  const ofQuarter = times === 1 && isQuarter(unit) ? readDayOfQuarter(tokens, start + 1) : undefined;
  return ofQuarter ?? (rule && readDetails(tokens, start + 1, rule));
};

const eachDayPart: Readonly<Record<string, DayPart>> = { ...dayParts, ...pluralDayParts };

/** "every other night", "every 2 evenings", "every third weekend"; "every first weekend of the month" is another thing. */
function readSeveralParts(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const ordinal = readOrdinal(tokens, index);
  const count = ordinal ?? readIntervalCount(tokens, index);
  if (!count || count.value < 2 || count.value > 1000 || at(tokens, count.end + 1).text === 'of') return undefined;
  const part = look(eachDayPart, tokens, count.end);
  if (part)
    return { value: { rule: { frequency: 'DAILY', interval: count.value }, parts: [part] }, end: count.end + 1 };
  if (!['weekend', 'weekends'].includes(at(tokens, count.end).text)) return undefined;
  return {
    value: { rule: { frequency: 'WEEKLY', interval: count.value, weekdays: weekendDays } },
    end: count.end + 1,
  };
}

/** "every day and a half", "every year and a half" */
function readOneAndAHalf(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const isHalf = ['and', 'a', 'half'].every((word, offset) => at(tokens, index + 1 + offset).text === word);
  const unit = isHalf ? at(tokens, index).text : '';
  const end = index + 4;
  switch (unit) {
    case 'day':
      return { value: { rule: { frequency: 'HOURLY', interval: 36 } }, end };
    case 'year':
      return { value: { rule: { frequency: 'MONTHLY', interval: 18 } }, end };
    case 'week':
    case 'month':
      return { value: { problem: `I cannot repeat a task every ${unit} and a half.` }, end };
    default:
      return undefined;
  }
}

/** "every half hour", "every half year" */
function readHalf(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const length = readLength(tokens, index);
  if (!length || length.value.months === 0) return length && subdaily(length);
  return { value: { rule: { frequency: 'MONTHLY', interval: length.value.months } }, end: length.end };
}

function readShortUnit(tokens: Tokens, index: number, isCounted: boolean): Unit | undefined {
  if (!isCounted || at(tokens, index).isSpaced) return undefined;
  const short = ({ h: units['hour'], d: units['day'], w: units['week'] } as Readonly<Record<string, Unit | undefined>>)[
    at(tokens, index).text
  ];
  return short;
}

/** "every 90 minutes", "every half hour", "every 1.5 hours" */
function readSubdaily(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const isUncounted = look(units, tokens, index) !== undefined;
  const length = isUncounted ? readUncountedLength(tokens, index) : readLength(tokens, index);
  return length && subdaily(length);
}

function subdaily(length: Read<Length>): Read<Recurrence> | undefined {
  if (length.value.seconds === 0 || length.value.days !== 0 || length.value.months !== 0) return undefined;
  const minutes = length.value.seconds / 60;
  if (!Number.isInteger(minutes))
    return { value: { problem: 'A task repeats at most once a minute.' }, end: length.end };
  const rule: Rule =
    minutes % 60 === 0 ? { frequency: 'HOURLY', interval: minutes / 60 } : { frequency: 'MINUTELY', interval: minutes };
  return { value: { rule }, end: length.end };
}

/** "every hour and a half": as if it were an hour. */
function readUncountedLength(tokens: Tokens, index: number): Read<Length> | undefined {
  const isHalf = ['and', 'a', 'half'].every((word, offset) => at(tokens, index + 1 + offset).text === word);
  if (at(tokens, index).text !== 'hour') return undefined;
  const more = at(tokens, index + 1).text === 'and' ? readLength(tokens, index + 2) : undefined;
  // "every hour and 15 minutes"
  if (more && !isHalf && more.value.seconds > 0 && more.value.seconds < 3600)
    return { value: { months: 0, days: 0, seconds: 3600 + more.value.seconds }, end: more.end };
  if (!isHalf) return undefined;
  return { value: { months: 0, days: 0, seconds: 5400 }, end: index + 4 };
}

/** What may follow a unit: the days of the week, of the month or of the year. */
function readDetails(tokens: Tokens, index: number, rule: Rule): Read<Recurrence> {
  const on = skip(tokens, skip(tokens, index, ','), 'on', 'in');
  const the = skip(tokens, on, 'the');
  if (rule.frequency === 'WEEKLY') {
    // "every two weeks on a wednesday"
    const day = on > index && at(tokens, on).text === 'a' ? readWeekday(tokens, on + 1) : undefined;
    if (day) return withParts(tokens, { ...rule, weekdays: [{ weekday: day.value }] }, day.end);
    const workweek = readWorkday(tokens, on);
    if (workweek && on > index) return { value: { rule: { ...rule, weekdays: workweek.value } }, end: workweek.end };
    const days = readWeekdayList(tokens, on);
    if (days) return withParts(tokens, { ...rule, weekdays: days.value }, days.end);
  }
  if (rule.frequency === 'DAILY' && rule.interval === 1) {
    // "daily mon-sat"; but "every day monday until friday"
    const days = readWeekdayList(tokens, skip(tokens, on, 'from'));
    const isEach = days && !tokens.slice(on, days.end).some(({ text }) => ['or', 'until', 'till'].includes(text));
    if (isEach && days.value.length > 2)
      return withParts(tokens, { frequency: 'WEEKLY', interval: 1, weekdays: days.value }, days.end);
  }
  if (rule.frequency === 'DAILY' && at(tokens, index).text === 'of' && at(tokens, index + 1).text === 'the') {
    const period = at(tokens, index + 2).text;
    // "every eighth day of the week"
    const problem = `I cannot repeat a task every so many days of a ${period}.`;
    if (['week', 'month', 'year'].includes(period))
      return { value: rule.interval === 1 ? { rule } : { problem }, end: index + 3 };
  }
  if (rule.frequency === 'MONTHLY' && on === index) {
    // "every month third monday"
    const nth = readNth(tokens, the, true);
    if (nth?.value.rule?.weekdays ?? nth?.value.rule?.days)
      return { value: { ...nth.value, rule: { ...nth.value.rule, interval: rule.interval } }, end: nth.end };
    // "monthly 1st", "every month the 25th"
    const isNumber = at(tokens, the).kind === 'number';
    const days = isNumber ? readDayNumbers(tokens, the, false) : undefined;
    if (days && (isPunctuation(tokens, days.end) || at(tokens, days.end).text === 'at'))
      return monthly(days.value, days.end, rule.interval);
  }
  if (rule.frequency === 'MONTHLY' && on > index) {
    const nth = readNth(tokens, the, true);
    if (nth?.value.rule)
      return { value: { ...nth.value, rule: { ...nth.value.rule, interval: rule.interval } }, end: nth.end };
    const start = skip(tokens, the, 'day', 'days');
    const days = readDayNumbers(tokens, start, true);
    if (days) return monthly(days.value, days.end, rule.interval);
  }
  if (rule.frequency === 'YEARLY' && on === index) {
    // "every year the first monday of may"
    const nth = readNth(tokens, the, false);
    if (nth?.value.rule?.frequency === 'YEARLY')
      return { value: { rule: { ...nth.value.rule, interval: rule.interval } }, end: nth.end };
  }
  if (rule.frequency === 'YEARLY' && on > index) {
    const yearly = readYearly(tokens, on);
    if (yearly?.value.rule)
      return {
        value: { ...yearly.value, needsBoundary: false, rule: { ...yearly.value.rule, interval: rule.interval } },
        end: yearly.end,
      };
    const nth = readNth(tokens, the, false);
    if (nth?.value.rule?.frequency === 'YEARLY')
      return { value: { rule: { ...nth.value.rule, interval: rule.interval } }, end: nth.end };
  }
  return { value: { rule }, end: index };
}

const readAdverbUnit = phrases(adverbs);

const countable: ReadonlySet<string> = new Set(['hourly', 'weekly', 'monthly', 'yearly']);

function isCountBefore(tokens: Tokens, index: number): boolean {
  const { kind, text, isSpaced } = at(tokens, index - 1);
  const before = at(tokens, index - 2);
  const isCount = kind === 'number' && isSpaced && text.length < 3 && Number(text) > 1;
  const isMoney = moneyVerbs.has(before.text);
  const isTime = beforeHours.has(before.text) || Object.hasOwn({ ...weekdays, ...months }, before.text);
  return isCount && !isMoney && before.kind === 'word' && !isTime && countable.has(at(tokens, index).text);
}

const beforeHours: ReadonlySet<string> = new Set(['at', 'by', 'on', 'from', 'until', 'before', 'after', 'the', 'to']);

/** "monthly", "biweekly on tuesday", "6-monthly", "six monthly", "12 hourly" */
export const readAdverb: ReadRecurrence = (tokens, index) => {
  const count = readNumber(tokens, index);
  const start = count ? skip(tokens, count.end, '-') : index;
  // "Take 2 daily" is two of something.
  const isJoined =
    count &&
    (isGlued(tokens, count.end, '-') || at(tokens, index).kind === 'word' || at(tokens, start).text === 'hourly');
  // "haircut 6 weekly": every six weeks, or six a week?
  if (!count && isCountBefore(tokens, index)) return undefined;
  const isCounted = isJoined && count.value > 1 && count.value <= 1000 && countable.has(at(tokens, start).text);
  const unit = count && !isCounted ? undefined : readAdverbUnit(tokens, start);
  if (!unit) return undefined;
  const rule = ruleOf(unit.value, count?.value ?? 1)!;
  const ofQuarter = isQuarter(unit.value) ? readDayOfQuarter(tokens, unit.end) : undefined;
  const details = ofQuarter ?? readDetails(tokens, unit.end, rule);
  const word = at(tokens, index).text;
  const isHardlyKnown = word.startsWith('bi');
  const remark = isHardlyKnown
    ? {
        remark: `I read "${word === 'bi' ? 'bi-' : ''}${at(tokens, unit.end - 1).text}" as every two ${unit.value.name}s.`,
      }
    : {};
  const parts: Pick<Recurrence, 'parts'> = word === 'nightly' ? { parts: [dayParts['night']!] } : {};
  return {
    value: { ...details.value, ...parts, ...remark, needsBoundary: details.end === unit.end },
    end: details.end,
  };
};

const spreads: Readonly<Record<number, readonly number[]>> = { 2: [9, 18], 3: [9, 14, 19] };

/** "once a week", "twice a day", "three times per day" */
export function readTimesPer(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const first = at(tokens, index).text;
  const number = readNumber(tokens, index);
  const isTimes = number && ['times', 'time', 'x', '×'].includes(at(tokens, number.end).text);
  const count = { once: 1, twice: 2, thrice: 3 }[first] ?? (isTimes ? number.value : undefined);
  if (count === undefined) return undefined;
  const next = isTimes ? number.end + 1 : index + 1;
  const per = readPer(tokens, next);
  if (!per || per.value.name === 'second') return undefined;
  const { value: unit, end } = per;
  if (count === 1) return readDetails(tokens, end, ruleOf(unit, 1)!);
  const days = readDaysOfTimes(tokens, end, unit, count);
  if (days) return days;
  const hours = unit.name === 'day' ? spreads[count] : undefined;
  if (hours) {
    const said = hours.map((hour) => `${String(hour).padStart(2, '0')}:00`);
    const rule: Rule = { frequency: 'DAILY', interval: 1, hours, minute: 0 };
    const remark = `I set the times to ${said.slice(0, -1).join(', ')} and ${said.at(-1)}.`;
    return { value: { rule, remark, isTimeTaken: true }, end };
  }
  return {
    value: {
      problem: `"${count} times a ${unit.count === 1 ? unit.name : at(tokens, end - 1).text}" does not say on which days or at what times.`,
    },
    end,
  };
}

/** "on tue and fri" behind "twice a week": as many days as there are times. */
function readDaysOfTimes(tokens: Tokens, index: number, unit: Unit, count: number): Read<Recurrence> | undefined {
  const rule = ruleOf(unit, 1)!;
  const read = ['WEEKLY', 'MONTHLY'].includes(rule.frequency) ? readDetails(tokens, index, rule) : undefined;
  const days = read?.value.rule?.weekdays ?? read?.value.rule?.days;
  if (!read || !days) return undefined;
  if (days.length === count) return read;
  const problem = `That is ${count} times a ${unit.name}, but ${days.length === 1 ? '1 day' : `${days.length} days`}.`;
  return { value: { problem }, end: read.end };
}

/** "a day", "per week", "in a month", "daily" */
function readPer(tokens: Tokens, index: number): Read<Unit> | undefined {
  const adverb = look(adverbs, tokens, index);
  if (adverb?.count === 1) return { value: adverb, end: index + 1 };
  const within = skip(tokens, index, 'in');
  const per = skip(tokens, within, 'a', 'an', 'per', 'each', 'every', '/');
  if (per === index) return undefined;
  const unit = look(units, tokens, per);
  return unit && !at(tokens, per).text.endsWith('s') ? { value: unit, end: per + 1 } : undefined;
}
