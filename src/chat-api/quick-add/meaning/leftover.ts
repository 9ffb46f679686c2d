import { isPointTime } from '../grammar/clock.ts';
import { rangeMarks } from '../grammar/hours.ts';
import { look, readNumber, readOrdinal } from '../grammar/number.ts';
import type { Phrase } from '../grammar/scan.ts';
import { at, isGlued, isPunctuation, phrases, type Tokens } from '../grammar/token.ts';
import {
  adverbs,
  dayParts,
  months,
  pluralDayParts,
  pluralWeekdays,
  smallNumbers,
  units,
  weekdays,
} from '../vocabulary/time-words.ts';
import {
  following,
  looseBefore,
  looseBehind,
  loosePhrases,
  looseWords,
  moneyVerbs,
  numberedThings,
  ratioWords,
  workVerbs,
} from '../vocabulary/title-words.ts';
import { zoneAbbreviations } from '../vocabulary/zones.ts';
import { startsRequest, type Judged } from './judge.ts';
import { eventReaders } from './left-events.ts';
import { lengthReaders } from './left-lengths.ts';
import { periodReaders } from './left-periods.ts';
import type { Phrases, ReadLeft } from './read-left.ts';
import type { Piece } from './torn.ts';

/*
 * The last net: what is left in the title and can hardly be anything but a word about time. It knows nothing of the
 * grammar's phrases but where they are.
 */

const isHour = (text: string) => /^(?:\d|1\d|2[0-4])$/.test(text);

/** Behind "9", "930", "9.30", "9:30", "9am", "17h", "nine", "noon" */
function endOfClock(tokens: Tokens, index: number): { end: number; hasMinutes: boolean } | undefined {
  const { text } = at(tokens, index);
  // "7-Eleven"
  if (Object.hasOwn(hourWords, text))
    return isGlued(tokens, index) && Object.hasOwn(smallNumbers, text)
      ? undefined
      : { end: index + 1, hasMinutes: false };
  const isGluedTime = /^(?:\d|[01]\d|2[0-3])(?:00|15|30|45)$/.test(text);
  if (!isGluedTime && !isHour(text)) return undefined;
  const hasMinutes =
    ['.', ':'].some((joint) => isGlued(tokens, index + 1, joint)) &&
    isGlued(tokens, index + 2) &&
    /^[0-5]\d$/.test(at(tokens, index + 2).text);
  const end = hasMinutes ? index + 3 : index + 1;
  const isMore = ['am', 'pm', 'h', 'ish', 'a', 'p'].includes(at(tokens, end).text) && isGlued(tokens, end);
  return { end: isMore ? end + 1 : end, hasMinutes: hasMinutes || isGluedTime || isMore };
}

const hourWords = { ...smallNumbers, noon: 12, midday: 12, midnight: 0 };

const clockLinks: ReadonlySet<string> = new Set([...rangeMarks, ...'or & , / + then'.split(' ')]);

/** In tokens; more hours than that are no hours. */
const longestRun = 24;

function behindLinks(tokens: Tokens, index: number): number {
  let end = index;
  while (end < index + 3 && clockLinks.has(at(tokens, end).text)) end++;
  return end;
}

/**
 * "9-10", "9.30 to 11", "11-1130", "or ten" beside what was read; the 10 to 12 of "pages 10 to 12", and "one to one", are
 * no hours.
 */
const hoursBesidePhrase: ReadLeft = (tokens, index, { starts, ends, isTaken }) => {
  const begun = ends.has(index) ? behindLinks(tokens, index) : index;
  const clocks = new Set<string>();
  let end = index;
  let hasMinutes = false;
  for (let next = begun; next < index + longestRun && !isTaken(next); next = behindLinks(tokens, end)) {
    const clock = next > end || end === index ? endOfClock(tokens, next) : undefined;
    if (!clock) break;
    clocks.add(at(tokens, next).text + at(tokens, clock.end - 1).text);
    hasMinutes ||= clock.hasMinutes;
    end = clock.end;
  }
  if (end === index) return undefined;
  const isLast = isPunctuation(tokens, end);
  const isMarked = at(tokens, end).kind === 'mark' && !at(tokens, end).isSpaced;
  // "mon-fri 9-5 work"
  const isRange =
    at(tokens, index + 1).text === '-' &&
    end === index + 3 &&
    Number(at(tokens, index).text) > Number(at(tokens, index + 2).text);
  const isBehind = ends.has(index) && (isLast || isMarked || isRange || starts.has(end));
  if (isBehind && (begun > index || clocks.size > 1)) return end;
  const before = at(tokens, index - 1).text.replace(/s$/, '');
  if (numberedThings.has(before) || ratioWords.has(before)) return undefined;
  // "meeting 2 - [3.30 friday]", "5 [till 7]"
  const link = behindLinks(tokens, end);
  const isTorn = link > end ? starts.has(link) || starts.has(end) : false;
  if (isTorn && endOfClock(tokens, link)) return starts.has(end) ? end : link;
  if (clocks.size < 2) return undefined;
  return starts.has(end) || (isLast && index > 0 && hasMinutes) ? end : undefined;
};

/** "9 sharp", "5 ish" */
const saidHour: ReadLeft = (tokens, index) => {
  if (!/^(?:[1-9]|1[0-2])$/.test(at(tokens, index).text)) return undefined;
  return ['sharp', 'ish', 'oclock', "o'clock"].includes(at(tokens, index + 1).text) ? index + 2 : undefined;
};

/** "930 tomorrow", "2nd friday"; but "room 330 tomorrow" */
const numberBeforePhrase: ReadLeft = (tokens, index, { starts }) => {
  const before = at(tokens, index - 1);
  const isNamed =
    index === 0 || numberedThings.has(before.text) || /\p{Lu}/u.test(before.raw) || before.kind !== 'word';
  // "net 14 from today"
  const isCount = readNumber(tokens, index)?.end === index + 1 && at(tokens, index + 1).text === 'from';
  if (isCount && starts.has(index + 1)) return index + 1;
  const isTime = /^[1-9](?:00|15|30|45)$/.test(at(tokens, index).text) && (!isNamed || before.text === '@');
  if (isTime && starts.has(index + 1)) return index + 1;
  const ordinal = at(tokens, index).kind === 'number' ? readOrdinal(tokens, index)?.end : undefined;
  return ordinal !== undefined && starts.has(ordinal) ? ordinal : undefined;
};

/** "tomorrow haircut 11", "every month the 5 pay": a number that can hardly count anything beside a date */
const loneNumber: ReadLeft = (tokens, index, { ends, isTaken, hasMeant }) => {
  const isDay = /^(?:[1-9]|[12]\d|3[01])$/.test(at(tokens, index).text);
  if (ends.has(index - 1) && at(tokens, index - 1).text === 'the' && isDay) return index + 1;
  const { kind, text, raw } = at(tokens, index - 1);
  const isNamed = numberedThings.has(text) || ratioWords.has(text) || /\p{Lu}/u.test(raw) || kind !== 'word';
  const number = hasMeant && at(tokens, index).isSpaced ? readNumber(tokens, index) : undefined;
  const isHour = number !== undefined && number.value > 0 && number.value < 24 && isPunctuation(tokens, number.end);
  const isWork = number?.end === index + 1 && workVerbs.has(at(tokens, 0).text);
  return isHour && !isWork && !isNamed && !isTaken(index - 1) ? number.end : undefined;
};

/** "train leaves 7.52 on saturday": nothing else comes and goes by such a number. */
const departures: ReadonlySet<string> = new Set(
  'leaves leave leaving departs depart departing departure dep arrives arrive arriving arrival arr train bus ferry tram flight'.split(
    ' ',
  ),
);

/** "9.30 on friday", "guests 6.30 for 7 sat", "nap 12.30 for 2 hrs", "catch the 8.05"; but "pay 7.50 for the beans friday" */
const pointTime: ReadLeft = (tokens, index, { starts, hasMeant, hasClock }) => {
  const { kind, text } = at(tokens, index - 1);
  if (!isPointTime(tokens, index)) return undefined;
  if (hasMeant && text === 'the') return index + 3;
  const isQuarter = ['00', '15', '30', '45'].includes(at(tokens, index + 2).text);
  if (departures.has(text) && hasMeant) return index + 3;
  if (!isQuarter || kind !== 'word') return undefined;
  const isMoney = moneyVerbs.has(at(tokens, 0).text);
  const isBeforeLink = !hasClock && ['for', 'with', 'then', 'in'].includes(at(tokens, index + 3).text);
  const isHeld = !isMoney && (isBeforeLink || (hasMeant && at(tokens, index + 3).kind === 'word'));
  return starts.has(index + 3) || isHeld ? index + 3 : undefined;
};

const readLoosePhrase = phrases(loosePhrases);

/** "usually", "gmt", "in a row": words about time that nothing but a date, or the end, follows in a sentence with one. */
const looseWord: ReadLeft = (tokens, index, { hasMeant, starts, ends }) => {
  if (!hasMeant) return undefined;
  const words = readLoosePhrase(tokens, index)?.end;
  if (words !== undefined && (isApart(tokens, words, starts) || ends.has(index))) return words;
  const { text } = at(tokens, index);
  const end = index + 1;
  const isAbbreviation = /^\p{Lu}+$/u.test(at(tokens, index).raw) && ['hr', 'am', 'pm'].includes(text);
  const isLoose = (looseWords.has(text) && !isAbbreviation) || Object.hasOwn(zoneAbbreviations, text);
  if (isLoose && isApart(tokens, end, starts)) return end;
  if (looseBefore.has(text) && starts.has(end)) return end;
  return looseBehind.has(text) && ends.has(index) && isApart(tokens, end, starts) ? end : undefined;
};

/** "with dinner to take meds", "and 10 to back up": a title that begins so has lost what came before, or is of a time. */
const leadingLink: ReadLeft = (tokens, index, { hasMeant, isTaken }) => {
  const { text } = at(tokens, index);
  const first = tokens.findIndex((_, place) => !isTaken(place));
  const isLink = beginnings.has(text) || (hasMeant && ['and', 'or', '&'].includes(text));
  if (index !== first || !isLink || isGlued(tokens, index + 1) || at(tokens, index + 1).text === 'call')
    return undefined;
  let end = index + 1;
  while (end < index + 4 && at(tokens, end).kind !== 'end' && at(tokens, end).text !== 'to' && !isTaken(end)) end++;
  return end;
};

const beginnings: ReadonlySet<string> = new Set(
  'in on at by before after until till til within during when whenever since around with every each'.split(' '),
);

/** "or 10" behind "jan 9", with nothing that it could count */
const alternativeNumber: ReadLeft = (tokens, index, { ends, starts }) => {
  const isLink = ends.has(index) && numberLinks.has(at(tokens, index).text);
  const number = isLink ? readNumber(tokens, index + 1) : undefined;
  const end = number && (readOrdinal(tokens, index + 1)?.end ?? number.end);
  const isFree = end !== undefined && (isApart(tokens, end, starts) || at(tokens, end).text === ',');
  return isFree || (end !== undefined && following.has(at(tokens, end).text)) ? end : undefined;
};

/** "night" of "the night before friday" */
const partBeforePhrase: ReadLeft = (tokens, index, { starts }) => {
  const isPart = look(dayParts, tokens, index) !== undefined;
  const isBeside = starts.has(index + 1) && ['before', 'after'].includes(at(tokens, index + 1).text);
  return isPart && isBeside ? index + 2 : undefined;
};

const numberLinks: ReadonlySet<string> = new Set(
  'and or & + / of to past after before till minus plus not from'.split(' '),
);

/** "9th to book": a day before what is to be done */
const dayBeforeRequest: ReadLeft = (tokens, index) => {
  const end = at(tokens, index).kind === 'number' ? readOrdinal(tokens, index)?.end : undefined;
  return end !== undefined && at(tokens, end).text === 'to' && startsRequest(tokens, end + 1) ? end : undefined;
};

/** "twenty-sixth" at the end */
const spelledDay: ReadLeft = (tokens, index) => {
  const end = index > 0 && at(tokens, index).kind === 'word' ? readOrdinal(tokens, index)?.end : undefined;
  return end !== undefined && end > index + 1 && isPunctuation(tokens, end) ? end : undefined;
};

/** "t+3" */
const shiftOfToday: ReadLeft = (tokens, index) => {
  const isShift =
    ['t', 'd'].includes(at(tokens, index).text) && ['+', '-'].some((sign) => isGlued(tokens, index + 1, sign));
  const isRead = isShift && isGlued(tokens, index + 2) && /^\d\d?$/.test(at(tokens, index + 2).text);
  return isRead && isPunctuation(tokens, index + 3) ? index + 3 : undefined;
};

const isApart = (tokens: Tokens, index: number, starts: ReadonlySet<number>) =>
  isPunctuation(tokens, index) || starts.has(index);

/** "5 to 7 call Ann", "the week before book a room": words about time and numbers, and then a request. */
const leadingWords: ReadLeft = (tokens, index, { isTaken, hasMeant }) => {
  if (index > 0 || !hasMeant) return undefined;
  let end = 0;
  let isTime = false;
  for (; end < 6 && !startsRequest(tokens, end) && !isTaken(end); end++) {
    const { text, kind } = at(tokens, end);
    const isUnit = look(units, tokens, end) !== undefined || (kind === 'word' && /^[dwhm]$/.test(text) && end > 0);
    // "week 12 review"
    if (kind === 'number' && look(units, tokens, end - 1)) return undefined;
    const isName = (isUnit && end > 0) || leadingTimes.has(text);
    const isHourBehind = kind === 'number' && end > 0 && isHour(text);
    if (!isName && !isUnit && kind !== 'number' && !leadingLinks.has(text)) return undefined;
    isTime ||= isName || isHourBehind;
  }
  return isTime && end > 0 && startsRequest(tokens, end) && at(tokens, end - 1).kind !== 'mark' ? end : undefined;
};

const leadingTimes: ReadonlySet<string> = new Set([
  ...Object.keys({ ...weekdays, ...pluralWeekdays, ...dayParts, ...pluralDayParts }),
  ...Object.keys(months).filter((month) => month !== 'may' && month !== 'march' && month !== 'mar'),
  ...['twice', 'thrice', 'noon', 'midnight', 'am', 'pm'],
]);
const leadingLinks: ReadonlySet<string> = new Set(
  'a an the before after about around from to till until between and or in at on by per of for - – next last rest other'.split(
    ' ',
  ),
);

/** "bar" of "every morning bar sunday": a word between how often and a day is hardly the title. */
const between: ReadLeft = (tokens, index, { ends, starts, isRecurring }) => {
  const isBare = isRecurring && ends.has(index) && starts.has(index + 1) && at(tokens, index).kind === 'word';
  return isBare && look(weekdays, tokens, index + 1) !== undefined ? index + 1 : undefined;
};

/** "monthly-ish", "fridayish" */
const roughly: ReadLeft = (tokens, index) => {
  const { text } = at(tokens, index);
  const isTime = [adverbs, weekdays, months].some((names) => Object.hasOwn(names, text));
  const ish = isGlued(tokens, index + 1, '-') ? index + 2 : index + 1;
  if (isTime && at(tokens, ish).text === 'ish') return ish + 1;
  return roughWord.test(text) ? index + 1 : undefined;
};

const roughWord =
  /^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekly|monthly|daily|soon|noon|midday|lunch|one|two|three|four|five|six|seven|eight|nine|tenn?|eleven|twelve)-?ish$/;

/** "9:3" of "meet 9:3 friday" */
const oneDigitMinute: ReadLeft = (tokens, index, { starts }) => {
  const isPair = isHour(at(tokens, index).text) && isGlued(tokens, index + 1, ':') && isGlued(tokens, index + 2);
  const before = at(tokens, index - 1).text;
  return isPair && isHour(at(tokens, index + 2).text) && starts.has(index + 3) && !ratioWords.has(before)
    ? index + 3
    : undefined;
};

const readers: readonly ReadLeft[] = [
  oneDigitMinute,
  partBeforePhrase,
  ...periodReaders,
  leadingWords,
  hoursBesidePhrase,
  saidHour,
  numberBeforePhrase,
  ...lengthReaders,
  leadingLink,
  alternativeNumber,
  dayBeforeRequest,
  loneNumber,
  pointTime,
  spelledDay,
  shiftOfToday,
  between,
  roughly,
  ...eventReaders,
  looseWord,
];

/** The pieces of a sentence that are about time, and that no phrase has. */
export function leftOf(tokens: Tokens, judged: readonly Judged[], told: readonly Piece[]): Piece[] {
  const meant: readonly Phrase[] = judged.filter(({ isMeant }) => isMeant).map(({ phrase }) => phrase);
  const taken = new Set(
    told.flatMap(({ start, end }) => [...Array(end - start).keys()].map((offset) => start + offset)),
  );
  const read: Phrases = {
    isTaken: (index) => taken.has(index),
    starts: new Set(meant.map(({ start }) => start)),
    ends: new Set(meant.map(({ end }) => end)),
    hasMeant: meant.length > 0,
    hasClock: meant.some(
      (phrase) => phrase.kind === 'times' || (phrase.kind === 'moment' && phrase.moment.clock !== undefined),
    ),
    isRecurring: meant.some(({ kind }) => kind === 'recurrence'),
  };
  const found: Piece[] = [];
  for (let index = 0; index < tokens.length;) {
    const end = taken.has(index) ? undefined : readers.map((reader) => reader(tokens, index, read)).find(Boolean);
    if (end !== undefined) found.push({ start: index, end });
    index = end ?? index + 1;
  }
  return found;
}
