import type { ToolCall } from '../../chat/tool-calls.ts';
import { withoutCourtesy } from '../line-item.ts';
import { explained, type Reading } from '../reading.ts';
import type { UserTime } from '../when.ts';
import { WorkingText } from '../working-text.ts';
import { readClause } from './clause.ts';
import { commands } from './command-table.ts';
import { creationPrefix } from './create-command.ts';
import { isOnlyCommand } from './only-command.ts';
import { inPlainWords } from './plain-words.ts';
import { isPronoun } from './pronouns.ts';
import { partsOfSeveral } from './several.ts';

export const several = explained('I do one thing at a time. Say the first one, then the next. Nothing was changed.');

/**
 * What a sentence asks for that no command has read as a whole, though a part of it is one: "the gym is done, move the
 * dentist to friday", "I am ill, cancel the gym". As the title of a new task, it would be lost.
 */
export function commandBeside(line: string, time: UserTime): Reading | undefined {
  const [first, ...more] = partsOfSeveral(line);
  if (first === undefined) return undefined;
  const isFirst = isChange(commandIn(first, time));
  const isStatement = readClause(first) === 'statement';
  for (const part of more) {
    // "move the gym to friday and tag it sport"
    if (isFirst && /^\S+\s+(?:it|this|that|them)\b/i.test(part)) return several;
    const call = commandIn(part, time);
    if (!isChange(call) || 'add_reminders' in call.arguments) continue;
    // "pay rent on friday and repeat it monthly"; but "and repeat monthly" is of the new task.
    const isOfIt = 'task' in call.arguments && isPronoun(call.arguments.task);
    if (isOfIt && (doesToThing.has(call.tool) || !/\b(?:it|this|that)\b/i.test(part))) continue;
    if (isFirst || isOfIt || (!isStatement && isOnlyCommand(part, time))) return several;
    if (isStatement) return explained(`To change a task, say only that: ${part.slice(0, 200)}\nNothing was changed.`);
  }
  return undefined;
}

/** "read the form and complete it" is one thing to do. */
const doesToThing: ReadonlySet<string> = new Set(['complete_task', 'delete_task', 'show_task']);

function commandIn(part: string, time: UserTime): ToolCall | undefined {
  const { text } = withoutCourtesy(part);
  const sentence = { text: new WorkingText(inPlainWords(text)), time };
  if (creationPrefix(sentence.text.visible)) return undefined;
  for (const command of commands) {
    const call = command(sentence);
    if (call) return call;
  }
  return undefined;
}

type Change = Extract<ToolCall, { readonly tool: 'change_all' } | { readonly arguments: { readonly task: string } }>;

/** Whether it changes tasks that exist. */
function isChange(call: ToolCall | undefined): call is Change {
  if (!call || call.tool === 'show_task' || call.tool === 'undo') return false;
  return call.tool === 'change_all' || 'task' in call.arguments;
}
