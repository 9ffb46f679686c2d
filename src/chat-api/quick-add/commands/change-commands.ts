import { readDate } from '../date-phrase.ts';
import { own } from '../own.ts';
import { readTask } from '../task-phrase.ts';
import { unquote } from '../working-text.ts';
import {
  bareValue,
  change,
  changeOf,
  named,
  ofIt,
  parts,
  update,
  type Changes,
  type ToChanges,
} from './field-change.ts';
import { anyPriority, toPriority, urgency } from './priority-commands.ts';
import { isPronoun } from './pronouns.ts';
import { often, toRecurrence } from './recurrence-commands.ts';
import { explain, onTask, taskName, type Command } from './sentence.ts';
import { toTags } from './tag-commands.ts';
import { isThingToDo } from './task-or-command.ts';

const statuses: Readonly<Record<string, Changes['status']>> = {
  done: 'DONE',
  complete: 'DONE',
  completed: 'DONE',
  finished: 'DONE',
  open: 'TODO',
  todo: 'TODO',
  'to do': 'TODO',
  'not done': 'TODO',
  'not complete': 'TODO',
  'not completed': 'TODO',
  'not finished': 'TODO',
  undone: 'TODO',
  incomplete: 'TODO',
  unfinished: 'TODO',
  'in progress': 'IN_PROGRESS',
  started: 'IN_PROGRESS',
};

const statusWords =
  'not (?:yet )?(?:done|completed?|finished)|undone|incomplete|unfinished|done|completed?|finished|open|to ?do|in progress|started';
const toStatus: ToChanges = (word) => {
  const name = bareValue(word).toLowerCase().replace('not yet', 'not').replace(/^as /, '');
  const status = own(statuses, name);
  return status && { status };
};

/** "that the code is 4471"; but "write that in the notes" does not say what. */
const toNote: ToChanges = (text) =>
  /^(?:that|this|it|down)$/i.test(text)
    ? { problem: 'What should the note say? Say for example "add a note to pay rent: ask Ann". Nothing was changed.' }
    : { add_description: unquote(text.replace(/^that\s+(?=\S+\s)/i, '')) };

/** A note that is added is a further line: what an earlier one says stays. */
const aNote = String.raw`(?:make|add|leave|put)\s+(?:an?\s+|the\s+|another\s+|one\s+more\s+)?(?:(?:new|further|second|quick|short)\s+)?(?:note|description|comment)`;

const ofLastTask: readonly Command[] = [
  ofIt(
    /^(?:set|change|raise|lower|make)\s+(?:the\s+|its\s+)?priority\s+(?:to\s+|as\s+)?(?=\S+(?:\s+priority)?[\s.!]*$)/i,
    anyPriority,
  ),
  // "priority high", "high priority"
  ofIt(
    new RegExp(`^(?:priority\\s*:?\\s*(?=${urgency}[\\s.!]*$)|(?=${urgency}\\s+priority[\\s.!]*$))`, 'i'),
    toPriority,
  ),
  ofIt(/^(?:lower|reduce|decrease|drop)\s+(?:the|its)\s+priority[\s.!]*$/i, () => ({ priority: 'LOW' })),
  ofIt(/^(?:raise|increase|bump)\s+(?:up\s+)?(?:the|its)\s+priority[\s.!]*$/i, () => ({ priority: 'HIGH' })),
  ofIt(new RegExp(`^(?:remove|delete|clear)\\s+(?:(?:the|its)\\s+)?(?:${urgency}\\s+)?priority[\\s.!]*$`, 'i'), () => ({
    priority: 'MEDIUM',
  })),
  ofIt(/^(?:set|change|edit)\s+(?:the\s+|its\s+)?(?:title|name)\s+to\s+(?=\S)/i, (text) => ({
    title: unquote(text).slice(0, 500),
  })),
  ofIt(/^(?:set|change|edit)\s+(?:the\s+|its\s+)?(?:description|notes?)\s+to\s+(?=\S)/i, (text) => ({
    description: unquote(text),
  })),
  ofIt(/^(?:remove|delete|clear)\s+(?:the\s+|its\s+)?(?:due\s+)?date[\s.!]*$/i, () => ({ due: null })),
  ofIt(
    /^(?:remove|delete|clear)\s+(?:the\s+|its\s+)?(?:recurrence|repetition|repeat)[\s.!]*$|^stop repeating[\s.!]*$/i,
    () => ({ recurrence: null }),
  ),
  ofIt(/^mark\s+as\s+(?=not|un|open|todo|in progress|started)/i, toStatus),
  ofIt(/^no\s+(?:due\s+)?date[\s.!]*$/i, () => ({ due: null })),
  ofIt(new RegExp(`^${aNote}\\s*:\\s*(?=\\S)`, 'i'), toNote),
  ofIt(/^(?:remove|delete)\s+(?:the\s+)?tags?\s+(?=#?[\p{L}\p{N}_-]+[\s.!]*$)/iu, toTags('remove_tags')),
  ofIt(/^add\s+(?:the\s+|an?\s+)?tags?\s+(?=#?[\p{L}\p{N}_-]+[\s.!]*$)/iu, toTags('add_tags')),
  ({ text }) => {
    const tag = /^(?:remove|delete)\s+the\s+#?([\p{L}\p{N}_-]+)\s+tag[\s.!]*$/iu.exec(text.visible)?.[1];
    return tag ? update('it', { remove_tags: [tag.toLowerCase()] }) : undefined;
  },
  change(/^rename\s+(?=it\s+(?!to\b|as\b|into\b))/i, /\s+(?=\S)/, (text) => ({ title: unquote(text).slice(0, 500) })),
  ({ text }) =>
    /^(?:(?:(?:it|that|this)(?:'s|’s)\s+)?not\s+(?:yet\s+)?(?:done|finished|completed?)(?:\s+yet)?|i did(?:n't|n’t| not) (?:do|finish|complete) (?:it|that|this)(?:\s+yet)?)[\s.!]*$/i.test(
      text.visible,
    )
      ? update('it', { status: 'TODO' })
      : undefined,
  onTask(
    /^(?!(?:if|check|tell|ask|see|what|which|it|that|this)\b)(\S.*?)\s+(?:still\s+)?not\s+(?:yet\s+)?(?:done|finished|completed?)(?:\s+yet)?[\s.!]*$/i,
    (task) => (/\s(?:is|are|was|were|be|as)$/i.test(task) ? undefined : update(task, { status: 'TODO' })),
  ),
  onTask(/^(?:(?:i['’]?m|i am)\s+)?not\s+(?:yet\s+)?(?:done|finished)\s+with\s+(.+?)(?:\s+yet)?[\s.!]*$/i, (task) =>
    update(task, { status: 'TODO' }),
  ),
  onTask(
    /^i\s+(?:have(?:n't|n’t|\s+not)\s+(?:(?:actually|really|yet)\s+)?(?:done|finished|completed)|did(?:n't|n’t|\s+not)\s+(?:(?:actually|really|yet)\s+)?(?:do|finish|complete))\s+(.+?)(?:\s+yet)?(?<![\s.!])[\s.!]*$/i,
    (_, match) => update(match[1]!, { status: 'TODO' }),
  ),
  // "repeat every monday"
  ofIt(new RegExp(`^repeat\\s+(?=${often}\\b)`, 'i'), toRecurrence),
  // "set priority high for the report"
  changeOf(/^(?:set|make)\s+(?:the\s+)?priority\s+(?=\S+\s+(?:for|of|on)\s)/i, /\s+(?:for|of|on)\s+/i, toPriority),
  // "change the priority of the report from high to low"
  change(
    /^(?:set|change|raise|lower)\s+(?:the\s+)?priority\s+(?:of|for)\s+/i,
    new RegExp(`\\s+from\\s+${urgency}\\s+to\\s+`, 'i'),
    anyPriority,
  ),
];

/** Sentences that change a task's fields, save its due date. */
export const changeCommands: readonly Command[] = [
  ...ofLastTask,
  // "remove the deadline from the report", "clear the date on it"
  onTask(
    /^(?:remove|delete|clear|drop|take)\s+(?:the\s+)?(?:due|(?:due\s+)?date|due\s+time|deadline)\s+(?:of|from|off|for|on)\s+(.+)$/i,
    (task) => update(task, { due: null }),
  ),
  ({ text }) =>
    /^(?:remove|delete|clear|take)\s+(?:the\s+|its\s+)?(?:tag|label)\s+(?:of|from|off)\s+\S/i.test(text.visible)
      ? explain('Which tag? Say for example "remove #work from pay rent". Nothing was changed.')
      : undefined,
  onTask(/^stop\s+(.+?)\s+from\s+(?:repeating|recurring)[\s.!]*$/i, (task) => update(task, { recurrence: null })),
  // 'change call Ann to "Call Anna"'
  change(/^change\s+/i, /\s+(?:to|into)\s+(?=\uFFFC+[\s.!]*$)/i, (text) => ({ title: unquote(text).slice(0, 500) })),
  change(/^(?:rename|reword|rephrase)\s+/i, /\s+(?:to|as|into)\s+(?=\S)/i, (text) => ({
    title: unquote(text).slice(0, 500),
  })),
  change(/^(?:set|change|edit|update|correct)\s+(?:the\s+)?(?:title|name)\s+of\s+/i, /\s+to\s+(?=\S)/i, (text) => ({
    title: unquote(text).slice(0, 500),
  })),
  change(
    /^(?:set|change|raise|lower|increase|reduce)\s+(?:the\s+)?priority\s+(?:of|for|on)\s+/i,
    /\s+(?:to|as)\s+/i,
    anyPriority,
  ),
  change(
    /^(?:make|set|mark|change)\s+/i,
    new RegExp(
      `(?<!\\b(?:less|more|not))\\s+(?:priority\\s+)?(?:to\\s+|as\\s+|be\\s+)?(?:an?\\s+)?(?=${urgency}(?:\\s+priority)?[\\s.!]*$)`,
      'i',
    ),
    toPriority,
  ),
  onTask(
    /^(?:prioriti[sz]e|(?:raise|increase|bump(?:\s+up)?)\s+(?:the\s+)?priority\s+(?:of|for|on))\s+(.+)$/i,
    (task) => update(task, { priority: 'HIGH' }),
  ),
  onTask(
    /^(?:deprioriti[sz]e|(?:lower|reduce|decrease|drop)\s+(?:the\s+)?priority\s+(?:of|for|on|from))\s+(.+)$/i,
    (task) => update(task, { priority: 'LOW' }),
  ),
  ({ text }) => {
    const match =
      /^(\S.*?)\s+(?:is|are)\s+(urgent|important|(?:high|low|medium)(?=\s+priority))(?:\s+priority)?[\s.!]*$/i.exec(
        text.visible,
      );
    return match && !isPronoun(match[1]!)
      ? update(text.slice(0, match[1]!.length), toPriority(match[2]!, { now: new Date(0), zone: 'UTC' }))
      : undefined;
  },
  ({ text }) => {
    const match = /^(\S.*?)\s+(?:is|are)\s+in progress[\s.!]*$/i.exec(text.visible);
    return match ? update(text.slice(0, match[1]!.length), { status: 'IN_PROGRESS' }) : undefined;
  },
  // Medium is what a task has of which nothing else was said.
  onTask(/^(?:remove|delete|clear)\s+(?:the\s+)?priority\s+(?:of|from|for|on)\s+(.+)$/i, (task) =>
    update(task, { priority: 'MEDIUM' }),
  ),
  // "the gym doesn't need a due date"
  onTask(/^(?:remove|delete|clear|drop|take)\s+(?:the\s+)?time(?:\s+of\s+day)?\s+(?:of|from|off|for|on)\s+(.+)$/i, () =>
    explain('I cannot remove the time alone. Say for example "remove the due date of pay rent". Nothing was changed.'),
  ),
  named(
    /^(?<task>\S.*?)\s+(?:has\s+no|no\s+longer\s+has\s+an?(?:\s+fixed)?|needs\s+no|should\s+have\s+no|(?:does\s?n['’]?t|does\s+not)\s+(?:have|need)\s+an?)\s+(?:(?:due\s+)?date|deadline|due\s+time)(?:\s+any\s?more)?[\s.!]*$/di,
    () => ({ due: null }),
  ),
  onTask(/^unschedule\s+(.+)$/i, (task) => update(task, { due: null })),
  onTask(/^no\s+(?:due\s+)?date\s+(?:for|on)\s+(.+)$/i, (task) => update(task, { due: null })),
  onTask(/^(?:remove|delete|clear)\s+(?:the\s+)?repeat\s+(?:of|from)\s+(.+)$/i, (task) =>
    update(task, { recurrence: null }),
  ),
  // "remove the work tag from the report"
  changeOf(
    /^(?:remove|delete|take)\s+(?:the\s+)?(?=#?[\p{L}\p{N}_-]+\s+(?:tag|label)\s+(?:from|off)\s)/iu,
    /\s+(?:tag|label)\s+(?:from|off)\s+/i,
    toTags('remove_tags'),
  ),
  // "add the work tag to the report"
  changeOf(
    /^add\s+(?:the\s+|an?\s+)?(?=#?[\p{L}\p{N}_-]+\s+(?:tag|label)\s+to\s)/iu,
    /\s+(?:tag|label)\s+to\s+/i,
    toTags('add_tags'),
  ),
  // "write in the note of the plumber: the code is 4471", "note down in the gym's notes that the locker is 12"
  named(
    /^(?:add|write|put|note|jot)(?:\s+down)?\s+(?:to|in|into|on)\s+(?:the\s+)?(?:notes?|description)\s+(?:of|for|on)\s+(?<task>[^:]{1,100}?)(?:\s*:|\s+that(?=\s))\s*(?<value>\S.*)$/di,
    (text) => ({ add_description: unquote(text) }),
  ),
  named(
    /^(?:add|write|put|note|jot)(?:\s+down)?\s+(?:to|in|into|on)\s+(?:the\s+)?(?<task>[^:]{1,100}?)(?:['’]s)?\s+(?:notes?|description)(?:\s*:|\s+that(?=\s))\s*(?<value>\S.*)$/di,
    (text) => ({ add_description: unquote(text) }),
  ),
  // "add "bring a towel" to the notes of the gym"
  named(
    /^(?:(?:write|put|note|jot)\s+down|add|write|put|note|jot)\s+(?<value>\S.*?)\s+(?:to|in|into)\s+(?:the\s+)?(?:notes?|description)\s+(?:of|for|on)\s+(?<task>\S.*)$/di,
    toNote,
  ),
  // "add to the plumber task that the code is 4471"
  named(
    /^add\s+to\s+(?:the\s+|my\s+)?(?!list\b)(?<task>\S.{0,60}?)(?:\s+task)?(?:\s*:|\s+that)\s+(?<value>\S.*)$/di,
    (text) => ({ add_description: unquote(text) }),
  ),
  named(
    /^(?=.*\s(?:notes?|description)[\s.!]*$)(?:(?:write|put|note|jot)\s+down|add|write|put|note|jot)\s+(?<value>\S.*?)\s+(?:to|in|into)\s+(?:the\s+)?(?<task>\S[^:]*?)(?:['’]s)?\s+(?:notes?|description)[\s.!]*$/di,
    toNote,
  ),
  // "put the gym back on my list"
  onTask(
    /^(?:put|bring|take|add)\s+(.+?)\s+back\s+(?:on|onto|to|in|into)\s+(?:the|my)\s+(?:to[ -]?do\s+|task\s+)?list[\s.!]*$/i,
    (task) => update(task, { status: 'TODO' }),
  ),
  // "untag work from the report"
  changeOf(/^(?:untag|unlabel)\s+(?=[\p{L}\p{N}_-]+\s+from\s+(?!#))/iu, /\s+from\s+/i, toTags('remove_tags')),
  // "call it Final report", "change it to Final report" when that is no date
  change(/^call\s+(?=it\s)/i, /\s+(?=\S)/, (text, time) =>
    readDate(text, time) || /^(?:a (?:day|night|wrap)|quits|off|back|again|in)\b/i.test(text)
      ? undefined
      : { title: unquote(text.replace(/\s+instead[\s.!]*$/i, '')).slice(0, 500) },
  ),
  ({ text }) => {
    const match = new RegExp(
      `^(it|that|this)(?:'s|’s| is)\\s+(?:an?\\s+)?(${urgency})(?:\\s+priority)?[\\s.!]*$`,
      'i',
    ).exec(text.visible);
    return match ? update(match[1]!, toPriority(match[2]!, { now: new Date(0), zone: 'UTC' })) : undefined;
  },
  change(
    /^(?:set|change|edit|update)\s+(?:the\s+)?(?:description|notes?)\s+(?:of|for|on)\s+/i,
    /\s+to\s+(?=\S)/i,
    (text) => ({
      description: unquote(text),
    }),
  ),
  change(/^describe\s+/i, /\s+as\s+(?=\S)/i, (text) => ({ description: unquote(text) })),
  change(new RegExp(`^${aNote}\\s+(?:to|for|on|in)\\s+`, 'i'), /\s*:\s*(?=\S)/, toNote),
  changeOf(new RegExp(`^${aNote}\\s*:?\\s+(?=\\S)`, 'i'), /\s+(?:to|on|for)\s+(?=\S)/i, toNote),
  // "gym note: bring a towel"
  named(
    /^(?<task>\S[^:]{0,60}?)(?:['’]s)?(?:\s+[-–—])?\s+(?:notes?|description|comment)\s*:\s*(?<value>\S.*)$/di,
    toNote,
  ),
  change(/^(?:another\s+)?(?:note|notes|comment)\s+(?:for|on|to)\s+/i, /\s*:\s*(?=\S)/, toNote),
  named(
    new RegExp(
      String.raw`^(?:write\s+a\s+note|${aNote})\s+(?:on|for|to|in)\s+(?<task>\S.*?)\s+(?:that|saying)\s+(?<value>\S.*)$`,
      'di',
    ),
    toNote,
  ),
  onTask(/^(?:remove|delete|clear)\s+(?:the\s+)?(?:description|notes?)\s+(?:of|from|for|on)\s+(.+)$/i, (task) =>
    update(task, { description: null }),
  ),
  changeOf(/^(?:add|put)\s+(?=#)/i, /\s+(?:to|on)\s+(?=\S)/i, toTags('add_tags')),
  changeOf(
    /^(?:add|put)\s+(?:the\s+|an?\s+)?(?:tags?|labels?)\s+(?=\S)/i,
    /\s+(?:to|on)\s+(?=\S)/i,
    toTags('add_tags'),
  ),
  changeOf(/^(?:remove|delete|take)\s+(?=#)/i, /\s+(?:from|off)\s+(?=\S)/i, toTags('remove_tags')),
  changeOf(
    /^(?:remove|delete|take)\s+(?:the\s+)?(?:tags?|labels?)\s+(?=\S)/i,
    /\s+(?:from|off)\s+(?=\S)/i,
    toTags('remove_tags'),
  ),
  changeOf(/^(?:untag|unlabel)\s+(?=#)/i, /\s+(?:from|off|on)\s+(?=\S)/i, toTags('remove_tags')),
  ({ text }) =>
    /^(?:remove|delete|clear)\s+(?:all\s+)?(?:(?:the|its|my)\s+)?(?:tags|labels)(?:\s|[.!]*$)/i.test(text.visible)
      ? explain('Which tags? Say for example "remove #work from pay rent". Nothing was changed.')
      : undefined,
  change(/^(?:re-?)?(?:tag|label)\s+/i, /\s+(?:with|as)\s+|\s+(?=#)/i, toTags('add_tags')),
  change(/^(?:untag|unlabel)\s+/i, /\s+(?:from|with|as)\s+|\s+(?=#)/i, toTags('remove_tags')),
  change(
    /^(?:(?:mark|set|change)\s+(?:(?:the\s+)?status\s+(?:of|for)\s+)?|update\s+(?:the\s+)?status\s+(?:of|for)\s+|make\s+(?=.*\s(?:done|finished|completed?)[\s.!]*$))/i,
    new RegExp(`\\s+(?:back\\s+)?(?:as\\s+|to\\s+)?(?=(?:${statusWords})[\\s.!]*$)`, 'i'),
    toStatus,
  ),
  change(/^repeat\s+/i, new RegExp(`\\s+(?=${often}\\b)`, 'i'), toRecurrence),
  change(
    /^(?:make|set|have|let)\s+/i,
    new RegExp(`\\s+(?:to\\s+)?(?:be\\s+)?(?:repeat(?:ing|s)?|recur(?:ring|s)?)\\s+(?=${often}\\b)`, 'i'),
    toRecurrence,
  ),
  change(
    /^(?:set|change)\s+(?:the\s+)?(?:recurrence|repetition|schedule)\s+(?:of|for)\s+/i,
    /\s+to\s+(?=\S)/i,
    toRecurrence,
  ),
  // "change the dentist to every monday"
  change(/^(?:change|move|switch)\s+/i, new RegExp(`\\s+to\\s+(?=${often}\\b)`, 'i'), toRecurrence),
  // "the dentist should repeat every 6 months"
  change(
    /^(?=\S.*\s(?:should|must|has to|needs to)\s+(?:repeat|recur)\s)/i,
    new RegExp(`\\s+(?:should|must|has to|needs to)\\s+(?:repeat|recur)\\s+(?=${often}\\b)`, 'i'),
    toRecurrence,
  ),
  onTask(
    /^(?:make|mark|set)\s+(?!.*\bnot\b)(.+?)\s+(?:as\s+|to\s+)?(?:recurring|repeating|repeat|recur)[\s.!]*$/i,
    (task) => explain(`How often? Say for example "repeat ${task.slice(0, 100)} every monday". Nothing was changed.`),
  ),
  ({ text }) => {
    const task = /^(\S.*?)\s+(?:no longer repeats?|should(?:n't|n’t| not) repeat|should stop repeating)[\s.!]*$/i.exec(
      text.visible,
    )?.[1];
    return task === undefined ? undefined : update(text.slice(0, task.length), { recurrence: null });
  },
  change(/^(?:make|set)\s+(?=(?:it|this|that)\b)/i, new RegExp(`\\s+(?:to\\s+)?(?=${often}\\b)`, 'i'), toRecurrence),
  onTask(/^(?:stop repeating|don['’]?t repeat|do not repeat|never repeat|no longer repeat)\s+(.+)$/i, (task) =>
    update(task.replace(/\s+any ?more$/i, ''), { recurrence: null }),
  ),
  onTask(/^(?:remove|delete|clear|cancel|stop)\s+(?:the\s+)?(?:recurrence|repetition)\s+(?:of|from)\s+(.+)$/i, (task) =>
    update(task, { recurrence: null }),
  ),
  onTask(/^(?:make|have|let)\s+(.+?)\s+(?:not|no longer|stop)\s+(?:repeat(?:ing)?|recur(?:ring)?)[\s.!]*$/i, (task) =>
    update(task, { recurrence: null }),
  ),
  onTask(
    /^(?:re-?open|undo(?:\s+(?:the\s+)?(?:completion|completing)(?:\s+of)?)?|un-?complete|un-?finish|un-?check|un-?mark|un-?tick)\s+(.+)$/i,
    (task) => update(task, { status: 'TODO' }),
  ),
  onTask(/^(?:start|begin) working on\s+(.+)$/i, (task) => update(task, { status: 'IN_PROGRESS' })),
  onTask(/^i(?:'ve|’ve| have)?\s+(?:just\s+)?(?:started|begun)\s+(?:working on\s+|with\s+)?(?!to\b)(.+)$/i, (task) =>
    update(task, { status: 'IN_PROGRESS' }),
  ),
  onTask(
    /^(?:i(?:'m|’m| am)\s+)?(?:now\s+)?working\s+on\s+(.+?)(?:\s+(?:now|already|at\s+the\s+moment))?[\s.!]*$/i,
    (task) => update(task, { status: 'IN_PROGRESS' }),
  ),
  onTask(/^(?:start|begin)\s+(it|this|that)[\s.!]*$/i, (task) => update(task, { status: 'IN_PROGRESS' })),
  onTask(/^(?:remove|delete|clear)\s+(?:the\s+)?(?:due\s+)?date\s+(?:of|from|for)\s+(.+)$/i, (task) =>
    update(task, { due: null }),
  ),
  ({ text }) => {
    const match = new RegExp(
      `^((?!(?:what|which|who|that|if)\\b).+?)\\s+(?:is|are|was|were)(?:n't|n’t|\\s+not)\\s+(?:(?:yet|actually|really|quite|fully)\\s+)*(?:done|finished|completed?)(?:\\s+yet)?[\\s.!]*$`,
      'i',
    ).exec(text.visible);
    return match && (isPronoun(match[1]!) || match[1]!.length < 200)
      ? update(text.slice(0, match[1]!.length), { status: 'TODO' })
      : undefined;
  },
];

/** "rename the dentist", "untag the dentist": about that task, if there is one, but not what. */
export const changeOfTask = onTask(
  /^(rename|tag|untag|label|unlabel|repeat(?!.*\bevery\b))\s+(.+)$/i,
  (task, [, verb]) => (isThingToDo(verb!.toLowerCase(), task) ? undefined : { tool: 'show_task', arguments: { task } }),
);

/** Words that say nothing of what a task is about. */
const emptyWords: ReadonlySet<string> = new Set('a an and the my our of for to with in on at from'.split(' '));

/** "change buy milk to buy oat milk", "replace buy milk with buy bread": the new title has a word of the old one. */
export const retitle: Command = (sentence) => {
  const verb = /^(?:change|edit|update|replace|correct|amend|alter|modify)\s+(?!it\s|this\s|that\s)/i;
  const found =
    parts(sentence, verb, /\s+(?:in)?to\s+(?=\S)/i) ??
    parts(sentence, verb, /\s+(?:with|by)\s+(?=\S)/i) ??
    // "Call Tim should be Call Tom"
    parts(sentence, /^(?=\S+\s+\S)/, /\s+should\s+(?:be|say|read)\s+(?=\S+\s+\S)/i);
  if (!found) return undefined;
  const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const old = new Set(words(found.before).filter((word) => !emptyWords.has(word)));
  if (!words(found.behind).some((word) => old.has(word))) return undefined;
  const { title, due, recurrence } = readTask(found.behind, sentence.time);
  // "change gym to gym on friday"
  if (due ?? recurrence)
    return explain(
      `What should change, the title or the date? Say for example "rename ${taskName(found.before)} to ${title}". Nothing was changed.`,
    );
  return update(found.before, { title: unquote(found.behind.replace(/[\s.!]+$/, '')).slice(0, 500) });
};

/** "change gym to swimming": its title, or what? Where there is no gym, it is a thing to do. */
export const changeToSomething = onTask(
  /^change\s+(?!it\s|this\s|that\s)((?:(?:the|my)\s+)?[\p{L}\p{N}\uFFFC'’-]+)\s+(?:in)?to\s+\S/iu,
  (task) => (isThingToDo('change', task) ? undefined : { tool: 'show_task', arguments: { task } }),
);

/** "move it to yesterday", "change it to something": whatever it means, it is no title. */
export const unclearChange: Command = ({ text }) =>
  /^(?:move|push|shift|bump|change|rename|tag|untag|label|reschedule)\s+it(?:\s|[.!]*$)/i.test(text.visible)
    ? explain(
        'I did not understand what to do with it. Say for example "move it to friday" or "rename it to Pay rent".',
      )
    : undefined;
