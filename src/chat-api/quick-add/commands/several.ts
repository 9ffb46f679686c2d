import { WorkingText } from '../working-text.ts';

const verbs =
  "move|push|postpone|reschedule|snooze|delete|remove|cancel|rename|tag|untag|mark|complete|finish|tick\\s+off|check\\s+off|reopen|restore|undo|revert|drop|scrap|bin|ditch|skip|add|set|make|change|remind\\s+me|repeat|what[’']?s|what\\s+is|show";

const between = String.raw`(?:\s(?:and|then|so)|[,.;!])\s+(?:(?:and|but|so|please|also|then|can\s+you|could\s+you)\s+){0,3}(?=(?:${verbs})\s+\S)`;

/** A command and another one: "delete the gym and move the dentist to friday", "delete the gym. Add milk". */
const several = new RegExp(`^(?!(?:no|wait|yes|ok|okay|sorry|actually)\\b).*${between}`, 'i');

const cuts = new RegExp(between, 'gi');

export const hasFurtherCommand = (visible: string) => several.test(visible);

const mostParts = 5;
const longestSeveral = 400;

/** The parts of a sentence before which a verb of a command stands behind "and" or a comma; none if it has no such verb. */
export function partsOfSeveral(line: string): readonly string[] {
  const { visible } = new WorkingText(line);
  if (visible.length > longestSeveral || !hasFurtherCommand(visible)) return [];
  const parts: string[] = [];
  let from = 0;
  for (const { 0: said, index } of visible.matchAll(cuts)) {
    parts.push(line.slice(from, index));
    from = index + said.length;
  }
  return [...parts, line.slice(from)].filter(Boolean).slice(0, mostParts);
}
