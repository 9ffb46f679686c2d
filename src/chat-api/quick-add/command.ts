import type { CreateCall, ToolCall } from '../chat/tool-calls.ts';
import { readAll } from './commands/all-command.ts';
import { changeCommands, changeOfTask, retitle, unclearChange } from './commands/change-commands.ts';
import { otherList, readList, unreadList } from './commands/list-command.ts';
import { completeCommands, completeIt } from './commands/complete-commands.ts';
import { readClause } from './commands/clause.ts';
import { withoutCourtesy as bare } from './commands/courtesy.ts';
import { creationPrefix, readCreate } from './commands/create-command.ts';
import { deleteCommands } from './commands/delete-commands.ts';
import { priorityCommands } from './commands/priority-commands.ts';
import { isPronoun } from './commands/pronouns.ts';
import { recurrenceCommands } from './commands/recurrence-commands.ts';
import type { Command } from './commands/sentence.ts';
import { isOnlyCommand } from './commands/only-command.ts';
import { plainQuestion } from './commands/plain-question.ts';
import { plainStatement } from './commands/plain-statement.ts';
import { openQuestion, talkCommands } from './commands/talk-commands.ts';
import { reminderCommands } from './commands/reminder-commands.ts';
import { meantVerb } from './commands/slip.ts';
import { isUnlikelyTitle, statementCommands, unlikelyTitle } from './commands/statement-commands.ts';
import { isThingToDo } from './commands/task-or-command.ts';
import { tagCommands } from './commands/tag-commands.ts';
import { timeCommands } from './commands/time-commands.ts';
import { isVisible } from './is-visible.ts';
import { linesOf, type MessageLine } from './message-lines.ts';
import { explained, type Reading } from './reading.ts';
import { shift, trimmed, type TextSpan } from './text-span.ts';
import { WorkingText } from './working-text.ts';
import type { UserTime } from './when.ts';

/** What a question may be: "can the report be moved to friday?" moves nothing. */
const answers: readonly Command[] = [...talkCommands, otherList, readList, unreadList, openQuestion];
/** Begins and ends as a question. */
const isAsked =
  /^(?:can|could|is|are|was|were|may|should|shall|does|do|did|has|have|who|why|where|how)\b[^?]*\?[\s?!]*$/i;

/** Tried in order; what none of them knows is a new task. */
const commands: readonly Command[] = [
  ...talkCommands,
  ...reminderCommands,
  readAll,
  otherList,
  readList,
  unreadList,
  completeIt,
  ...tagCommands,
  ...priorityCommands,
  ...recurrenceCommands,
  ...changeCommands,
  ...timeCommands,
  retitle,
  ...completeCommands,
  ...deleteCommands,
  ...statementCommands,
  unclearChange,
  changeOfTask,
  openQuestion,
  plainQuestion,
  unlikelyTitle,
  plainStatement,
];

/** Only a description is longer, in characters. */
const longestSentence = 1200;

/** More than a screen full of lines is a text that was pasted by mistake. */
const mostLines = 100;

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
  return line
    .replace(/^TODO\s+(?=\S)/, '')
    .replace(/^(?:(?:[-*•–+☐☑✓✔□▢]|\d{1,3}[.)])\s+(?:\[[ x]?\]\s+)?|\[[ x]?\]\s+)(?=\S)/i, '');
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
    /^(?:(complete|finish|remove|cancel|drop|tick|check|cross)|find(?!.*\b(?:tasks?|todos?)\b)|search for|look for|move|push|bump|shift|slide|kick|bring|pull|hold|extend|change|switch|turn|convert|swap|make|set|put|give|assign|tag|untag|label|unlabel|flag|rename|repeat|start|put off|edit|update|replace|describe|reschedule|postpone|delay|defer|skip|leave out|prioriti[sz]e|deprioriti[sz]e|raise|lower|restore|recover|forget|no|(delete|erase))\s+(.+)$/i.exec(
      line,
    );
  const isStatement =
    (/\s+(?:done|finished|completed)[\s.!]*$/i.test(line) &&
      !/\b(?:is|are|as)\s+(?:done|finished|completed)[\s.!]*$/i.test(line)) ||
    /\s(?:is|are)\s+(?:urgent|important|(?:high|low|medium) priority|in progress)[\s.!]*$/i.test(line);
  if (!verb && !isStatement) return undefined;
  const object = verb?.[3] ?? '';
  // "delete old photos"; but who deletes the dentist twice wants no task of that name.
  if (verb?.[2] && !isThingToDo('delete', object)) return undefined;
  const first = object.split(' ')[0]!;
  if (/^["“«']/.test(object) || isPronoun(first) || /\b[0-9a-f]{8}-[0-9a-f]{4}-/i.test(line)) return undefined;
  const { call, spans } = readCreate(line, time);
  // "cancel friday" leaves no title.
  if (call.tool !== 'create_task' || call.arguments.title === verb?.[0].slice(0, -object.length).trim())
    return undefined;
  if (isUnlikelyTitle(line) || isOnlyCommand(line, time) || readClause(line) === 'statement') return undefined;
  // "make the report weekly": nothing else begins so, save what is known to be a thing to do.
  if (call.arguments.recurrence && /^(?:make|set|put|turn|change|switch|convert)\s/i.test(line)) return undefined;
  const read = ofLine(whole, { call, spans: shift(spans, start) }, item);
  return { call, spans: read.spans, isLikely: (verb?.[1] ?? verb?.[2]) !== undefined || isStatement };
}

/** The spans count from the beginning of the line. */
function readLine(line: string, time: UserTime): Reading {
  const { text: asked, start } = withoutCourtesy(line);
  const sentence = { text: new WorkingText(asked), time };
  const prefix = creationPrefix(sentence.text.visible);
  // "add #work to it" and "set a reminder" differ in the first words only.
  const possible = asked.length > longestSentence ? changeCommands : isAsked.test(asked) ? answers : commands;
  for (const command of prefix && !/^(?:add|remind me)\s+$/i.test(prefix)
    ? [...reminderCommands, plainStatement]
    : possible) {
    const isOther = prefix && (command === readAll || command === readList);
    const call = isOther ? undefined : command(sentence);
    const isAboutIt =
      (call?.tool === 'reschedule_task' && (call.arguments.task === 'it' || /^add\b/i.test(prefix))) ||
      reminderCommands.includes(command);
    // "remind me later"
    const isTalk = talkCommands.includes(command);
    if (call && 'task' in call.arguments && isSeveral.test(sentence.text.visible) && !isTalk)
      return explained('I do one thing at a time. Say the first one, then the next. Nothing was changed.');
    // "I should have gone" asks for nothing.
    const isOver = command === plainStatement && /^i\b/i.test(prefix);
    if (call && (!prefix || call.tool === 'update_task' || isAboutIt || isTalk || isOver))
      return { call, spans: shift(spansOfCommand(call, asked), start) };
  }
  const [first = ''] = asked.split(' ', 1);
  const verb = prefix ? undefined : meantVerb(first);
  if (verb) return explained(`Did you mean "${verb}${asked.slice(first.length, 200)}"? Nothing was changed.`);
  const { call, spans } = readCreate(asked.slice(prefix.length), time, prefix !== '');
  // "tomorrow what do I have"
  if (!prefix && call.tool === 'create_task' && call.arguments.due && isQuestion.test(call.arguments.title))
    return explained('I can answer questions about your tasks only, such as "What is due today?".');
  const said = call.tool === 'create_task' ? trimmed(asked, { start: 0, end: prefix.length, means: 'command' }) : [];
  return { call, spans: shift([...said, ...shift(spans, prefix.length)], start) };
}

/** A command and another one: "delete the gym and move the dentist to friday", "delete the gym. Add milk". */
const isSeveral =
  /^(?!(?:no|wait|yes|ok|okay|sorry|actually)\b).*(?:\s(?:and|then|and\s+then)|[,.;!])\s+(?:(?:please|also|then)\s+)?(?:move|push|postpone|reschedule|snooze|delete|remove|rename|tag|mark|complete|add|set|make|change|remind\s+me|repeat|what['’]?s|what\s+is|show)\s+\S/i;

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

function withoutCourtesy(line: string): { text: string; start: number } {
  const { text, start } = bare(line);
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
