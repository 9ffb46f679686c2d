import { isVisible } from './is-visible.ts';
import { shift, type Span, type TextSpan } from './text-span.ts';

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

/** A part of a line as a line of its own. */
export function partOf(line: MessageLine, { start, end }: Span): MessageLine {
  return { text: line.text.slice(start, end), toMessage: (spans) => line.toMessage(shift(spans, start)) };
}

function toLine(raw: string, start: number): MessageLine {
  const words = [...raw.matchAll(/\S+/g)];
  const text = words.map(([word]) => word).join(' ');
  return {
    text,
    toMessage: (spans) => {
      const places = new Int32Array(text.length);
      let next = 0;
      for (const { 0: word, index } of words) {
        for (let offset = 0; offset < word.length; offset++) places[next + offset] = start + index + offset;
        next += word.length + 1;
      }
      return spans.map((span) => ({ ...span, start: places[span.start]!, end: places[span.end - 1]! + 1 }));
    },
  };
}
