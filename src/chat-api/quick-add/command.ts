import type { CreateCall, ToolCall } from '../chat/tool-calls.ts';
import { readAsTitle } from './as-title.ts';
import { addsToThing } from './commands/add-to-thing.ts';
import { readAll } from './commands/all-command.ts';
import { readAnnouncement } from './commands/announced-tasks.ts';
import { changeCommands } from './commands/change-commands.ts';
import { commandBeside, eachCommand, oneAtATime, together } from './commands/command-beside.ts';
import { answers, commands } from './commands/command-table.ts';
import { creationPrefix, readCreate } from './commands/create-command.ts';
import { correction, namesNothing, saysNothing, unclearFollowUp } from './commands/follow-up.ts';
import { readList } from './commands/list-command.ts';
import { plainStatement } from './commands/plain-statement.ts';
import { inPlainWords } from './commands/plain-words.ts';
import { reminderCommands } from './commands/reminder-commands.ts';
import { isSeveral } from './commands/pronouns.ts';
import { explain, type Command, type Sentence } from './commands/sentence.ts';
import { severalChanges } from './commands/several-changes.ts';
import { hasFurtherCommand } from './commands/several.ts';
import { meantVerb } from './commands/slip.ts';
import { smallTalk } from './commands/small-talk.ts';
import { unlikelyTitle } from './commands/statement-commands.ts';
import { talkCommands } from './commands/talk-commands.ts';
import { ofLine, withoutBullet, withoutCourtesy } from './line-item.ts';
import { linesOf, partOf, type MessageLine } from './message-lines.ts';
import { explained, type Reading } from './reading.ts';
import { shift, trimmed, type TextSpan } from './text-span.ts';
import type { UserTime } from './when.ts';
import { WorkingText } from './working-text.ts';

/** Begins and ends as a question. */
const isAsked =
  /^(?:can|could|is|are|was|were|may|should|shall|does|do|did|has|have|who|why|where|how)\b[^?]*\?[\s?!]*$/i;

/** What a sentence may be all the same that begins as a new task does. */
const behindPrefix: readonly Command[] = [...reminderCommands, plainStatement];

/** Only a description is longer, in characters. */
const longestSentence = 1200;

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

/** The spans count from the beginning of the line. */
function readLine(line: string, time: UserTime): Reading {
  const { text: asked, start } = withoutCourtesy(line);
  const plain = inPlainWords(asked);
  const sentence = { text: new WorkingText(plain), time };
  const prefix = creationPrefix(new WorkingText(asked).visible);
  // "add #work to it" and "set a reminder" differ in the first words only.
  const possible = asked.length > longestSentence ? changeCommands : isAsked.test(plain) ? answers : commands;
  for (const command of prefix && !/^(?:add|remind me)\s+$/i.test(prefix) ? behindPrefix : possible) {
    const isOther = prefix && (command === readAll || command === readList);
    const call = isOther ? undefined : command(sentence);
    const isAboutIt =
      (call?.tool === 'reschedule_task' && (call.arguments.task === 'it' || /^add\b/i.test(prefix))) ||
      reminderCommands.includes(command);
    // "remind me later"
    const isTalk = talkCommands.includes(command);
    // "can we do thursday instead"
    if (call && hasEmptyName(call, sentence)) return { call: unclearFollowUp, spans: [] };
    if (call && namesMany(call)) return { call: unclearMany, spans: [] };
    // "make gym weekly and high priority"
    if (call && 'task' in call.arguments && /[\s,](?:and|,)$/i.test(call.arguments.task ?? ''))
      return eachCommand(asked, time);
    if (
      call &&
      'task' in call.arguments &&
      !isTalk &&
      !isWhole(call, command) &&
      hasFurtherCommand(sentence.text.visible)
    )
      return eachCommand(asked, time);
    // "I should have gone" asks for nothing.
    const isOver = command === plainStatement && /^i\b/i.test(prefix);
    if (call && (!prefix || call.tool === 'update_task' || isAboutIt || isTalk || isOver))
      return { call, spans: shift(spansOfCommand(call, asked), start) };
  }
  // Of plain words that no command has, those of the user count again.
  const original = { text: new WorkingText(asked), time };
  const unlikely = plain === asked || prefix ? undefined : (correction(original) ?? unlikelyTitle(original));
  if (unlikely) return { call: unlikely, spans: [] };
  const beside = possible === commands ? commandBeside(plain, time) : undefined;
  if (beside) return beside;
  const [first = ''] = asked.split(' ', 1);
  const verb = prefix ? undefined : meantVerb(first);
  if (verb) return explained(`Did you mean "${verb}${asked.slice(first.length, 200)}"? Nothing was changed.`);
  const own = addsToThing(prefix, asked) ? '' : prefix;
  const { call, spans } = readCreate(asked.slice(own.length), time, own !== '');
  // "tomorrow what do I have"
  if (!prefix && call.tool === 'create_task' && call.arguments.due && isQuestion.test(call.arguments.title))
    return explained('I can answer questions about your tasks only, such as "What is due today?".');
  // "that one tomorrow"
  if (!prefix && call.tool === 'create_task' && saysNothing(call.arguments.title))
    return { call: unclearFollowUp, spans: [] };
  if (/^add\b/i.test(prefix) && isAnother.test(sentence.text.visible)) return eachCommand(asked, time);
  const said = call.tool === 'create_task' ? trimmed(asked, { start: 0, end: own.length, means: 'command' }) : [];
  return { call, spans: shift([...said, ...shift(spans, own.length)], start) };
}

/** Whether the task is named by words that name none; what is quoted may be any words. */
function hasEmptyName(call: ToolCall, { text }: Sentence): boolean {
  const task = 'task' in call.arguments ? call.arguments.task : undefined;
  return task !== undefined && !text.hasQuotation && namesNothing(task);
}

/** "the rest of today's stuff", "all my thursday tasks": no name of a task; of "everything" alone, the tools say so. */
function namesMany(call: ToolCall): boolean {
  const task = 'task' in call.arguments ? (call.arguments.task ?? '') : '';
  return many.test(task) && !isSeveral(task);
}

const many =
  /^(?:(?:[a-z]+\s+)?everything\s+(?:from|due|tagged|without|with|that|i|on|for|in|before|after|about|overdue)\b|(?:the\s+)?(?:all|half|most|rest|two|three|four|five|\d+)\s+(?:of\s+)?(?:\S+\s+){0,3}?(?:tasks|to-?dos|stuff|things)(?:\s|$)|(?:every|each)\s+(?:\S+\s+){0,3}?(?:task|to-?do|one)(?:\s|$))/i;

const unclearMany = explain(
  'I can complete, delete or move several tasks at once, such as "complete all #work tasks", but change only one task at a time otherwise. Nothing was changed.',
);

/** Behind a new task: "add cheese and mark milk as done". */
const isAnother =
  /\s(?:and|then)\s+(?:(?:then|also)\s+)?(?:mark\s.*\s(?:done|completed?|finished)|(?:tick|check|cross)\s+off\s\S.*|(?:delete|remove|complete|rename|reopen)\s+\S.*)[\s.!]*$/i;

/** Whether all that was said is of one change: the text of a note may say anything. */
const isWhole = (call: ToolCall, command: Command) =>
  command === severalChanges ||
  (call.tool === 'update_task' && typeof (call.arguments.description ?? call.arguments.add_description) === 'string');

const isQuestion = /^(?:what(?:'s|’s|\s+(?:is|are|do|did|have)\b)|which\s+tasks?\b|how\s+many\b|am\s+i\b|do\s+i\b)/i;

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
