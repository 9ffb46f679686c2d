import type { CreateCall } from '../chat/tool-calls.ts';
import { readClause } from './commands/clause.ts';
import { creationPrefix, readCreate } from './commands/create-command.ts';
import { isDropped } from './commands/delete-commands.ts';
import { isAddition, saysNothing, withoutAddition } from './commands/follow-up.ts';
import { isOnlyCommand } from './commands/only-command.ts';
import { isPronoun } from './commands/pronouns.ts';
import { isRestricted, isUnlikelyTitle } from './commands/statement-commands.ts';
import { isThingToDo } from './commands/task-or-command.ts';
import { mayBeUnoffered } from './commands/unoffered.ts';
import { hasArrow } from './commands/time-commands.ts';
import { readRemindedTask } from './commands/reminder-commands.ts';
import { anyOf } from './commands/words.ts';
import { ofLine, withoutBullet, withoutCourtesy } from './line-item.ts';
import { linesOf } from './message-lines.ts';
import type { Reading } from './reading.ts';
import { shift } from './text-span.ts';
import type { UserTime } from './when.ts';
import { WorkingText } from './working-text.ts';

/** A message as a new task. */
export interface TitleReading extends Reading {
  readonly call: CreateCall;
  /** Whether it is a title unless a task has that very title. */
  readonly isLikely: boolean;
}

/** Verbs that begin titles as often as commands: "finish the budget", "check the oven". */
const titleVerbs = 'complete finish remove cancel drop tick check cross delete erase';

/** Verbs that rather begin commands: "move the sofa to friday's room". */
const commandVerbs = `move push bump shift slide kick bring pull hold extend change switch turn convert swap make set put give
  assign tag untag label unlabel flag rename repeat start edit update replace describe reschedule postpone delay defer skip
  list prioritise prioritize deprioritise deprioritize raise lower restore recover forget no`;

const verb = new RegExp(
  String.raw`^(?:(${anyOf(titleVerbs)})|${anyOf(commandVerbs)}|leave out|search for|look for|find(?!.*\b(?:tasks?|todos?)\b))\s+(\S.*)$`,
  'i',
);

/**
 * A message as a new task, where it is a command or a statement by its first words, and may as well be a title: "Finish the
 * budget", "Move the sofa to friday's room". Undefined for what can only be said of a task that exists.
 */
export function readAsTitle(message: string, time: UserTime): TitleReading | undefined {
  const [whole, ...more] = linesOf(message);
  if (!whole || more.length > 0) return undefined;
  const item = withoutBullet(whole.text);
  const { text: asked, start: opening } = withoutCourtesy(item);
  const { text: line, start: further } = withoutAddition(asked);
  const start = opening + further;
  const reminded = readReminded(line, time);
  if (reminded) {
    const { spans } = ofLine(whole, { call: reminded.call, spans: shift(reminded.spans, start) }, item);
    return { call: reminded.call, spans, isLikely: false };
  }
  const [, usual, object = ''] = verb.exec(line) ?? [];
  const isArrow = hasArrow(line);
  const isDrop = isDropped(line);
  const isOther = isArrow || isDrop || isAddition(asked) || mayBeUnoffered(line) || isRestricted(line);
  if ((!object && !isOther) || isOnlyCommand(line, time)) return undefined;
  // "and the day after?"
  if (readClause(line) === 'statement' || /\?\s*$/.test(line)) return undefined;
  // "delete old photos"; but who deletes the dentist twice wants no task of that name.
  if (/^(?:delete|erase)$/i.test(usual ?? '') && !isThingToDo('delete', object)) return undefined;
  const first = object.split(' ')[0]!;
  if (/^["“«']/.test(object) || isPronoun(first) || /\b[0-9a-f]{8}-[0-9a-f]{4}-/i.test(line)) return undefined;
  const { call, spans } = readCreate(line, time);
  // "cancel friday" leaves no title.
  const bareVerb = object && line.slice(0, -object.length).trim();
  if (call.tool !== 'create_task' || (bareVerb && call.arguments.title === bareVerb)) return undefined;
  if (isUnlikelyTitle(line) || saysNothing(call.arguments.title)) return undefined;
  // "make the report weekly": nothing else begins so, save what is known to be a thing to do.
  if (call.arguments.recurrence && /^(?:make|set|put|turn|change|switch|convert)\s/i.test(line)) return undefined;
  const read = ofLine(whole, { call, spans: shift(spans, start) }, item);
  return { call, spans: read.spans, isLikely: usual !== undefined || isArrow || isDrop };
}

/** "remind me an hour before my meeting with Paul tomorrow at eleven" */
function readReminded(line: string, time: UserTime): (Reading & { readonly call: CreateCall }) | undefined {
  const ahead = readRemindedTask(new WorkingText(line));
  if (!ahead) return undefined;
  const { call, spans } = readCreate(line.slice(ahead.start), time);
  if (call.tool !== 'create_task' || !call.arguments.due) return undefined;
  return {
    call: { tool: 'create_task', arguments: { ...call.arguments, reminders: [...ahead.lead] } },
    spans: shift(spans, ahead.start),
  };
}

/** Whether a new task is one only for want of another meaning: nothing like "add" or "remind me to" says so. */
export function isBareTitle(message: string): boolean {
  const [whole, ...more] = linesOf(message);
  if (!whole || more.length > 0) return false;
  const item = withoutBullet(whole.text);
  return item === whole.text && creationPrefix(withoutCourtesy(item).text) === '';
}
