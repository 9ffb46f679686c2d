import { at, isPunctuation, phrases, type Tokens } from '../grammar/token.ts';
import type { Judged } from './judge.ts';

/*
 * Sentences that take a time back: "tuesday, no wait, wednesday", "lesson moved from tuesday to wednesday". Which one
 * counts is asked.
 */

const readCorrection = phrases({
  no: true,
  nope: true,
  oops: true,
  sorry: true,
  actually: true,
  correction: true,
  rather: true,
  'or rather': true,
  'no wait': true,
  'wait no': true,
  'no sorry': true,
  'sorry no': true,
  'oh no': true,
  'no actually': true,
  'actually no': true,
  'no make it': true,
  'no make that': true,
  'make it': true,
  'make that': true,
  'i mean': true,
  'i meant': true,
  'no i mean': true,
  'no i meant': true,
  'sorry i mean': true,
  'sorry i meant': true,
  'scratch that': true,
  'no scratch that': true,
  'strike that': true,
  'or better': true,
  'better yet': true,
} as const);

/** Before "from tuesday to wednesday" */
const moves: ReadonlySet<string> = new Set(
  (
    'move moves moved moving shift shifts shifted change changes changed changing extend extends extended postpone postponed ' +
    'delay delayed reschedule rescheduled rebook rebooked push pushed switch switched swap swapped goes gone went brought'
  ).split(' '),
);

export function isCorrected(tokens: Tokens, judged: readonly Judged[]): boolean {
  if (!judged.some(({ isMeant }) => isMeant)) return false;
  return judged.some(
    (one, index) => isMove(tokens, one) || isTakenBack(tokens, one, judged[index + 1]?.phrase.start ?? tokens.length),
  );
}

function isMove(tokens: Tokens, { phrase, isMeant }: Judged): boolean {
  if (!isMeant || phrase.kind !== 'moment' || !phrase.moment.rangeEnd) return false;
  const isDirected = ['back', 'forward', 'up', 'out', 'it', 'date', 'time'].includes(at(tokens, phrase.start - 1).text);
  const move = at(tokens, phrase.start - (isDirected ? 2 : 1)).text;
  // "night shift 22:00-06:00" is no move.
  const isVerb = isDirected || move.endsWith('ed') || at(tokens, phrase.start).text === 'from';
  return isVerb && moves.has(move);
}

/** Whether nothing but a correction is between the time and the next one, or the end. */
function isTakenBack(tokens: Tokens, { phrase }: Judged, next: number): boolean {
  const correction = readCorrection(tokens, behindMarks(tokens, phrase.end));
  if (!correction) return false;
  const end = behindMarks(tokens, correction.end);
  return end === next && !isPunctuation(tokens, end);
}

function behindMarks(tokens: Tokens, index: number): number {
  let end = index;
  while ([',', '.', '-', '–', '—', '…'].includes(at(tokens, end).text)) end++;
  return end;
}
