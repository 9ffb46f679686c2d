import type { ToolCall } from '../../chat/tool-calls.ts';
import { readClause } from './clause.ts';
import { isImperative, qualities, spells } from './clause-words.ts';
import { readCreate } from './create-command.ts';
import type { Command } from './sentence.ts';
import { withoutTalk } from './small-talk.ts';
import { bareWords } from './word-set.ts';
import { anyOf } from './words.ts';

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
  if (isFeeling(visible)) return explainFeeling(said);
  // "I had a great weekend": a day that is over is no due date.
  const isYetToCome = clause === 'event' || due === undefined || future.test(visible);
  return offerTask(said, isYetToCome ? call.arguments : { title: said.trim().slice(0, 500) });
};

const future =
  /\b(?:might|may|could|would|can|will|wo|shall|should|must|going|gonna|until|till|before|after|by|next|tomorrow)\b|['’](?:ll|d)\b/i;

const feeling = new RegExp(
  `^(?:(?:ugh|wow|man|oh|well|so|sorry|god|damn|honestly) )*(?:(?:i am|im|i feel|i felt|im feeling|i am feeling|i was|ive been|i have been|we are|we were)(?: ${anyOf('so very really just still too super pretty quite extremely a bit little all')})* (\\w+)(?: and (\\w+))?|(?:i|we|ive|weve) (?:had|have had)(?: (?:just|such|quite|really))* an?(?: (?:very|really|pretty|super))* (\\w+)(?: and (\\w+))? (\\w+))(?: (?:today|tonight|now|again|already|yesterday|lately|all day|this morning|this week|last night|last week|last weekend|at the moment|right now))*$`,
);

/** "I'm so tired today", "we had a lovely evening": how somebody is or was. */
function isFeeling(visible: string): boolean {
  const [found, one, two, three, four, spell] = feeling.exec(bareWords(visible).join(' ')) ?? [];
  const named = [one, two, three, four].filter((word) => word !== undefined);
  return found !== undefined && named.every((word) => qualities.has(word)) && (!spell || spells.has(spell));
}

function explainFeeling(said: string): ToolCall {
  const reply = `I see. If it is to be a task, say: add ${said.trim().slice(0, 500)}\nNothing was changed.`;
  return { tool: 'help', arguments: { reply } };
}

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
