import { own } from '../own.ts';
import { smallNumbers } from '../vocabulary/time-words.ts';
import { onTask, type Command } from './sentence.ts';
import { answer, call, whole } from './whole-sentence.ts';

const changes = String.raw`(?:changes?|things?|actions?|steps?|ones?|edits?|commands?|messages?)`;
const count = String.raw`(?<count>\d{1,3}|[a-z]+)`;

/** "undo the last two changes", "undo that twice", "undo 3 times" */
const several: readonly RegExp[] = [
  whole(String.raw`undo\s+(?:(?:the|my|your)\s+)?last\s+${count}(?:\s+${changes})?`),
  whole(
    String.raw`undo\s+(?:(?:it|that|this|them|the|my|an?)\s+)?${count}\s+(?:of\s+)?(?:(?:the\s+|my\s+)?last\s+)?(?:${changes}|times)`,
  ),
  whole(String.raw`undo\s+(?:(?:it|that|this)\s+)?(?<count>twice|thrice)`),
  whole(String.raw`(?:go|step)\s+back\s+${count}\s+${changes}`),
  whole(
    String.raw`undo\s+(?<count>both)(?:\s+(?:of\s+(?:them|those)|${changes}))?|undo\s+(?:(?:the|my)\s+)?last\s+(?:change|one)\s+and\s+the\s+one\s+before(?:\s+(?:it|that))?`,
  ),
];

const most = 20;

const numbers: Readonly<Record<string, number>> = { twice: 2, both: 2, couple: 2, thrice: 3 };

const undoSeveral: Command = ({ text }) => {
  const found = several.map((pattern) => pattern.exec(text.visible)).find((match) => match !== null);
  if (!found) return undefined;
  const said = (found.groups?.['count'] ?? 'both').toLowerCase();
  const times = own(numbers, said) ?? own(smallNumbers, said) ?? Number(said);
  if (times === 1) return { tool: 'undo', arguments: {} };
  return times >= 2 && times <= most ? { tool: 'undo', arguments: { times } } : undefined;
};

/** Sentences that take a change back, or make it again. */
export const undoCommands: readonly Command[] = [
  undoSeveral,
  answer(
    whole(
      String.raw`undo (?:(?:it |that )?all|everything|(?:the |my )?(?:last )?(?:few|\d{1,6})(?: times| changes)?|(?:all |the )?(?:last )?\w+ changes)`,
    ),
    `How many changes? I undo up to ${most} at once. Say for example "undo the last two changes". Nothing was changed.`,
  ),
  call(
    whole(
      String.raw`redo(?:\s+(?:that|it|this|the (?:last )?(?:change|one)))?|(?:undo|revert|cancel)\s+(?:the|that|my|your|this)\s+(?:last\s+)?undo|undo undo|unundo`,
    ),
    { tool: 'redo', arguments: {} },
  ),
  call(
    whole(
      String.raw`undo|revert|undo again|(?:undo|revert|cancel)\s+(?:(?:the\s+|my\s+)?(?:last|previous)\s+(?:command|action|step|message)|what you (?:just )?did|(?:that|the|my) last (?:change|action|thing))|go back (?:one|a) step|one step back|(?:undo)\s+(?:delete|complete|completion|deletion|move|change)|(?:undo|revert|reverse|scratch|strike)\s+(?:that|it|this|please|the (?:last|previous) (?:change|one|command|action|thing|deletion)|the (?:change|deletion|delete)|last(?: (?:change|one|action))?|my last (?:change|one|action|message))|(?:restore|bring back|recover)\s+(?:it|that|(?:the|my) (?:deleted|last|removed) (?:task|one))|(?:take|bring|put) (?:it|that) back|(?:get|bring|give)(?: me)? back (?:the|my) (?:last |deleted )?(?:task|one)(?: (?:that )?i (?:just )?(?:deleted|removed))?|(?:restore|recover) (?:the|my) (?:task|one) (?:that )?i (?:just )?(?:deleted|removed)|(?:undelete|unremove)(?:\s+(?:it|that))?|(?:that|this|it) was (?:wrong|a mistake|an accident)(?:[,.;]? (?:so |please )?(?:undo|revert|reverse) (?:it|that|this))?|(?:cancel|undo|revert|reverse|take back) (?:that|the) last thing (?:that )?(?:you|i) (?:just )?did|go back|ctrl[ +-]?z`,
    ),
    { tool: 'undo', arguments: {} },
  ),
  onTask(
    /^(?:undelete\s+|(?:restore|bring back|recover)\s+(?:(?:the|my)\s+)?(?:deleted\s+)?task\s+|(?:restore|bring back|recover)\s+(?=\uFFFC)|undo\s+(?:the\s+)?(?:delet(?:e|ing|ion)|remov(?:e|al|ing))(?:\s+of)?\s+)(.+)$/i,
    (task) => ({ tool: 'undo', arguments: { task } }),
  ),
];
