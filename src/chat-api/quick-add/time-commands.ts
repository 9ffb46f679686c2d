import { taskName, type Command } from './sentence.ts';
import { longestDate, readDate } from './date-phrase.ts';

/** No date has more prepositions in it. */
const mostCuts = 6;

/** The places where the text could be cut before a date, the last one first: "move go to work to friday". */
function cuts(visible: string, from: number, between: RegExp): { left: number; right: number }[] {
  return [...visible.matchAll(between)]
    .map((match) => ({ left: match.index, right: match.index + match[0].length }))
    .filter(({ left, right }) => left > from && visible.length - right <= longestDate)
    .slice(-mostCuts)
    .toReversed();
}

/** "move TASK to DATE"; without a date behind it, moving the sofa to the cellar is a task. */
const reschedule: Command = ({ text, time }) => {
  const verb =
    /^(?:(?:move|reschedule|postpone|shift|snooze|delay|push)|(?:set|change)\s+(?:the\s+)?due\s+(?:date\s+)?of)\s+/i.exec(
      text.visible,
    )?.[0];
  if (!verb) return undefined;
  for (const { left, right } of cuts(text.visible, verb.length, /\s+(?:to|until|till|for|on|at)\s+/gi)) {
    const due = readDate(text.visible.slice(right), time);
    const task = taskName(text.slice(verb.length, left));
    if (due && task) return { tool: 'reschedule_task', arguments: { task, due } };
  }
  return undefined;
};

const number = '(\\d{1,4}|an?|half an)';
const length = new RegExp(`\\s+(?:(?:for|by)\\s+)?${number}\\s*(minute|min|hour|h|day|week|month)s?[\\s.!]*$`, 'i');

/** "snooze TASK 10 minutes": later than it was, or than now if that is past. */
const snooze: Command = ({ text }) => {
  const verb = /^(?:snooze|postpone|delay|push(?:\s+back)?|defer)\s+/i.exec(text.visible)?.[0];
  if (!verb) return undefined;
  const match = length.exec(text.visible);
  const task = taskName(text.slice(verb.length, match?.index));
  // "snooze pay rent", as an alarm clock would
  if (!match)
    return /^snooze/i.test(verb) && task ? { tool: 'snooze_task', arguments: { task, by: 'PT10M' } } : undefined;
  return match.index >= verb.length
    ? { tool: 'snooze_task', arguments: { task, by: duration(match[1]!, match[2]!) } }
    : undefined;
};

function duration(count: string, unit: string): string {
  const half = /^half/i.test(count);
  const amount = /^\d/.test(count) ? Number(count) : 1;
  const letter = unit[0]!.toUpperCase();
  if (/^mo/i.test(unit)) return `P${amount}M`;
  if (half && letter === 'H') return 'PT30M';
  return letter === 'H' || letter === 'M' ? `PT${amount}${letter}` : `P${amount}${letter}`;
}

/** Sentences that change when a task is due. */
export const timeCommands: readonly Command[] = [reschedule, snooze];
