import { readLength } from '../grammar/length.ts';
import { readOrdinal } from '../grammar/number.ts';
import type { Phrase } from '../grammar/scan.ts';
import { at, skip, type Tokens } from '../grammar/token.ts';

/** A piece of a sentence, by its tokens. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/** Between two dates or lengths, of which only one was read. */
const joints: ReadonlySet<string> = new Set(['and', '&', 'or', 'n', 'plus', '+', '/', ',']);

/** Before a date that is the end of something, or none. */
const leaders: ReadonlySet<string> = new Set(['between', 'thru', 'through', 'until', 'till', 'til', 'since', 'not']);

/** What belongs to a phrase that was read without it, and so was not understood: "15th & last day", "not on friday". */
export function tornFrom(
  tokens: Tokens,
  phrase: Piece & Phrase,
  isTaken: (index: number) => boolean,
): readonly Piece[] {
  const found: Piece[] = [];
  const before = phrase.start - 1;
  const isNumbered = joints.has(at(tokens, before).text) && isOrdinal(tokens, before - 1) && !isTaken(before - 1);
  if (before > 0 && isNumbered) found.push({ start: before - 2, end: phrase.start });
  // "day 1-5 of each month", "last weekday of each quarter"
  const isOf = phrase.kind === 'recurrence' && at(tokens, before).text === 'of';
  if (before >= 0 && (isOf || leaders.has(at(tokens, before).text)) && !isTaken(before))
    found.push({ start: before, end: phrase.end });
  const behind = endOfMore(tokens, phrase.end);
  if (behind !== undefined && !isTaken(phrase.end + 1)) found.push({ start: phrase.end, end: behind });
  return found;
}

/** Whether it is the "th" of "15th". */
function isOrdinal(tokens: Tokens, index: number): boolean {
  return index > 0 && at(tokens, index - 1).kind === 'number' && readOrdinal(tokens, index - 1)?.end === index + 1;
}

/** Behind "and a half", "plus 2 hours". */
function endOfMore(tokens: Tokens, index: number): number | undefined {
  const { text } = at(tokens, index);
  if (!joints.has(text) || text === ',' || text === '/') return undefined;
  const a = skip(tokens, index + 1, 'a', 'an');
  return at(tokens, a).text === 'half' ? a + 1 : readLength(tokens, index + 1)?.end;
}
