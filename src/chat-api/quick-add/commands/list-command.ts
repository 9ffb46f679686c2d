import { Temporal } from 'temporal-polyfill';
import type { ToolArguments } from '../../chat/tool-calls.ts';
import { readDate } from '../date-phrase.ts';
import { priorityOf, takeTags } from '../labels.ts';
import { own } from '../own.ts';
import { resolveWhen, zoned, type UserTime } from '../when.ts';
import { unquote, WorkingText } from '../working-text.ts';
import { months, smallNumbers } from '../vocabulary/time-words.ts';
import { isImperative } from './clause-words.ts';
import { readCreate } from './create-command.ts';
import { readTimes, saysTime } from './list-times.ts';
import { verbOfPast } from './past-verbs.ts';
import { isPronoun } from './pronouns.ts';
import { explain, taskName, type Command, type Sentence } from './sentence.ts';

type Filter = ToolArguments<'list_tasks'>;

/** How a question begins, and how sure it is that it is about tasks. */
const questions: readonly { readonly pattern: RegExp; readonly isSure: boolean; readonly isCount?: boolean }[] = [
  { pattern: /^how many(?=$|[\s?!.])/i, isSure: true, isCount: true },
  {
    pattern: /^(?:count|number of)\s+(?=(?:all|my|the|open|overdue|done)?\s*(?:tasks?|todos?))/i,
    isSure: true,
    isCount: true,
  },
  {
    pattern:
      /^(?:what|anything|something|stuff|tasks?|which(?: ones| tasks?| of them)?)\s+(?:do|did|must|should|can|will|have|am|shall) i\b(?:\s+(?:have|need|do|got|going))?(?:\s+to(?:\s+do)?)?\b/i,
    isSure: true,
  },
  {
    pattern:
      /^(?:what|which)(?:\s+tasks?)?\s+i\s+(?:have|need|got|must|should)(?:\s+(?:got\s+)?to(?:\s+do)?)?(?=$|[\s?!.])/i,
    isSure: true,
  },
  { pattern: /^(?:am i (?:free|busy)|do i have (?:time|plans))(?=\s|[?!.]*$)/i, isSure: true },
  { pattern: /^what (?:should|shall|can|do) i do\s+(?:next|first)(?=[\s?!.]*$)/i, isSure: true },
  {
    pattern:
      /^any\s+(?=(?:overdue|urgent|important|high|medium|low|critical|p[1-4]|open|tasks?|todos?|#\S+)(?![\p{L}\p{N}]))/iu,
    isSure: true,
  },
  { pattern: /^(?:what|how) about(?=\s)/i, isSure: true },
  { pattern: /^how (?:busy|full|free) (?:am i|is|will i be|are we|does)(?=\s)/i, isSure: true },
  { pattern: /^and(?=\s[^?]*\?[\s?!.]*$)/i, isSure: true },
  { pattern: /^(?:do|have) i\s+(?:have|got)\s+(?:anything|something|any(?: tasks?)?|tasks?|to do)?/i, isSure: true },
  {
    pattern:
      /^(?:(?:is|are) there\s+(?:anything|something|any(?: tasks?)?|tasks?)|is\s+(?:anything|something)(?=\s+(?:else|due|left|overdue|open)\b))/i,
    isSure: true,
  },
  {
    pattern:
      /^(?:anything|something)\s+(?=(?:due|overdue|urgent|important|left|to do|about|containing|tagged|for|on|today|tonight|tomorrow|this|next|open|before|after|by|at|between|from|until|in|later|else|planned|scheduled|happening|coming)\b)/i,
    isSure: true,
  },
  { pattern: /^(?:which|what)(?=\s+#)/i, isSure: true },
  {
    pattern:
      /^(?:what|which)(?=\s+(?:(?:high|medium|low|top)(?:[\s-]+prio(?:rity)?)?|urgent|important|overdue)\s+(?:stuff|things?|items?|ones?|work|do|is|are|have)\b)/i,
    isSure: true,
  },
  { pattern: /^which\s+(?:tasks?|ones?|todos?)?\s*(?:is|are|do|have)?(?=$|[\s?!.])/i, isSure: true },
  {
    pattern:
      /^what(?:'?s|’s| is| are)(?:\s+(?:my|the))?(?:\s+(?:tasks?|todos?))?(?:\s+(?:that\s+(?:is|are)\s+)?(?:due|overdue|next|left|open|to do|coming up|on|up|planned|scheduled))?(?=$|[\s?!.])/i,
    isSure: false,
  },
  { pattern: /^what(?=\s+(?:tasks?|todos?|reminders?)\b)/i, isSure: true },
  {
    pattern:
      /^what\s+(?:comes|follows|happens|starts)(?:\s+up)?(?=\s+(?:after|before|at|on|in|between|today|tomorrow|this|next)\b)/i,
    isSure: true,
  },
  { pattern: /^what(?=\s+(?:still\s+)?(?:has\s+no|lacks)\s)/i, isSure: true },
  {
    pattern:
      /^(?:list|show|display|see|view|give|get|find|search(?: for)?|(?:tell|read|read out)(?=\s+me\b))(?:\s+me)?(?:\s+(?:all|the|my|open|of|whole|entire|full))*(?=$|[\s?!.])/i,
    isSure: false,
  },
  {
    pattern:
      /^(?=(?:(?:my|all|open|overdue|late|done|completed|finished|pending|remaining|undated|unscheduled|high prio(?:rity)?|medium prio(?:rity)?|low prio(?:rity)?|urgent|important|recurring|repeating|today['’]?s|tomorrow['’]?s|this week['’]?s|\w+day['’]?s|upcoming)\s+)*(?:tasks?|todos?|to-dos?|(?<=s\s)list)(?=$|[\s?!.]))/i,
    isSure: false,
  },
  {
    pattern:
      /^(?=(?:everything|all|anything)\s+(?:that['’]?s\s+|that\s+is\s+)?(?:due|overdue|tagged|planned|scheduled)\b)/i,
    isSure: true,
  },
  { pattern: /^(?=(?:overdue|late)(?:\s+#\S+)*[\s?!.]*$)/i, isSure: false },
  { pattern: /^(?=due\s+(?:today|tomorrow|this week|next week|on|by|before|\w+day)\b)/i, isSure: false },
  { pattern: /^(?=[^?#]{1,60}\?+$)(?!.*\b(?:done|finished|completed?|now|next|left|up|free|busy)\b)/i, isSure: true },
  { pattern: /^(?=(?:my\s+)?(?:upcoming|to-?\s?do list|day|week)[\s?!.]*$)/i, isSure: true },
  { pattern: /^(?=(?:my\s+)?(?:agenda|schedule)(?:\s+(?:for|of)\b|[\s?!.]*$))/i, isSure: true },
];

const aboutTask =
  /^(?:when(?:\s+(?:am|was|are|were)\s+(?:i|we)\s+(?:supposed|meant|going|due|scheduled)\s+to|'s|’s| is| are| was|\s+(?:do|must|should|can) (?:i|we)(?: get reminded (?:of|about)| have to| need to| want to| have| got| go to| see| meet| visit| pay| do)?)|(?:what time|at what time|which day|what day|what date) (?:is|are|do i)|do i have(?: an?| the| my)?|is there(?: an?)?(?!\s+(?:way|possibility|option|chance|(?:\S+\s+){0,2}(?:gap|slot|opening|window))\b)|(?:what|how) about|(?:find|search for|look for|look up))\s+(?:my\s+|the\s+|an?\s+)?(?!way\s+to\b)(\S[^?]*?)(?:\s+due)?[\s?!.]*$/i;

/** "did I already pay the electricity bill?": the verb is of the title, too. */
const isTaskOver =
  /^(?:did|have)\s+(?:i|we)\s+(?:(?:already|ever|actually|even)\s+)*(?!(?:have|get|need|forget|miss|ask|tell|say|add|create|delete|do|finish|complete)\b)([a-z]+\s+(?:the|my|our|\p{L})[^?]*?)(?:\s+(?:yet|already|today))?[\s?!.]*$/iu;

/** "is the report done?" */
const isTaskDone =
  /^(?:(?:did i (?:do|finish|complete)|have i (?:done|finished|completed))\s+(?:my\s+|the\s+)?(\S[^?]*?)(?:\s+(?:yet|already))?|(?:is|are)\s+(?:my\s+|the\s+)?(\S[^?]*?)\s+(?:already\s+)?(?:done|finished|completed?)(?:\s+yet)?)[\s?!.]*$/i;

const notByCompletion = explain(
  'I can list the tasks that are done, but not by when they were done. Say "show done tasks".',
);

/** Whether words are about when tasks were done: "finished last week", but not "done, due last week". */
export const saysWhenDone = (words: string) =>
  /\b(?:did|done|finished|completed|ticked off|checked off|accomplished)\b/i.test(words) &&
  past.test(words) &&
  !/\bdue\b/i.test(words);

/** "what did I get done yesterday?", "show completed tasks from this week": no task says when it was done. */
const asksForDone =
  /^(?:(?:what|which|how)\b.{0,20}\s(?:did|have)\s+(?:i|we)\s+(?:already\s+)?(?:(?:get|got|gotten)\s+done|do|done|finish(?:ed)?|completed?|accomplish(?:ed)?|achieved?|tick(?:ed)?\s+off)\b|what\s+(?:was|got)\s+(?:done|finished|completed)\b|(?:show|list|give|see|view|display)\b(?!.*\b(?:be|not)\s).{0,40}\b(?:completed|finished|done)\b|(?:(?:my|all)\s+){0,2}(?:completed|finished|done)\s+(?:tasks|to-?dos|things|items|stuff)\b)/i;
const past =
  /\b(?:yesterday|today|tonight|last|this\s+(?:week|month|year|morning|afternoon|evening)|since|ago|so\s+far|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b/i;

/** "what is due today", "show my tasks", "how many are open?". A title like "What If" stays one. */
export const readList: Command = (sentence) => {
  const { visible } = sentence.text;
  if (asksForDone.test(visible) && past.test(visible) && !/\bdue\b/i.test(visible)) return notByCompletion;
  for (const { pattern, isSure, isCount } of questions) {
    const asked = pattern.exec(sentence.text.visible)?.[0];
    if (asked === undefined) continue;
    const filter = filterBehind(
      sentence,
      /\b(?:am i|i am|i'm)\b/i.test(asked) ? withDoing(sentence, asked) : asked,
      isSure,
    );
    if (!filter) continue;
    const isDated = filter.due !== 'none' && (filter.due ?? filter.from ?? filter.until);
    // "what did I have on friday" is about the friday that is over.
    if (
      isDated &&
      filter.status === undefined &&
      /\bdid i (?:have|need|do)\b/i.test(sentence.text.visible) &&
      filter.due !== 'today'
    )
      return noSuchList;
    if (filter.status === 'DONE' && isDated && /\bi\b/i.test(sentence.text.visible)) return notByCompletion;
    return { tool: 'list_tasks', arguments: { ...filter, ...(isCount && { count: true }) } };
  }
  return readTasksOf(sentence) ?? readAboutTask(sentence) ?? readSearch(sentence);
};

const noSuchList = explain(
  'I can list tasks by day, time, priority, tag or words, such as "show #work tasks due this week".',
);

/** Lists that there are not: by what a task lacks, by how often it is, in another order, or another page. */
export const otherList: Command = ({ text }) =>
  (!undated.test(text.visible) || /\b(?:sort|order|group|arrang)(?:ed)?\s+by\b/i.test(text.visible)) &&
  /^(?:list|show|display|give|my|all)\s.*\b(?:sorted|ordered|grouped|arranged)\s+by\b|^(?:(?:my|all|the|open|list|show|display|find|any|which|what)\s+(?:me\s+)?)*(?:undated|unscheduled|untagged|one-off)\s+(?:tasks?|todos?|ones|items)\b|^(?:sort|group|filter|order)\s+(?:(?:them|it|tasks|my tasks|the list|my list|everything)\s+)?by\s|^next[\s.!?]*$|^show\s+(?:me\s+)?more[\s.!?]*$|^(?:show\s+(?:me\s+)?)?(?:previous|the\s+rest|next\s+page|the\s+next\s+(?:page|ten|\d+))[\s.!?]*$|^(?:which|what)\s+(?:of\s+)?(?:(?:my|the)\s+)?(?:tasks?|todos?|has|have|repeats?|recurs?|tags?|labels?)\s+(?:are\s+)?(?:has|have|no|repeat|repeats|recur|without|do|daily|weekly|monthly|yearly|every)\b|^(?:show|list|display)\s+(?:me\s+)?(?:the\s+|my\s+)?(?:(?:first|last|next|top|latest|oldest|newest)\s+)?\d{1,3}(?:\s+(?:tasks?|todos?|ones))?[\s.!?]*$/i.test(
    text.visible,
  )
    ? noSuchList
    : undefined;

/** A list, but by something that no list is by: "tasks tagged work or home", "the latest tasks". */
export const unreadList: Command = ({ text }) =>
  /^(?:(?:my|all|the|open|overdue|urgent|important|high|medium|low|or|and|priority|most|next|latest|newest|oldest|recent|last|first|total|recently|added|work)\s+){1,4}(?:tasks?|todos?)[\s.!?]*$|^tasks\s+(?:tagged|due|with|without|not|that|which)\b|^(?:show|list)\s.*\b(?:except|but|not)\b/i.test(
    text.visible,
  )
    ? noSuchList
    : undefined;

/** How a search begins; "show Ann the photos" and "search engine report" are tasks. */
const search =
  /^(?:find(?:\s*:)?\s+(?:me\s+)?(?!out\b|time\b|a time\b)|search(?:\s*:)?\s+(?:for\s+|(?=\S+[\s?!.]*$))|look\s+(?:for|up)\s+|list\s+(?=(?:(?:the|my)\s+)?\S+[\s?!.]*$)|show\s+(?:(?:me\s+)?(?:only\s+|just\s+)|(?:me\s+)?(?:the|my)\s+|me\s+|(?=\S+[\s?!.]*$)))(?=\S)/i;

/** "find the tax form"; with a date of its own, as "find a plumber by friday", it is a new task. */
function readSearch({ text, time }: Sentence): ReturnType<Command> {
  const verb = search.exec(text.visible)?.[0];
  if (verb === undefined || /\b(?:and|not|except|without|how|what|which|who|that|where|why)\b/i.test(text.visible))
    return undefined;
  const task = readCreate(text.slice(0), time).call;
  if (task.tool !== 'create_task' || (task.arguments.due ?? task.arguments.recurrence) !== undefined) return undefined;
  const words = taskName(text.slice(verb.length))
    .replace(
      /^(?:an?|all|any|every|(?:everything|anything|something|stuff|things|all|tasks?) (?:about|with|on|for|mentioning|containing|called|named)(?: the| my)?)\s+(?=\S)/i,
      '',
    )
    .replace(/(?<=\S)\s+(?:tasks?|todos?)$/i, '')
    .slice(0, 200);
  return words ? { tool: 'list_tasks', arguments: { text: words } } : undefined;
}

/** "show work tasks", "find tasks with milk" */
function readTasksOf({ text }: Sentence): ReturnType<Command> {
  const named =
    /^(?:list|show|display|view)\s+(?:me\s+)?(?:(?:all|the|my)\s+)*([\p{L}\p{N}_-]+)\s+(?:tasks|todos)[\s?!.]*$/iu.exec(
      text.visible,
    ) ??
    /^(?:my\s+)?(?!(?:recurring|repeating|total|latest|newest|oldest|recent|recently|last|first|next|most|added|some|more|new|no)\b)([\p{L}\p{N}_-]+)\s+(?:tasks|todos)[\s?!.]*$/iu.exec(
      text.visible,
    ) ??
    /^(?:list|show|find|search(?: for)?)\s+(?:me\s+)?(?:(?:all|the|my)\s+)*(?:tasks|todos)\s+(?:with|for)\s+(\S[^?]{0,100}?)[\s?!.]*$/i.exec(
      text.visible,
    );
  const words =
    named && unquote(text.slice(named[0].indexOf(named[1]!), named[0].indexOf(named[1]!) + named[1]!.length));
  return words ? { tool: 'list_tasks', arguments: { text: words } } : undefined;
}

/** "what am I doing tomorrow" asks for more than what is in progress. */
function withDoing({ text }: Sentence, asked: string): string {
  return asked + (/^\s+doing\b/i.exec(text.visible.slice(asked.length))?.[0] ?? '');
}

/** "when is the dentist?", "find the tax form" */
function readAboutTask({ text, time }: Sentence): ReturnType<Command> {
  const match = aboutTask.exec(text.visible) ?? isTaskDone.exec(text.visible) ?? askedOver(text.visible);
  const isQuestion =
    /\?[\s!?.]*$/.test(text.visible) ||
    /^(?:when|what|which|at what|do i have|is there|is|are|did i|have i)\b/i.test(text.visible);
  const named = match?.[1] ?? match?.[2];
  if (!named || !isQuestion || /^(?:anything|something|any tasks?)\b/i.test(named)) return undefined;
  const start = text.visible.lastIndexOf(named);
  const words = taskName(text.slice(start, start + named.length).replace(/^(?:any|next)\s+/i, '')).slice(0, 200);
  // "when is it due?"
  if (isPronoun(words)) return { tool: 'show_task', arguments: { task: words } };
  return words ? { tool: 'list_tasks', arguments: withDays(words, time) } : undefined;
}

/** "have I paid the rent?": as the title of the task has the verb, "pay the rent". */
const haveDone =
  /^(?:have|has|did)\s+(?:i|we)\s+(?:(?:already|ever|actually|even|just)\s+)*(?!(?:got|had|been|done|finished|completed|forgotten|missed)\b)([a-z]+)\s+(\S[^?]*?)(?:\s+(?:yet|already))?[\s?!.]*$/i;

export const askedIfDone: Command = ({ text }) => {
  const [, word = '', object = ''] = haveDone.exec(text.visible) ?? [];
  const verb = verbOfPast(word);
  if (verb === undefined || past.test(object)) return undefined;
  const start = text.visible.lastIndexOf(object);
  const title = `${verb} ${text.slice(start, start + object.length)}`;
  return { tool: 'list_tasks', arguments: { text: title.slice(0, 200) } };
};

function askedOver(visible: string): RegExpExecArray | null {
  const found = isTaskOver.exec(visible);
  const verb = /^[a-z]*/i.exec(found?.[1] ?? '')![0].toLowerCase();
  return isImperative(verb) ? found : null;
}

/** "meetings tomorrow": words of the title, and in which days it is due. */
export function withDays(words: string, time: UserTime): Filter {
  for (const { index } of words.matchAll(/\s+/g)) {
    if (saysTime(words.slice(0, index))) break;
    const days = readFilters(words.slice(index).trim(), time);
    if (days?.due ?? days?.from ?? days?.until) return { ...days, text: words.slice(0, index) };
  }
  return { text: words };
}

/** Words that a question may have, and that change nothing. */
const filler =
  /\b(?:tasks?|todos?|to-dos?|reminders?|everything|due|on|for|with|tagged|tags?|labell?ed|priority|open|all|and|not (?:yet )?(?:done|finished)|is|are|have|i|do|did|need|got|my|unfinished|incomplete|outstanding|things?|stuff|going|supposed|the|of|left|to|that|which|what|there|in|during|planned|scheduled|coming up|upcoming|remaining|pending|list|plate|calendar|agenda|schedule|still|right|please|be|done by|happening|any|anything|else|by|ones|next up|total|altogether|overall|currently|at the moment)\b|[?!.,]/gi;

/** What the rest of a question asks for; undefined when it says something else. */
function filterBehind({ text, time }: Sentence, asked: string, isSure: boolean): Filter | undefined {
  const tagged = takeTags(new WorkingText(text.slice(asked.length)));
  const [tag] = tagged.tags;
  const withTag = tag ? { tag } : {};
  const plain = tagged.text.visible
    .replace(/[?!.,]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const isNow = /overdue|late/i.test(asked) && plain === '';
  if (isNow) return { due: 'overdue', ...withTag };
  const about =
    /\b(?:about|contain(?:ing|s)?|called|named|matching|mention(?:ing|s)?|includ(?:e|es|ing)|with the words?)\s+(\S.*)$/i.exec(
      plain,
    );
  if (about && (isSure || /\b(?:tasks?|todos?)\b/i.test(plain)))
    return { text: unmarked(about[1]!, tagged.text, text, asked).slice(0, 200), ...withTag };
  const filter = readFilters(plain, time);
  if (!filter) return undefined;
  const isEmpty = Object.keys(filter).length === 0 && !tag;
  // "What" alone, or "show", is no question yet.
  const isAboutTasks =
    /^(?:show|list|see)\s+(?:me\s+)?all\b|\b(?:everything|tasks?|todos?|to-dos?|reminders?|due|overdue|list|left|open|do|next|have|up|agenda|schedule|upcoming|plate|many|remaining|coming|planned)\b/i.test(
      text.visible,
    );
  return isEmpty && !isAboutTasks ? undefined : { ...filter, ...withTag };
}

function unmarked(words: string, visible: WorkingText, text: WorkingText, asked: string): string {
  const start = text.visible.indexOf(words.slice(0, 10), asked.length);
  return taskName(start < 0 ? words : text.slice(start)) || visible.rest;
}

/** Taken one after the other out of the question; what is left must be filler. */
export function readFilters(words: string, time: UserTime): Filter | undefined {
  let rest = words;
  let filter: Filter = {};
  const isTimed = saysTime(words);
  for (const [pattern, part] of fixedFilters) {
    // A day with a time of day is read as a whole.
    if (!pattern.test(rest) || (isTimed && part.due !== undefined)) continue;
    filter = { ...filter, ...part };
    rest = rest.replace(pattern, ' ');
  }
  const priority =
    /\b(?:most\s+)?(highest|high|urgent|important|critical|medium|normal|lowest|low|p[1-4]|top(?=[\s-]+prio))\b(?:[\s-]+prio(?:rit(?:y|ies))?)?|!(?:high|medium|low)/i.exec(
      rest,
    );
  if (priority) {
    filter = { ...filter, priority: priorityOf(priority[1] ?? priority[0])! };
    rest = rest.replace(priority[0], ' ');
  }
  if (filter.due === undefined) {
    const days = isTimed ? readTimes(withoutFiller(rest), time) : readDays(rest, time);
    if (days) return { ...filter, ...days };
  }
  const tag = /\b(?:tagged|labell?ed|with (?:the )?tag)\s+(?:with\s+|as\s+)?([\p{L}\p{N}_-]{1,50})\s*$/iu.exec(rest);
  if (tag) {
    filter = { ...filter, tag: tag[1]!.toLowerCase() };
    rest = rest.slice(0, tag.index);
  }
  return rest.replace(filler, ' ').trim() === '' ? filter : undefined;
}

/** "undated", "without a date", "that have no deadline" */
const undated =
  /\b(?:undated|unscheduled)\b|\b(?:without|(?:(?:with|has|have|having)\s+)?no|(?:do|does)(?:n['’]?t|\s+not)\s+have|lacks?)\s+(?:(?:an?|any|the)\s+)?(?:due\s+)?(?:dates?|deadlines?)\b|\b(?:(?:is|are|has|have)(?:n['’]?t|\s+not)|not)\s+(?:yet\s+)?(?:been\s+)?(?:scheduled|dated|planned)\b/i;

const fixedFilters: readonly (readonly [RegExp, Filter])[] = [
  [undated, { due: 'none' }],
  [/\b(?:overdue|past due|late)\b/i, { due: 'overdue' }],
  [/\b(?:today(?:'s|’s)?|tonight|now)(?!\s+(?:to|and|until)\b)/i, { due: 'today' }],
  [/(?<!\bafter )\btomorrow(?:'s|’s)?(?!\p{L})/iu, { due: 'tomorrow' }],
  [/\b(?:this|coming|the) week(?:'s|’s)?\b|\bnext (?:7|seven) days\b|^week$/i, { due: 'week' }],
  [/\b(?:recurring|repeating|that (?:repeat|recur)s?)\b/i, { recurring: true }],
  [/\b(?:done|completed?|finish(?:ed)?)\b/i, { status: 'DONE' }],
  [/\b(?:in progress|started|doing)\b/i, { status: 'IN_PROGRESS' }],
];

/** "on friday", "next week", "this month", "before friday", "between friday and sunday", "in the next 3 days" */
function readDays(words: string, time: UserTime): Filter | undefined {
  const rest = withoutFiller(words);
  const today = zoned(time.now, time.zone).toPlainDate();
  const text = rest
    .replace(/^(?:on|in|for|during|of|to|at|over)\s+(?:the\s+)?(?=\S)/i, '')
    .replace(/^the\s+|(?:'s|’s)$/gi, '')
    .trim();
  const monday = today.add({ days: 1 - today.dayOfWeek });
  const first = today.with({ day: 1 });
  switch (text.toLowerCase()) {
    case '':
      return undefined;
    case 'week':
    case '7 days':
    case 'seven days':
      return { due: 'week' };
    case 'next week':
      return range(monday.add({ days: 7 }), monday.add({ days: 13 }));
    case 'this month':
    case 'month':
      return range(today, first.add({ months: 1 }).subtract({ days: 1 }));
    case 'next month':
      return range(first.add({ months: 1 }), first.add({ months: 2 }).subtract({ days: 1 }));
    case 'this year':
    case 'year':
      return range(today, today.with({ month: 12, day: 31 }));
    case 'next year':
      return range(
        today.with({ month: 1, day: 1 }).add({ years: 1 }),
        today.with({ month: 12, day: 31 }).add({ years: 1 }),
      );
    case 'this weekend':
    case 'weekend':
      return range(monday.add({ days: 5 }), monday.add({ days: 6 }));
  }
  // A part of the year is no day.
  if (/\b(?:quarter|q[1-4]|decade|season|semester|term|spring|summer|autumn|fall|winter)\b/i.test(text))
    return undefined;
  const month = monthOf(text, first);
  if (month) return range(month.first, month.last);
  const length = /^(?:next|within(?: the next)?) (\d{1,3}|[a-z]+) (day|week)s?$/i.exec(text);
  if (length) {
    const [, said = '', unit] = length;
    const count = own(smallNumbers, said.toLowerCase()) ?? (/^an?$/i.test(said) ? 1 : Number(said));
    return count > 0 ? range(today, today.add({ days: count * (unit === 'week' ? 7 : 1) - 1 })) : undefined;
  }
  const between = /^(?:between|from)\s+(.+?)\s+(?:and|to|until|till)\s+(.+)$/i.exec(text);
  if (between) {
    const [from, until] = [dateOf(between[1]!, time), dateOf(between[2]!, time)];
    if (!from || !until) return undefined;
    // "between monday and friday", said on a Tuesday
    return range(from, Temporal.PlainDate.compare(until, from) < 0 ? until.add({ days: 7 }) : until);
  }
  const bound = /^(before|by|until|till|after|since|from)\s+(.+)$/i.exec(rest);
  // "before april"
  const named = bound ? monthOf(bound[2]!, first) : undefined;
  const date = bound && (named?.first ?? dateOf(bound[2]!, time));
  if (date) {
    const word = bound[1]!.toLowerCase();
    const last = named?.last ?? date;
    // "from march" is of march, as "from march on" is not.
    if (word === 'from' && named) return range(named.first, named.last);
    if (word === 'after') return { from: last.add({ days: 1 }).toString() };
    // "since monday" is over.
    if (word === 'since') return undefined;
    if (word === 'from') return { from: date.toString() };
    return { until: (word === 'before' ? date.subtract({ days: 1 }) : last).toString() };
  }
  const day = dateOf(text, time);
  return day && { due: day.toString() };
}

/** Only with the words that can be part of a date. */
function withoutFiller(words: string): string {
  return words
    .replace(filler, (word) => (/^(?:on|in|for|by|the|of|to|and)$/i.test(word) ? word : ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

/** The first and the last day of "april", this year's unless it is over. */
function monthOf(name: string, first: Temporal.PlainDate) {
  const month = own(months, name.toLowerCase());
  if (month === undefined) return undefined;
  const firstOfMonth = first.with({ month }).add({ years: month < first.month ? 1 : 0 });
  return { first: firstOfMonth, last: firstOfMonth.add({ months: 1 }).subtract({ days: 1 }) };
}

function range(from: Temporal.PlainDate, until: Temporal.PlainDate): Filter {
  return { from: from.toString(), until: until.toString() };
}

function dateOf(words: string, time: UserTime): Temporal.PlainDate | undefined {
  const due = readDate(words, time);
  // "friday at 5" is no whole day.
  if (!due || 'problem' in due || !/^\d{4}-\d{2}-\d{2}$/.test(due.when)) return undefined;
  return zoned(resolveWhen(due.when, time), time.zone).toPlainDate();
}
