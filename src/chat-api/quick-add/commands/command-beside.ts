import type { ToolCall } from '../../chat/tool-calls.ts';
import { withoutCourtesy } from '../line-item.ts';
import { explained, type Reading } from '../reading.ts';
import type { UserTime } from '../when.ts';
import { WorkingText } from '../working-text.ts';
import { readClause } from './clause.ts';
import { commands } from './command-table.ts';
import { isImperative } from './clause-words.ts';
import { creationPrefix, readCreate } from './create-command.ts';
import { namesNothing, saysNothing } from './follow-up.ts';
import { isOnlyCommand } from './only-command.ts';
import { inPlainWords } from './plain-words.ts';
import { isPronoun, isSeveral } from './pronouns.ts';
import { partsOfSeveral } from './several.ts';

export const oneAtATime = explained('I do one thing at a time. Say the first one, then the next. Nothing was changed.');

/** All that a sentence of several commands asks for, or the advice to say one after the other. */
export function eachCommand(line: string, time: UserTime): Reading {
  const parts = partsOfSeveral(line);
  const calls = parts.map((part, index) => commandIn(part, time) ?? newTaskIn(part, time, index === 0));
  return together(calls) ?? oneAtATime;
}

/** Several calls as one reading, if each of them names its task, and none waits for a confirmation of its own. */
export function together(calls: readonly (ToolCall | undefined)[]): Reading | undefined {
  const known = calls.filter(isPlain);
  const [call, ...also] = known;
  const deletions = known.filter(({ tool }) => tool === 'delete_task').length;
  const isMixed = deletions > 1 && deletions < known.length;
  return call && also.length > 0 && known.length === calls.length && !isMixed ? { call, also, spans: [] } : undefined;
}

function isPlain(call: ToolCall | undefined): call is ToolCall {
  if (call?.tool === 'create_task') return true;
  if (!isChange(call) || call.tool === 'change_all') return false;
  const { task } = call.arguments;
  return !isPronoun(task) && !isSeveral(task) && !namesNothing(task);
}

/** "add milk", "remind me to call Bob tomorrow"; in the beginning also what is to be done by its verb. */
function newTaskIn(part: string, time: UserTime, isFirst: boolean): ToolCall | undefined {
  const { text } = withoutCourtesy(part);
  const prefix = creationPrefix(new WorkingText(text).visible);
  if (!prefix && !(isFirst && isImperative(/^\p{L}*/u.exec(text)![0].toLowerCase()))) return undefined;
  const { call } = readCreate(text.slice(prefix.length), time, prefix !== '');
  // What was not read would be lost among the others.
  const isClear = call.tool === 'create_task' && !call.arguments.remarks && !saysNothing(call.arguments.title);
  return isClear ? call : undefined;
}

/**
 * What a sentence asks for that no command has read as a whole, though a part of it is one: "the gym is done, move the
 * dentist to friday", "I am ill, cancel the gym". As the title of a new task, it would be lost.
 */
export function commandBeside(line: string, time: UserTime): Reading | undefined {
  const [first, ...more] = partsOfSeveral(line);
  if (first === undefined) return undefined;
  const isFirst = isChange(commandIn(first, time));
  const isStatement = readClause(first) === 'statement';
  const each = eachCommand(line, time);
  for (const part of more) {
    // "move the gym to friday and tag it sport"
    if (isFirst && /^\S+\s+(?:it|this|that|them)\b/i.test(part)) return each;
    const call = commandIn(part, time);
    // "mark the dishes as done and remind me to buy soap"
    if (isFirst && creationPrefix(new WorkingText(withoutCourtesy(part).text).visible)) return each;
    if (!isChange(call) || 'add_reminders' in call.arguments) continue;
    // "pay rent on friday and repeat it monthly"; but "and repeat monthly" is of the new task.
    const isOfIt = 'task' in call.arguments && isPronoun(call.arguments.task);
    if (isOfIt && (doesToThing.has(call.tool) || !/\b(?:it|this|that)\b/i.test(part))) continue;
    if (isFirst || isOfIt || (!isStatement && isOnlyCommand(part, time))) return each;
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
