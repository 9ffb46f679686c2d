import { readDate, longestDate } from '../date-phrase.ts';
import { readLength, type Length } from '../grammar/length.ts';
import { at, isPunctuation, skip, tokenize } from '../grammar/token.ts';
import { own } from '../own.ts';
import { months } from '../vocabulary/time-words.ts';
import { reportingVerbs, verbs as requestVerbs } from '../vocabulary/title-words.ts';
import { zoned, type UserTime } from '../when.ts';
import { creationPrefix } from './create-command.ts';
import { isPronoun } from './pronouns.ts';
import { explain, onTask, taskName, type Command, type Sentence } from './sentence.ts';
import { isThingToDo } from './task-or-command.ts';
import { WorkingText } from '../working-text.ts';
import type { ToolCall } from '../../chat/tool-calls.ts';

const until = explain('Until when? Say for example "postpone it until friday". Nothing was changed.');

/** No date has more prepositions in it. */
const mostCuts = 6;

/** The places where the text could be cut before a date: "move go to work to friday", "until monday at 9". */
function cuts(visible: string, from: number, between: RegExp): { left: number; right: number }[] {
  return [...visible.matchAll(between)]
    .map((match) => ({ left: match.index, right: match.index + match[0].length }))
    .filter(({ left, right }) => left >= from && visible.length - right <= longestDate)
    .slice(-mostCuts);
}

interface Verb {
  readonly pattern: RegExp;
  /** What stands between the task and the date. */
  readonly between: RegExp;
}

const anyPreposition = /\s+(?:(?:back|forward|out|ahead|over)\s+)?(?:to|until|till|for|on|at|by)\s+/gi;
const direction = /\s+(?:(?:back|forward|out|off|ahead|over)\s+)?(?:to|until|till)\s+/gi;

/** "Move house on May 1" is a task; so it takes a "to" for those verbs. */
const verbs: readonly Verb[] = [
  {
    pattern:
      /^(?:(?:i|we|they|he|she|you)(?:['’](?:ve|ll|s)|\s+have|\s+has|\s+will)?\s+(?:just\s+)?)?(?:(?:re)?moved?|(?:push(?:ed)?|bump(?:ed)?)(?:\s+(?:back|out|off))?|shift(?:ed)?|slide|slip|drag|carry\s+over|roll\s+over|extend(?:ed)?|bring(?:\s+forward)?|brought(?:\s+forward)?|change(?:d)?|update|edit|correct|switch(?:ed)?|swap(?:ped)?|set|put\s+(?:off|back)|rescheduled|postponed|hold(?:\s+off)?(?:\s+on)?|kick|bounce)\s+/i,
    between: direction,
  },
  // "put the report off until friday"
  {
    pattern: /^(?:put|push|set|kick|hold)\s+/i,
    between: /\s+(?:off\s+(?:(?:to|until|till|for)\s+)?|(?:back|out|over|forward)\s+(?:to|until|till)\s+)/gi,
  },
  {
    pattern: /^(?:bring|pull|move)(?:\s+(?:in|up|forward))?\s+/i,
    between: /\s+(?:(?:in|up|forward|back|out|ahead|over)\s+)?(?:to|until|till)\s+/gi,
  },
  { pattern: /^(?:reschedule|postpone|snooze|delay|defer)\s+/i, between: anyPreposition },
  {
    pattern:
      /^(?:set|change|move|extend|push)\s+(?:the\s+)?(?:due\s+)?(?:date|time|hour|day|due|deadline)\s+(?:date\s+)?(?:of|for)\s+/i,
    between: anyPreposition,
  },
];

/** "move TASK to DATE"; without a date behind it, moving the sofa to the cellar is a task. */
const reschedule: Command = (sentence) => {
  const { text } = sentence;
  for (const { pattern, between } of verbs.toReversed()) {
    const verb = pattern.exec(text.visible)?.[0];
    if (!verb) continue;
    for (const { left, right } of cuts(text.visible, verb.length, between)) {
      const object = text.slice(verb.length, left);
      const target = withoutOldDate(object, sentence.time);
      const call =
        to(sentence, target, right) ?? (isOfMonth(verb, target) ? toMonth(sentence, target, right) : undefined);
      const old = oldDate(object, sentence.time);
      if (call) return isTwoMoves(target, sentence.time) ? explain(twoMoves) : withOldDate(call, old);
    }
  }
  return undefined;
};

/** "set the record to may" is no date. */
const isOfMonth = (verb: string, task: string) => !isThingToDo(/^\w*/.exec(verb)![0].toLowerCase(), task);

/** "put off the tax return until January": its first day, unless that is over or it is this month. */
function toMonth({ text, time }: Sentence, task: string, from: number): ToolCall | undefined {
  const said = text.slice(from).replace(/[\s.!]+$/, '');
  const month = own(months, said.toLowerCase());
  if (!task || month === undefined || month === zoned(time.now, time.zone).month) return undefined;
  const first = readDate(`1 ${said}`, time);
  if (!first || 'problem' in first) return undefined;
  const remarks = [`I read ${said} as the first day of that month.`];
  return { tool: 'reschedule_task', arguments: { task, due: first.when, remarks } };
}

const twoMoves = 'I move one task at a time. Nothing was changed.';

/** "the gym to friday and the dentist", to monday */
function isTwoMoves(target: string, time: UserTime): boolean {
  const date = /\s(?:to|until|till)\s+(\S.*?)(?:,|\s+and)\s/i.exec(target)?.[1];
  return date !== undefined && readDate(date, time) !== undefined;
}

/** "from friday", behind a name: the date that it has. */
function oldDate(task: string, time: UserTime): string | undefined {
  const from = task.toLowerCase().lastIndexOf(' from ');
  return from > 0 && readDate(task.slice(from + 6), time) !== undefined ? task.slice(from + 1) : undefined;
}

/** The date that a task is said to have is not compared with the one that it has, which is told. */
function withOldDate(call: ToolCall, old: string | undefined): ToolCall {
  if (old === undefined || call.tool !== 'reschedule_task') return call;
  const remarks = [...(call.arguments.remarks ?? []), `I did not check "${old.trim()}" against the date it had.`];
  return { ...call, arguments: { ...call.arguments, remarks } };
}

/** "move it from friday to monday": the first date is the one that it has. */
function withoutOldDate(task: string, time: UserTime): string {
  const old = oldDate(task, time);
  return taskName(
    (old === undefined ? task : task.slice(0, -old.length - 1))
      .replace(/(?:'s|’s)?\s+(?:due\s+date|deadline|time|date|due)\s*$/i, '')
      .replace(/^(?:the\s+)?(?:due\s+date|deadline)\s+(?:of|for)\s+/i, ''),
  );
}

function to({ text, time }: Sentence, task: string, from: number): ToolCall | undefined {
  const said = text.visible
    .slice(from)
    .replace(/^\s*(?:to\s+|until\s+|till\s+)?(?:be\s+)?(?:due\s+)?(?:date\s+)?(?:to\s+)?(?:for\s+)?/i, '');
  // "snooze it for 1h" is no time of day.
  // "until after easter"
  if (/^(?:just\s+)?after\s/i.test(said)) return until;
  // "make the report urgent and due friday"
  if (/\sand$/i.test(task))
    return explain('I change one thing at a time. Say the first one, then the next. Nothing was changed.');
  // "shift 22:00-06:00 friday", "shift 22-6 friday" is a night's work.
  if (!text.hasQuotation && isHours.test(task)) return undefined;
  // "swimming every", "gym as": only a part of a name
  if (!text.hasQuotation && isTorn.test(task)) return undefined;
  if (!task || isLength(said.replace(/^(?:by|for)\s+/i, ''))) return undefined;
  const due = readDate(said, time) ?? readDate(said.replace(/^(\d\d?)\.([0-5]\d)(?=[\s.!]*$)/, '$1:$2'), time);
  if (!due) return undefined;
  if ('problem' in due) return explain(`${due.problem} Nothing was changed.`);
  const { when, remarks } = due;
  return {
    tool: 'reschedule_task',
    arguments: { task, due: when, ...(remarks.length > 0 && { remarks: [...remarks] }) },
  };
}

const isHours =
  /^(?:on\s.*\s)?(?:\d{1,2}[:.]\d\d(?:\s*[-–]\s*\d{1,2}[:.]\d\d)?|(?:\d{1,2}|\d{4})\s?[-–]\s?(?:\d{1,2}|\d{4}))$/;

const isTorn = /\s(?:every|each|next|this|on|at|by|from|to|as|until|is|are|be|[-–—:])$/i;

function isLength(words: string): boolean {
  const tokens = tokenize(words);
  const length = readLength(tokens, 0);
  return length !== undefined && isPunctuation(tokens, length.end);
}

/** "change the due date to friday": of the task that was last spoken of. */
const fieldOfIt: Command = (sentence) => {
  const field = /^(?:set|change|move)\s+(?:the\s+|its\s+)?(?:(?:due\s+)?(?:date|time|day)\s+to|due\s+date)\s+/i.exec(
    sentence.text.visible,
  );
  return field ? to(sentence, 'it', field[0].length) : undefined;
};

/** "reschedule the report friday" */
const rescheduleAtEnd: Command = (sentence) => {
  const { text } = sentence;
  const verb =
    /^(?:reschedule|postpone|defer|delay|snooze)\s+(?!(?:to|until|till|for)\s)|^(?:set|change)\s+(?:the\s+)?due\s+date\s+(?:of|for)\s+/i.exec(
      text.visible,
    )?.[0];
  if (!verb) return undefined;
  for (const { left, right } of cuts(text.visible, verb.length + 1, /\s+/g)) {
    const call = to(sentence, withoutOldDate(text.slice(verb.length, left), sentence.time), right);
    if (call) return call;
  }
  return undefined;
};

/** Verbs behind which a date may stand without a preposition, unless they and what follows are a thing to do. */
const bareVerb =
  /^(?:(?<move>move|push|bump|shift|slide|kick|bounce)(?:\s+(?:back|out|off))?|bring\s+forward|put\s+(?:off|back)|(?<set>make|set)|(?<put>put)(?=\s.*\s(?:on|at|for)\s))\s+/i;
/** "move boxes into the garage friday" */
const placed = /\s(?:to|into|onto|from|out|in|on|off|up|down|over|through|by|so|and)(?=\s|$)/i;

/** "move report fri", "push the gym tomorrow 6pm", "set the dentist for friday at 3" */
const moveAtEnd: Command = (sentence) => {
  const { text } = sentence;
  const verb = bareVerb.exec(text.visible);
  if (!verb) return undefined;
  const { move, set, put } = verb.groups ?? {};
  // "make posters by friday"
  const between = set
    ? /\s+(?:(?:due\s+)?(?:on|at|for)\s+)?(?!by\b|before\b|in\b|on\b|at\b|for\b)/gi
    : put
      ? /\s+(?:on|at|for)\s+/g
      : /\s+(?!on\b|at\b|by\b|before\b|in\b|for\b)/g;
  for (const { left, right } of cuts(text.visible, verb[0].length + 1, between)) {
    const target = withoutOldDate(text.slice(verb[0].length, left), sentence.time);
    const isTask =
      /\binstead\b/i.test(target) || isThingToDo((move ?? set ?? 'put').toLowerCase(), target) || placed.test(target);
    const call = isTask ? undefined : to(sentence, target, right);
    if (call) return call;
  }
  return undefined;
};

const nextOne =
  /^(?:the\s+)?(?:next|upcoming)\s+(?:(?:one|occurrence|time)(?:\s+of\s+(?=\S)|[\s.!]*$)|(?!week|month|year|day)(?=\S))/i;
const nextWeek = /\s+next\s+week[\s.!]*$/i;
const thisWeek = /\s+this\s+week[\s.!]*$/i;

/** "skip it", "skip the next one", "skip the gym tomorrow", "skip this week's standup" */
const skipOccurrence: Command = (sentence) => {
  const verb = /^(?:skip|leave\s+out)\s+(?=\S)/i.exec(sentence.text.visible)?.[0];
  if (!verb) return undefined;
  const said = sentence.text.slice(verb.length).replace(/\s+(?:once|next time|this time)[\s.!]*$/i, '');
  const next = nextOne.exec(said)?.[0];
  const possessive = /^(?:(?:this\s+week|today|tomorrow|tonight|\w+day)(?:'s|’s)|this\s+week)\s+(?=\S)/i.exec(
    said,
  )?.[0];
  const object = said.slice((next ?? possessive ?? '').length);
  const { time } = sentence;
  const today = zoned(time.now, time.zone).toPlainDate();
  const isThisWeek = thisWeek.test(object) || /^this\s+week/i.test(possessive ?? '');
  if (isThisWeek) {
    const sunday = today.add({ days: 7 - today.dayOfWeek }).toString();
    return skipCall(object.replace(thisWeek, ''), { until: sunday });
  }
  if (nextWeek.test(object)) {
    const monday = today.add({ days: 8 - today.dayOfWeek });
    return skipCall(object.replace(nextWeek, ''), {
      from: monday.toString(),
      until: monday.add({ days: 6 }).toString(),
    });
  }
  const whole = dateOfDay(object, time);
  if (whole) return skipCall('it', { from: whole, until: whole });
  const day = possessive ? dateOfDay(possessive.replace(/(?:'s|’s)\s+$/i, ''), time) : undefined;
  if (day) return skipCall(object, { from: day, until: day });
  for (const { left, right } of cuts(object, 1, /\s+(?:on\s+)?/g)) {
    const date = dateOfDay(object.slice(right), time);
    if (date) return skipCall(object.slice(0, left), { from: date, until: date });
  }
  return skipCall(object === '' ? 'it' : object, {});
};

function skipCall(object: string, range: { from?: string; until?: string }): ToolCall | undefined {
  const task = taskName(object);
  return task ? { tool: 'skip_occurrence', arguments: { task, ...range } } : undefined;
}

function dateOfDay(words: string, time: UserTime): string | undefined {
  const due = readDate(words, time);
  return due && 'when' in due && /^\d{4}-\d{2}-\d{2}$/.test(due.when) ? due.when : undefined;
}

/** "make it friday", "it is due friday", "set it for 10:00", "make pay rent due on friday" */
const makeIt: Command = (sentence) => {
  const { visible } = sentence.text;
  const isShort = visible.length <= 2 * longestDate;
  const instead = isShort ? /\s+instead(?:\s+of\s+(?:on\s+)?(\S.*?))?[\s.!]*$/i.exec(visible) : null;
  const isDate = instead?.[1] === undefined || readDate(instead[1], sentence.time) !== undefined;
  const before = instead && isDate && { ...sentence, text: new WorkingText(sentence.text.slice(0, instead.index)) };
  if (instead && before) {
    const call = to(before, 'it', 0) ?? makeIt(before) ?? atEnd(before);
    return call && withOldDate(call, instead[1] && `instead of ${instead[1]}`);
  }
  const other = isShort ? notThatDay(sentence) : undefined;
  if (other) return other;
  const named = /^(?:make|set)\s+(it|this|that)\s+(?:to\s+be\s+|be\s+)?/i.exec(visible);
  // "make it 2 hours"
  if (named && isLength(visible.slice(named[0].length)))
    return explain(
      'How long from now, or how much later? Say for example "make it 2 hours later". Nothing was changed.',
    );
  if (named) return to(sentence, named[1]!, named[0].length);
  const said = /^(it|this|that)(?:'s|’s|\s+is|\s+should be|\s+must be)\s+(?:due\s+)?/i.exec(visible);
  if (said) return to(sentence, said[1]!, said[0].length);
  // "actually make it friday", "no, friday", "friday instead"
  const corrected =
    /^(?:(?:no|actually|sorry|rather|wait)\b[\s,]+)+(?:i meant?\s+|make\s+(?:it|that)\s+|on\s+)?(?=\S)|^i meant?\s+(?=\S)/i.exec(
      visible,
    );
  if (corrected) return to(sentence, 'it', corrected[0].length);
  // "remind me again in 10 minutes", "remind me about it tomorrow"
  const again = /^remind me\s+(?:again|(?:about|of)\s+(?:it|this|that))\s+/i.exec(visible);
  if (again) return to(sentence, 'it', again[0].length);
  // "pay rent is now due on friday"
  const due =
    /^(?:(?:the\s+)?due date (?:of|for)\s+)?(\S.*?)\s+(?:(?:is|are)\s+now|should be|must be)\s+(?:due\s+(?!to\b)|(?=(?:on|at|today|tomorrow|tonight|next|\w+day)\b))/i.exec(
      visible,
    ) ??
    /^(?:the\s+)?(?:new\s+)?(?:due date|deadline)(?:\s+(?:of|for))?\s+(\S.*?)(?:\s*(?::|->|=>|=|→)|\s+now(?:\s+is)?)\s*/i.exec(
      visible,
    ) ??
    /^(\S.*?)(?:['’]s)?\s+(?:due date|deadline)\s*(?:->|=>|→)\s*/i.exec(visible) ??
    /^(?:the\s+)?(?:due date|deadline) (?:of|for)\s+(\S.*?)\s+(?:is|(?:has been|was|got|is)\s+(?:now\s+)?(?:moved|extended|changed|pushed|postponed)(?:\s+to)?)\s+/i.exec(
      visible,
    );
  if (due) {
    const start = due[0].indexOf(due[1]!);
    const named = sentence.text.slice(start, start + due[1]!.length);
    return to(sentence, withoutOldDate(named, sentence.time), due[0].length);
  }
  const moved = /^(?:move|push|shift|reschedule|postpone|snooze|delay|defer)\s+(it|this|that)\s+/i.exec(visible);
  if (moved) return to(sentence, moved[1]!, moved[0].length);
  // "snooze until tomorrow"
  const later = /^(?:reschedule|postpone|snooze|delay|defer|move|push)\s+(?=(?:to|until|till|for)\s)/i.exec(visible);
  if (later) return to(sentence, 'it', later[0].length);
  const made = /^(?:make|set)\s+/i.exec(visible);
  const cut = made && /\s+due\s+/i.exec(visible.slice(made[0].length));
  if (!made || !cut) return undefined;
  const left = made[0].length + cut.index;
  return to(sentence, taskName(sentence.text.slice(made[0].length, left)), left + cut[0].length);
};

/** Between a name and its date: "groceries -> friday". */
const arrow = /\s*(?:[-=]{1,2}>|[→➔➜➡]\uFE0F?)\s*/u;

/** Whether a sentence may be a task that exists and its new date, or a new task and its date. */
export const hasArrow = (visible: string) => visible.length <= 2 * longestDate && arrow.test(visible);

/** "groceries -> friday": moves the task of that title, if there is one. */
const behindArrow: Command = (sentence) => {
  const { visible } = sentence.text;
  const found = hasArrow(visible) && !creationPrefix(visible) ? arrow.exec(visible) : null;
  const task = found && taskName(sentence.text.slice(0, found.index));
  return task ? to(sentence, task, found.index + found[0].length) : undefined;
};

/** "do it tomorrow" */
const doIt: Command = (sentence) => {
  const said = /^do\s+(it|this|that)\s+/i.exec(sentence.text.visible);
  return said ? to(sentence, said[1]!, said[0].length) : undefined;
};

/** "the dentist was moved to friday"; but "tell Ann that the dentist was moved to friday" */
const wasMoved: Command = (sentence) => {
  const { visible } = sentence.text;
  const said =
    /^(\S.*?)\s+(?:(?:is|are|was|were|got|has|have|has been|have been|(?:needs?|has|have|ought)\s+to(?:\s+be)?|(?:should|must)(?:\s+be)?)\s+)?(?:now\s+)?(?:moved?|slipped|rescheduled?|postponed|(?:pushed|bumped)(?:\s+(?:back|out|forward))?|brought\s+forward|delayed|shifted|changed|switched)\s+(?:from\s+\S.{0,60}?\s+)?(?:to|until|till|for)\s+/i.exec(
      visible,
    );
  if (/^(?:was|were|is|are|did|has|have|can|could|may)\s|\b(?:can|could|may|might|cannot|not)\s+be\s/i.test(visible))
    return undefined;
  if (!said || reportingVerbs.has(/^\w*/.exec(visible)![0].toLowerCase())) return undefined;
  return to(sentence, taskName(sentence.text.slice(0, said[1]!.length)), said[0].length);
};

/** "give the report a deadline on friday", "add the due date 26 march to the report" */
const giveDate: Command = (sentence) => {
  const { visible } = sentence.text;
  const given =
    /^(?:give|assign)\s+(?<task>\S.*?)\s+(?:an?|the)\s+(?:new\s+)?(?:due\s+date|deadline)\s+(?:of\s+|on\s+|for\s+)?(?=\S)/di.exec(
      visible,
    );
  const [start, end] = given?.indices?.groups?.['task'] ?? [0, 0];
  if (given) return to(sentence, taskName(sentence.text.slice(start, end)), given[0].length);
  const added =
    /^(?:add|set|put)\s+(?:(?:an?|the)\s+)?(?:new\s+)?(?:due\s+date|deadline)\s+(?:(?:of|on|for)\s+)?(?<date>\S.{0,98}?)\s+(?:to|for|on)\s+(?<task>\S.*)$/di.exec(
      visible,
    );
  const { date, task } = added?.indices?.groups ?? {};
  if (!date || !task || !readDate(visible.slice(...date), sentence.time)) return undefined;
  return to({ ...sentence, text: new WorkingText(visible.slice(...date)) }, taskName(sentence.text.slice(...task)), 0);
};

/** Between a task and its new time: "yoga now starts at 7", "gym is at 7 now", "gym at 6 from now on". */
const nowForms: readonly { readonly task: RegExp; readonly end: RegExp }[] = [
  {
    task: /^(\S.*?)\s+(?:is|are|will\s+be|starts?|begins?)\s+(?:due\s+)?(?=\S.*\snow[\s.!]*$)/i,
    end: /\s+now[\s.!]*$/i,
  },
  {
    task: /^(\S.*?)\s+(?:now\s+(?:(?:is|are|starts?|begins?|happens?)\s+)?|(?:is|are|starts?|begins?)\s+now\s+)(?:due\s+|starting\s+)?(?:from\s+)?(?=\S)/i,
    end: /[\s.!]*$/,
  },
  {
    task: /^(\S.*?)\s+(?:(?:is|are|starts?|begins?)\s+)?(?=(?:at|on)\s\S.*\sfrom\s+now\s+on[\s.!]*$)/i,
    end: /\s+from\s+now\s+on[\s.!]*$/i,
  },
];

const isNow: Command = (sentence) => {
  const { visible } = sentence.text;
  for (const { task, end } of nowForms) {
    const said = task.exec(visible);
    const name = said && withoutOldDate(sentence.text.slice(0, said[1]!.length), sentence.time);
    const text = new WorkingText(sentence.text.slice(0).replace(end, ''));
    // "the report a week from now at 9"
    const isPartOfDate = /\s(?:from|until|till|right|by|just|for)$/i.test(said?.[1] ?? '');
    const call = said && name && !isPartOfDate ? to({ ...sentence, text }, name, said[0].length) : undefined;
    if (call) return call;
  }
  return undefined;
};

/** "the report by thursday, not friday", "the dentist is at 4 not 3" */
const notThatTime: Command = (sentence) => {
  const { visible } = sentence.text;
  const not = /\s*,?\s+(?:and\s+)?not\s+(?:on\s+|at\s+|by\s+)?(\S{1,20}(?:\s\S{1,10})?)[\s.!]*$/i.exec(visible);
  if (!not || !(readDate(not[1]!, sentence.time) ?? readDate(`at ${not[1]!}`, sentence.time))) return undefined;
  const before = new WorkingText(sentence.text.slice(0, not.index));
  const between = /\s+(?:(?:is|are|should\s+be|must\s+be)\s+)?(?:now\s+)?(?:due\s+)?(?:on\s+|by\s+|for\s+)?/gi;
  for (const { left, right } of cuts(before.visible, 1, between)) {
    const call = to({ ...sentence, text: before }, taskName(before.slice(0, left)), right);
    if (call) return call;
  }
  return undefined;
};

/** "the dentist on friday instead", "the dentist is on friday instead of thursday" */
function atEnd(sentence: Sentence): ToolCall | undefined {
  const { visible } = sentence.text;
  const verb =
    /^(?:do|have|start|begin|let['’]?s\s+(?:do|have|start|move)|can\s+we\s+(?:do|have)|make|set|put|i(?:['’]?ll|\s+will|['’]?d\s+rather|\s+can)\s+(?:do|have))\s+/i.exec(
      visible,
    )?.[0].length ?? 0;
  const said =
    /\s+(?:(?:is|are|should be|must be)\s+)?(?:now\s+)?(?:due\s+)?(?:on|at|for|to)\s+|\s+(?=(?:today|tomorrow|\w+day|noon)\b|\d)/gi;
  for (const { left, right } of cuts(visible, verb + 1, said)) {
    const task = taskName(sentence.text.slice(verb, left));
    // "gym every monday instead"
    const call = /\s(?:every|each|next|this|on|at)$/i.test(task) ? undefined : to(sentence, task, right);
    if (call) return call;
  }
  return undefined;
}

/** "not friday, saturday", "friday, not saturday" */
function notThatDay(sentence: Sentence): ToolCall | undefined {
  const { visible } = sentence.text;
  const said =
    /^not\s+(?:on\s+|at\s+)?(?<not>[^,]+?)(?:,\s*(?:but\s+)?|\s+but\s+)(?<meant>\S.*?)[\s.!]*$/i.exec(visible) ??
    /^(?<meant>[^,]+),?\s+not\s+(?:on\s+|at\s+)?(?<not>\S.*?)[\s.!]*$/i.exec(visible);
  const { not, meant } = said?.groups ?? {};
  if (not === undefined || meant === undefined || meant.length > longestDate) return undefined;
  if (!readDate(not, sentence.time) || !readDate(meant, sentence.time)) return undefined;
  return to({ ...sentence, text: new WorkingText(meant) }, 'it', 0);
}

/** "extend the meeting to 2 hours", "make the call 30 minutes long", "extend yoga by 30 minutes": a task has no length. */
const lasting: Command = ({ text }) => {
  const { visible } = text;
  const verb = /^(?:(?<longer>extend|lengthen|prolong|shorten|cut|reduce|limit)|make|set)\s+(?:the\s+)?(?=\S)/i.exec(
    visible,
  );
  if (!verb) return undefined;
  const isLonger = verb.groups?.['longer'] !== undefined;
  const said = isLonger ? visible : visible.replace(/\s+(?:long|in\s+length)[\s.!]*$/i, '');
  const length = isLonger || said !== visible ? lastLength(said, verb[0].length) : undefined;
  const object = visible.slice(verb[0].length, length?.start);
  // "extend the deadline by 2 hours" moves it.
  if (!length || /\b(?:deadline|due|date|time)\b/i.test(object)) return undefined;
  const isTo = /\s(?:down\s+)?to$/i.test(object.trimEnd());
  const isPart = length.isSaid && length.value.days === 0 && length.value.months === 0;
  return isLonger
    ? isTo || isPart
      ? noLength
      : undefined
    : isThingToDo('make', object) && !/^\S+\s+the\s/i.test(visible)
      ? undefined
      : noLength;
};

const noLength = explain(
  'A task has a time at which it is due, but no length. Say for example "move pay rent to 4pm", or add a note: "add a note to pay rent: 2 hours". Nothing was changed.',
);

/** "snooze TASK 10 minutes": later than it was, or than now if that is past. */
const snooze: Command = ({ text }) => {
  const verb =
    /^(snooze|postpone|delay|defer|(?:push|bump|put|set)\s+(?:back|out|off)|push|bump|shift|slide|extend|hold(?:\s+off)?(?:\s+on)?|move|reschedule|make|set|put)\s+/i.exec(
      text.visible,
    );
  if (!verb) return undefined;
  const length = lastLength(text.visible, verb[0].length);
  // "make it an hour later"; "set the timer for 10 minutes"
  const isLater =
    !/^(?:make|(?:set|put)(?!\s+(?:back|off))|reschedule)/i.test(verb[0]) ||
    /\s(?:later|by\s.*|(?:off|back)\s.*)[\s.!]*$/i.test(text.visible);
  if (!length || !isLater) return undefined;
  const before = text.slice(verb[0].length, length.start);
  const task = withoutOldDate(before.replace(/\s+(?:back|forward|out|off|ahead|over)\s*$/i, ''), {
    now: new Date(0),
    zone: 'UTC',
  });
  // "push the gym to 2 hours"
  if (!text.hasQuotation && isTorn.test(` ${task}`)) return until;
  const said = verb[1]!.toLowerCase().split(' ')[0]!;
  // "hold the plank for 60 seconds"
  const isExercise = said === 'hold' && (isThingToDo(said, task) || isShort(length.value) || !length.isSaid);
  if (isExercise || (said !== 'snooze' && !isPronoun(task) && !length.isSaid && isThingToDo(said, task)))
    return undefined;
  const named = task || (said === 'snooze' ? 'it' : '');
  return named ? { tool: 'snooze_task', arguments: { task: named, by: duration(length.value) } } : undefined;
};

const isShort = ({ months, days, seconds }: Length) => months === 0 && days === 0 && seconds < 1800;

/** "move the report two hours earlier", "bring it forward by a day", "gym an hour earlier" */
const earlier: Command = ({ text }) => {
  const { visible } = text;
  const verb =
    /^(?:move|bring|pull|push|shift|reschedule|make|set|start|begin|do|have)\s+(?:forward\s+)?/i.exec(visible)?.[0] ??
    '';
  const end = /\s+(?:earlier|sooner)[\s.!]*$/i.exec(visible);
  const isForward = /^(?:bring|pull)\s+forward\s|^(?:bring|pull)\s.*\sforward\s|^(?:move|push|shift)\s.*\sup\s/i.test(
    visible,
  );
  if (!end && !isForward) return undefined;
  const length = lastLength(end ? visible.slice(0, end.index) : visible, verb.length);
  if (!length) return undefined;
  const named = text.slice(verb.length, length.start).replace(/\s+(?:forward|up|in)\s*$/i, '');
  const task = withoutOldDate(named, { now: new Date(0), zone: 'UTC' }) || 'it';
  const [first = '', ...more] = task.toLowerCase().split(' ');
  if (!verb && (more.length > 2 || requestVerbs.has(first))) return undefined;
  return { tool: 'snooze_task', arguments: { task, by: duration(length.value), earlier: true } };
};

/** "the milk can wait till saturday", "that can wait until next week" */
const canWait: Command = (sentence) => {
  const said =
    /^(?!(?:i|we|you|he|she|they|if|tell|ask|see|check)\b)(\S.*?)\s+can\s+(?:also\s+|easily\s+|still\s+)?(?:wait|be\s+done|stay)\s+(?:until|till|til)\s+(?=\S)/i.exec(
      sentence.text.visible,
    );
  return said ? to(sentence, taskName(sentence.text.slice(0, said[1]!.length)), said[0].length) : undefined;
};

/** "gym one day later", "the report 2 hours later", "half an hour later" */
const laterAtEnd: Command = ({ text }) => {
  if (!/\slater[\s.!]*$/i.test(text.visible)) return undefined;
  const length = lastLength(text.visible, 0);
  const task = length && (taskName(text.slice(0, length.start)) || 'it');
  const [first = '', ...more] = task?.toLowerCase().split(' ') ?? [];
  return task && more.length < 3 && !requestVerbs.has(first)
    ? { tool: 'snooze_task', arguments: { task, by: duration(length.value) } }
    : undefined;
};

/** "snooze 10": minutes, as of an alarm clock */
const snoozeMinutes: Command = ({ text }) => {
  const minutes = /^snooze\s+(?:(?:it|this|that)\s+)?(?:for\s+)?(\d{1,3})[\s.!]*$/i.exec(text.visible)?.[1];
  return Number(minutes) > 0
    ? { tool: 'snooze_task', arguments: { task: 'it', by: `PT${Number(minutes)}M` } }
    : undefined;
};

/** "snooze pay rent", as an alarm clock would */
const snoozeShortly = onTask(/^snooze\s+(.+)$/i, (task) => ({ tool: 'snooze_task', arguments: { task, by: 'PT10M' } }));

/** "snooze it for a while", "push the gym back until further notice", "move the gym earlier": until when? */
const unclearTime: Command = ({ text }) =>
  /^(?:snooze|postpone|delay|defer|reschedule|push|move|bring|bump|shift|put|make(?=\s+(?:it|that|this)\b))\s.*\s(?:until|till|for\s+(?:an?\s+(?:bit|while|few)|some|the|today|now|this|ever|later)|by\s+an?\s+bit|indefinitely|some\s?(?:day|time)|to\s+(?:later|some\s?day|another|a\s+(?:later|different|better))|(?:to\s+)?(?:the\s+)?(?:day\s+(?:before|after)|same\s+time)|earlier|sooner|forward|later|a\s+(?:bit|little))(?=[\s.!?]|$)/i.test(
    text.visible,
  )
    ? until
    : undefined;

/** "2 more hours for the report", "I need another day for the taxes": longer, or later? */
const moreTime: Command = ({ text }) =>
  /^(?:(?:i|we)\s+(?:need|want)\s+|give\s+me\s+|give\s+it\s+)?(?:(?:an?|some|\d{1,3}|one|two|three|four|five|six|ten)\s+)?(?:more|extra|additional|another)\s+(?:time|minutes?|mins?|hours?|hrs?|days?|weeks?)(?:\s+(?:for|on|to|with)\s+\S.*)?[\s.!]*$/i.test(
    text.visible,
  )
    ? until
    : undefined;

/** "snooze it for the weekend" is no new date. */
const snoozedFor: Command = ({ text }) =>
  /^snooze\s.*\sfor\s+(?:the|this|today|tonight|tomorrow|next)\b/i.test(text.visible) ? until : undefined;

/** The length at the end of a text, with what introduces it. */
function lastLength(visible: string, from: number): { start: number; value: Length; isSaid: boolean } | undefined {
  const tokens = tokenize(visible);
  for (let index = Math.max(0, tokens.length - 16); index < tokens.length; index++) {
    const token = at(tokens, index);
    // An id may end in "29d".
    if (token.start < from || !token.isSpaced) continue;
    const back = skip(tokens, index, 'back', 'out');
    const introduced = skip(tokens, back, 'for', 'by');
    const more = skip(tokens, introduced, 'another');
    const length = readLength(tokens, more);
    if (!length || length.value.seconds < 0) continue;
    const later = skip(tokens, length.end, 'later', 'more');
    let end = later;
    while (['.', '!', '?'].includes(at(tokens, end).text)) end++;
    if (at(tokens, end).kind !== 'end') continue;
    return { start: token.start, value: length.value, isSaid: introduced > index || later > length.end };
  }
  return undefined;
}

/** ISO 8601 */
function duration({ months, days, seconds }: Length): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (days % 7 === 0 && days > 0 && months === 0 && seconds === 0) return `P${days / 7}W`;
  const date = `${months ? `${months}M` : ''}${days ? `${days}D` : ''}`;
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${rest ? `${rest}S` : ''}`;
  return `P${date}${time ? `T${time}` : ''}`.replace(/^P$/, 'PT0S');
}

/** "postpone it" does not say until when; "postpone the dentist" is about that task, if there is one. */
const postponeWithoutDate = onTask(/^(?:reschedule|postpone|delay|defer)\s+(.+)$/i, (task) =>
  isPronoun(task)
    ? explain('Until when? Say for example "postpone it until friday".')
    : { tool: 'show_task', arguments: { task } },
);

/** "move the dentist": until when? "Move house" is a task. */
const moveWithoutDate = onTask(/^(move|push|shift)\s+((?:the\s+|my\s+)?[\p{L}\p{N}-]+)[\s.!]*$/iu, (task, [, verb]) =>
  isPronoun(task) || isThingToDo(verb!.toLowerCase(), task) ? undefined : { tool: 'show_task', arguments: { task } },
);

/** Sentences that change when a task is due. */
export const timeCommands: readonly Command[] = [
  snoozedFor,
  lasting,
  canWait,
  moreTime,
  giveDate,
  fieldOfIt,
  snoozeMinutes,
  rescheduleAtEnd,
  reschedule,
  earlier,
  snooze,
  laterAtEnd,
  makeIt,
  doIt,
  behindArrow,
  wasMoved,
  moveAtEnd,
  notThatTime,
  isNow,
  unclearTime,
  snoozeShortly,
  postponeWithoutDate,
  moveWithoutDate,
  skipOccurrence,
];
