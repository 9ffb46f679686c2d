/** A piece of a text, by its offsets in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const spanMeanings = ['title', 'date', 'time', 'recurrence', 'priority', 'tag', 'reminder', 'command'] as const;

/** A piece of a text, and what it was read as. */
export interface TextSpan extends Span {
  readonly means: (typeof spanMeanings)[number];
}

/** The spans of a part of a text that begins at `offset`, as spans of the whole. */
export function shift(spans: readonly TextSpan[], offset: number): readonly TextSpan[] {
  return spans.map(({ start, end, means }) => ({ start: start + offset, end: end + offset, means }));
}

/** The span without white space and punctuation at its edges; none if nothing else is in it. */
export function trimmed(text: string, { start, end, means }: TextSpan): readonly TextSpan[] {
  const piece = text.slice(start, end);
  const first = piece.search(/[^\s,;:.–—-]/);
  const last = piece.length - /(?<![\s,;:.!?–—-])[\s,;:.!?–—-]*$/.exec(piece)![0].length;
  return first >= 0 && first < last ? [{ start: start + first, end: start + last, means }] : [];
}

/** What other spans leave of one, from left to right. */
export function outside(text: string, { start, end, means }: TextSpan, others: readonly Span[]): readonly TextSpan[] {
  const left: TextSpan[] = [];
  let from = start;
  for (const other of others.toSorted((one, two) => one.start - two.start)) {
    left.push(...trimmed(text, { start: from, end: Math.min(end, Math.max(from, other.start)), means }));
    from = Math.max(from, other.end);
  }
  return from < end ? [...left, ...trimmed(text, { start: from, end, means })] : left;
}
