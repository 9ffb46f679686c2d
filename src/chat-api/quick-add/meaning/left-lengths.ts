import { readLength } from '../grammar/length.ts';
import { look, readNumber } from '../grammar/number.ts';
import { at, isGlued, isPunctuation, skip } from '../grammar/token.ts';
import { adverbs, units } from '../vocabulary/time-words.ts';
import { following } from '../vocabulary/title-words.ts';
import type { ReadLeft } from './read-left.ts';

/*
 * Lengths and counts that were left in a title: how long something takes, or how many times it is done.
 */

const longUnits: ReadonlySet<string> = new Set(
  Object.entries(units).flatMap(([word, { name }]) =>
    ['day', 'week', 'month', 'year'].includes(name) && !['quarter', 'quarters', 'decade'].includes(word) ? [word] : [],
  ),
);

/** "6 weeks", "for 10 months", "3 days in a row"; neither "3 day trip" nor "2 years old". */
const countedUnits: ReadLeft = (tokens, index, { isTaken, hasMeant }) => {
  const start = skip(tokens, index, 'for', 'x');
  const several = skip(tokens, skip(tokens, start, 'a'), 'few', 'several', 'couple');
  const one = start > index && hasMeant ? skip(tokens, start, 'a', 'another', 'the') : start;
  const number =
    readNumber(tokens, start)?.end ??
    (several > start + 1 ? skip(tokens, several, 'of') : one > start ? one : undefined);
  const unit =
    number !== undefined && isGlued(tokens, number, '-') ? number + 1 : number && skip(tokens, number, 'more');
  if (unit === undefined || !longUnits.has(at(tokens, unit).text) || isTaken(unit)) return undefined;
  const { kind, text } = at(tokens, unit + 1);
  const isCompound =
    !at(tokens, unit).text.endsWith('s') && kind === 'word' && !following.has(text) && !isTaken(unit + 1);
  return isCompound || ['old', 'of', 'older', 'younger'].includes(text) ? undefined : unit + 1;
};

/** "study 2 hours tomorrow", "2 more hours for the report friday"; but "a 2 hour exam", "for 2 hours", "5 minutes of yoga" */
const shortLength: ReadLeft = (tokens, index, { isTaken, hasMeant }) => {
  // The ".5 hours" of "1.5 hours"
  const point = at(tokens, index).text === '.' ? index : index - 1;
  const isInside = isGlued(tokens, index) && at(tokens, point).text === '.' && at(tokens, point - 1).kind === 'number';
  const isSaidSo = ['for', 'of'].includes(at(tokens, index - 1).text) || isInside;
  const length = hasMeant && !isSaidSo ? readLength(tokens, index) : undefined;
  if (!length || length.value.seconds === 0 || isTaken(length.end - 1)) return undefined;
  const { kind, text } = at(tokens, length.end);
  const isOne = !at(tokens, length.end - 1).text.endsWith('s');
  const isCompound = isOne && kind === 'word' && !following.has(text) && !isTaken(length.end);
  return isCompound || ['of', 'old'].includes(text) ? undefined : length.end;
};

/** "screen time 1h/day" */
const lengthPerUnit: ReadLeft = (tokens, index) => {
  const slash = readLength(tokens, index)?.end;
  const isPer = slash !== undefined && isGlued(tokens, slash, '/') && longUnits.has(at(tokens, slash + 1).text);
  return isPer ? slash + 2 : undefined;
};

/** "7-10 working days", "3 to 5 days"; but "ages 3 to 5 years old" */
const rangeOfUnits: ReadLeft = (tokens, index, { isTaken }) => {
  const first = readNumber(tokens, index)?.end;
  const to = first === undefined ? undefined : skip(tokens, first, '-', '–', 'to', 'or');
  const second = to === undefined || to === first ? undefined : readNumber(tokens, to)?.end;
  if (second === undefined || isTaken(index)) return undefined;
  const unit = skip(tokens, second, 'working', 'business', 'work');
  const isUnit = look(units, tokens, unit) !== undefined && at(tokens, unit).text.endsWith('s');
  return isUnit && !['old', 'of'].includes(at(tokens, unit + 1).text) ? unit + 1 : undefined;
};

/** "x6", "10 x", "2x", in a sentence that repeats or beside a date; "2x day" anywhere. */
const multiple: ReadLeft = (tokens, index, { isTaken, isRecurring, starts, ends }) => {
  const [first, second] = [at(tokens, index), at(tokens, index + 1)];
  const isPair = (first.text === 'x' && second.kind === 'number') || (first.kind === 'number' && second.text === 'x');
  if (!isPair || isTaken(index + 1)) return undefined;
  const end = index + 2;
  const unit = skip(tokens, end, 'a', 'per', 'each', 'every', '/');
  if (['pw', 'pd', 'pcm'].includes(at(tokens, end).text)) return end + 1;
  if (look(units, tokens, unit) !== undefined || look(adverbs, tokens, unit) !== undefined) return unit + 1;
  return isRecurring || ends.has(index) || starts.has(end) ? end : undefined;
};

/** "6 times", "5 more times", "2w friday" in a sentence with a date */
const countBesidePhrase: ReadLeft = (tokens, index, { hasMeant, starts }) => {
  const number = hasMeant ? readNumber(tokens, index) : undefined;
  if (!number) return undefined;
  const times = skip(tokens, number.end, 'more', 'other');
  if (['times', 'occurrences', 'sessions'].includes(at(tokens, times).text)) return times + 1;
  const isShort = ['d', 'w'].includes(at(tokens, number.end).text) && isGlued(tokens, number.end);
  return isShort && starts.has(number.end + 1) ? number.end + 1 : undefined;
};

/** "+1", "-1h" behind a date */
const shift: ReadLeft = (tokens, index, { ends }) => {
  const isShift = ['+', '-'].includes(at(tokens, index).text) && at(tokens, index + 1).kind === 'number';
  if (!isShift || !ends.has(index)) return undefined;
  const end = readLength(tokens, index + 1)?.end ?? index + 2;
  return isPunctuation(tokens, end) ? end : undefined;
};

/** "6 weekly" */
const countedAdverb: ReadLeft = (tokens, index, { isTaken }) => {
  const isCounted = at(tokens, index).kind === 'number' && !isTaken(index + 1);
  return isCounted && ['weekly', 'monthly', 'yearly'].includes(at(tokens, index + 1).text) ? index + 2 : undefined;
};

/** "remind 1 week before" */
const before: ReadLeft = (tokens, index, { isTaken }) => {
  const start = ['remind', 'alert', 'reminder'].includes(at(tokens, index).text) ? index + 1 : index;
  const length = start > index ? readLength(tokens, start) : undefined;
  if (!length || isTaken(start)) return undefined;
  return ['before', 'ahead', 'beforehand'].includes(at(tokens, length.end).text) ? length.end + 1 : undefined;
};

export const lengthReaders: readonly ReadLeft[] = [
  countedAdverb,
  multiple,
  countedUnits,
  lengthPerUnit,
  shortLength,
  rangeOfUnits,
  shift,
  countBesidePhrase,
  before,
];
