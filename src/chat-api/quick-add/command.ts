import type { ToolCall } from '../chat/tool-calls.ts';
import { changeCommands } from './change-commands.ts';
import { isVisible } from './is-visible.ts';
import { readList } from './list-command.ts';
import { onTask, type Command } from './sentence.ts';
import { readTask } from './task-phrase.ts';
import { timeCommands } from './time-commands.ts';
import { WorkingText } from './working-text.ts';
import type { UserTime } from './when.ts';

const helpCommand: Command = ({ text }) =>
  /^\s*(?:help(?:\s+me)?|\?|what can (?:you|i) (?:do|say))[\s?!.]*$/i.test(text.visible)
    ? { tool: 'help', arguments: {} }
    : undefined;

const simpleCommands: readonly Command[] = [
  onTask(/^(?:i(?:'m| am) )?done with\s+(.+)$/i, (task) => ({ tool: 'complete_task', arguments: { task } })),
  onTask(/^(?:complete|finish|check off|tick off)\s+(.+)$/i, (task) => ({
    tool: 'complete_task',
    arguments: { task },
  })),
  onTask(/^i(?:'ve| have)? (?:finished|completed)\s+(.+)$/i, (task) => ({
    tool: 'complete_task',
    arguments: { task },
  })),
  onTask(/^(?:delete|remove)\s+(?!#)(.+)$/i, (task) => ({ tool: 'delete_task', arguments: { task } })),
];

/** Tried in order; what none of them knows is a new task. */
const commands: readonly Command[] = [helpCommand, readList, ...changeCommands, ...timeCommands, ...simpleCommands];

const courtesy = /^\s*(?:(?:hi|hello|hey|ok|okay)\s*[,!]\s*)?(?:please\s+|(?:can|could|would) you (?:please )?)?/i;
const creation =
  /^(?:(?:add|create|make|new)\s+(?:an?\s+)?(?:new\s+)?(?:task|todo|to-do|reminder)(?:\s+to(?=\s)|\s*:)?|add(?=\s)|todo:|task:|remind me to(?=\s)|i (?:need|have) to(?=\s))\s*/i;

/** What a chat message asks for. Any text is understood as something; at the least, as a new task of that title. */
export function readCommand(message: string, time: UserTime): ToolCall {
  const line = message.replace(/\s+/g, ' ').trim();
  const asked = line.slice(courtesy.exec(line)![0].length);
  const prefix = creation.exec(new WorkingText(asked).visible)?.[0] ?? '';
  const sentence = { text: new WorkingText(asked), time };
  for (const command of prefix ? [] : commands) {
    const call = command(sentence);
    if (call) return call;
  }
  return readCreate(asked.slice(prefix.length), time);
}

function readCreate(text: string, time: UserTime): ToolCall {
  const { title, priority, tags, due, recurrence } = readTask(text, time);
  if (!isVisible(title)) return { tool: 'help', arguments: { problem: 'I found no words for the title of a task.' } };
  if (title.length > 500) return { tool: 'help', arguments: { problem: 'A title has at most 500 characters.' } };
  return {
    tool: 'create_task',
    arguments: {
      title,
      ...(priority && { priority }),
      ...(tags.length > 0 && { tags: tags.slice(0, 20) }),
      ...(due && { due }),
      ...(recurrence && { recurrence }),
    },
  };
}
