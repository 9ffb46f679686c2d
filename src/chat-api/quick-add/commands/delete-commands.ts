import type { ToolCall } from '../../chat/tool-calls.ts';
import { readCreate } from './create-command.ts';
import { isDated, onTask, type Command } from './sentence.ts';
import { shortName } from './words.ts';

const remove = (task: string): ToolCall => ({ tool: 'delete_task', arguments: { task } });

/** "cancel the dentist"; with a date of its own, as "cancel the subscription by friday", it is a new task. */
const cancel: Command = ({ text, time }) => {
  const call = onTask(/^cancel\s+(?!(?:and|or)\b)(.+)$/i, remove)({ text, time });
  const task = call && readCreate(text.slice(0), time).call;
  const { title, due, recurrence } = task?.tool === 'create_task' ? task.arguments : {};
  const isTask = (due ?? recurrence) !== undefined && title?.toLowerCase() !== 'cancel';
  return isTask ? undefined : call;
};

const droppingVerbs = 'drop|trash|bin|scrap|ditch|axe|kill|toss|dump|lose|nuke|chuck|shelve';

/** "drop the picnic"; but "kill the gym reminder" is about a part of a task, and "drop the kids at school" to be done. */
const dropped = new RegExp(
  String.raw`^(?:${droppingVerbs})\s+(?=(?:the|my|our)\s)(?!.*\s(?:one|reminders?)[\s.!]*$)(${shortName}(?:\s+with\s+\S+)?)[\s.!]*$`,
  'iu',
);

/** Whether a sentence is about a task of that very title, or else a thing to do. */
export const isDropped = (visible: string) => dropped.test(visible);

const drop: Command = (sentence) => (isDated(sentence) ? undefined : onTask(dropped, remove)(sentence));

export const deleteCommands: readonly Command[] = [
  onTask(/^(?:delete|del|rm|remove|erase|discard|get rid of)\s+(?!#\p{L})(.+)$/iu, (task) =>
    remove(task.replace(/\s+(?:from|off)\s+(?:my|the)\s+(?:(?:to[ -]?do\s+|task\s+)?list|tasks|to[ -]?dos)$/i, '')),
  ),
  // "take the gym off my list"
  onTask(
    /^(?:take|strike|drop|scratch|get|clear|kick|pull|throw)\s+(.+?)\s+(?:off|from|out of)\s+(?:of\s+)?(?:my|the)\s+(?:(?:(?:to[ -]?do|task|shopping|grocery|packing)\s+)?list|tasks|to[ -]?dos)[\s.!]*$/i,
    remove,
  ),
  onTask(
    /^(?:throw away|get rid of|drop|cancel|kill|trash|bin|scrap|ditch|toss)\s+(?:the|my)\s+(.+?)\s+task[\s.!]*$/i,
    remove,
  ),
  // "Drop the kids at school" is a task.
  onTask(new RegExp(`^(?:cancel|${droppingVerbs})\\s+(it|this|that|\uFFFC+|\\d{1,2})[\\s.!]*$`, 'i'), remove),
  drop,
  cancel,
];
