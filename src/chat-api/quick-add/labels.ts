import { own } from './own.ts';
import type { TextSpan } from './text-span.ts';
import type { WorkingText } from './working-text.ts';

export type Priority = 'HIGH' | 'MEDIUM' | 'LOW';

/** `!high`, `!urgent`, `!h`, `!1`, `!!1`, `p1`; a capital P is left alone, since "P1 bug" is more often a title. */
const priorityWord =
  /(?<!\S)(?:!!?(highest|high|medium|low|lowest|urgent|important|critical|h|m|l|[123])|p([1234]))(?=$|[\s,;.])/giu;

/** `#home`, but neither `C#` nor the number of an issue, `#42`. */
const tagWord = /(?<!\S)#(?=[\p{L}\p{N}_-]*\p{L})([\p{L}\p{N}_-][\p{L}\p{M}\p{N}_-]{0,49})/gu;

const priorities: Readonly<Record<string, Priority>> = {
  high: 'HIGH',
  h: 'HIGH',
  1: 'HIGH',
  medium: 'MEDIUM',
  m: 'MEDIUM',
  2: 'MEDIUM',
  low: 'LOW',
  l: 'LOW',
  3: 'LOW',
  4: 'LOW',
  highest: 'HIGH',
  urgent: 'HIGH',
  important: 'HIGH',
  critical: 'HIGH',
  top: 'HIGH',
  normal: 'MEDIUM',
  lowest: 'LOW',
};

/** The priority that a word such as `high` means. */
export function priorityOf(word: string): Priority | undefined {
  const name = word.toLowerCase().replace(/^[!p](?=.)/, '');
  return own(priorities, name);
}

/** The first priority in the text; later ones stay in the title, where the user sees them. */
export function takePriority(text: WorkingText): { text: WorkingText; priority?: Priority } {
  for (const match of text.visible.matchAll(priorityWord)) {
    if (match[0].startsWith('P')) continue;
    const priority = priorityOf(match[1] ?? match[2]!);
    if (priority) return { text: text.take(spanOf(match, 'priority')), priority };
  }
  const words = saidPriority.exec(text.visible);
  return words
    ? { text: text.take(spanOf(words, 'priority')), priority: priorityOf((words[1] ?? words[2] ?? words[3])!)! }
    : { text };
}

/** What may stand behind a priority in words: nothing, a mark, or a date. */
const priorityEnd = String.raw`(?=[\s.!)]*$|\)|[\s,;]+(?:#|by\b|on\b|at\b|due\b|in\b|every\b|today|tonight|tomorrow|next\b|this\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day))`;

/** "with high priority", "(low priority)", "priority: high"; "a high priority queue" is a title. */
const saidPriority = new RegExp(
  String.raw`(?<=[^\s(][\s,]\(?)(?:(?:(?:with|at|as)\s+)?(highest|high|top|medium|normal|low|lowest)[\s-]prio(?:rity)?|pri(?:o(?:rity)?)?:([hml])\b|(?:with\s+)?prio(?:rity)?\s*:?\s*(highest|high|top|medium|normal|low|lowest|[123](?![\d.,:]\d)))${priorityEnd}`,
  'i',
);

/** All tags, in lower case, each once, in the order of the text. */
export function takeTags(text: WorkingText): { text: WorkingText; tags: readonly string[] } {
  const matches = [...text.visible.matchAll(tagWord)];
  const tags = new Set(matches.map((match) => match[1]!.toLowerCase()));
  return { text: text.take(...matches.map((match) => spanOf(match, 'tag'))), tags: [...tags] };
}

function spanOf({ 0: text, index }: RegExpExecArray, means: TextSpan['means']): TextSpan {
  return { start: index, end: index + text.length, means };
}
