import { withoutCourtesy as bare } from './commands/courtesy.ts';
import { isVisible } from './is-visible.ts';
import type { MessageLine } from './message-lines.ts';
import type { Reading } from './reading.ts';
import { shift } from './text-span.ts';

/** The reading of the end of a line as that of the message. */
export function ofLine(line: MessageLine, reading: Reading, end: string): Reading {
  return { ...reading, spans: line.toMessage(shift(reading.spans, line.text.length - end.length)) };
}

/** "11. december" begins no list; "1. march to the shop" may. */
const dayOfMonth =
  /^\d\d?\.\s+(?:jan(?:uary)?|feb(?:ruary)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b/i;

/** "- Milk", "1. Milk", "[ ] Milk": an item of a list that was pasted. */
export function withoutBullet(line: string): string {
  if (dayOfMonth.test(line)) return line;
  // "TODO" in capitals leads a heading of Org mode.
  return line
    .replace(/^TODO\s+(?=\S)/, '')
    .replace(/^(?:(?:[-*•–+☐☑✓✔□▢]|\d{1,3}[.)])\s+(?:\[[ x]?\]\s+)?|\[[ x]?\]\s+)(?=\S)/i, '');
}

/** A line without its courtesies, unless nothing else is in it, and where that begins. */
export function withoutCourtesy(line: string): { text: string; start: number } {
  const { text, start } = bare(line);
  return isVisible(text) ? { text, start } : { text: line, start: 0 };
}
