import { readLength } from '../grammar/length.ts';
import { rangeMarks } from '../grammar/hours.ts';
import { look, readNumber } from '../grammar/number.ts';
import type { Phrase } from '../grammar/scan.ts';
import { at, isGlued, isPunctuation, skip, type Tokens } from '../grammar/token.ts';
import { adverbs, months, units, weekdays } from '../vocabulary/time-words.ts';
import { following, numberedThings, ratioWords } from '../vocabulary/title-words.ts';
import type { Judged } from './judge.ts';
import type { Piece } from './torn.ts';

/*
 * The last net: what is left in the title and can hardly be anything but a word about time. It knows nothing of the
 * grammar's phrases but where they are.
 */

/** Behind the words that were left at this place, if they were. */
type ReadLeft = (tokens: Tokens, index: number, read: Phrases) => number | undefined;

interface Phrases {
  /** Whether the token belongs to a phrase that counts, or that the answer names. */
  readonly isTaken: (index: number) => boolean;
  readonly starts: ReadonlySet<number>;
  readonly ends: ReadonlySet<number>;
  readonly isRecurring: boolean;
}

const isHour = (text: string) => /^(?:\d|1\d|2[0-4])$/.test(text);

/** Behind "9", "930", "9.30", "9:30", "0930" */
function endOfClock(tokens: Tokens, index: number): { end: number; hasMinutes: boolean } | undefined {
  const { text } = at(tokens, index);
  if (/^(?:\d|[01]\d|2[0-3])(?:00|15|30|45)$/.test(text)) return { end: index + 1, hasMinutes: true };
  if (!isHour(text)) return undefined;
  const hasMinutes =
    ['.', ':'].some((joint) => isGlued(tokens, index + 1, joint)) &&
    isGlued(tokens, index + 2) &&
    /^[0-5]\d$/.test(at(tokens, index + 2).text);
  return { end: hasMinutes ? index + 3 : index + 1, hasMinutes };
}

/** "9-10", "9.30 to 11", "11-1130"; the 10 to 12 of "pages 10 to 12" are no hours. */
const hoursBesidePhrase: ReadLeft = (tokens, index, { starts, ends }) => {
  const before = at(tokens, index - 1).text.replace(/s$/, '');
  const first = numberedThings.has(before) || ratioWords.has(before) ? undefined : endOfClock(tokens, index);
  if (!first || !rangeMarks.has(at(tokens, first.end).text)) return undefined;
  const isHalf = starts.has(first.end + 1) && at(tokens, first.end + 1).kind === 'number';
  if (isHalf) return first.end + 1;
  const last = endOfClock(tokens, first.end + 1);
  if (!last) return undefined;
  const isLast = isPunctuation(tokens, last.end);
  const isBeside = starts.has(last.end) || (ends.has(index) && (isLast || at(tokens, last.end).kind === 'mark'));
  const isClear = isLast && index > 0 && (first.hasMinutes || last.hasMinutes);
  return isBeside || isClear ? last.end : undefined;
};

const longUnits: ReadonlySet<string> = new Set(
  Object.entries(units).flatMap(([word, { name }]) =>
    ['day', 'week', 'month', 'year'].includes(name) && !['quarter', 'quarters', 'decade'].includes(word) ? [word] : [],
  ),
);

/** "6 weeks", "for 10 months", "3 days in a row"; neither "3 day trip" nor "2 years old". */
const countedUnits: ReadLeft = (tokens, index, { isTaken }) => {
  const start = skip(tokens, index, 'for', 'x');
  const several = skip(tokens, skip(tokens, start, 'a'), 'few', 'several', 'couple');
  const number = readNumber(tokens, start)?.end ?? (several > start + 1 ? skip(tokens, several, 'of') : undefined);
  const unit = number !== undefined && isGlued(tokens, number, '-') ? number + 1 : number;
  if (unit === undefined || !longUnits.has(at(tokens, unit).text) || isTaken(unit)) return undefined;
  const { kind, text } = at(tokens, unit + 1);
  const isCompound =
    !at(tokens, unit).text.endsWith('s') && kind === 'word' && !following.has(text) && !isTaken(unit + 1);
  return isCompound || ['old', 'of', 'older', 'younger'].includes(text) ? undefined : unit + 1;
};

/** "x6", "10 x", "2x", in a sentence that repeats or beside a date; "2x day" anywhere. */
const multiple: ReadLeft = (tokens, index, { isRecurring, starts, ends }) => {
  const [first, second] = [at(tokens, index), at(tokens, index + 1)];
  const isPair = (first.text === 'x' && second.kind === 'number') || (first.kind === 'number' && second.text === 'x');
  if (!isPair) return undefined;
  const end = index + 2;
  const unit = skip(tokens, end, 'a', 'per', 'each', 'every', '/');
  if (look(units, tokens, unit) !== undefined || look(adverbs, tokens, unit) !== undefined) return unit + 1;
  return isRecurring || ends.has(index) || starts.has(end) ? end : undefined;
};

/** "every day while I am away", "friday but one", "daily besides sundays" */
const condition: ReadLeft = (tokens, index, { ends, isRecurring }) => {
  const { text } = at(tokens, index);
  const isSaid = text === 'but' || (isRecurring && conditions.has(text));
  return ends.has(index) && isSaid && at(tokens, index + 1).kind !== 'end' ? index + 2 : undefined;
};

const conditions: ReadonlySet<string> = new Set(
  'while when whenever bar besides save minus apart unless if'.split(' '),
);

/** "bar" of "every morning bar sunday": a word between how often and a day is hardly the title. */
const between: ReadLeft = (tokens, index, { ends, starts, isRecurring }) => {
  const isBare = isRecurring && ends.has(index) && starts.has(index + 1) && at(tokens, index).kind === 'word';
  return isBare && look(weekdays, tokens, index + 1) !== undefined ? index + 1 : undefined;
};

/** "monthly-ish", "fridayish", "weekly'ish" */
const roughly: ReadLeft = (tokens, index) => {
  const { text } = at(tokens, index);
  const isTime = [adverbs, weekdays, months].some((names) => Object.hasOwn(names, text));
  const ish = isGlued(tokens, index + 1, '-') ? index + 2 : index + 1;
  if (isTime && at(tokens, ish).text === 'ish') return ish + 1;
  return /^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|week|month|dai|noon|midday|lunch)(?:ly)?ish$/.test(text)
    ? index + 1
    : undefined;
};

/** "remind 1 week before", "10 mins before" */
const before: ReadLeft = (tokens, index, { isTaken }) => {
  const start = ['remind', 'alert', 'reminder'].includes(at(tokens, index).text) ? index + 1 : index;
  const length = start > index ? readLength(tokens, start) : undefined;
  if (!length || isTaken(start)) return undefined;
  return ['before', 'ahead', 'beforehand'].includes(at(tokens, length.end).text) ? length.end + 1 : undefined;
};

const readers = [hoursBesidePhrase, multiple, countedUnits, condition, between, roughly, before];

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
