import type { Temporal } from 'temporal-polyfill';
import { readClock, type ClockTime } from './grammar/clock.ts';
import { meaningOf, readMoment, type Moment, type Present } from './grammar/moment.ts';
import {
  readBound,
  readException,
  readExceptWord,
  readRecurrence,
  type Bound,
  type Exception,
  type Recurrence,
} from './grammar/recurrence.ts';
import { sayDay } from './grammar/day.ts';
import { look, readNumber, readOrdinal } from './grammar/number.ts';
import { at, isGlued, isPunctuation, phrases, skip, tokenize, type Read, type Tokens } from './grammar/token.ts';
import { isClearMonth, readLoose, readOutside, readStray, readUnknownRecurrence } from './grammar/unread.ts';
import { scheduleOf, twoDates, type Schedule } from './meaning/schedule.ts';
import { dayParts, months, pluralWeekdays, weekdays } from './vocabulary/time-words.ts';
import {
  behindDates,
  besideDates,
  following,
  holding,
  personTitles,
  numberedThings,
  ratioWords,
  scriptures,
  usualHalves,
  vague,
  verbs,
  workVerbs,
} from './vocabulary/title-words.ts';
import type { TextSpan } from './text-span.ts';
import { firstWeekday, isMonthFirst, usesTwelveHours, zoned, type UserTime, type When } from './when.ts';
import type { WorkingText } from './working-text.ts';

/** No date is said in more characters. */
export const longestDate = 100;

/** A title and what may be said about its time, in characters. */
const longestSentence = 800;

/** A phrase of time, and where it stands among the tokens. */
type Phrase = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'moment'; readonly moment: Moment }
  | { readonly kind: 'recurrence'; readonly recurrence: Recurrence }
  | { readonly kind: 'times'; readonly times: readonly ClockTime[] }
  | { readonly kind: 'bound'; readonly bound: Bound }
  | { readonly kind: 'exception'; readonly exception: Exception | { readonly date: Temporal.PlainDate } }
  /** "soon": a word about time that says nothing exact. */
  | { readonly kind: 'unknown' }
);

/**
 * When a text says that its task is due and how often, and the text without that.
 *
 * A phrase counts where people put dates: at the end, behind a preposition, before one, or leading the text. What was
 * seen and does not count is told in the remarks.
 */
export function takeSchedule(text: WorkingText, time: UserTime): { text: WorkingText; schedule: Schedule } {
  // No title is that long: of such a text no task is made, whatever its date.
  if (text.visible.replace(/\s+/g, ' ').length > longestSentence) return { text, schedule: { remarks: [] } };
  const tokens = tokenize(text.visible);
  const half = tokens
    .map(({ text: word }) => (Object.hasOwn(usualHalves, word) ? usualHalves[word] : undefined))
    .find(Boolean);
  const present: Present = { ...presentOf(time), ...(half && { half }) };
  const first = judge(tokens, scan(tokens, present, false), false);
  const recurring = first.find(({ phrase, isMeant }) => isMeant && phrase.kind === 'recurrence')?.phrase;
  const again = recurring && scan(tokens, present, true).filter((phrase) => isPossibleBound(phrase, recurring));
  const judgedAgain = again && judge(tokens, again, true);
  const isStillRecurring = judgedAgain?.some(({ phrase, isMeant }) => isMeant && phrase.kind === 'recurrence');
  const judged = withLeadingDay(tokens, judgedAgain && isStillRecurring ? judgedAgain : first);
  const meant = judged.filter(({ isMeant }) => isMeant).map(({ phrase }) => phrase);
  const schedule = scheduleOf(toReadings(meant), present);
  const quote = ({ start, end }: Pick<Phrase, 'start' | 'end'>) =>
    text.slice(at(tokens, start).start, at(tokens, end - 1).end);
  const unread = judged
    .filter(({ phrase, isMeant }) => !isMeant && !isMereNumber(tokens, phrase))
    .map(({ phrase }) => `I did not read "${quote(phrase)}" as ${nameOf(phrase)}.`);
  const besides = besideOf(tokens, judged);
  const beside = besides.map((span) => `I did not read "${quote(span)}" as part of the date.`);
  const stray = strayOf(tokens, [...judged.map(({ phrase }) => phrase), ...besides]).map(
    (span) => `I did not read "${quote(span)}" as a date or time.`,
  );
  const taken = meant.flatMap((phrase) => {
    const date = isBoldlyTaken(tokens, phrase) && phrase.moment.day?.date;
    return date ? [`I read "${quote(phrase)}" as ${sayDay(date)}.`] : [];
  });
  const unreadRemarks = [...taken, ...unread, ...beside, ...stray].slice(0, 5);
  if (schedule.ask) return { text, schedule };
  if (isAlternative(tokens, judged)) return { text, schedule: { remarks: [], ask: twoDates } };
  if (schedule.problem !== undefined) {
    const said = meant.map((phrase) => `"${quote(phrase)}"`).join(', ');
    const remark = `${schedule.problem} I left ${said} in the title.`;
    return { text, schedule: { remarks: [remark, ...unreadRemarks] } };
  }
  const spans = meant.map((phrase) => ({
    start: at(tokens, phrase.start).start,
    end: at(tokens, phrase.end - 1).end,
    means: kindOf(phrase),
  }));
  return { text: text.take(...spans), schedule: { ...schedule, remarks: [...new Set([...schedule.remarks, ...unreadRemarks])] } };
}

/** What an unread phrase could have been. */
function nameOf(phrase: Phrase): string {
  if (phrase.kind === 'recurrence') return 'a recurrence';
  if (phrase.kind === 'unknown' || phrase.kind === 'times') return 'a date or time';
  return isClockOnly(phrase) ? 'a time' : 'a date';
}

/** Clear words about time that no phrase has. */
function strayOf(
  tokens: Tokens,
  phrases: readonly { readonly start: number; readonly end: number }[],
): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let index = 0; index < tokens.length;) {
    const end = readStray(tokens, index);
    const isSeen = phrases.some((phrase) => index >= phrase.start && index < phrase.end);
    if (end !== undefined && !isSeen) found.push({ start: index, end });
    index = end ?? index + 1;
  }
  return found;
}

/** "dentist 3/15", "pay rent the 5th": a date without a word that says so. */
function isBoldlyTaken(tokens: Tokens, phrase: Phrase): phrase is Phrase & { readonly kind: 'moment' } {
  if (phrase.kind !== 'moment' || phrase.moment.introduction !== undefined || phrase.moment.clock) return false;
  const { day } = phrase.moment;
  // "May 5 things happen"
  const isLeading = phrase.start === 0 && at(tokens, phrase.end).kind === 'word';
  const isNamed = day?.form === 'holiday' || (day?.form === 'weekday' && phrase.end === 1);
  if (isLeading && isNamed && !startsRequest(tokens, phrase.end)) return true;
  const isWord = isLeading && day?.form === 'date' && ['may', 'march'].includes(at(tokens, 0).text) && !startsRequest(tokens, phrase.end);
  return isWord || (day?.form === 'numeric' && at(tokens, phrase.start + 1).text === '/') || day?.form === 'ordinal';
}

function kindOf(phrase: Phrase): TextSpan['means'] {
  if (phrase.kind !== 'moment' || phrase.moment.introduction === 'until') return 'recurrence';
  return isClockOnly(phrase) || (phrase.moment.part && !phrase.moment.day && !phrase.moment.length) ? 'time' : 'date';
}

function isClockOnly(phrase: Phrase): boolean {
  return phrase.kind === 'moment' && phrase.moment.clock !== undefined && !phrase.moment.day;
}

/** "every day for 2 hours" says how long each time takes, "every 20 minutes for 2 hours" how long the series. */
function isPossibleBound(phrase: Phrase, recurring: Phrase): boolean {
  if (phrase.kind !== 'bound' || !('length' in phrase.bound) || phrase.bound.length.seconds === 0) return true;
  const frequency = recurring.kind === 'recurrence' ? recurring.recurrence.rule?.frequency : undefined;
  return frequency === 'HOURLY' || frequency === 'MINUTELY';
}

/** "on monday or tuesday": one of them was read, the other one was not. */
function isAlternative(tokens: Tokens, judged: readonly Judged[]): boolean {
  return judged.some(({ phrase, isMeant }, index) => {
    const isDated = phrase.kind === 'moment' || phrase.kind === 'recurrence';
    if (isMeant && isDated && isOrNumber(tokens, phrase.end)) return true;
    const before = judged[index - 1];
    // "tomorrow and every friday"
    if (isMeant && before && isJoined(tokens, before, phrase)) return true;
    const isLinked =
      ['and', 'or', '&'].includes(at(tokens, phrase.start - 1).text) && before?.phrase.end === phrase.start - 1;
    return (
      !isMeant &&
      isLinked &&
      before.isMeant &&
      ['moment', 'recurrence'].includes(before.phrase.kind) &&
      phrase.kind === 'moment'
    );
  });
}

function isJoined(tokens: Tokens, before: Judged, { start, kind }: Phrase): boolean {
  const and = at(tokens, start - 1).text;
  if (!before.isMeant || before.phrase.end !== start - 1 || (and !== 'and' && and !== 'or')) return false;
  return [before.phrase.kind, kind].toSorted().join() === 'moment,recurrence';
}

/** "or 11", of "at 10 or 11"; "or pm", of "6 am or pm"; "or two", of "every day or two" */
function isOrNumber(tokens: Tokens, index: number): boolean {
  const link = at(tokens, index).text;
  const isMonth = look(months, tokens, index + 1) !== undefined;
  // "on may 5 and 6", "in may or june"
  if (link === 'and' && (isMonth || at(tokens, index + 1).kind === 'number')) return isPunctuation(tokens, index + 2);
  if (link !== 'or') return false;
  if (isMonth) return isPunctuation(tokens, index + 2);
  const isHalf = ['am', 'pm'].includes(at(tokens, index + 1).text);
  const end = isHalf ? index + 2 : (readClock(tokens, index + 1, true)?.end ?? readNumber(tokens, index + 1)?.end);
  return end !== undefined && isPunctuation(tokens, end);
}

/** Words about time right beside what was read: it was not understood, since it was read without them. */
function besideOf(tokens: Tokens, judged: readonly Judged[]): { start: number; end: number }[] {
  const isTold = ({ phrase, isMeant }: Judged) => isMeant || !isMereNumber(tokens, phrase);
  const isTaken = (index: number) =>
    judged.some((one) => isTold(one) && index >= one.phrase.start && index < one.phrase.end);
  return judged.flatMap(({ phrase, isMeant }) => {
    if (!isMeant) return [];
    const found: { start: number; end: number }[] = [];
    let behind = phrase.end;
    while (links.has(at(tokens, behind).text)) behind++;
    const word = at(tokens, behind).text;
    const isDay =
      (readOrdinal(tokens, behind) !== undefined && isPunctuation(tokens, behind + 2)) ||
      (at(tokens, behind).kind === 'number' && isPunctuation(tokens, behind + 1) && behind === phrase.end);
    const isLast = isPunctuation(tokens, behind + 1) || at(tokens, behind + 1).text === 'then' || isTaken(behind + 1);
    const isMinute = word === ':' && at(tokens, behind + 1).kind === 'number' && behind > phrase.end;
    const isZone = hasClock(phrase) && isUnknownZone(tokens, behind);
    // "every monday of april"
    const isMonth = behind > phrase.end && look(months, tokens, behind) !== undefined && isPunctuation(tokens, behind + 1);
    const isLoose = isZone || isMonth || besideDates.has(word) || (behindDates.has(word) && isLast) || isDay || isMinute;
    if (isLoose && !isTaken(behind) && at(tokens, behind).kind !== 'end')
      found.push({ start: phrase.end, end: behind + 1 });
    const before = phrase.start - 1;
    const isSome = ['most', 'some', 'any', 'half'].includes(at(tokens, before).text);
    if (isSome && readsWeekday(tokens, phrase.start)) found.push({ start: before, end: phrase.start });
    if (before > 0 && isClearMonth(tokens, before) && !isTaken(before)) found.push({ start: before, end: phrase.start });
    if (besideDates.has(at(tokens, before).text) && !isTaken(before) && !look(dayParts, tokens, before)) {
      let start = before;
      while (isCount(tokens, start - 1)) start--;
      // "for a week" is how long it takes.
      if (at(tokens, start - 1).text !== 'for') found.push({ start, end: phrase.start });
    }
    return found;
  });
}

const hasClock = (phrase: Phrase) => phrase.kind === 'moment' && phrase.moment.clock !== undefined;

const readsWeekday = (tokens: Tokens, index: number) =>
  (look(weekdays, tokens, index) ?? look(pluralWeekdays, tokens, index)) !== undefined;

/** "WAT" of "at 3pm WAT", "martian time" */
function isUnknownZone(tokens: Tokens, index: number): boolean {
  const isAbbreviation = /^[A-Z]{2,3}T$/.test(at(tokens, index).raw);
  return isAbbreviation || (at(tokens, index).kind === 'word' && at(tokens, index + 1).text === 'time');
}

const links = new Set(['on', 'of', 'in', 'the', 'at', 'until', 'till']);

function isCount(tokens: Tokens, index: number): boolean {
  if (index < 0) return false;
  return (
    ['a', 'an', 'the', 'next', 'last', 'other'].includes(at(tokens, index).text) ||
    readNumber(tokens, index) !== undefined
  );
}

/** What a text that should be a date and nothing else means, or why it means nothing; undefined when it is no date. */
export function readDate(
  visible: string,
  time: UserTime,
): { when: When; remarks: readonly string[] } | { problem: string } | undefined {
  if (visible.trim().length > longestDate) return undefined;
  const present = presentOf(time);
  const tokens = tokenize(visible);
  // "change the version to 3.11"
  if (isPunctuation(tokens, 3) && at(tokens, 1).text === '.' && isGlued(tokens, 2) && at(tokens, 3).text !== '.') {
    return undefined;
  }
  if (/^20[2-5]\d$/.test(at(tokens, 0).text) && isPunctuation(tokens, 1)) {
    const { text } = at(tokens, 0);
    const problem = `${text} may be a year or a time. Say "january ${text}" or "${text.slice(0, 2)}:${text.slice(2)}".`;
    return { problem };
  }
  // "move it to 10", "to 9 tomorrow"
  const moment = readWhole(tokens, present) ?? readWhole(tokenize(`at ${visible}`), present);
  if (!moment) return undefined;
  const { problem } = meaningOf(moment, present);
  if (problem) return { problem };
  const schedule = scheduleOf(
    { moments: [moment], recurrences: [], times: [], bounds: [], exceptions: [] },
    present,
  );
  if (schedule.due === undefined) return undefined;
  return { when: schedule.due, remarks: schedule.remarks };
}

/** A moment that is not over, with nothing behind it. */
function readWhole(tokens: Tokens, present: Present): Moment | undefined {
  const moment = readMoment(tokens, 0, present);
  const isWhole = moment && !moment.value.day?.isPast && !moment.value.rangeEnd && isPunctuation(tokens, moment.end);
  return isWhole ? moment.value : undefined;
}

export function presentOf({ now, zone, locale }: UserTime): Present {
  const local = zoned(now, zone);
  const place = { zone, locale };
  return {
    now: local,
    today: local.toPlainDate(),
    isMonthFirst: isMonthFirst(place),
    firstWeekday: firstWeekday(place),
    usesTwelveHours: usesTwelveHours(place),
  };
}

const readVague = phrases(vague);

/** The phrases of time, from left to right; the longest reading at each place. */
function scan(tokens: Tokens, present: Present, isRecurring: boolean): readonly Phrase[] {
  const found: Phrase[] = [];
  for (let index = 0; index < tokens.length;) {
    const phrase = startsWord(tokens, index) ? readPhrase(tokens, index, present, isRecurring) : undefined;
    if (phrase && !isInsideWord(tokens, phrase.end)) found.push(phrase);
    index = phrase && !isInsideWord(tokens, phrase.end) ? phrase.end : index + 1;
  }
  return found;
}

function readPhrase(tokens: Tokens, start: number, present: Present, isRecurring: boolean): Phrase | undefined {
  const recurrence = readRecurrence(tokens, start);
  const outside = readOutside(tokens, start, present);
  if (outside !== undefined) return { start, end: outside, kind: 'unknown' };
  if (isRecurring && !recurrence) {
    const exception = readException(tokens, start);
    if (exception) return { start, end: exception.end, kind: 'exception', exception: exception.value };
    const date = readExceptedDate(tokens, start, present);
    if (date) return { start, end: date.end, kind: 'exception', exception: { date: date.value } };
    const unread = readExceptWord(tokens, start);
    if (
      unread !== undefined &&
      at(tokens, unread).kind === 'word' &&
      !readRecurrence(tokens, unread) &&
      at(tokens, start).text !== 'but'
    )
      return { start, end: unread + 1, kind: 'unknown' };
    const bound = readBound(tokens, start);
    if (bound) return { start, end: bound.end, kind: 'bound', bound: bound.value };
  }
  const times = readTimes(tokens, start);
  const moment = readMoment(tokens, start, present);
  const longest = Math.max(recurrence?.end ?? 0, times?.end ?? 0, moment?.end ?? 0);
  if (recurrence && recurrence.end === longest)
    return { start, end: longest, kind: 'recurrence', recurrence: recurrence.value };
  if (times && times.end === longest) return { start, end: longest, kind: 'times', times: times.value };
  const unknown = readVague(tokens, start);
  if (unknown && unknown.end > longest) return { start, end: unknown.end, kind: 'unknown' };
  const loose = readLoose(tokens, start, present);
  if (loose !== undefined) return { start, end: loose, kind: 'unknown' };
  if (moment) return { start, end: moment.end, kind: 'moment', moment: moment.value };
  const unknownRecurrence = readUnknownRecurrence(tokens, start);
  return unknownRecurrence === undefined ? undefined : { start, end: unknownRecurrence, kind: 'unknown' };
}

/** "except on 5 May" */
function readExceptedDate(tokens: Tokens, start: number, present: Present): Read<Temporal.PlainDate> | undefined {
  const except = readExceptWord(tokens, start);
  const moment = except === undefined ? undefined : readMoment(tokens, except, present);
  const date = moment?.value.day?.date;
  // "except the first" is of the series, not of a month.
  if (
    moment?.value.day?.form === 'ordinal' &&
    at(tokens, moment.end - 1).kind === 'word' &&
    !isGlued(tokens, moment.end - 1)
  )
    return undefined;
  // "except next week" is more than its first day.
  const isOneDay = moment !== undefined && !['period', 'month'].includes(moment.value.day?.form ?? '');
  return date && isOneDay ? { value: date, end: moment.end } : undefined;
}

/** "at 9, 13 and 17", "at 8am and 8pm": two times at least. */
function readTimes(tokens: Tokens, start: number): Read<readonly ClockTime[]> | undefined {
  const first = skip(tokens, start, 'at', '@');
  const times: ClockTime[] = [];
  let end = start;
  for (let next = first; times.length < 24;) {
    const clock = readClock(tokens, next, first > start);
    if (!clock) break;
    times.push(clock.value);
    end = clock.end;
    const comma = skip(tokens, end, ',');
    next = skip(tokens, skip(tokens, comma, 'and', '&'), 'at', '@');
    if (next === end) break;
  }
  return times.length > 1 ? { value: times, end } : undefined;
}

const openings = new Set(['(', '[', '<', '-', '–', '—', '@', '/']);

function startsWord(tokens: Tokens, index: number): boolean {
  if (at(tokens, index).isSpaced) return true;
  const before = at(tokens, index - 1);
  return openings.has(before.text) && before.isSpaced && before.text !== '-' && before.text !== '/';
}

/** Whether the word goes on: "5pm-ish", "9/11s", "tomorrow's", "10,000". */
function isInsideWord(tokens: Tokens, end: number): boolean {
  const next = at(tokens, end);
  if (next.isSpaced || next.kind === 'end') return false;
  if (next.kind === 'word' || next.kind === 'number' || next.kind === 'opaque') return true;
  return (
    (next.text === ',' && at(tokens, end - 1).kind === 'number' && isDigitsGlued(tokens, end + 1)) ||
    ["'", '’', '/', '-', '_', '%', '€', '$', '@', '#', '+', '='].includes(next.text) ||
    (next.text === '.' && isGlued(tokens, end + 1))
  );
}

/** "10,000" */
function isDigitsGlued(tokens: Tokens, index: number): boolean {
  return isGlued(tokens, index) && at(tokens, index).kind === 'number';
}

/** "20.3" might be a date, and hardly ever is. */
function isMereNumber(tokens: Tokens, phrase: Phrase): boolean {
  const { start, end } = phrase;
  if (phrase.kind === 'moment' && phrase.moment.day?.form === 'ordinal') {
    // "the second draft"
    if (phrase.moment.introduction !== undefined) return false;
    const isNumber = at(tokens, start).kind === 'number' && phrase.moment.day.date !== undefined;
    if (isNumber && isPunctuation(tokens, end)) return false;
    return at(tokens, end - 1).kind === 'word' && end - start < 3;
  }
  return phrase.kind !== 'unknown' && end === start + 3 && at(tokens, start).kind === 'number' && at(tokens, start + 1).text === '.';
}

interface Judged {
  readonly phrase: Phrase;
  readonly isMeant: boolean;
}

/** From the end, since what a phrase means depends on whether another one follows. */
function judge(tokens: Tokens, found: readonly Phrase[], isRecurring: boolean): readonly Judged[] {
  const leading = leadingPhrases(tokens, found);
  const judged: Judged[] = [];
  let nextStart = tokens.length;
  for (const phrase of found.toReversed()) {
    const place = { ...placeOf(tokens, phrase, nextStart), isLeading: leading.has(phrase), isRecurring };
    const isMeant = isPhraseMeant(tokens, phrase, place);
    judged.unshift({ phrase, isMeant });
    if (isMeant) nextStart = phrase.start;
  }
  return judged;
}

/** "saturday dentist 10am": a time of day is of the day that leads the sentence, whatever noun is between them. */
function withLeadingDay(tokens: Tokens, judged: readonly Judged[]): readonly Judged[] {
  const [first, ...others] = judged;
  const meant = others.filter(({ isMeant }) => isMeant).map(({ phrase }) => phrase);
  const [only] = meant;
  const isTimeOnly = meant.length === 1 && only!.kind === 'moment' && isClockOnly(only!) && !only!.moment.length;
  if (!first || first.isMeant || first.phrase.start > 0 || !isTimeOnly) return judged;
  const { phrase } = first;
  const isDaily = phrase.kind === 'recurrence' && at(tokens, 0).text === 'daily';
  const form = phrase.kind === 'moment' && phrase.moment.introduction === undefined ? phrase.moment.day?.form : undefined;
  const isDay = form === 'holiday' || (form === 'weekday' && phrase.end === 1 && at(tokens, 0).text.length > 4);
  return isDaily || isDay ? [{ phrase, isMeant: true }, ...others] : judged;
}

/** Those that have nothing but each other before them. */
function leadingPhrases(tokens: Tokens, found: readonly Phrase[]): ReadonlySet<Phrase> {
  const leading = new Set<Phrase>();
  let index = 0;
  for (const phrase of found) {
    while (index < phrase.start && at(tokens, index).kind === 'mark') index++;
    if (index !== phrase.start) break;
    leading.add(phrase);
    index = phrase.end;
  }
  return leading;
}

interface Place {
  readonly isLeading: boolean;
  /** Whether the sentence has a recurrence, so that "from" is where it begins. */
  readonly isRecurring: boolean;
  readonly before: string;
  /** What follows: nothing, a phrase of time, a mark, a word that may follow a date, or another word. */
  readonly after: 'end' | 'phrase' | 'mark' | 'link' | 'word';
}

function placeOf(tokens: Tokens, { start, end }: Phrase, nextStart: number): Omit<Place, 'isLeading' | 'isRecurring'> {
  const before = wordBefore(tokens, start);
  const next = at(tokens, end);
  const isPhrase = end === nextStart && next.kind !== 'end';
  if (isPunctuation(tokens, end)) return { before, after: 'end' };
  if (isPhrase) return { before, after: 'phrase' };
  if (next.kind === 'mark' && next.text !== '#' && next.text !== '!') return { before, after: 'mark' };
  if (next.kind === 'word' && following.has(next.text)) return { before, after: 'link' };
  return { before, after: next.kind === 'opaque' ? 'link' : 'word' };
}

/** "mr" of "Mr. Friday", too. */
function wordBefore(tokens: Tokens, start: number): string {
  if (start === 0) return '';
  const { text } = at(tokens, start - 1);
  const title = at(tokens, start - 2).text;
  return text === '.' && start > 1 && personTitles.has(title) ? title : text;
}

function isPhraseMeant(tokens: Tokens, phrase: Phrase, place: Place): boolean {
  switch (phrase.kind) {
    case 'unknown':
      return false;
    case 'bound':
    case 'exception':
      return true;
    case 'times':
      return place.after !== 'word' || at(tokens, phrase.start).text === 'at';
    case 'recurrence':
      return !isWork(tokens, phrase, place) && isRecurrenceMeant(tokens, phrase, phrase.recurrence, place);
    case 'moment':
      if (isWork(tokens, phrase, place) || isVerse(tokens, phrase, phrase.moment, place)) return false;
      return isMomentMeant(tokens, phrase, phrase.moment, place);
  }
}

/** "Watch Friday the 13th", "Read Tuesdays with Morrie", "Watch 3:10 to Yuma": what is watched or read, not when. */
function isWork(tokens: Tokens, phrase: Phrase, { after }: Place): boolean {
  const { start } = phrase;
  const isListening = at(tokens, start - 1).text === 'to' && at(tokens, start - 2).text === 'listen';
  if (start === 0 || (!isListening && !workVerbs.has(at(tokens, start - 1).text))) return false;
  if (phrase.kind === 'moment' && phrase.moment.introduction !== undefined) return false;
  if (/^\p{Lu}/u.test(at(tokens, start).raw)) return true;
  if (phrase.kind !== 'moment') return false;
  const { day, clock, length } = phrase.moment;
  const isNamedDay = look(weekdays, tokens, start) !== undefined && at(tokens, start + 1).text === 'the';
  const isName = isNamedDay || at(tokens, phrase.end - 1).text === 'later';
  return isName || (clock !== undefined && !day && !length && after === 'link');
}

/** "Read John 3:16", "ratio 16:10" */
function isVerse(tokens: Tokens, { start }: Phrase, { introduction, day, clock }: Moment, { before }: Place): boolean {
  if (introduction !== undefined || day || clock?.form !== 'digits' || !isGlued(tokens, start + 1, ':')) return false;
  return ratioWords.has(before) || scriptures.has(before);
}

function isRecurrenceMeant(tokens: Tokens, { start, end }: Phrase, recurrence: Recurrence, place: Place): boolean {
  // "daily 10 times"
  if (!recurrence.needsBoundary || readBound(tokens, end)) return true;
  const isEvery = ['every', 'each', 'ev'].includes(at(tokens, start).text);
  if (place.after === 'word') return isEvery && place.isLeading && startsRequest(tokens, end);
  // "the weekly at 9"
  return isEvery || !holding.has(place.before) || place.before === 'and';
}

/** "Tomorrow call Bob", "Friday: report"; "Tomorrow Never Dies" and "Sunday roast" are titles. */
function startsRequest(tokens: Tokens, index: number): boolean {
  return verbs.has(at(tokens, index).text) || at(tokens, index).text === 'i';
}

const beforeAnything = new Set(['on', 'by', 'at', 'due', 'until', 'start']);

function isMomentMeant(tokens: Tokens, phrase: Phrase, moment: Moment, place: Place): boolean {
  const { introduction, day, clock, length, part } = moment;
  const hasBoth = (day !== undefined || length !== undefined) && clock !== undefined;
  if (day?.isPast) return false;
  // "Seat 12a"
  const isLetter = ['a', 'p'].includes(at(tokens, phrase.end - 1).text);
  if (introduction === undefined && isLetter && numberedThings.has(place.before)) return false;
  // "28 Days Later"
  const isName = introduction === undefined && /^\p{Lu}/u.test(at(tokens, phrase.start + 1).raw);
  if (length && isName && place.before !== '') return false;
  if (length) return introduction !== undefined ? true : place.after !== 'word' || place.isLeading;
  if (introduction === undefined && holding.has(place.before)) return false;
  // "3 day weekend"
  if (place.before === 'day' && at(tokens, phrase.start).text === 'weekend') return false;
  // "Read the notes from friday" is about the past.
  const isStart =
    moment.rangeEnd ?? (hasBoth || place.isRecurring || day?.form === 'relative' || day?.form === 'period');
  if (introduction === 'from' && !isStart) return false;
  if (introduction === 'for' && place.after === 'word') return false;
  if (introduction === 'in' && day && day.form !== 'month' && day.form !== 'period') return false;
  if (day && !clock && !isDayMeant(tokens, phrase, moment, place)) return false;
  // "in 2:30"
  if (introduction === 'in' && clock && !day && !part) return false;
  // "midnight snack"
  const isLoose = clock?.form === 'bare' || (clock?.form === 'named' && introduction === undefined);
  if (isLoose && !day)
    return place.after !== 'word' || (place.isLeading && (startsRequest(tokens, phrase.end) || phrase.start > 0));
  if (hasBoth) return isTitleCase(tokens, phrase) ? place.after !== 'word' : true;
  if (clock?.problem && introduction === undefined) return false;
  if (introduction !== undefined && beforeAnything.has(introduction)) return true;
  if (!day && !clock && part) return (part.name !== 'night' || place.isRecurring) && place.after !== 'word';
  if (place.after !== 'word') return true;
  return place.isLeading && leads(tokens, phrase, moment);
}

function isDayMeant(
  tokens: Tokens,
  phrase: Phrase,
  { introduction, day, part, rangeEnd }: Moment,
  place: Place,
): boolean {
  const isIntroduced = introduction !== undefined && introduction !== 'in';
  // "On the 5th call Ann"; but "On the 5th floor"
  const isApart = place.after !== 'word' || (place.isLeading && startsRequest(tokens, phrase.end));
  switch (day!.form) {
    case 'numeric':
      return isIntroduced ? isApart : isBareDate(tokens, phrase, place);
    case 'ordinal':
      return isIntroduced ? introduction !== 'for' && isApart : isBareDay(tokens, phrase, place);
    case 'holiday':
      return isIntroduced && introduction !== 'for' && introduction !== 'from';
    case 'relative':
    case 'period': {
      if (isIntroduced) return true;
      // "Book weekend in Paris"
      if (at(tokens, phrase.start).text === 'weekend' && place.after === 'link') return false;
      if (isTitleCase(tokens, phrase))
        return place.after !== 'word' || (place.isLeading && startsRequest(tokens, phrase.end));
      if (place.after !== 'word') return true;
      // "Weekend plans", "Year end review"
      const isSaid = day!.form === 'relative' || leadingWords.has(at(tokens, phrase.start).text);
      if (place.isLeading && !isSaid) return startsRequest(tokens, phrase.end);
      return place.isLeading || day!.form === 'relative' || part !== undefined;
    }
    default:
      return isIntroduced || part !== undefined || rangeEnd !== undefined || place.after !== 'word' || place.isLeading;
  }
}

/** Before a period that leads a sentence. */
const leadingWords = new Set(['next', 'this', 'the', 'coming', 'over', 'by', 'before']);

const noDates = new Set(['24/7', '9/11', '7/11', '7/7', '4/20', '50/50']);

/** "dentist 3/15", "anniversary yearly 6/12"; but "pay 2/3", "support 24/7" */
function isBareDate(tokens: Tokens, { start, end }: Phrase, { after, before }: Place): boolean {
  const [one, other] = [at(tokens, start).text, at(tokens, start + 2).text];
  if (at(tokens, start + 1).text !== '/' || end !== start + 3 || ratioWords.has(before)) return false;
  const isFraction = Number(one) < Number(other) && Number(other) <= 10;
  return after !== 'word' && start > 0 && !isFraction && !noDates.has(`${one}/${other}`);
}

/** "pay rent the 5th"; but "read about Henry the 8th" */
function isBareDay(tokens: Tokens, { start, end }: Phrase, { after, before }: Place): boolean {
  const isNumber = at(tokens, start).text === 'the' && at(tokens, start + 1).kind === 'number' && end === start + 3;
  const isName = /^\p{Lu}/u.test(at(tokens, start - 1).raw) && start > 1;
  return isNumber && (after === 'end' || after === 'phrase') && before !== '' && !isName && !noDays.has(before);
}

/** Before "the 5th", of which a day can hardly be said. */
const noDays = new Set('is was be finish finished come came place place. on of to and'.split(' '));

/** "Watch Tomorrow Never Dies": a name, not a date. */
function isTitleCase(tokens: Tokens, { start, end }: Phrase): boolean {
  const isCapital = (index: number) => /^\p{Lu}\p{Ll}/u.test(at(tokens, index).raw);
  return isCapital(start) && isCapital(end);
}

function leads(tokens: Tokens, { start, end }: Phrase, { day, clock }: Moment): boolean {
  if (startsRequest(tokens, end) || ['this', 'next', 'coming'].includes(at(tokens, start).text)) return true;
  // "Sunday roast"
  if (day?.form === 'weekday' && !clock) return false;
  return /^\p{Ll}/u.test(at(tokens, end).raw);
}

function toReadings(meant: readonly Phrase[]) {
  return {
    moments: meant.flatMap((phrase) => (phrase.kind === 'moment' ? [phrase.moment] : [])),
    recurrences: meant.flatMap((phrase) => (phrase.kind === 'recurrence' ? [phrase.recurrence] : [])),
    times: meant.flatMap((phrase) => (phrase.kind === 'times' ? [phrase.times] : [])),
    bounds: meant.flatMap((phrase) => (phrase.kind === 'bound' ? [phrase.bound] : [])),
    exceptions: meant.flatMap((phrase) => (phrase.kind === 'exception' ? [phrase.exception] : [])),
  };
}
