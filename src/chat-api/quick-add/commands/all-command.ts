import type { ToolArguments } from '../../chat/tool-calls.ts';
import { readDate } from '../date-phrase.ts';
import { takeTags } from '../labels.ts';
import { WorkingText } from '../working-text.ts';
import { readFilters } from './list-command.ts';
import { isWholeList } from './pronouns.ts';
import { explain, type Command } from './sentence.ts';

const verbs: readonly { readonly pattern: RegExp; readonly action: ToolArguments<'change_all'>['action'] }[] = [
  { pattern: /^(?:delete|remove|erase|discard|get rid of|clear|wipe|drop|cancel)\s+/i, action: 'delete' },
  // "throw out all finished tasks"; but throwing out everything in the fridge is to be done.
  {
    pattern:
      /^(?:(?:throw|chuck)\s+(?:out|away)|dump|scrap|toss(?:\s+out)?)\s+(?=(?:all|every|my|the|both|overdue|done|finished|completed)\b.*\b(?:tasks?|to-?dos?)[\s.!]*$|everything\s+(?:done|finished|completed|overdue|due)\b)/i,
    action: 'delete',
  },
  {
    pattern:
      /^(?:complete|finish(?:\s+off)?|check off|tick off|close|done with|i(?:'m| am) done with|i(?:'ve| have)? (?:finished|completed|done|did))\s+/i,
    action: 'complete',
  },
  { pattern: /^mark\s+(?=.*\b(?:done|completed?|finished)[\s.!?]*$)/i, action: 'complete' },
];

const all =
  /^(?:(?:all|both|every)(?:\s+of)?|everything|what(?:ever)?(?:['’]s|\s+is)(?=\s+(?:due|overdue|done|left)\b)|every\s+task|each\s+task|(?:my|the)\s+(?:whole\s+)?(?:(?:to[ -]?do\s+|task\s+)?list|tasks)|tasks\b)(?:\s+(?:the|my|them|these|those|tasks?|todos?|list|items?))*(?=$|[\s.!?])/i;

/** "overdue tasks", "#work", "tomorrow's tasks": more than one, also without "all". */
const several =
  /^(?:(?:the|my)\s+)?(?:#[\p{L}\p{N}_-]+(?:\s+(?:tasks|todos))?|(?:overdue|completed|finished|done|(?:high|medium|low) priority|urgent|(?:today|tomorrow|yesterday|this week|next week)(?:'s|’s)|#[\p{L}\p{N}_-]+)\s+(?:tasks|todos|ones|items))[\s.!?]*$|^(?:overdue|completed|finished|today|tomorrow|this week|next week)[\s.!?]*$/iu;

/** "both are done", "they are all done" */
const allDone =
  /^(both|they|these|those|(?:all|both) of (?:them|these|those)|everything|all(?: (?:my )?tasks)?)(?:(?:['’]re|\s+are|\s+is|['’]s))(?:\s+(?:all|now|already|both))*\s+(?:done|finished|completed?)[\s.!]*$/i;

const confirmation = /^(?:yes|yep|ok(?:ay)?|sure|confirm)[\s,:!.-]+/i;

const move = /^(?:move|push|postpone|reschedule|shift|bump|delay|defer|snooze)\s+/i;

/** "move everything from today to tomorrow", "postpone all overdue tasks to monday" */
const moveOfAll: Command = ({ text, time }) => {
  const confirmed = confirmation.exec(text.visible)?.[0] ?? '';
  const verb = move.exec(text.visible.slice(confirmed.length))?.[0];
  const [, object, due] = (verb && movedTo.exec(text.visible.slice(confirmed.length + verb.length))) || [];
  if (object === undefined || due === undefined) return undefined;
  const meant = all.exec(object)?.[0] ?? (several.test(object) ? '' : undefined);
  // "move all of them to friday": of the last list
  if (meant === undefined || (isWholeList(object) && !confirmed)) return undefined;
  const tagged = takeTags(new WorkingText(object.slice(meant.length)));
  const [tag] = tagged.tags;
  const words = tagged.text.visible.trim();
  const count = /^\d{1,6}\b/.exec(words)?.[0];
  const filter = readFilters(words.replace(/^\d{1,6}\b\s*/, '').replace(/^from\s+/i, ''), time);
  const date = filter && readDate(due, time);
  if (!date) return undefined;
  if ('problem' in date) return explain(`${date.problem} Nothing was changed.`);
  return {
    tool: 'change_all',
    arguments: {
      action: 'move',
      to: date.when,
      ...(confirmed && count && { confirmed: Number(count) }),
      ...filter,
      ...(tag && { tag }),
    },
  };
};

/** What is moved, and to when: cut at the last of these words. */
const movedTo =
  /^(\S.*?)\s+(?:back\s+|forward\s+|over\s+)?(?:to|until|till)\s+(?!.*\s(?:to|until|till)\s)(\S.*?)[\s.!]*$/i;

/** "all but the dentist", "everything except the gym": of which nobody has said which. */
const exception = /\b(?:but|except(?:ing)?|besides|apart from|other than|excluding|save)\b/i;

/** "delete all", "complete everything that is overdue": the names and the count come first, then a confirmation. */
export const readAll: Command = (sentence) => moveOfAll(sentence) ?? completeOrDeleteAll(sentence);

const completeOrDeleteAll: Command = ({ text, time }) => {
  const done = allDone.exec(text.visible)?.[1]?.toLowerCase();
  if (done !== undefined) {
    const isBoth = done === 'both';
    const isListed = isBoth || !/^(?:everything|all(?: my)?(?: tasks)?)$/.test(done);
    return {
      tool: 'change_all',
      arguments: { action: 'complete', ...(isBoth && { expected: 2 }), ...(isListed && { listed: true as const }) },
    };
  }
  const confirmed = confirmation.exec(text.visible)?.[0] ?? '';
  const sentence = text.slice(confirmed.length);
  const visible = text.visible.slice(confirmed.length);
  for (const { pattern, action } of verbs) {
    const verb = pattern.exec(visible)?.[0];
    if (verb === undefined) continue;
    const object = visible.slice(verb.length);
    const meant =
      all.exec(object)?.[0] ??
      (several.test(object) || (action === 'delete' && /^done[\s.!?]*$/i.test(object)) ? '' : undefined) ??
      (/^(?:them|these|those)(?: all)?[\s.!?]*$/i.test(object) ? object : undefined);
    if (meant === undefined) continue;
    const behind = new WorkingText(sentence.slice(verb.length + meant.length));
    const tagged = takeTags(behind);
    const [tag] = tagged.tags;
    const words = tagged.text.visible.replace(/[\s.!?]*$/, '');
    const count = /^\s*(\d{1,6})\b/.exec(words)?.[1];
    const rest = words
      .replace(/^\s*\d{1,6}\b/, '')
      .replace(/^\s*(?:tasks?)\b/i, '')
      .replace(/\s*\bas\s+(?:done|completed?|finished)$/i, '')
      .replace(action === 'complete' ? /\s*(?:done|completed?|finished)$/i : /(?!)/, '');
    const filter = readFilters(rest.trim(), time);
    if (!filter && exception.test(words))
      return explain(
        'I cannot leave any out. Say which ones, for example "delete all overdue tasks" or "complete all #work tasks". Nothing was changed.',
      );
    if (!filter && /\b(?:tasks|todos|meetings|appointments)\b/i.test(`${meant} ${words}`) && words.length < 60)
      return explain(
        'Which ones? Say for example "delete all overdue tasks" or "complete all #work tasks". Nothing was changed.',
      );
    // "delete everything from yesterday"
    if (
      !filter &&
      /^everything\b/i.test(meant) &&
      /^\s*(?:from|before|after|since|on|in|due|until|by|of|that|which|with)\b/i.test(words)
    )
      return explain(
        'Which ones? Say for example "delete all overdue tasks" or "complete all #work tasks". Nothing was changed.',
      );
    if (!filter) continue;
    const isBoth = /^both/i.test(meant);
    const isListed = isBoth || /^all of\b|^(?:them|these|those)\b/i.test(meant);
    const isBare = Object.keys(filter).length === 0 && !tag;
    return {
      tool: 'change_all',
      arguments: {
        action,
        ...(isBoth && { expected: 2 }),
        ...(isListed && isBare && { listed: true as const }),
        ...(confirmed && count && { confirmed: Number(count) }),
        ...filter,
        ...(tag && { tag }),
      },
    };
  }
  return undefined;
};
