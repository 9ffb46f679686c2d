import type { CreateCall, ToolCall } from '../chat/tool-calls.ts';
import { readAll } from './commands/all-command.ts';
import { changeCommands } from './commands/change-commands.ts';
import { readList } from './commands/list-command.ts';
import { isPronoun } from './commands/pronouns.ts';
import { explain, onTask, type Command } from './commands/sentence.ts';
import { openQuestion, talkCommands } from './commands/talk-commands.ts';
import { reminderCommands } from './commands/reminder-commands.ts';
import { timeCommands } from './commands/time-commands.ts';
import { isVisible } from './is-visible.ts';
import { linesOf, type MessageLine } from './message-lines.ts';
import { readTaskWithSpans } from './task-phrase.ts';
import { shift, trimmed, type TextSpan } from './text-span.ts';
import { WorkingText } from './working-text.ts';
import type { UserTime } from './when.ts';

const complete = (task: string): ToolCall => ({ tool: 'complete_task', arguments: { task } });
const completeIt: Command = ({ text }) =>
  /^(?:mark|set)(?:\s+(?:as|to))?\s+(?:done|completed?|finished)[\s.!]*$|^(?:(?:it|that|this)(?:'s|’s| is)\s+|i(?:'m|’m| am)\s+)?(?:all\s+)?(?:done|finished|completed?)(?:\s+(?:with\s+)?(?:it|that|this))?[\s.!]*$|^(?:i\s+)?got\s+(?:it|that|this)\s+done[\s.!]*$|^did\s+(?:it|that|this)[\s.!]*$|^i(?:'ve|’ve| have)?\s+(?:did|done|finished|completed)\s+(?:it|that|this)[\s.!]*$/i.test(
    text.visible,
  )
    ? complete('it')
    : undefined;

const simpleCommands: readonly Command[] = [
  onTask(/^(?:i(?:'m|’m| am) )?(?:done|finished|through) with\s+(.+)$/i, complete),
  onTask(
    /^(?:check|tick|cross|mark)\s+(.+?)\s+off(?:\s+(?:of\s+)?(?:my|the)\s+(?:to-?do\s+|task\s+)?list)?[\s.!]*$/i,
    complete,
  ),
  onTask(/^(\S.*?)\s*[✓✔✅☑]\uFE0F?\s*$/u, complete),
  onTask(/^(?:complete|finish|check off|tick off|cross off|cross out|mark off|tick)\s+(.+)$/i, complete),
  onTask(
    /^(?:done\s*:\s*|(?:i(?:'ve|’ve| have)?\s+)?(?:finished|completed)\s+|i(?:'ve|’ve| have)? (?:done|did)\s+)(.+)$/i,
    complete,
  ),
  ({ text }) => {
    const match =
      /^(.+)\s+(?:is|are|has been|have been|was|were)\s+(?:now\s+|already\s+)?(?:done|finished|completed?)[\s.!]*$/i.exec(
        text.visible,
      );
    return match && !reportedSpeech.test(match[1]!)
      ? onTask(/^(.+)$/i, complete)({ text: new WorkingText(text.slice(0, match[1]!.length)), time: noTime })
      : undefined;
  },
  ({ text }) => {
    const match = /^(.+)\s+(?:done|finished|completed)[\s.!]*$/i.exec(text.visible);
    return match && !/^(?:get|have|be)\b/i.test(match[1]!) && !reportedSpeech.test(match[1]!)
      ? onTask(/^(.+)$/i, complete)({ text: new WorkingText(text.slice(0, match[1]!.length)), time: noTime })
      : undefined;
  },
  onTask(/^(?:delete|remove|erase|discard|get rid of)\s+(?!#)(.+)$/i, (task) => ({
    tool: 'delete_task',
    arguments: { task: task.replace(/\s+(?:from|off)\s+(?:my|the)\s+(?:to-?do\s+|task\s+)?list$/i, '') },
  })),
  ({ text }) =>
    doneAlready.test(text.visible)
      ? explain('Which task is done? Say for example "done with call Bob". Nothing was changed.')
      : undefined,
  onTask(/^(?:cancel|drop|trash|bin)\s+(it|this|that|".+"|“.+”)[\s.!]*$/i, (task) => ({
    tool: 'delete_task',
    arguments: { task },
  })),
];

/** "I've called mum", "I already paid the rent" */
const doneAlready =
  /^i(?:(?:'ve|’ve| have)(?:\s+(?:already|just))?|\s+(?:already|just))\s+(?:(?!need)[a-z]+ed|paid|sent|bought|made|met|written|wrote|told|taken|took|given|gave|seen|saw|spoken|spoke|found|got)\b(?!\s+to\b)/i;

/** "Tell Ann that it is done", "check if the laundry is done" */
const reportedSpeech = /\b(?:if|whether|that|until|till|sure|when|once|after|before|what)\b/i;

const noTime: UserTime = { now: new Date(0), zone: 'UTC' };

/** "move it to yesterday", "change it to something": whatever it means, it is no title. */
const unclearChange: Command = ({ text }) =>
  /^(?:move|push|shift|bump|change|rename|tag|untag|label|reschedule)\s+it(?:\s|[.!]*$)/i.test(text.visible)
    ? explain('I did not understand what to do with it. Say for example "move it to friday" or "rename it to Pay rent".')
    : undefined;

/** Tried in order; what none of them knows is a new task. */
const commands: readonly Command[] = [
  ...talkCommands,
  ...reminderCommands,
  readAll,
  readList,
  completeIt,
  ...changeCommands,
  ...timeCommands,
  ...simpleCommands,
  unclearChange,
  openQuestion,
];

const courtesy =
  /^\s*(?:(?:hi|hello|hey|ok|okay|so|and)\b(?:\s+there)?\s*[,!]\s*|(?:wh)?oops\b[\s,!]*)?(?:please,?\s+|(?:can|could|would|will) you (?:please )?|i(?:'d| would) like (?:you )?to |let's )?(?:please\s+)?/i;
const farewell = /(?:\s*,\s*|\s+)(?:please|pls|thanks|thank you|thx)[\s.!]*$/i;
const creation =
  /^(?:(?:add|create|make|new|set)\s+(?:an?\s+)?(?:new\s+)?(?:task|todo|to-do|reminder)(?:\s+(?:to|called|named)(?=\s)|\s*:|(?=\s))|add\s+(?:to|on)\s+(?:my|the)\s+(?:to-?do\s+|task\s+)?list(?:\s*:|(?=\s))|add(?=\s)|todo\s*:|task\s*:|reminder\s*:|note to self\s*:|(?:please\s+)?remind me(?=\s)|i (?:need|have|ought|want) to(?=\s)|i(?:'ve|’ve| have) got to(?=\s)|i gotta(?=\s)|i (?:must|should)(?=\s)|(?:don'?t|do not|don’t) (?:let me )?forget(?: to)?(?=\s)|remember to(?=\s))\s*/i;
/** Behind the time: "tomorrow I have to call Bob", "tomorrow remind me to call Bob". */
const request = /^(?:i (?:need|have|ought|want) to|i gotta|(?:please\s+)?remind me to|don'?t forget to|remember to)\s+(?=\S)/i;
/** Between the time and the title: "remind me tomorrow to call Bob". */
const link = /^(?:to|about|of|that i (?:need|have) to|that)\s+(?=\S)/i;

/** "the dentist is on friday" */
const statement = /(?<=\S)\s+(?:is|are)$/i;

/** "pay rent on friday, remind me at 9" */
const reminding = /(?<=\S)(?:\s*,)?(?:\s+and)?(?:\s+please)?\s+remind me$/i;

/** "add milk to my list" */
const ownList = /\s+(?:to|on|in)\s+(?:my|the)\s+(?:(?:to-?do\s+|task\s+)?list|calendar|agenda|tasks|to-?dos)[\s.!?]*$/i;

/** Only a description is longer, in characters. */
const longestSentence = 1200;

/** More than a screen full of lines is a text that was pasted by mistake. */
const mostLines = 100;

/** What a message asks for, and what of it was read as what. */
export interface Reading {
  readonly call: ToolCall;
  readonly spans: readonly TextSpan[];
}

/** What a chat message asks for. Any text is understood as something; at the least, as a new task of that title. */
export function readCommand(message: string, time: UserTime): ToolCall {
  return readMessage(message, time).call;
}

/** What a chat message asks for, as {@link readCommand} has it, with the spans of the message that say so. */
export function readMessage(message: string, time: UserTime): Reading {
  const lines = linesOf(message);
  if (lines.length > 1) return readLines(lines, time);
  const [line] = lines;
  if (!line) return readCreate('', time);
  const item = withoutBullet(line.text);
  return ofLine(line, readLine(item, time), item);
}

/** The reading of the end of a line as that of the message. */
function ofLine(line: MessageLine, { call, spans }: Reading, end: string): Reading {
  return { call, spans: line.toMessage(shift(spans, line.text.length - end.length)) };
}

/** "- Milk", "1. Milk", "[ ] Milk": an item of a list that was pasted. */
function withoutBullet(line: string): string {
  // "TODO" in capitals leads a heading of Org mode.
  return line.replace(/^TODO\s+(?=\S)/, '').replace(/^(?:(?:[-*•–+]|\d{1,3}[.)])\s+(?:\[[ x]?\]\s+)?|\[[ x]?\]\s+)(?=\S)/i, '');
}

/**
 * A message as a new task, where its first word is a verb that may as well begin a title: "Finish the budget",
 * "Move the sofa to friday's room". Undefined for what can only be said of a task that exists.
 *
 * @returns the reading, and whether only a task with that very title is meant instead
 */
export function readAsTitle(
  message: string,
  time: UserTime,
): (Reading & { readonly call: CreateCall; readonly isLikely: boolean }) | undefined {
  const [whole, ...more] = linesOf(message);
  if (!whole || more.length > 0) return undefined;
  const item = withoutBullet(whole.text);
  const { text: line, start } = withoutCourtesy(item);
  const verb =
    /^(?:(complete|finish|remove|cancel|drop|tick|check|cross)|move|push|bump|shift|bring|change|make|set|tag|label|repeat|start|describe|reschedule|postpone|delay|defer|skip|prioriti[sz]e|deprioriti[sz]e|raise|lower)\s+(.+)$/i.exec(
      line,
    );
  const isStatement =
    (/\s+(?:done|finished|completed)[\s.!]*$/i.test(line) && !/\b(?:is|are|as)\s+(?:done|finished|completed)[\s.!]*$/i.test(line)) ||
    /\s(?:is|are)\s+(?:urgent|important|(?:high|low|medium) priority|in progress)[\s.!]*$/i.test(line);
  if (!verb && !isStatement) return undefined;
  const object = verb?.[2] ?? '';
  const first = object.split(' ')[0]!;
  if (/^["“«']/.test(object) || isPronoun(first) || /\b[0-9a-f]{8}-[0-9a-f]{4}-/i.test(line)) return undefined;
  const { call, spans } = readCreate(line, time);
  if (call.tool !== 'create_task') return undefined;
  const read = ofLine(whole, { call, spans: shift(spans, start) }, item);
  return { call, spans: read.spans, isLikely: verb?.[1] !== undefined || isStatement };
}

/** The spans count from the beginning of the line. */
function readLine(line: string, time: UserTime): Reading {
  const { text: asked, start } = withoutCourtesy(line);
  const sentence = { text: new WorkingText(asked), time };
  const prefix = creation.exec(sentence.text.visible)?.[0] ?? '';
  // "add #work to it" and "set a reminder" differ in the first words only.
  const possible = asked.length > longestSentence ? changeCommands : commands;
  for (const command of prefix && !/^(?:add|remind me)\s+$/i.test(prefix) ? reminderCommands : possible) {
    const isOther = prefix && (command === readAll || command === readList);
    const call = isOther ? undefined : command(sentence);
    const isAboutIt =
      (call?.tool === 'reschedule_task' && call.arguments.task === 'it') || reminderCommands.includes(command);
    if (call && (!prefix || call.tool === 'update_task' || isAboutIt))
      return { call, spans: shift(spansOfCommand(call, asked), start) };
  }
  const { call, spans } = readCreate(asked.slice(prefix.length), time, prefix !== '');
  const said = call.tool === 'create_task' ? trimmed(asked, { start: 0, end: prefix.length, means: 'command' }) : [];
  return { call, spans: shift([...said, ...shift(spans, prefix.length)], start) };
}

/** The words of the task, and what is before and behind them. */
function spansOfCommand(call: ToolCall, asked: string): readonly TextSpan[] {
  if (call.tool === 'help') return [];
  const task = 'task' in call.arguments ? call.arguments.task : undefined;
  const start = task ? asked.indexOf(task) : -1;
  if (!task || start < 0) return trimmed(asked, { start: 0, end: asked.length, means: 'command' });
  const end = start + task.length;
  const isMoved = call.tool === 'reschedule_task' || call.tool === 'snooze_task';
  return [
    ...trimmed(asked, { start: 0, end: start, means: 'command' }),
    { start, end, means: 'title' },
    ...trimmed(asked, { start: end, end: asked.length, means: isMoved ? 'date' : 'command' }),
  ];
}

function withoutCourtesy(line: string): { text: string; start: number } {
  const start = courtesy.exec(line)![0].length;
  const asked = line.slice(start);
  const end = farewell.exec(asked);
  const text = end ? asked.slice(0, end.index) : asked;
  return isVisible(text) ? { text, start } : { text: line, start: 0 };
}

/** Several lines are several tasks, as a list that was pasted. */
function readLines(lines: readonly MessageLine[], time: UserTime): Reading {
  if (lines.length > mostLines)
    return explained(`I can add at most ${mostLines} tasks at a time; this message has ${lines.length}.`);
  const tasks = [];
  const spans: TextSpan[] = [];
  for (const line of lines) {
    const item = withoutBullet(line.text);
    const read = ofLine(line, readLine(item, time), item);
    const asTitle = read.call.tool === 'create_task' ? undefined : readAsTitle(item, time);
    const { call, spans: said } = asTitle ? ofLine(line, asTitle, item) : read;
    if (call.tool !== 'create_task')
      return explained(`I read each line as a new task, but "${item.slice(0, 100)}" is not one. Nothing was changed.`);
    tasks.push(call.arguments);
    spans.push(...said);
  }
  return { call: { tool: 'create_tasks', arguments: { tasks } }, spans };
}

function explained(problem: string): Reading {
  return { call: { tool: 'help', arguments: { problem } }, spans: [] };
}

function readCreate(text: string, time: UserTime, isPrefixed = false): Reading {
  const { task, spans } = readTaskWithSpans(text, time);
  const { title: said, priority, tags, reminders, due, recurrence, fromCompletion, except, remarks, ask } = task;
  if (ask) return { call: { tool: 'help', arguments: { reply: `${ask} Nothing was changed.` } }, spans: [] };
  const named = isPrefixed ? said.replace(link, '').replace(ownList, '') : said;
  const bare = spans[0]?.start === 0 && spans[0].means !== 'title' ? named.replace(request, '') : named;
  const title = isPrefixed || due || recurrence ? bare.replace(statement, '').replace(reminding, '') : bare;
  if (!isVisible(title)) return explained('This has no title. What is the task called?');
  if (title.length > 500) return explained('A title has at most 500 characters.');
  const call: ToolCall = {
    tool: 'create_task',
    arguments: {
      title,
      ...(priority && { priority }),
      ...(tags.length > 0 && { tags: tags.slice(0, 20) }),
      ...(reminders && { reminders: [...reminders] }),
      ...(due && { due }),
      ...(recurrence && { recurrence }),
      ...(fromCompletion && { from_completion: true as const }),
      ...(except && { except: except.slice(0, 50) }),
      ...(remarks && { remarks: [...remarks] }),
    },
  };
  return { call, spans };
}
