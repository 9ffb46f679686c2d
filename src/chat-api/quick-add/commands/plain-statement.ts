import type { ToolCall } from '../../chat/tool-calls.ts';
import { readClause } from './clause.ts';
import { isImperative } from './clause-words.ts';
import { readCreate } from './create-command.ts';
import type { Command } from './sentence.ts';
import { withoutTalk } from './small-talk.ts';

const longestStatement = 300;

/** A request behind the statement: "the tap drips, call the plumber", "Anna is ill so buy fruit". */
const request = /(?:[,;:.!–—-]|\b(?:so|and|then|please))\s+(?:(?:please|so|and|then)\s+)?([a-z]+)\s+\S/gi;

/**
 * What says something and asks for nothing: "I hate mondays", "my meeting went well". It is no task unless the user says
 * so; and an event without a date may be either.
 */
export const plainStatement: Command = ({ text, time }) => {
  const { visible } = text;
  const clause = visible.length > longestStatement ? undefined : readClause(withoutTalk(visible));
  if (!clause || clause === 'thing to do') return undefined;
  const said = text.slice(0);
  const { call } = readCreate(said, time);
  if (call.tool !== 'create_task') return undefined;
  const { due, recurrence, tags, priority, reminders, remarks } = call.arguments;
  // With a tag or a priority, it is written as a task.
  if (tags ?? priority ?? reminders) return undefined;
  // "the warranty expires on 5/2027": a date that was not read, and is named.
  const isUnread = remarks?.some((remark) => /\d/.test(remark)) === true;
  if (clause === 'event' && (due !== undefined || recurrence !== undefined || isUnread)) return undefined;
  if (hasRequest(visible)) return undefined;
  return offerTask(said, call.arguments);
};

/** Whether something is to be done all the same. */
export function hasRequest(visible: string): boolean {
  return [...visible.matchAll(request)].some(([, verb]) => isImperative(verb!.toLowerCase()));
}

/** Asks whether the sentence is meant as a task. */
export function offerTask(said: string, offer: Extract<ToolCall, { tool: 'create_task' }>['arguments']): ToolCall {
  const name = said.trim();
  const reply = `Shall I add "${name}" as a task? Say "yes", or: add ${name}\nNothing was changed.`;
  return { tool: 'help', arguments: { reply, offer } };
}
