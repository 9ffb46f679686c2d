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

/** The spans of a text from left to right: where two of them overlap, the earlier one of the list counts. */
export function inOrder(text: string, spans: readonly TextSpan[]): readonly TextSpan[] {
  // For each character the number of its span, from 1.
  const owners = new Int32Array(text.length);
  for (const [index, { start, end }] of spans.entries()) {
    for (let offset = start; offset < end; offset++) if (owners[offset] === 0) owners[offset] = index + 1;
  }
  const found: TextSpan[] = [];
  for (let start = 0; start < text.length;) {
    const owner = owners[start]!;
    let end = start + 1;
    while (end < text.length && owners[end] === owner) end++;
    if (owner > 0) found.push(...trimmed(text, { start, end, means: spans[owner - 1]!.means }));
    start = end;
  }
  return found;
}
