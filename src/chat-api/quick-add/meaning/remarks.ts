import { sayDay } from '../grammar/calendar.ts';
import { readLength } from '../grammar/length.ts';
import { look, readNumber, readOrdinal } from '../grammar/number.ts';
import { isClockOnly, type Phrase } from '../grammar/scan.ts';
import { at, isGlued, isPunctuation, type Tokens } from '../grammar/token.ts';
import { isClearMonth } from '../grammar/unread-dates.ts';
import { readStray } from '../grammar/stray.ts';
import { dayParts, months, pluralWeekdays, twoLetterWeekdays, weekdays } from '../vocabulary/time-words.ts';
import { behindDates, besideDates, clauseWords, pronouns } from '../vocabulary/title-words.ts';
import { startsRequest, type Judged } from './judge.ts';
import { leftOf } from './leftover.ts';
import { tornFrom, type Piece } from './torn.ts';

/** More than that nobody reads. */
const mostRemarks = 5;

/** What the user should know about words of time that were not read, or read boldly. */
export function remarksOf(
  tokens: Tokens,
  judged: readonly Judged[],
  quote: (piece: Piece) => string,
): readonly string[] {
  const taken = judged.flatMap(({ phrase, isMeant }) => {
    const date = isMeant && isBoldlyTaken(tokens, phrase) && phrase.moment.day?.date;
    return date ? [`I read "${quote(phrase)}" as ${sayDay(date)}.`] : [];
  });
  const within = judged
    .filter(({ phrase, isMeant }) => isMeant && isPerhapsDuration(tokens, phrase))
    .map(({ phrase }) => `I read "${quote(phrase)}" as when it is due, not as how long it takes.`);
  const edges = judged
    .filter(({ phrase, isMeant }) => isMeant && (isEdgeBeforeNoun(tokens, phrase) || isForbidden(tokens, phrase)))
    .map(({ phrase }) => `I read "${quote(phrase)}" as when the task is due.`);
  const exact = judged
    .filter(({ phrase, isMeant }) => isMeant && phrase.kind === 'moment' && endsIn(tokens, phrase, 'or', 'so'))
    .map(({ phrase }) => `I read "${quote(phrase)}" as exactly then.`);
  const ofClause = judged
    .filter(({ phrase, isMeant }) => isMeant && phrase.kind === 'moment' && isInClause(tokens, phrase.start))
    .map(({ phrase }) => `I read "${quote(phrase)}" as when the task is due.`);
  const hasDay = judged.some(({ phrase, isMeant }) => isMeant && phrase.kind === 'moment' && phrase.moment.day);
  const unread = judged
    .filter(({ phrase, isMeant }) => !isMeant && !isMereNumber(tokens, phrase) && !(hasDay && isThemed(tokens, phrase)))
    .filter(({ phrase }) => !isSaidTwice(phrase, judged))
    .map(({ phrase }) => `I did not read "${quote(phrase)}" as ${nameOf(tokens, phrase)}.`);
  const besides = besideOf(tokens, judged);
  const beside = besides.map((piece) => `I did not read "${quote(piece)}" as part of the date.`);
  const seen = [...judged.map(({ phrase }) => phrase), ...besides];
  const stray = strayOf(tokens, seen).map((piece) => `I did not read "${quote(piece)}" as a date or time.`);
  const whole = judged.some(({ isMeant }) => isMeant) ? 'part of the date' : 'a date or time';
  const left = leftOf(tokens, judged, toldOf(tokens, judged, besides)).map(
    (piece) => `I did not read "${quote(piece)}" as ${whole}.`,
  );
  return [...taken, ...within, ...edges, ...exact, ...ofClause, ...unread, ...beside, ...stray, ...left].slice(
    0,
    mostRemarks,
  );
}

/** What counts, or is named. */
function toldOf(tokens: Tokens, judged: readonly Judged[], besides: readonly Piece[]): readonly Piece[] {
  const phrases = judged.filter(({ phrase, isMeant }) => isMeant || !isMereNumber(tokens, phrase));
  return [...phrases.map(({ phrase }) => phrase), ...besides];
}

/** What an unread phrase could have been. */
function nameOf(tokens: Tokens, phrase: Phrase): string {
  // "tuesday's", "friday tuesday"
  const isOfDay =
    phrase.kind === 'recurrence' && (phrase.recurrence.ask ?? /['’]s$/i.test(at(tokens, phrase.end - 1).raw));
  if (isOfDay) return 'a date';
  if (phrase.kind === 'recurrence') return 'a recurrence';
  if (phrase.kind === 'unknown' || phrase.kind === 'times') return 'a date or time';
  return isClockOnly(phrase) ? 'a time' : 'a date';
}

/** Clear words about time that no phrase has. */
function strayOf(tokens: Tokens, phrases: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
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
  if (phrase.kind !== 'moment') return false;
  const { introduction, day, clock, part } = phrase.moment;
  // "before monday" might be due on the day before.
  if (introduction === 'by' && !clock && !part && !day?.remark) return readsBefore(tokens, phrase.start);
  if (introduction !== undefined) return false;
  if (clock) return isPointedPair(tokens, phrase);
  // "May 5 things happen"
  const isLeading = phrase.start === 0 && at(tokens, phrase.end).kind === 'word';
  const isNamed = day?.form === 'holiday' || (day?.form === 'weekday' && phrase.end === 1);
  if (isLeading && isNamed && !startsRequest(tokens, phrase.end)) return true;
  const isWord =
    isLeading &&
    day?.form === 'date' &&
    ['may', 'march'].includes(at(tokens, 0).text) &&
    !startsRequest(tokens, phrase.end);
  const isCompact = phrase.start > 0 && phrase.end === phrase.start + 1;
  const isNumeric = day?.form === 'numeric' && (isCompact || ['/', '.'].includes(at(tokens, phrase.start + 1).text));
  return isWord || isNumeric || day?.form === 'ordinal';
}

const readsBefore = (tokens: Tokens, start: number) =>
  [start, start + 1].some((index) => at(tokens, index).text === 'before') &&
  ![start, start + 1].some((index) => at(tokens, index).text === 'or');

/** "3.7" of "3.7 9:30", whose day and month might be swapped */
function isPointedPair(tokens: Tokens, { start }: Phrase): boolean {
  const isPair = [start, start + 2].every((index) => /^(?:[1-9]|1[0-2])$/.test(at(tokens, index).text));
  return isPair && isGlued(tokens, start + 1, '.') && isGlued(tokens, start + 2) && !isGlued(tokens, start + 3, '.');
}

/** "EOD report template", "month end close", which might be a report at the end of each day */
function isEdgeBeforeNoun(tokens: Tokens, { start, end }: Phrase): boolean {
  if (start === 0 && at(tokens, end - 1).text === 'end' && at(tokens, end).kind === 'word') return true;
  return start === 0 && /^(?:eo[bdmqwy]|cob)$/.test(at(tokens, 0).text) && at(tokens, end).kind === 'word';
}

/** "don't call before 9 tomorrow": when not, perhaps */
function isForbidden(tokens: Tokens, { kind }: Phrase): boolean {
  const isNegated = negations.has(at(tokens, 0).text) || (at(tokens, 0).text === 'do' && at(tokens, 1).text === 'not');
  return kind === 'moment' && isNegated;
}

const negations: ReadonlySet<string> = new Set(["don't", 'dont', 'never', 'no', 'not', 'without', 'avoid', 'stop']);

/** "monthly report every 28th" */
function isSaidTwice(phrase: Phrase, judged: readonly Judged[]): boolean {
  if (phrase.kind !== 'recurrence' || !phrase.recurrence.rule) return false;
  const { frequency, interval, ...days } = phrase.recurrence.rule;
  return judged.some(({ phrase: other, isMeant }) => {
    const rule = isMeant && other.kind === 'recurrence' ? other.recurrence.rule : undefined;
    return rule?.frequency === frequency && rule.interval === interval && Object.keys(days).length === 0;
  });
}

/** "Xmas shopping with mum on 12/12" */
function isThemed(tokens: Tokens, { start, end }: Phrase): boolean {
  const isTheme = start === 0 && end === 1 && themes.has(at(tokens, 0).text) && at(tokens, 1).kind === 'word';
  return isTheme && !startsRequest(tokens, end);
}

/** Holidays that things are for. */
const themes: ReadonlySet<string> = new Set([
  'christmas',
  'xmas',
  'halloween',
  'valentines',
  "valentine's",
  'thanksgiving',
]);

function endsIn(tokens: Tokens, { end }: Phrase, ...words: readonly string[]): boolean {
  return words.every((word, index) => at(tokens, end - words.length + index).text === word);
}

/** "Call Ann before she leaves on friday" */
function isInClause(tokens: Tokens, end: number): boolean {
  return tokens
    .slice(1, Math.max(1, end - 1))
    .some(({ text }, index) => clauseWords.has(text) && pronouns.has(at(tokens, index + 2).text) && index + 2 < end);
}

/** "Run 5k in under 30 minutes" */
function isPerhapsDuration(tokens: Tokens, { start, ...phrase }: Phrase): boolean {
  if (phrase.kind !== 'moment' || !phrase.moment.length || at(tokens, start).text !== 'in') return false;
  const isLimit = ['under', 'less', 'at', 'no'].includes(at(tokens, start + 1).text);
  return isLimit && tokens.slice(0, start).some(({ kind }) => kind === 'number');
}

/** "20.3" might be a date, and hardly ever is. */
function isMereNumber(tokens: Tokens, phrase: Phrase): boolean {
  const { start, end } = phrase;
  if (phrase.kind === 'moment' && phrase.moment.day?.form === 'ordinal') {
    // "the second draft"
    if (phrase.moment.introduction !== undefined) return false;
    const isNumber = at(tokens, start).kind === 'number' && phrase.moment.day.date !== undefined;
    // "monthly (15th) rent"
    const isHeld = at(tokens, start - 1).text === '(' && at(tokens, end).text === ')';
    if (isNumber && (isHeld || isPunctuation(tokens, end))) return false;
    return at(tokens, end - 1).kind === 'word' && end - start < 3;
  }
  return (
    phrase.kind !== 'unknown' &&
    end === start + 3 &&
    at(tokens, start).kind === 'number' &&
    at(tokens, start + 1).text === '.'
  );
}

/** Words about time right beside what was read: it was not understood, since it was read without them. */
function besideOf(tokens: Tokens, judged: readonly Judged[]): Piece[] {
  const isTold = ({ phrase, isMeant }: Judged) => isMeant || !isMereNumber(tokens, phrase);
  const isTaken = (index: number) =>
    judged.some((one) => isTold(one) && index >= one.phrase.start && index < one.phrase.end);
  return judged.flatMap(({ phrase, isMeant }) => {
    if (!isMeant) return [];
    const found: Piece[] = [];
    let behind = phrase.end;
    while (links.has(at(tokens, behind).text)) behind++;
    const word = at(tokens, behind).text;
    const isDay =
      (readOrdinal(tokens, behind) !== undefined && isPunctuation(tokens, behind + 2)) ||
      (at(tokens, behind).kind === 'number' && isPunctuation(tokens, behind + 1) && behind === phrase.end);
    // "except march 15, 16"
    const listed = phrase.kind === 'times' ? phrase.end : endOfNumbers(tokens, phrase.end);
    if (listed > phrase.end && isPunctuation(tokens, listed) && !isTaken(phrase.end + 1))
      found.push({ start: phrase.end + 1, end: listed });
    const isLast = isPunctuation(tokens, behind + 1) || at(tokens, behind + 1).text === 'then' || isTaken(behind + 1);
    const isMinute =
      (word === ':' || (word === ';' && isGlued(tokens, behind + 1))) &&
      at(tokens, behind + 1).kind === 'number' &&
      (behind > phrase.end || word === ';');
    const isZone = hasClock(phrase) && isUnknownZone(tokens, behind);
    // "every monday of april"
    // "every month 3 days before the end"
    const length = behind === phrase.end ? readLength(tokens, behind) : undefined;
    const anchor = length && ['before', 'after'].includes(at(tokens, length.end).text) ? length.end : undefined;
    if (anchor !== undefined && !isTaken(anchor)) found.push({ start: behind, end: anchor + 1 });
    // "daily for 10"
    const isForNumber =
      phrase.kind === 'recurrence' &&
      at(tokens, phrase.end).text === 'for' &&
      at(tokens, phrase.end + 1).kind === 'number';
    if (isForNumber && isPunctuation(tokens, phrase.end + 2)) found.push({ start: phrase.end, end: phrase.end + 2 });
    // "every day 9-10"
    const isRange =
      phrase.kind === 'recurrence' && at(tokens, phrase.end).kind === 'number' && isGlued(tokens, phrase.end + 1, '-');
    if (
      isRange &&
      at(tokens, phrase.end + 2).kind === 'number' &&
      !isTaken(phrase.end) &&
      (isPunctuation(tokens, phrase.end + 3) || isTaken(phrase.end + 3))
    )
      found.push({ start: phrase.end, end: phrase.end + 3 });
    const isMonth =
      behind > phrase.end && look(months, tokens, behind) !== undefined && isPunctuation(tokens, behind + 1);
    const isLoose =
      isZone || isMonth || besideDates.has(word) || (behindDates.has(word) && isLast) || isDay || isMinute;
    if (isLoose && !isTaken(behind) && at(tokens, behind).kind !== 'end')
      found.push({ start: phrase.end, end: behind + 1 });
    const before = phrase.start - 1;
    // "every day until I'm 40", "every friday during lent"
    const isUnreadBound =
      untilWords.has(at(tokens, phrase.end).text) ||
      (phrase.kind === 'recurrence' && at(tokens, phrase.end).text === 'during');
    if (
      (phrase.kind === 'recurrence' || hasClock(phrase)) &&
      isUnreadBound &&
      !isTaken(phrase.end) &&
      at(tokens, phrase.end + 1).kind === 'word'
    )
      found.push({ start: phrase.end, end: phrase.end + 2 });
    // "every day except sunday and holidays"
    const isMore = phrase.kind === 'exception' && ['and', 'or', '&', ','].includes(at(tokens, phrase.end).text);
    if (isMore && at(tokens, phrase.end + 1).kind === 'word' && !isTaken(phrase.end + 1))
      found.push({ start: phrase.end, end: phrase.end + 2 });
    // "every 6 months or 5000 miles"
    if (
      phrase.kind === 'recurrence' &&
      at(tokens, phrase.end).text === 'or' &&
      at(tokens, phrase.end + 1).kind === 'number'
    )
      found.push({ start: phrase.end, end: phrase.end + 2 });
    found.push(...tornFrom(tokens, phrase, isTaken));
    // "tu th 3pm"
    const isShortDay = before >= 0 && twoLetters.has(at(tokens, before).text) && readsWeekday(tokens, phrase.start);
    if (isShortDay && !isTaken(before)) found.push({ start: before, end: phrase.start });
    const isSome = ['most', 'some', 'any', 'half', 'these', 'those', 'few', 'many', 'several', 'both'].includes(
      at(tokens, before).text,
    );
    if (isSome && readsWeekday(tokens, phrase.start)) found.push({ start: before, end: phrase.start });
    if (before > 0 && isClearMonth(tokens, before) && !isTaken(before))
      found.push({ start: before, end: phrase.start });
    const isBeside = besideDates.has(at(tokens, before).text) && !isCompoundDay(tokens, before);
    if (isBeside && !isTaken(before) && !look(dayParts, tokens, before)) {
      let start = before;
      while (isCount(tokens, start - 1)) start--;
      // "for a week" is how long it takes.
      if (at(tokens, start - 1).text !== 'for') found.push({ start, end: phrase.start });
    }
    return found;
  });
}

/** "bin day"; but "all day", "3 day" */
function isCompoundDay(tokens: Tokens, index: number): boolean {
  const { kind, text } = at(tokens, index - 1);
  const isCounted = isCount(tokens, index - 1) || besideDates.has(text) || countingDays.has(text);
  return at(tokens, index).text === 'day' && index > 0 && kind === 'word' && !isCounted;
}

const countingDays: ReadonlySet<string> = new Set(
  'all whole same any some another half full one per of by work working business rest that this which what'.split(' '),
);

/** Behind ", 16, 17 and 18". */
function endOfNumbers(tokens: Tokens, index: number): number {
  let end = index;
  while ([',', 'and', '&'].includes(at(tokens, end).text) && at(tokens, end + 1).kind === 'number') end += 2;
  return at(tokens, index).text === ',' ? end : index;
}

const hasClock = (phrase: Phrase) => phrase.kind === 'moment' && phrase.moment.clock !== undefined;

const readsWeekday = (tokens: Tokens, index: number) =>
  (look(weekdays, tokens, index) ?? look(pluralWeekdays, tokens, index)) !== undefined;

/** "WAT" of "at 3pm WAT", "martian time" */
function isUnknownZone(tokens: Tokens, index: number): boolean {
  const isAbbreviation = /^[A-Z]{2,3}T$/.test(at(tokens, index).raw);
  return isAbbreviation || (at(tokens, index).kind === 'word' && at(tokens, index + 1).text === 'time');
}

const twoLetters: ReadonlySet<string> = new Set(Object.keys(twoLetterWeekdays).filter((name) => name !== 'we'));

const untilWords: ReadonlySet<string> = new Set(['until', 'till', 'til']);

const links = new Set(['on', 'of', 'in', 'the', 'at', 'until', 'till']);

function isCount(tokens: Tokens, index: number): boolean {
  if (index < 0) return false;
  return (
    ['a', 'an', 'the', 'next', 'last', 'other'].includes(at(tokens, index).text) ||
    readNumber(tokens, index) !== undefined
  );
}
