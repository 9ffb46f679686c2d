import { own } from '../own.ts';
import {
  pluralDayParts,
  pluralWeekdays,
  smallNumbers,
  twoLetterWeekdays,
  weekdayNames,
  weekdays,
} from '../vocabulary/time-words.ts';
import { readDayNumbers, readNth, readOrdinals } from './days-of-month.ts';
import { look } from './number.ts';
import { monthly, readParts, weeklyOn, withParts, type ReadRecurrence, type Recurrence } from './recurrence-form.ts';
import { at, isGlued, phrases, skip, type Read, type Tokens } from './token.ts';
import {
  everyWords,
  readWeekdayList,
  readWeekdayRange,
  readWorkday,
  shortenedWeekdays,
  workdays,
} from './weekday-list.ts';

/** "monday and thursday every week", "monday to friday weekly" */
export function readDaysOfEveryWeek(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const on = skip(tokens, index, 'on', 'from');
  const days = readWeekdayList(tokens, on);
  if (!days || tokens.slice(on, days.end).some(({ text }) => text === 'or')) return undefined;
  const week = skip(tokens, skip(tokens, days.end, ','), 'of');
  const isEvery = everyWords.has(at(tokens, week).text) && at(tokens, week + 1).text === 'week';
  const end = isEvery ? week + 2 : at(tokens, week).text === 'weekly' ? week + 1 : undefined;
  return end === undefined ? undefined : withParts(tokens, weeklyOn(days.value.map(({ weekday }) => weekday)), end);
}

export const readWorkdays: ReadRecurrence = (tokens, index) => {
  const days = readWorkday(tokens, index);
  return days && withParts(tokens, { frequency: 'WEEKLY', interval: 1, weekdays: days.value }, days.end);
};

/** "monday", "other friday", "2nd friday" is the second of the month, "second friday" might be every other. */
export const readWeekly: ReadRecurrence = (tokens, index) => {
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

/** "on mondays", "mondays and thursdays", "weekdays", "on weekends", "in the mornings" */
export function readPlural(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const all = skip(tokens, index, 'all', 'only', 'just');
  const said = skip(tokens, all, 'on', 'in', 'at', 'during', 'over');
  const the = said > index ? skip(tokens, said, 'the') : said;
  // "in the mornings"; the "in" of "Check in weekdays" is of the verb.
  const on = at(tokens, all).text === 'in' && look(pluralDayParts, tokens, the) === undefined ? all : said;
  const needsBoundary = on === all;
  // "in 3 mondays"; but "7:30 mondays"
  if (on === all && isCount(tokens, index - 1)) return undefined;
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

function isCount(tokens: Tokens, index: number): boolean {
  const { kind, text, isSpaced } = at(tokens, index);
  return kind === 'number' ? isSpaced && text.length < 3 : Object.hasOwn(smallNumbers, text);
}

/** "mon-fri", "monday to friday": the weekdays, also without "every". */
export function readWorkingWeek(tokens: Tokens, index: number): Read<Recurrence> | undefined {
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
export function readWeekdaysAlone(tokens: Tokens, index: number): Read<Recurrence> | undefined {
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
  const rule = { frequency: 'WEEKLY', interval: 1, weekdays: days.value } as const;
  return { value: { ask, rule, needsBoundary: true }, end: days.end };
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
  'm-th': [1, 2, 3, 4],
  'M-W-F': [1, 3, 5],
  'm-w-f': [1, 3, 5],
  MTWThF: [1, 2, 3, 4, 5],
  'Sa/Su': [6, 7],
  'sa/su': [6, 7],
  mwf: [1, 3, 5],
  'm/w/f': [1, 3, 5],
  tth: [2, 4],
  't/th': [2, 4],
  tuth: [2, 4],
};

/** "class MWF at 10" */
export function readTimetable(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  const on = skip(tokens, index, 'on');
  const read = readTimetableDays(tokens, on) ?? readTwoLetterDays(tokens, on);
  return read && { value: { ...read.value, remark: everyWeek, needsBoundary: true }, end: read.end };
}

const spacedTimetables = phrases({ 'm w f': [1, 3, 5], 't th': [2, 4], 'tu th': [2, 4], 'm w': [1, 3] });

/** "Mo We Fr"; a single "We" or "So" is a word. */
function readTwoLetterDays(tokens: Tokens, index: number): Read<Recurrence> | undefined {
  if (look(twoLetterWeekdays, tokens, index) === undefined) return undefined;
  const days = readWeekdayList(tokens, index, twoLetterWeekdays);
  const isShort = days && tokens.slice(index, days.end).every(({ kind, text }) => kind === 'mark' || text.length === 2);
  if (!isShort || days.value.length < 3 || tokens.slice(index, days.end).some(({ text }) => text === 'or'))
    return undefined;
  return { value: { rule: weeklyOn(days.value.map(({ weekday }) => weekday)) }, end: days.end };
}

/** The days, which are those of every week if "every" is before them. */
export function readTimetableDays(tokens: Tokens, index: number): Read<Recurrence> | undefined {
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
