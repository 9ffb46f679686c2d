import {
  adverbs,
  dayParts,
  holidays,
  months,
  pluralDayParts,
  recurringParts,
  pluralWeekdays,
  smallNumbers,
  twoLetterWeekdays,
  units,
  weekdayHolidays,
  weekdayNames,
  weekdays,
  type DayPart,
  type Unit,
} from '../vocabulary/time-words.ts';
import type { Frequency, Rule, WeekdayRule } from '../meaning/rule.ts';
import { own } from '../own.ts';
import { readLength, type Length } from './length.ts';
import { look, readNumber, readOrdinal } from './number.ts';
import { at, isGlued, isPunctuation, phrases, skip, type Read, type Tokens } from './token.ts';

/** How often something is done, as a sentence has it. */
export interface Recurrence {
  readonly rule?: Rule;
  /** "every morning and evening" */
  readonly parts?: readonly DayPart[];
  /** Why the words mean nothing. */
  readonly problem?: string;
  /** The question that would make them mean something. */
  readonly ask?: string;
  readonly remark?: string;
  /** Whether a noun behind it would make it mean something else: "weekly report", "every 10th page". */
  readonly needsBoundary?: boolean;
  /** Whether its times of day, and the remark about them, only count where none are said. */
  readonly isTimeTaken?: boolean;
  /** Whether it counts from the day on which the task is done, not by the calendar: "every! 3 months". */
  readonly isFromCompletion?: boolean;
}

type ReadRecurrence = (tokens: Tokens, index: number) => Read<Recurrence> | undefined;

export const readRecurrence: ReadRecurrence = (tokens, index) => {
  // "*monthly", as some applications mark it
  if (at(tokens, index).text === '*' && isGlued(tokens, index + 1) && at(tokens, index + 1).text !== '*')
    return readRecurrence(tokens, index + 1);
  const exact = readAbout(tokens, index);
  if (exact > index) return readRecurrence(tokens, exact);
  const repeated = readRepeat(tokens, index);
  if (repeated > index) return readRecurrence(tokens, repeated);
  const thereafter = readThereafter(tokens, index);
  if (thereafter) return thereafter;
  const every = readEvery(tokens, index);
  if (every !== undefined) return readBody(tokens, every);
  return (
    readDaysOfEveryWeek(tokens, index) ??
    readTimesPer(tokens, index) ??
    readAdverb(tokens, index) ??
    readPlural(tokens, index) ??
    readEdgeOfEvery(tokens, index) ??
    readOfEveryMonth(tokens, index) ??
    readAlternate(tokens, index) ??
    readWorkingWeek(tokens, index) ??
    readTimetable(tokens, index) ??
    readWeekdaysAlone(tokens, index)
  );
};

const afterThat = phrases({
  'after that': true,
  thereafter: true,
  afterwards: true,
  afterward: true,
  'from then on': true,
});

/** "and every week after that", behind the day on which it begins */
function readThereafter(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const start = skip(tokens, skip(tokens, index, ','), 'and');
  const every = readEvery(tokens, skip(tokens, start, 'then'));
  const body = every === undefined ? readAdverb(tokens, start) : readBody(tokens, every);
  const end = body && afterThat(tokens, body.end)?.end;
  return end === undefined ? undefined : { value: { ...body!.value, needsBoundary: false }, end };
}

/** "monday and thursday every week", "monday to friday weekly" */
function readDaysOfEveryWeek(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const on = skip(tokens, index, 'on', 'from');
  const days = readWeekdayList(tokens, on);
  if (!days || tokens.slice(on, days.end).some(({ text }) => text === 'or')) return undefined;
  const week = skip(tokens, skip(tokens, days.end, ','), 'of');
  const isEvery = everyWords.has(at(tokens, week).text) && at(tokens, week + 1).text === 'week';
  const end = isEvery ? week + 2 : at(tokens, week).text === 'weekly' ? week + 1 : undefined;
  return end === undefined ? undefined : withParts(tokens, weeklyOn(days.value.map(({ weekday }) => weekday)), end);
}

/** Behind "about", "at least" of "at least once a week"; the same place without them. */
function readAbout(tokens: Tokens, index: number): number {
  const least = at(tokens, index).text === 'at' ? skip(tokens, index + 1, 'least', 'most') : index;
  const about = least > index + 1 ? least : skip(tokens, index, 'about', 'around', 'roughly', 'approximately');
  const isOften = everyWords.has(at(tokens, about).text) || readTimesPer(tokens, about) !== undefined;
  return isOften ? about : index;
}

/** Behind "repeat", "and then", "then repeat it". */
function readRepeat(tokens: Tokens, index: number): number {
  const and = skip(tokens, index, 'and');
  const then = skip(tokens, and, 'then');
  const repeat = skip(tokens, then, 'repeat', 'repeats', 'repeating', 'recurring', 'recurs', 'recur');
  if (repeat === and) return index;
  const colon = repeat > then && isGlued(tokens, repeat, ':') ? repeat + 1 : repeat;
  return repeat > then ? skip(tokens, colon, 'it', 'this') : repeat;
}

const everyWords = new Set(['every', 'each', 'ev']);

/** Behind "every", "each", "once every", "every single". */
function readEvery(tokens: Tokens, index: number): number | undefined {
  // "once in two weeks"
  const isOnceIn = at(tokens, index).text === 'once' && at(tokens, index + 1).text === 'in';
  if (isOnceIn && readNumber(tokens, index + 2)) return index + 2;
  const start = skip(tokens, index, 'once', 'on');
  if (!everyWords.has(at(tokens, start).text)) return undefined;
  const both = at(tokens, start).text === 'each' && at(tokens, start + 1).text === 'and' ? start + 2 : start;
  return skip(tokens, both + 1, 'single');
}

const workdays: readonly WeekdayRule[] = [1, 2, 3, 4, 5].map((weekday) => ({ weekday }));
const weekendDays: readonly WeekdayRule[] = [6, 7].map((weekday) => ({ weekday }));
const readWorkday = phrases({
  weekday: workdays,
  weekdays: workdays,
  'week day': workdays,
  'week days': workdays,
  workday: workdays,
  workdays,
  'working day': workdays,
  'working days': workdays,
  'work day': workdays,
  'business day': workdays,
  'business days': workdays,
  weekend: weekendDays,
  weekends: weekendDays,
  'week end': weekendDays,
  'week ends': weekendDays,
});

/** What makes it count from the day on which the task is done, as "every!" does. */
export const readFromCompletion = phrases(
  Object.fromEntries(
    [
      ...['completion', 'last completion', 'the last completion', 'each completion', 'done', 'being done'],
      ...['it is done', "it's done", 'it was done', 'it is completed', 'it is finished', "it's finished"],
      ...['completing it', 'completing', 'finishing it', 'finishing', 'doing it', 'the last time', 'last time'],
      ...['i complete it', 'i completed it', 'i complete', 'i finish it', 'i finished it', 'i finish', 'i do it'],
      ...['i did it', 'i have done it', "i've done it", 'i am done', "i'm done", 'i last did it', 'i did it last'],
    ]
      .flatMap((words) => [`after ${words}`, `from when ${words}`, `since ${words}`])
      .concat('from completion', 'from the last completion', 'when done', 'when completed')
      .map((words) => [words, true as const]),
  ),
);

/** Behind "every" or "every!". */
const readBody: ReadRecurrence = (tokens, index) => {
  const isMarked = isGlued(tokens, index, '!');
  const body = readBodyOnly(tokens, isMarked ? index + 1 : index);
  if (!body) return undefined;
  const completion = readFromCompletion(tokens, body.end);
  if (!isMarked && !completion) return body;
  return { value: { ...body.value, isFromCompletion: true }, end: completion?.end ?? body.end };
};

const readBodyOnly: ReadRecurrence = (tokens, index) => {
  return (
    readEdge(tokens, index) ??
    readWeeksOfMonth(tokens, index) ??
    readNth(tokens, index, false) ??
    readWorkdays(tokens, index) ??
    readInterval(tokens, index) ??
    readWeekly(tokens, index) ??
    readParts(tokens, index) ??
    readTimetableDays(tokens, index) ??
    readYearly(tokens, index) ??
    readMonthDays(tokens, index)
  );
};

const edges: Readonly<Record<string, 'first' | 'last'>> = {
  end: 'last',
  beginning: 'first',
  start: 'first',
};

/** "end of month", "month end", "start of the year": behind "every". */
function readEdge(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const edge = look(edges, tokens, index);
  if (edge) {
    const unit = skip(tokens, skip(tokens, index + 1, 'of'), 'the', 'a');
    return edgeOf(at(tokens, unit).text, edge, unit + 1);
  }
  const hyphen = isGlued(tokens, index + 1, '-') ? index + 2 : index + 1;
  // "week end" is the weekend.
  if (at(tokens, index).text === 'week') return undefined;
  return at(tokens, hyphen).text === 'end' ? edgeOf(at(tokens, index).text, 'last', hyphen + 1) : undefined;
}

/** "at the end of every month", "the beginning of each year" */
function readEdgeOfEvery(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const the = skip(tokens, skip(tokens, index, 'at', 'by', 'on', 'in'), 'the');
  const edge = look(edges, tokens, the);
  const every = skip(tokens, the + 1, 'of');
  if (!edge || !everyWords.has(at(tokens, every).text)) return undefined;
  return edgeOf(at(tokens, every + 1).text, edge, every + 2);
}

function edgeOf(unit: string, edge: 'first' | 'last', end: number): Read<Recurrence> | undefined {
  const day = edge === 'first' ? 1 : -1;
  switch (unit) {
    case 'month':
      return { value: { rule: { frequency: 'MONTHLY', interval: 1, days: [day] } }, end };
    case 'quarter':
    case 'year': {
      const months = edgeMonths[unit][edge];
      return { value: { rule: { frequency: 'YEARLY', interval: 1, months, days: [day] } }, end };
    }
    case 'week': {
      const [weekday, said] = edge === 'first' ? [1, 'start'] : [5, 'end'];
      const remark = `I read the ${said} of the week as ${weekdayNames[weekday - 1]}.`;
      return { value: { rule: { frequency: 'WEEKLY', interval: 1, weekdays: [{ weekday }] }, remark }, end };
    }
    case 'day': {
      return edge === 'last'
        ? { value: { rule: { frequency: 'DAILY', interval: 1 }, parts: [endOfDay] }, end }
        : undefined;
    }
    default:
      return undefined;
  }
}

const edgeMonths = {
  quarter: { first: [1, 4, 7, 10], last: [3, 6, 9, 12] },
  year: { first: [1], last: [12] },
} as const;

const endOfDay: DayPart = { name: 'end of the day', hour: 17, from: 12, until: 24 };

/** "alternate days", "on alternate fridays" */
function readAlternate(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const on = skip(tokens, index, 'on', 'in');
  if (!['alternate', 'alternating'].includes(at(tokens, on).text)) return undefined;
  const unit = look(units, tokens, on + 1);
  const rule = unit && at(tokens, on + 1).text.endsWith('s') ? ruleOf(unit, 2) : undefined;
  if (rule) return readDetails(tokens, on + 2, rule);
  const days = readWeekdayList(tokens, on + 1);
  return days && withParts(tokens, { frequency: 'WEEKLY', interval: 2, weekdays: days.value }, days.end);
}

const frequencyOf: Readonly<Record<Exclude<Unit['name'], 'second'>, Frequency>> = {
  minute: 'MINUTELY',
  hour: 'HOURLY',
  day: 'DAILY',
  week: 'WEEKLY',
  month: 'MONTHLY',
  year: 'YEARLY',
};

function ruleOf({ name, count }: Unit, times: number): Rule | undefined {
  if (name === 'second') return undefined;
  return { frequency: frequencyOf[name], interval: times * count };
}

/** "every day", "every 2 weeks on friday", "every other month", "every 3rd day", "every hour and a half" */
const readInterval: ReadRecurrence = (tokens, index) => {
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

const isQuarter = ({ name, count }: Unit) => name === 'month' && count === 3;

/** "on the last day", "on the first monday": behind "every quarter". */
function readDayOfQuarter(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const the = skip(tokens, skip(tokens, skip(tokens, index, ','), 'on'), 'the');
  const nth = readPositions(tokens, the);
  if (!nth) return undefined;
  const [position] = nth.value.positions;
  const isEdge = nth.value.positions.length === 1 && (position === 1 || position === -1);
  if (isEdge && !nth.value.weekdays && !nth.value.isWorkday)
    return edgeOf('quarter', position === 1 ? 'first' : 'last', nth.end);
  return nthOfPeriod(nth.value, 'quarter', nth.end);
}

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

function readIntervalCount(tokens: Tokens, index: number): Read<number> | undefined {
  if (['other', 'alternate'].includes(at(tokens, index).text)) return { value: 2, end: index + 1 };
  if (at(tokens, index).text === 'couple') return { value: 2, end: skip(tokens, index + 1, 'of') };
  const ordinal = readOrdinal(tokens, index);
  if (ordinal && ordinal.value > 0 && look(units, tokens, ordinal.end)) return ordinal;
  return readNumber(tokens, index);
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
  if (rule.frequency === 'DAILY' && at(tokens, index).text === 'of' && at(tokens, index + 1).text === 'the') {
    if (['week', 'month', 'year'].includes(at(tokens, index + 2).text)) return { value: { rule }, end: index + 3 };
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

/** "monday", "mon, wed and fri", "mon wed fri", "mon-fri"; plurals, too. */
function readWeekdayList(tokens: Tokens, index: number, names = eachWeekday): Read<readonly WeekdayRule[]> | undefined {
  const found: WeekdayRule[] = [];
  let end = index;
  for (let next = index; found.length < 31;) {
    const weekday = readWeekday(tokens, next, names);
    if (!weekday) break;
    end = weekday.end;
    const last = readWeekdayRange(tokens, end, names);
    // "every monday until monday"
    if (last && last.value !== weekday.value) {
      for (let day = weekday.value; ; day = (day % 7) + 1) {
        found.push({ weekday: day });
        if (day === last.value) break;
      }
      end = last.end;
    } else {
      found.push({ weekday: weekday.value });
    }
    next = skipSeparators(tokens, end);
  }
  return found.length > 0 ? { value: found, end } : undefined;
}

const eachWeekday: Readonly<Record<string, number>> = { ...weekdays, ...pluralWeekdays };
/** Behind "every", two letters are enough. */
const shortenedWeekdays = { ...eachWeekday, ...twoLetterWeekdays };

function readWeekday(tokens: Tokens, index: number, names = eachWeekday): Read<number> | undefined {
  const weekday = look(names, tokens, index);
  // "wed. at 9"
  const isAbbreviated =
    isGlued(tokens, index + 1, '.') && !isGlued(tokens, index + 2) && !at(tokens, index).text.endsWith('day');
  const isLast = at(tokens, index + 2).kind === 'end';
  return weekday === undefined ? undefined : { value: weekday, end: isAbbreviated && !isLast ? index + 2 : index + 1 };
}

const rangeWords = new Set(['-', '–', '—', 'to', 'through', 'thru', 'till', 'until']);

function readWeekdayRange(tokens: Tokens, index: number, names = eachWeekday): Read<number> | undefined {
  return rangeWords.has(at(tokens, index).text) ? readWeekday(tokens, index + 1, names) : undefined;
}

/** "mon, wed and fri", "mon/wed", "mon & wed", "mon wed" */
function skipSeparators(tokens: Tokens, index: number): number {
  let next = skip(tokens, index, ',', '/');
  next = skip(tokens, next, 'and', '&', '+', 'or');
  return everyWords.has(at(tokens, next).text) && next > index ? next + 1 : skip(tokens, next, 'on');
}

const readWorkdays: ReadRecurrence = (tokens, index) => {
  const days = readWorkday(tokens, index);
  return days && withParts(tokens, { frequency: 'WEEKLY', interval: 1, weekdays: days.value }, days.end);
};

/** "monday", "other friday", "2nd friday" is the second of the month, "second friday" might be every other. */
const readWeekly: ReadRecurrence = (tokens, index) => {
  const isOther = at(tokens, index).text === 'other' || at(tokens, index).text === 'alternate';
  const days = readWeekdayList(tokens, isOther ? index + 1 : index, shortenedWeekdays);
  if (!days) return undefined;
  if (tokens.slice(index, days.end).some(({ text }) => text === 'or'))
    return { value: { ask: whichOfThem }, end: days.end };
  // "every friday the 13th"
  const date = at(tokens, days.end).text === 'the' && !isOther ? readDayNumbers(tokens, days.end, false) : undefined;
  if (date) {
    const { value, end } = monthly(date.value, date.end, 1);
    return { value: value.rule ? { rule: { ...value.rule, weekdays: days.value } } : value, end };
  }
  return withParts(tokens, { frequency: 'WEEKLY', interval: isOther ? 2 : 1, weekdays: days.value }, days.end);
};

const whichOfThem = 'Which of these days do you mean? If you mean all of them, say "and" instead of "or".';

/** With "morning" or "mornings and evenings" behind the days. */
function withParts(tokens: Tokens, rule: Rule, index: number): Read<Recurrence> {
  const parts = readPartList(tokens, index);
  return parts ? { value: { rule, parts: parts.value }, end: parts.end } : { value: { rule }, end: index };
}

const readParts: ReadRecurrence = (tokens, index) => {
  const parts = readPartList(tokens, index);
  return parts && { value: { rule: { frequency: 'DAILY', interval: 1 }, parts: parts.value }, end: parts.end };
};

function readPartList(tokens: Tokens, index: number): Read<readonly DayPart[]> | undefined {
  const found: DayPart[] = [];
  let end = index;
  for (let next = index; found.length < 5;) {
    const part = look(recurringParts, tokens, next);
    if (!part) break;
    found.push(part);
    end = next + 1;
    next = skipSeparators(tokens, end);
    if (next === end) break;
  }
  return found.length > 0 ? { value: found, end } : undefined;
}

interface Nth {
  readonly positions: readonly number[];
  readonly weekdays?: readonly number[];
  readonly isWorkday: boolean;
}

/** "3rd friday", "first and third monday of the month", "last day", "last workday of each month", "first monday in may" */
function readNth(tokens: Tokens, index: number, isMonthSaid: boolean): Read<Recurrence> | undefined {
  const nth = readPositions(tokens, index);
  if (!nth) return undefined;
  const edge = readEdgeDay(tokens, nth);
  if (edge) return edge;
  const month = readOfMonth(tokens, nth.end);
  const { positions, weekdays: days, isWorkday } = nth.value;
  const end = month?.end ?? nth.end;
  const isSecond = at(tokens, index).text === 'second' && positions[0] === 2 && positions.length === 1;
  const at2 = isSecond && !month && !isMonthSaid;
  if (at2 && days) {
    const ask = `Does "every second ${at(tokens, nth.end - 1).text}" mean every other one, or the second one of each month? Say "every other" or "every 2nd".`;
    return { value: { ask }, end };
  }
  // "every 3rd day" is a length, "the 3rd day of the month" a date.
  const isDay = !days && !isWorkday;
  if (isDay && !month && !isMonthSaid && positions.some((position) => position > 0)) return undefined;
  // "every 3rd workday" may be every third one.
  if (isWorkday && !month && !isMonthSaid && positions.some((position) => position > 1)) return undefined;
  const base: Rule = month?.value
    ? { frequency: 'YEARLY', interval: 1, months: [month.value] }
    : { frequency: 'MONTHLY', interval: 1 };
  const isPossible = positions.every((position) => position <= (days ? 5 : isDay ? 31 : 23));
  if (!isPossible) return { value: { problem: 'No month has that many of those days.' }, end };
  const remark = positions.includes(5) && days ? { remark: 'Months without a fifth one are skipped.' } : {};
  if (isDay) return { value: { rule: { ...base, days: positions } }, end };
  if (isWorkday) {
    if (positions.length > 1) return undefined;
    return { value: { rule: { ...base, weekdays: workdays, position: positions[0]! } }, end };
  }
  const weekdayRules = positions.flatMap((position) => days!.map((weekday) => ({ weekday, nth: position })));
  return { value: { rule: { ...base, weekdays: weekdayRules }, ...remark }, end };
}

/** "last day of the quarter", "first day of the year": behind "every". */
function readEdgeDay(tokens: Tokens, { value, end }: Read<Nth>): Read<Recurrence> | undefined {
  const [position] = value.positions;
  const isEdge = value.positions.length === 1 && (position === 1 || position === -1);
  if (!isEdge || value.weekdays || value.isWorkday || at(tokens, end).text !== 'of') return undefined;
  const unit = skip(tokens, end + 1, 'the', 'a', 'each', 'every');
  if (!['quarter', 'year', 'week'].includes(at(tokens, unit).text)) return undefined;
  return edgeOf(at(tokens, unit).text, position === 1 ? 'first' : 'last', unit + 1);
}

const readDayWord = phrases({
  day: 'day',
  'calendar day': 'day',
  workday: 'workday',
  weekday: 'workday',
  'working day': 'workday',
  'work day': 'workday',
  'business day': 'workday',
} as const);

/** "1st and 3rd week on monday", "last week of the month on friday"; "every 3rd week on monday" has an interval. */
function readWeeksOfMonth(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const weeks = readOrdinals(tokens, index);
  if (!weeks || !['week', 'weeks'].includes(at(tokens, weeks.end).text)) return undefined;
  const month = readOfMonth(tokens, weeks.end + 1);
  const isOfMonth = weeks.value.length > 1 || weeks.value[0] === -1 || (month !== undefined && !month.value);
  const on = skip(tokens, month?.end ?? weeks.end + 1, 'on');
  const days = isOfMonth ? readWeekdayList(tokens, on) : undefined;
  if (!days || weeks.value.some((week) => week === 0 || week > 5)) return undefined;
  const weekdayRules = weeks.value.flatMap((nth) => days.value.map(({ weekday }) => ({ weekday, nth })));
  const base: Rule = month?.value
    ? { frequency: 'YEARLY', interval: 1, months: [month.value] }
    : { frequency: 'MONTHLY', interval: 1 };
  const read = withParts(tokens, { ...base, weekdays: weekdayRules }, days.end);
  const remark = 'I counted the weekdays of the month, not its weeks.';
  return { value: { ...read.value, remark }, end: read.end };
}

/** "1st and 3rd", "first, second and last", "second last": the last is -1. */
function readOrdinals(tokens: Tokens, index: number): Read<readonly number[]> | undefined {
  const positions: number[] = [];
  let next = index;
  let end = index;
  while (positions.length < 12) {
    const ordinal = readOrdinal(tokens, skip(tokens, next, 'the'));
    if (!ordinal) break;
    const last = skip(tokens, skip(tokens, ordinal.end, '-'), 'to');
    const lastWord = skip(tokens, last, '-');
    // "second last", "third to last"
    const isFromEnd = ordinal.value > 1 && at(tokens, lastWord).text === 'last';
    positions.push(isFromEnd ? -ordinal.value : ordinal.value);
    end = isFromEnd ? lastWord + 1 : ordinal.end;
    next = skip(tokens, skip(tokens, end, ','), 'and', '&');
    if (next === end) break;
  }
  return positions.length > 0 ? { value: positions, end } : undefined;
}

function readPositions(tokens: Tokens, index: number): Read<Nth> | undefined {
  const ordinals = readOrdinals(tokens, index);
  if (!ordinals || ordinals.value.includes(0)) return undefined;
  const { value: positions, end } = ordinals;
  const word = readDayWord(tokens, end);
  if (word) return { value: { positions, isWorkday: word.value === 'workday' }, end: word.end };
  const days = readWeekdayList(tokens, end);
  if (!days) return undefined;
  return { value: { positions, weekdays: days.value.map(({ weekday }) => weekday), isWorkday: false }, end: days.end };
}

/** "of the month", "of every month", "each month"; of a certain month, its number. */
function readOfMonth(tokens: Tokens, index: number): Read<number | undefined> | undefined {
  const link = skip(tokens, index, 'of', 'in');
  if (link > index) {
    const year = skip(tokens, link, 'every', 'each');
    const month = look(months, tokens, year);
    if (month !== undefined) return { value: month, end: year + 1 };
  }
  const the =
    link > index ? skip(tokens, link, 'the', 'a', 'every', 'each', 'any') : skip(tokens, link, 'every', 'each');
  if (at(tokens, the).text === 'month' && the > index) return { value: undefined, end: the + 1 };
  return undefined;
}

/** "the first monday of every month", "1st and 15th of each month", "15th of every month" */
function readOfEveryMonth(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const the = skip(tokens, skip(tokens, skip(tokens, index, 'due'), 'on', 'by'), 'the');
  const start = at(tokens, the + 1).kind === 'number' ? skip(tokens, the, 'day', 'days') : the;
  const nth = readPositions(tokens, start);
  const days = nth ? undefined : readDayNumbers(tokens, start, start > the);
  const end = nth?.end ?? days?.end;
  if (end === undefined) return undefined;
  const link = skip(tokens, end, 'of', 'in');
  const isEvery = everyWords.has(at(tokens, link).text);
  const isAdverb = at(tokens, end).text === 'monthly';
  if (isAdverb && nth) {
    const read = readNth(tokens, start, true);
    return read && { value: read.value, end: end + 1 };
  }
  if (isAdverb && days) return monthly(days.value, end + 1, 1);
  const ofYear = nth && readNth(tokens, start, false);
  const everyYear = ofYear?.value.rule?.frequency === 'YEARLY' ? readEveryYear(tokens, ofYear.end) : undefined;
  if (everyYear !== undefined) return { value: ofYear!.value, end: everyYear };
  // "the 2nd and 4th tuesday of the month": two days can be no one date.
  const isOfMonth = at(tokens, link).text === 'the' && at(tokens, link + 1).text === 'month';
  if (nth && nth.value.positions.length > 1 && isOfMonth) {
    const read = readNth(tokens, start, false);
    return read && { value: { ...read.value, remark: 'I assumed that it repeats every month.' }, end: link + 2 };
  }
  if (!isEvery) return undefined;
  if (nth) {
    const ofPeriod = nthOfPeriod(nth.value, at(tokens, link + 1).text, link + 2);
    if (ofPeriod) return ofPeriod;
    const several = readMonths(tokens, link + 1);
    const nthRule = several && readNth(tokens, start, true)?.value.rule;
    if (nthRule) return { value: { rule: { ...nthRule, interval: several.value } }, end: several.end };
    const read = readNth(tokens, start, false);
    return read && read.end > end ? read : undefined;
  }
  const month = look(months, tokens, link + 1);
  if (month !== undefined && days!.value.length === 1) return yearlyOn(month, days!.value[0]!, link + 2);
  if (at(tokens, link + 1).text === 'month') return monthly(days!.value, link + 2, 1);
  const several = readMonths(tokens, link + 1);
  return several && monthly(days!.value, several.end, several.value);
}

/** "other month", "3rd month", "2 months": behind "every". */
function readMonths(tokens: Tokens, index: number): Read<number> | undefined {
  const count = readIntervalCount(tokens, index);
  const isMonth = count && ['month', 'months'].includes(at(tokens, count.end).text);
  return isMonth && count.value > 0 && count.value <= 1000 ? { value: count.value, end: count.end + 1 } : undefined;
}

/** "the first tuesday of every quarter", "the last friday of each year" */
function nthOfPeriod({ positions, weekdays: days }: Nth, unit: string, end: number): Read<Recurrence> | undefined {
  const [nth = 0] = positions;
  if ((unit !== 'quarter' && unit !== 'year') || !days || positions.length > 1 || Math.abs(nth) > 4) return undefined;
  const months = edgeMonths[unit][nth > 0 ? 'first' : 'last'];
  return {
    value: { rule: { frequency: 'YEARLY', interval: 1, months, weekdays: days.map((weekday) => ({ weekday, nth })) } },
    end,
  };
}

/** "every year", "yearly": behind "the first monday of september". */
function readEveryYear(tokens: Tokens, index: number): number | undefined {
  if (['yearly', 'annually'].includes(at(tokens, index).text)) return index + 1;
  const isEvery = everyWords.has(at(tokens, index).text) && at(tokens, index + 1).text === 'year';
  return isEvery ? index + 2 : undefined;
}

/** "15th", "15th and 30th", "1st, 10th and 20th"; mere numbers where the sentence says that they are days. */
function readDayNumbers(tokens: Tokens, index: number, isNumberEnough: boolean): Read<readonly number[]> | undefined {
  const days: number[] = [];
  let end = index;
  for (let next = index; days.length < 31;) {
    const start = skip(tokens, next, 'the');
    const number = readOrdinal(tokens, start) ?? (isNumberEnough ? readMonthDay(tokens, start) : undefined);
    if (!number) break;
    days.push(number.value);
    end = number.end;
    next = skip(tokens, skip(tokens, end, ','), 'and', '&');
    if (next === end) break;
  }
  // "every 1st and 3rd week"
  return days.length > 0 && look(units, tokens, end) === undefined ? { value: days, end } : undefined;
}

function readMonthDay(tokens: Tokens, index: number): Read<number> | undefined {
  const token = at(tokens, index);
  const next = at(tokens, index + 1);
  const isAlone = next.isSpaced || [',', '.', '!', '?', ';', ')'].includes(next.text);
  if (token.kind !== 'number' || token.text.length > 2 || !isAlone) return undefined;
  return { value: Number(token.text), end: index + 1 };
}

/** "every 15th and 30th", "every 27" */
const readMonthDays: ReadRecurrence = (tokens, index) => {
  const days = readDayNumbers(tokens, index, true);
  if (!days) return undefined;
  // "every second", "every third": of what?
  const isWord = days.end === index + 1 && at(tokens, index).kind === 'word';
  if (isWord && days.value[0]! < 4 && !readOfMonth(tokens, days.end)) return undefined;
  const month = readOfMonth(tokens, days.end);
  if (month && month.value === undefined) return monthly(days.value, month.end, 1);
  const read = monthly(days.value, days.end, 1);
  return { value: { ...read.value, needsBoundary: true }, end: read.end };
};

function monthly(days: readonly number[], end: number, interval: number): Read<Recurrence> {
  const impossible = days.find((day) => day > 31 || day === 0);
  if (impossible !== undefined) return { value: { problem: `No month has a day ${impossible}.` }, end };
  const late = days.filter((day) => day > 28);
  const remark =
    late.length > 1
      ? 'Months without one of these days skip it.'
      : late.length === 1
        ? 'In shorter months, it is due on the last day.'
        : undefined;
  return { value: { rule: { frequency: 'MONTHLY', interval, days }, ...(remark && { remark }) }, end };
}

/** "27 jan", "january 27th", "1st of may", "christmas", "march" */
const readHoliday = phrases(holidays);
const readWeekdayHoliday = phrases(weekdayHolidays);
const readYearly: ReadRecurrence = (tokens, index) => {
  const moving = readWeekdayHoliday(tokens, index);
  if (moving) {
    const [month, weekday, nth] = moving.value;
    return {
      value: { rule: { frequency: 'YEARLY', interval: 1, months: [month], weekdays: [{ weekday, nth }] } },
      end: moving.end,
    };
  }
  const holiday = readHoliday(tokens, index);
  if (holiday) return yearlyOn(holiday.value[0], holiday.value[1], holiday.end);
  const start = skip(tokens, index, 'the');
  const month = look(months, tokens, start);
  if (month !== undefined) {
    const dot = isGlued(tokens, start + 1, '.') ? start + 2 : start + 1;
    const day = readOrdinal(tokens, skip(tokens, dot, 'the')) ?? readMonthDay(tokens, dot);
    if (day && day.value > 0) return withMoreMonths(tokens, yearlyOn(month, day.value, day.end));
    return readMonthList(tokens, start);
  }
  const day = readOrdinal(tokens, start) ?? readMonthDay(tokens, start);
  if (!day || day.value < 1) return undefined;
  const named = skip(tokens, day.end, 'of');
  const monthBehind = look(months, tokens, named);
  return monthBehind === undefined ? undefined : withMoreMonths(tokens, yearlyOn(monthBehind, day.value, named + 1));
};

/** "march", "june and december" */
function readMonthList(tokens: Tokens, index: number): Read<Recurrence> {
  const found: number[] = [];
  let end = index;
  for (let next = index; found.length < 12;) {
    const month = look(months, tokens, next);
    if (month === undefined) break;
    found.push(month);
    end = next + 1;
    next = skip(tokens, skip(tokens, end, ','), 'and', '&');
  }
  const base = { frequency: 'YEARLY', interval: 1, months: [...new Set(found)].toSorted((a, b) => a - b) } as const;
  // "in june on the 1st", "in may on the second monday"
  const the = skip(tokens, skip(tokens, end, 'on'), 'the');
  const nth = the > end ? readNth(tokens, the, true) : undefined;
  const weekdayRules = nth?.value.rule?.weekdays;
  if (nth && weekdayRules) return { value: { rule: { ...base, weekdays: weekdayRules } }, end: nth.end };
  const day = the > end ? readOrdinal(tokens, the) : undefined;
  if (day && day.value > 0 && day.value < 32) return { value: { rule: { ...base, days: [day.value] } }, end: day.end };
  const rule: Rule = { ...base, days: [1] };
  const remark = `I read the ${found.length > 1 ? 'months as their first days' : 'month as its first day'}.`;
  return { value: { rule, remark, needsBoundary: true }, end };
}

/** "1 jan and 1 jul": one rule, if the day is the same. */
function withMoreMonths(tokens: Tokens, first: Read<Recurrence>): Read<Recurrence> {
  const { rule } = first.value;
  const next = skip(tokens, skip(tokens, first.end, ','), 'and', '&');
  if (!rule || next === first.end) return first;
  const more = readYearly(tokens, next);
  const isSameDay = more?.value.rule?.days?.[0] === rule.days?.[0] && !more?.value.needsBoundary;
  if (!more?.value.rule || !isSameDay) return first;
  const months = [...new Set([...rule.months!, ...more.value.rule.months!])].toSorted((a, b) => a - b);
  return { value: { ...first.value, rule: { ...rule, months } }, end: more.end };
}

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function yearlyOn(month: number, day: number, end: number): Read<Recurrence> {
  if (day > longestMonths[month - 1]!) return { value: { problem: 'No year has such a day.' }, end };
  const isLeap = month === 2 && day === 29;
  const rule: Rule = { frequency: 'YEARLY', interval: 1, months: [month], days: [day] };
  return {
    value: { rule, ...(isLeap && { remark: 'In other years, it is due on 28 February.' }) },
    end,
  };
}

const readAdverbUnit = phrases(adverbs);

const countable: ReadonlySet<string> = new Set(['weekly', 'monthly', 'yearly']);

/** "monthly", "biweekly on tuesday", "6-monthly", "six monthly" */
const readAdverb: ReadRecurrence = (tokens, index) => {
  const count = readNumber(tokens, index);
  const start = count ? skip(tokens, count.end, '-') : index;
  // "Take 2 daily" is two of something.
  const isJoined = count && (isGlued(tokens, count.end, '-') || at(tokens, index).kind === 'word');
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

/** "on mondays", "mondays and thursdays", "weekdays", "on weekends", "in the mornings" */
function readPlural(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const all = skip(tokens, index, 'all', 'only', 'just');
  const said = skip(tokens, all, 'on', 'in', 'at', 'during', 'over');
  const the = said > index ? skip(tokens, said, 'the') : said;
  // "in the mornings"; the "in" of "Check in weekdays" is of the verb.
  const on = at(tokens, all).text === 'in' && look(pluralDayParts, tokens, the) === undefined ? all : said;
  const needsBoundary = on === all;
  // "in 3 mondays"
  if (on === all && (at(tokens, index - 1).kind === 'number' || readNumberBefore(tokens, index))) return undefined;
  const nth = readNthPlural(tokens, skip(tokens, on, 'the'));
  if (nth) return nth;
  const hasPlural = look(pluralWeekdays, tokens, on) !== undefined;
  const isAny = look(weekdays, tokens, on) !== undefined;
  if (hasPlural || isAny) {
    const days = readWeekdayList(tokens, on);
    const last = days && at(tokens, days.end - 1).text;
    const hasPart = days !== undefined && look(pluralDayParts, tokens, days.end) !== undefined;
    const isPlural = hasPlural || hasPart || (last !== undefined && Object.hasOwn(pluralWeekdays, last));
    if (!days || !isPlural) return undefined;
    const read = withParts(tokens, { frequency: 'WEEKLY', interval: 1, weekdays: days.value }, days.end);
    return { value: { ...read.value, needsBoundary }, end: read.end };
  }
  const isPluralPart = look(pluralDayParts, tokens, on + 1) !== undefined;
  const plurals = ['weekdays', 'workdays', 'weekends'];
  if ([...plurals, ...(isPluralPart ? ['weekday', 'weekend', 'workday'] : [])].includes(at(tokens, on).text)) {
    const read = readWorkdays(tokens, on)!;
    return { value: { ...read.value, needsBoundary }, end: read.end };
  }
  if (the > on && look(pluralDayParts, tokens, the)) return readParts(tokens, the);
  // "evenings at 8"
  const parts = needsBoundary && look(pluralDayParts, tokens, on) ? readParts(tokens, on) : undefined;
  return parts && { value: { ...parts.value, needsBoundary }, end: parts.end };
}

/** "2nd mondays", "on the first and third tuesdays of the month" */
function readNthPlural(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const ordinals = readOrdinals(tokens, index);
  if (!ordinals || look(pluralWeekdays, tokens, ordinals.end) === undefined) return undefined;
  return readNth(tokens, index, true);
}

function readNumberBefore(tokens: Tokens, index: number): boolean {
  return Object.hasOwn(smallNumbers, at(tokens, index - 1).text);
}

/** "mon-fri", "monday to friday": the weekdays, also without "every". */
function readWorkingWeek(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const on = skip(tokens, index, 'on');
  if (look(weekdays, tokens, on) !== 1 || ['until', 'till'].includes(at(tokens, on + 1).text)) return undefined;
  const last = readWeekdayRange(tokens, on + 1);
  if (last?.value !== 5) return undefined;
  const read = withParts(tokens, { frequency: 'WEEKLY', interval: 1, weekdays: workdays }, last.end);
  const isShort = at(tokens, on).text === 'mon';
  return isShort ? read : { value: { ...read.value, remark: everyWeek }, end: read.end };
}

const everyWeek = 'I assumed that it repeats every week.';

/** "gym mon wed fri", "class tue/thu": as many days can hardly be one date. */
function readWeekdaysAlone(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const on = skip(tokens, index, 'on');
  if (look(weekdays, tokens, on) === undefined) return undefined;
  const days = readWeekdayList(tokens, on);
  if (!days || days.value.length < 2) return undefined;
  // "mon-wed and fri" is as clear as "mon, tue, wed and fri"; "mon-wed" may be one event.
  const isRangeAndMore = isListOfRanges(tokens, on, days.end);
  if (!isRangeAndMore && tokens.slice(on, days.end).some(({ text }) => notListed.has(text))) return undefined;
  const isClear = days.value.length > 2 || isGlued(tokens, on + 1, '/');
  if (isClear) {
    const read = withParts(tokens, { frequency: 'WEEKLY', interval: 1, weekdays: days.value }, days.end);
    return { value: { ...read.value, remark: everyWeek, needsBoundary: true }, end: read.end };
  }
  const [one, other] = days.value.map(({ weekday }) => weekdayNames[weekday - 1]!);
  const ask = `Does it repeat every week? Then say "every ${one} and ${other}". If not, make it two tasks.`;
  return { value: { ask, needsBoundary: true }, end: days.end };
}

function isListOfRanges(tokens: Tokens, start: number, end: number): boolean {
  const first = readWeekdayRange(tokens, start + 1)?.end ?? start + 1;
  const isClear = tokens.slice(start, end).every(({ text }) => !['or', 'until', 'till'].includes(text));
  return isClear && first < end;
}

/** Between weekdays, these make alternatives or a range of them. */
const notListed = new Set(['or', 'to', '-', '–', '—', 'through', 'thru', 'until', 'till']);

const timetables: Readonly<Record<string, readonly number[]>> = {
  MWF: [1, 3, 5],
  'M/W/F': [1, 3, 5],
  TTh: [2, 4],
  TTH: [2, 4],
  'T/Th': [2, 4],
  'Tu/Th': [2, 4],
  'tu/th': [2, 4],
  TuTh: [2, 4],
  'M-F': [1, 2, 3, 4, 5],
  'M-Th': [1, 2, 3, 4],
  'Mo-Fr': [1, 2, 3, 4, 5],
  'mo-fr': [1, 2, 3, 4, 5],
  'm-f': [1, 2, 3, 4, 5],
  mwf: [1, 3, 5],
  'm/w/f': [1, 3, 5],
  tth: [2, 4],
  't/th': [2, 4],
  tuth: [2, 4],
};

/** "class MWF at 10" */
function readTimetable(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const read = readTimetableDays(tokens, skip(tokens, index, 'on'));
  return read && { value: { ...read.value, remark: everyWeek, needsBoundary: true }, end: read.end };
}

const spacedTimetables = phrases({ 'm w f': [1, 3, 5], 't th': [2, 4], 'tu th': [2, 4], 'm w': [1, 3] });

/** The days, which are those of every week if "every" is before them. */
function readTimetableDays(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  let end = index + 1;
  while (end < index + 6 && isGlued(tokens, end) && !['.', ',', '!', '?', ')'].includes(at(tokens, end).text)) end++;
  const letters = tokens.slice(index, end).map(({ raw }) => raw);
  // "M W F"; in lower case, they might be anything.
  const spaced = /^[MT]/.test(at(tokens, index).raw) ? spacedTimetables(tokens, index) : undefined;
  if (spaced && tokens.slice(index, spaced.end).every(({ raw }) => /^[A-Z]/.test(raw)))
    return { value: { rule: weeklyOn(spaced.value) }, end: spaced.end };
  const days = own(timetables, letters.join(''));
  return days && { value: { rule: weeklyOn(days) }, end };
}

function weeklyOn(days: readonly number[]): Rule {
  return { frequency: 'WEEKLY', interval: 1, weekdays: days.map((weekday) => ({ weekday })) };
}

const spreads: Readonly<Record<number, readonly number[]>> = { 2: [9, 18], 3: [9, 14, 19] };

/** "once a week", "twice a day", "three times per day" */
function readTimesPer(tokens: Tokens, index: number): Read<Recurrence> | undefined {
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

/** How often a series comes, or how long it lasts: "for 5 times", "for 10 days", "10 times". */
export type Bound =
  { readonly times: number; readonly isBare?: boolean } | { readonly length: Length } | { readonly isEndless: true };

const endlessWords = phrases({
  forever: true,
  'from now on': true,
  'for ever': true,
  indefinitely: true,
  'until further notice': true,
  'for good': true,
  endlessly: true,
});

export function readBound(tokens: Tokens, index: number): Read<Bound> | undefined {
  const endless = endlessWords(tokens, index);
  if (endless) return { value: { isEndless: true }, end: endless.end };
  const capped = readCap(tokens, index);
  const start = skip(tokens, capped, 'for', 'during');
  const next = start > index ? skip(tokens, skip(tokens, start, 'the'), 'next') : start;
  const number = readNumber(tokens, next);
  const word = number && at(tokens, number.end).text;
  if (number && ['times', 'occurrences', 'time'].includes(word!))
    return { value: { times: number.value, isBare: start === index }, end: number.end + 1 };
  if (capped > index) return undefined;
  if (start === index) return readMultiple(tokens, index);
  const length = readLength(tokens, next);
  if (!length) return undefined;
  return { value: { length: length.value }, end: length.end };
}

/** Behind "at most", "up to", "ends after" of "at most 10 times". */
const caps = phrases({
  max: true,
  maximum: true,
  only: true,
  'at most': true,
  'up to': true,
  'ends after': true,
  'ending after': true,
  'stops after': true,
  after: true,
});

function readCap(tokens: Tokens, index: number): number {
  return caps(tokens, index)?.end ?? index;
}

/** "x5", "5x" */
function readMultiple(tokens: Tokens, index: number): Read<Bound> | undefined {
  const [first, second] = [at(tokens, index), at(tokens, index + 1)];
  if (!isGlued(tokens, index + 1)) return undefined;
  const count = first.text === 'x' ? second : second.text === 'x' ? first : undefined;
  if (count?.kind !== 'number') return undefined;
  return { value: { times: Number(count.text) }, end: index + 2 };
}

/** What a series leaves out. */
export type Exception = { readonly weekdays: readonly number[] } | { readonly months: readonly number[] };

const exceptWords = phrases({
  except: true,
  'except on': true,
  'except in': true,
  'except for': true,
  excluding: true,
  but: true,
  'but on': true,
  'other than': true,
  minus: true,
  'but not': true,
  'but not on': true,
  'but not in': true,
  'apart from': true,
  'not on': true,
  not: true,
  unless: true,
  'unless on': true,
  'unless it is': true,
  "unless it's": true,
  without: true,
  skip: true,
  skipping: true,
});

/** Behind "except", its equals and nothing else. */
export function readExceptWord(tokens: Tokens, index: number): number | undefined {
  return exceptWords(tokens, index)?.end;
}

export function readException(tokens: Tokens, index: number): Read<Exception> | undefined {
  const except = exceptWords(tokens, index);
  if (!except) return undefined;
  const workweek = readWorkday(tokens, skip(tokens, except.end, 'the'));
  if (workweek) return { value: { weekdays: workweek.value.map(({ weekday }) => weekday) }, end: workweek.end };
  const days = readWeekdayList(tokens, except.end);
  if (days) return { value: { weekdays: days.value.map(({ weekday }) => weekday) }, end: days.end };
  const found: number[] = [];
  let end = except.end;
  for (let next = except.end; found.length < 12;) {
    const month = look(months, tokens, next);
    if (month === undefined || at(tokens, next + 1).kind === 'number') break;
    found.push(month);
    end = next + 1;
    next = skipSeparators(tokens, end);
  }
  return found.length > 0 ? { value: { months: found }, end } : undefined;
}
