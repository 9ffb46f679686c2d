import type { CreateCall, ToolCall } from '../chat/tool-calls.ts';
import { readAsTitle } from './as-title.ts';
import { readAnnouncement } from './commands/announced-tasks.ts';
import { oneAtATime, together } from './commands/command-beside.ts';
import { readCreate } from './commands/create-command.ts';
import { smallTalk } from './commands/small-talk.ts';
import { ofLine, withoutBullet, withoutCourtesy } from './line-item.ts';
import { linesOf, partOf, type MessageLine } from './message-lines.ts';
import { readLine } from './read-line.ts';
import { explained, type Reading } from './reading.ts';
import type { TextSpan } from './text-span.ts';
import type { UserTime } from './when.ts';
import { WorkingText } from './working-text.ts';

/** More than a screen full of lines is a text that was pasted by mistake. */
const mostLines = 100;

/**
 * What a chat message asks for. Any text is understood as something; at the least, as a new task of that title. A message
 * of several commands, which one call cannot hold, gets the advice to say one at a time: {@link readMessage} has them all.
 */
export function readCommand(message: string, time: UserTime): ToolCall {
  const { call, also = [] } = readMessage(message, time);
  return also.length > 0 ? oneAtATime.call : call;
}

/** All that a chat message asks for, with the spans of the message that say so. */
export function readMessage(message: string, time: UserTime): Reading {
  const lines = linesOf(message);
  const announced = readAnnounced(lines, time);
  if (announced) return announced;
  if (lines.length > 1) return readLines(lines, time);
  const [line] = lines;
  if (!line) return readCreate('', time);
  // "✔ call Bob" alone is done; in a list that was pasted, it is an item.
  const item = isTicked.test(line.text) ? line.text : withoutBullet(line.text);
  return ofLine(line, readLine(item, time), item);
}

const isTicked = /^(?:[✓✔☑]|[-*•]?\s*\[x\])/i;

/** "add three tasks: call mum, buy milk and pay rent": in the same line, or in the next ones. */
function readAnnounced([heading, ...more]: readonly MessageLine[], time: UserTime): Reading | undefined {
  if (!heading) return undefined;
  const { text, start } = withoutCourtesy(heading.text);
  const announcement = readAnnouncement(text);
  if (!announcement) return undefined;
  if (announcement === 'unclear') return unclearTasks;
  const { count, tasks } = announcement;
  const lines = [
    ...tasks.map((part) => partOf(heading, { start: start + part.start, end: start + part.end })),
    ...more,
  ];
  if (lines.length === 0) return undefined;
  if (count !== undefined && count !== lines.length) return unclearTasks;
  return readLines(lines, time);
}

const unclearTasks = explained(
  'Which tasks? Write each of them on a line of its own, or say for example "add two tasks: call mum, buy milk". Nothing was changed.',
);

type NewTask = { -readonly [Key in keyof CreateCall['arguments']]: CreateCall['arguments'][Key] };

/** "note: bring the adapter", in the line below a task */
const noteBelow = /^(?:notes?|description|details?|comment)\s*:\s*(\S.*)$/i;

/** "Hi!", "Thanks": lines around what is asked for. */
const isCourtesy = ({ call }: Reading, item: string) =>
  call.tool === 'help' &&
  call.arguments.reply !== undefined &&
  smallTalk({ text: new WorkingText(item), time: epoch }) !== undefined;

const epoch: UserTime = { now: new Date(0), zone: 'UTC' };

/** Several lines are several tasks, as a list that was pasted. */
function readLines(lines: readonly MessageLine[], time: UserTime): Reading {
  if (lines.length > mostLines)
    return explained(`I can add at most ${mostLines} tasks at a time; this message has ${lines.length}.`);
  const tasks: NewTask[] = [];
  const spans: TextSpan[] = [];
  const calls: ToolCall[] = [];
  let other: string | undefined;
  for (const line of lines) {
    const item = withoutBullet(line.text);
    const note = noteBelow.exec(item)?.[1];
    const last = tasks.at(-1);
    if (note !== undefined && last && other === undefined) {
      last.description = [last.description, note].filter(Boolean).join('\n');
      continue;
    }
    const read = ofLine(line, readLine(item, time), item);
    if (isCourtesy(read, item)) continue;
    const asTitle = read.call.tool === 'create_task' ? undefined : readAsTitle(item, time);
    const { call, spans: said } = asTitle ? ofLine(line, asTitle, item) : read;
    calls.push(read.call, ...(read.also ?? []));
    spans.push(...said);
    if (call.tool === 'create_task') tasks.push({ ...call.arguments });
    else other ??= item;
  }
  const [task, ...more] = tasks;
  if (other === undefined && task)
    return more.length > 0
      ? { call: { tool: 'create_tasks', arguments: { tasks } }, spans }
      : { call: { tool: 'create_task', arguments: task }, spans };
  if (calls.length === 1) return { call: calls[0]!, spans };
  const unread = `I read each part as a new task, but "${other?.slice(0, 100)}" is not one. Nothing was changed.`;
  return together(calls) ?? explained(unread);
}
