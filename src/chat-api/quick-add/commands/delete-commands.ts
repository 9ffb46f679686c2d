import type { ToolCall } from '../../chat/tool-calls.ts';
import { readCreate } from './create-command.ts';
import { onTask, type Command } from './sentence.ts';

const remove = (task: string): ToolCall => ({ tool: 'delete_task', arguments: { task } });

/** "cancel the dentist"; with a date of its own, as "cancel the subscription by friday", it is a new task. */
const cancel: Command = ({ text, time }) => {
  const call = onTask(/^cancel\s+(?!(?:and|or)\b)(.+)$/i, remove)({ text, time });
  const task = call && readCreate(text.slice(0), time).call;
  const { title, due, recurrence } = task?.tool === 'create_task' ? task.arguments : {};
  const isTask = (due ?? recurrence) !== undefined && title?.toLowerCase() !== 'cancel';
  return isTask ? undefined : call;
};

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
  onTask(/^(?:cancel|drop|trash|bin|scrap)\s+(it|this|that|".+"|“.+”)[\s.!]*$/i, remove),
  cancel,
];
