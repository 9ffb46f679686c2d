import type { ToolArguments, ToolCall } from '../../chat/tool-calls.ts';
import { readDate } from '../date-phrase.ts';
import { takeTags } from '../labels.ts';
import { own } from '../own.ts';
import { smallNumbers } from '../vocabulary/time-words.ts';
import type { UserTime } from '../when.ts';
import { WorkingText } from '../working-text.ts';
import { readFilters, saysWhenDone } from './list-command.ts';
import { isWholeList, placeOf } from './pronouns.ts';
import { explain, taskName, type Command, type Sentence } from './sentence.ts';
import { wordSet } from './word-set.ts';

type ChangeOfAll = ToolArguments<'change_all'>;

const verbs: readonly { readonly pattern: RegExp; readonly action: ChangeOfAll['action'] }[] = [
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
  /^(?:(?:the|my)\s+)?(?:#[\p{L}\p{N}_-]+(?:\s+(?:tasks|todos))?|(?:overdue|completed|finished|done|(?:high|medium|low) priority|urgent|(?:today|tomorrow|yesterday|this week|next week)(?:'s|’s)|#[\p{L}\p{N}_-]+)\s+(?:tasks|todos|ones|items|stuff|things))[\s.!?]*$|^(?:overdue|completed|finished|today|tomorrow|this week|next week)[\s.!?]*$/iu;

/** "both are done", "they are all done" */
const allDone =
  /^(both|they|these|those|(?:all|both) of (?:them|these|those)|everything|all(?: (?:my )?tasks)?)(?:(?:['’]re|\s+are|\s+is|['’]s))(?:\s+(?:all|now|already|both))*\s+(?:done|finished|completed?)[\s.!]*$/i;

const confirmation = /^(?:yes|yep|ok(?:ay)?|sure|confirm)[\s,:!.-]+/i;

/** "all but the dentist", "everything except the gym": cut before the names. */
const exception =
  /\s*,?\s+(?:but(?:\s+not)?|except(?:ing)?(?:\s+for)?|besides|apart\s+from|other\s+than|excluding|save(?:\s+for)?)\s+(?=\S)/i;

/** "the first two tasks", "the last 3": of the last list. */
const places =
  /^(?:the\s+)?(?<end>first|top|next|last|bottom)\s+(?<count>\d{1,3}|(?!one\b)[a-z]+)(?:\s+(?:of\s+(?:them|these|those)|tasks|todos|to-dos|ones|items|on\s+(?:the|my)\s+list))*\s*$/i;

/** "the work tasks", "my garden tasks": tagged so, unless the word says something else of tasks. */
const tagged = /^(?:(?:my|the|our|of)\s+)*([\p{L}\p{N}_-]{2,50})\s+(?:tasks?|todos?|to-dos?|ones|items)(?=\s|$)/iu;
const noTags = wordSet(`
  old older oldest new newer newest other same similar few many more most recent recently latest small big easy hard short
  long silly stupid stale dead unneeded useless duplicate duplicated boring annoying two three four five six seven eight nine
  ten my the our these those them such all any some one current past future first last next previous
`);

type Meant = Omit<ChangeOfAll, 'action' | 'to' | 'confirmed'>;
type Selection = { readonly meant: Meant; readonly count?: number } | { readonly problem: string };

const which =
  'Which ones? Say for example "delete all overdue tasks" or "complete all #work tasks". Nothing was changed.';

const notByCompletion =
  'I know which tasks are done, but not when they were done. Say for example "delete all done tasks". Nothing was changed.';

/** Which tasks the object of a verb means, where those are several; undefined where it may be the name of one. */
function readSelection(object: WorkingText, time: UserTime): Selection | undefined {
  const visible = object.visible.replace(/[\s.!?]+$/, '');
  const place = places.exec(visible)?.groups;
  const number = place && (own(smallNumbers, place['count']!.toLowerCase()) ?? Number(place['count']));
  if (place && number) {
    const end = /^(?:first|top|next)$/i.test(place['end']!) ? 'first' : 'last';
    return { meant: { listed: true, [end]: number }, count: number };
  }
  const cut = exception.exec(visible);
  const whole = cut ? object.slice(0, cut.index) : object.slice(0, visible.length);
  const selection = readAllOf(new WorkingText(whole), time);
  if (!cut || !selection || 'problem' in selection) return selection;
  const except = readExceptions(object.slice(cut.index + cut[0].length), time);
  return except ? { ...selection, meant: { ...selection.meant, except } } : { problem: which };
}

/** Names of tasks; undefined for what is no name: "those tagged work". */
function readExceptions(text: string, time: UserTime): string[] | undefined {
  const names = namesIn(text).map(taskName);
  const isFilter = names.some(
    (name) =>
      placeOf(name) !== undefined ||
      /^(?:\d+|two|three|four|five|six|ten|most|half|from)\b|\s(?:from|due)\s/i.test(name) ||
      places.test(name) ||
      /#|\b(?:tagged|those|these|ones?|them)\b/i.test(name) ||
      readFilters(name, time),
  );
  return names.length === 0 || names.length > 10 || names.includes('') || isFilter ? undefined : names;
}

/** What "and" and commas divide, though not within quotations. */
function namesIn(text: string): readonly string[] {
  const { visible } = new WorkingText(text.replace(/[\s.!?]+$/, ''));
  const names: string[] = [];
  let start = 0;
  for (const { 0: said, index } of visible.matchAll(/\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+|\s*&\s*/gi)) {
    names.push(text.slice(start, index));
    start = index + said.length;
  }
  return [...names, text.slice(start, visible.length)];
}

function readAllOf(object: WorkingText, time: UserTime): Selection | undefined {
  const { visible } = object;
  const meant =
    all.exec(visible)?.[0] ??
    (/^(?:them|these|those)(?: all)?$/i.test(visible) ? visible : undefined) ??
    (several.test(visible) || (/^my\s/i.test(visible) && tagged.test(visible)) ? '' : undefined);
  if (meant === undefined) return undefined;
  const tagsTaken = takeTags(new WorkingText(object.slice(meant.length)));
  const words = tagsTaken.text.visible.trim();
  const count = /^\d{1,6}\b/.exec(words)?.[0];
  const rest = words
    .replace(/^\d{1,6}\b\s*/, '')
    .replace(/^(?:tasks?)\b\s*/i, '')
    .replace(/^from\s+(?=today|tomorrow|this)/i, '');
  if (saysWhenDone(`${meant} ${rest}`)) return { problem: notByCompletion };
  const filter = readFilters(rest, time) ?? readTagged(rest, time);
  if (!filter)
    return /\b(?:tasks|todos|meetings|appointments)\b/i.test(visible) && visible.length < 80
      ? { problem: which }
      : isVague(visible);
  const [tag] = tagsTaken.tags;
  const isBoth = /^both/i.test(meant);
  const isListed = isBoth || /^all of\b|^(?:them|these|those)\b/i.test(meant);
  const isBare = Object.keys(filter).length === 0 && !tag;
  return {
    meant: {
      ...(isBoth && { expected: 2 }),
      ...(isListed && isBare && { listed: true as const }),
      ...filter,
      ...(tag && { tag }),
    },
    ...(count && { count: Number(count) }),
  };
}

/** "everything from yesterday" names no task. */
const isVague = (visible: string): Selection | undefined =>
  /^everything\s+(?:from|before|after|since|on|in|due|until|by|of|that|which|with)\b/i.test(visible)
    ? { problem: which }
    : undefined;

/** "work tasks due today" */
function readTagged(words: string, time: UserTime) {
  const found = tagged.exec(words);
  const tag = found?.[1]!.toLowerCase();
  const filter = found && readFilters(words.slice(found[0].length).trim(), time);
  return tag !== undefined && filter && !filter.tag && !noTags.has(tag) ? { ...filter, tag } : undefined;
}

const move = /^(?:move|push|postpone|reschedule|shift|bump|delay|defer|snooze)\s+/i;

/** What is moved, and to when: cut at the last of these words. */
const movedTo =
  /^(\S.*?)\s+(?:back\s+|forward\s+|over\s+)?(?:to|until|till)\s+(?!.*\s(?:to|until|till)\s)(\S.*?)[\s.!]*$/i;

/** "move everything from today to tomorrow", "postpone all overdue tasks to monday" */
function moveOfAll({ text, time }: Sentence, confirmed: number): ToolCall | undefined {
  const verb = move.exec(text.visible.slice(confirmed))?.[0];
  const [, object, due] = (verb && movedTo.exec(text.visible.slice(confirmed + verb.length))) || [];
  if (!verb || object === undefined || due === undefined) return undefined;
  // "move all of them to friday": of the last list
  if (isWholeList(object) && !confirmed) return undefined;
  const start = confirmed + verb.length;
  const selection = readSelection(new WorkingText(text.slice(start, start + object.length)), time);
  const date = selection && readDate(due, time);
  if (!date) return undefined;
  if ('problem' in selection) return explain(selection.problem);
  if ('problem' in date) return explain(`${date.problem} Nothing was changed.`);
  return changeOf({ action: 'move', to: date.when }, selection, confirmed > 0);
}

const changeOf = (
  change: Pick<ChangeOfAll, 'action' | 'to'>,
  { meant, count }: Exclude<Selection, { problem: string }>,
  isConfirmed: boolean,
): ToolCall => ({
  tool: 'change_all',
  arguments: { ...change, ...(isConfirmed && count && { confirmed: count }), ...meant },
});

/** "both are done", "they are all done" */
const allAreDone: Command = ({ text }) => {
  const done = allDone.exec(text.visible)?.[1]?.toLowerCase();
  if (done === undefined) return undefined;
  const isBoth = done === 'both';
  const isListed = isBoth || !/^(?:everything|all(?: my)?(?: tasks)?)$/.test(done);
  return {
    tool: 'change_all',
    arguments: { action: 'complete', ...(isBoth && { expected: 2 }), ...(isListed && { listed: true as const }) },
  };
};

/** "delete all", "complete everything that is overdue": the names and the count come first, then a confirmation. */
export const readAll: Command = (sentence) => {
  const { text, time } = sentence;
  const confirmed = confirmation.exec(text.visible)?.[0].length ?? 0;
  const moved = moveOfAll(sentence, confirmed) ?? allAreDone(sentence);
  if (moved) return moved;
  for (const { pattern, action } of verbs) {
    const verb = pattern.exec(text.visible.slice(confirmed))?.[0];
    if (verb === undefined) continue;
    const said = text.slice(confirmed + verb.length);
    const object = action === 'complete' ? said.replace(doneBehind, '') : said;
    const isDone = action === 'delete' && /^done[\s.!?]*$/i.test(object);
    const selection = readSelection(new WorkingText(isDone ? 'finished' : object), time);
    if (!selection) continue;
    return 'problem' in selection ? explain(selection.problem) : changeOf({ action }, selection, confirmed > 0);
  }
  return undefined;
};

/** "mark all as done" */
const doneBehind = /\s*(?:\bas\s+)?\b(?:done|completed?|finished)(?=[\s.!?]*$)/i;
