import { isVisible } from './is-visible.ts';
import type { TextSpan } from './text-span.ts';

/** A line of a message, trimmed and with single spaces. */
export interface MessageLine {
  readonly text: string;
  /** The spans of the line as spans of the message. */
  toMessage(spans: readonly TextSpan[]): readonly TextSpan[];
}

/** The lines of a message that are not empty. */
export function linesOf(message: string): readonly MessageLine[] {
  return [...message.matchAll(/[^\r\n]+/g)]
    .map(({ 0: raw, index }) => toLine(raw, index))
    .filter(({ text }) => isVisible(text));
}

function toLine(raw: string, start: number): MessageLine {
  const words = [...raw.matchAll(/\S+/g)];
  const text = words.map(([word]) => word).join(' ');
  return {
    text,
    toMessage: (spans) => {
      let next = 0;
      const offsets = words.flatMap(({ 0: word, index }) => {
        const from = next;
        next += word.length + 1;
        return { from, to: next - 1, index: start + index };
      });
      const place = (offset: number) => {
        const word = offsets.findLast(({ from }) => from <= offset) ?? offsets[0]!;
        return word.index + Math.min(offset, word.to) - word.from;
      };
      return spans.map((span) => ({ ...span, start: place(span.start), end: place(span.end - 1) + 1 }));
    },
  };
}
