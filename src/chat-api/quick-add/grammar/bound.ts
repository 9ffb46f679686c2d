import { readLength, type Length } from './length.ts';
import { readNumber } from './number.ts';
import { at, isGlued, phrases, skip, type Read, type Tokens } from './token.ts';

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
