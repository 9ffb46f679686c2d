import { own } from '../own.ts';
import type { Span } from '../text-span.ts';
import { WorkingText } from '../working-text.ts';
import { smallNumbers } from '../vocabulary/time-words.ts';
import { isImperative } from './clause-words.ts';

/** A line that announces several tasks, and where in it they are; none if they follow in the next lines. */
export interface Announcement {
  readonly count: number | undefined;
  readonly tasks: readonly Span[];
}

const number = '(?<count>\\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)';
const ofList = '(?:\\s+(?:to|on|for)\\s+(?:my|the)\\s+(?:to[ -]?do\\s+|task\\s+)?list)?';

const heading = new RegExp(
  `^(?:(?:add|create|make|new|here\\s+are|i\\s+(?:have|need)(?:\\s+to\\s+add)?)\\s+)?(?:me\\s+)?(?:the\\s+following(?=\\s*:)|(?:(?:these|the\\s+following|a\\s+few|some|several|my)\\s+)?(?:${number}\\s+)?(?:(?:new|more|other)\\s+)?(?:tasks|todos|to-dos|reminders|things\\s+to\\s+do))${ofList}(?<more>(?:\\s+(?:for|on|by|due|to)\\s+)[^:,;]{1,40})?\\s*:\\s*`,
  'i',
);

/** "add two tasks call mum and buy milk": where do they begin? */
const unmarked = new RegExp(
  `^(?:add|create|make)\\s+(?:me\\s+)?${number}\\s+(?:(?:new|more|other)\\s+)?(?:tasks|todos|to-dos)(?=\\s|[.!]*$)`,
  'i',
);

const longestAnnouncement = 1200;

/** "add three tasks: call mum, buy milk and pay rent"; a problem if it does not say which they are. */
export function readAnnouncement(line: string): Announcement | 'unclear' | undefined {
  const { visible } = new WorkingText(line);
  const said = visible.length > longestAnnouncement ? null : heading.exec(visible);
  if (!said) return unmarked.test(visible) ? 'unclear' : undefined;
  const word = said.groups?.['count']?.toLowerCase();
  const count = word === undefined ? undefined : (own(smallNumbers, word) ?? Number(word));
  const start = said[0].length;
  const tasks = start === visible.length ? [] : partsOf(visible, start, count);
  // "tasks for friday: call mum, buy milk": are both due on friday?
  if (said.groups?.['more']) return tasks?.length === 1 ? undefined : 'unclear';
  return tasks ? { count, tasks } : 'unclear';
}

const comma = /\s*[,;](?=\s)\s*(?:(?:and|then|plus)\s+)?/g;
const and = /\s+(?:and|&)\s+/g;

/** Where a list has its items: as many as were announced, or as its commas say. */
function partsOf(visible: string, start: number, count: number | undefined): readonly Span[] | undefined {
  const end = start + visible.slice(start).replace(/[\s,;.!]+$/, '').length;
  const byComma = cut(visible, { start, end }, comma);
  const last = byComma.at(-1)!;
  const ofLast = cut(visible, last, and);
  const byBoth = [...byComma.slice(0, -1), ...ofLast];
  if (count !== undefined)
    return [byComma, byBoth, byComma.flatMap((part) => cut(visible, part, and))].find(({ length }) => length === count);
  // "call mum, buy bread and butter": is the butter a task?
  const isVerb = ({ start: from }: Span) => isImperative(/^\p{L}*/u.exec(visible.slice(from))![0].toLowerCase());
  const isEven = ofLast.slice(1).every(isVerb) || !byBoth.some(isVerb);
  return isEven ? byBoth : undefined;
}

function cut(visible: string, { start, end }: Span, between: RegExp): readonly Span[] {
  const parts: Span[] = [];
  let from = start;
  for (const { 0: said, index } of visible.slice(start, end).matchAll(between)) {
    parts.push({ start: from, end: start + index });
    from = start + index + said.length;
  }
  return [...parts, { start: from, end }].filter((part) => part.end > part.start);
}
