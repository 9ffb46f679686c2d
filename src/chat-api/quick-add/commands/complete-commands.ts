import type { ToolCall } from '../../chat/tool-calls.ts';
import { WorkingText } from '../working-text.ts';
import { doneVerbs } from '../vocabulary/title-words.ts';
import { verbOfPast } from './past-verbs.ts';
import { notReported } from './words.ts';
import { explain, isDated, onTask, type Command } from './sentence.ts';

/** When something was done: no part of its title, and a task with these words in it is found without them. */
const pastTime = String.raw`(?:\s+(?:already|now|just\s+now|today|yesterday(?:\s+(?:morning|afternoon|evening|night))?|on\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day|earlier(?:\s+(?:today|on))?|this\s+(?:morning|afternoon|evening)|last\s+(?:night|week|month|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|(?:an?|\w+)\s+(?:minutes?|hours?|days?|weeks?)\s+ago))*`;
const atEnd = new RegExp(`${pastTime}[\\s.!]*$`, 'i');

const complete = (task: string): ToolCall => ({ tool: 'complete_task', arguments: { task } });

/** A day that is over is not kept, which is told. */
const lastWords =
  /\b(?:yesterday|last\s+(?:night|week|month|weekend|\w+day)|on\s+\w+day|\S+\s+(?:days?|weeks?)\s+ago)\b/i;

const completePast = (said: string): ToolCall => completeWhen(said.replace(atEnd, '') || said, said);

function completeWhen(task: string, said: string): ToolCall {
  const day = lastWords.exec(atEnd.exec(said)?.[0] ?? '')?.[0];
  const remarks = day === undefined ? undefined : [`It counts as done now; I cannot note "${day}".`];
  return { tool: 'complete_task', arguments: { task, ...(remarks && { remarks }) } };
}

const ofIt = [
  /^(?:mark|set)(?:\s+(?:as|to))?\s+(?:done|completed?|finished)[\s.!]*$/i,
  /^(?:(?:it|that|this)(?:\s+one)?(?:'s|’s| is| was)\s+|i(?:'m|’m| am)\s+)?(?:all\s+)?(?:done|finished|completed?)(?:\s+(?:with\s+)?(?:it|that|this))?(?:\s+(?:already|now|today|yesterday|this morning|last night|earlier))?[\s.!]*$/i,
  /^(?:i\s+)?got\s+(?:it|that|this)\s+done[\s.!]*$/i,
  /^(?:already\s+)?did\s+(?:it|that|this)(?:\s+already)?[\s.!]*$/i,
  /^(?:already\s+done|done\s+already|done and dusted)[\s.!]*$/i,
  /^i(?:'ve|’ve| have)?\s+(?:did|done|finished|completed)\s+(?:it|that|this)[\s.!]*$/i,
];

/** "done", "mark it as complete": of the task that was last spoken of. */
export const completeIt: Command = ({ text }) =>
  ofIt.some((pattern) => pattern.test(text.visible)) ? complete('it') : undefined;

/** "Tell Ann that it is done", "check if the laundry is done" */
const reportedSpeech =
  /\b(?:if|whether|that|until|till|sure|when|once|after|before|what)\b|\s(?:be|as|not|never)$|(?:\b(?:half|almost|nearly|mostly|partly|halfway)|%)$/i;

const unreported = new RegExp(`^${notReported}`, 'i');

/** "the report is kind of done", "gym make done" */
const partly =
  /\s(?:make|get|to|must|should|kinda|kind of|sorta|sort of|basically|(?:is|are|was|were)(?:\s+(?!all\b|now\b)\w+)?)$/i;

/** "pay rent is done", "pay rent done": the task is what the first group matches. */
function statement(pattern: RegExp): Command {
  const ofTask = onTask(/^(.+)$/i, complete);
  return ({ text, time }) => {
    const said = pattern.exec(text.visible)?.[1];
    if (
      said === undefined ||
      /^(?:not|nothing|none|no)\b/i.test(said) ||
      reportedSpeech.test(said) ||
      !unreported.test(said)
    )
      return undefined;
    if (partly.test(said)) return explain('Is it done? Say for example "done with pay rent". Nothing was changed.');
    return ofTask({ text: new WorkingText(text.slice(0, said.length)), time });
  };
}

/** "I've called mum", "I paid the rent": done, but hardly by the words of its title. */
const doneAlready =
  /^(?:i|we) (?:already |just |finally )?went to\b|^(?:i|we)(?!(?:'ve|’ve| have) got\b)(?:'ve|’ve| have)?(?:\s+(?:already|just|finally))?\s+(?:[a-z]+[^e]ed|paid|sent|bought|made|met|written|wrote|told|taken|took|given|gave|seen|saw|spoken|spoke|found|got|went|gone|called|picked|dropped|signed|ate|did|done|fed|ran|wrote|built|held|left|won|brought|drove|chose|swam|(?:read|put|set|cut|shut)(?=\s+(?:the|my|our)\b))\b(?!\s+to\b|['’])/i;

/** Pasts that begin no title: "called grandma", while "fixed costs" and "paid leave" may be to be looked at. */
const noAdjective =
  /^(?:asked|ate|brought|bought|called|did|emailed|fed|gave|got|hoovered|mailed|messaged|met|mowed|phoned|rang|spoke|swept|texted|told|vacuumed|walked|washed|watered|went|wrote)$/i;

/** "sent it on 1 march", "paid rent yesterday", "bought milk": the same, without "I". */
function isDoneAlready(visible: string): boolean {
  const [, verb, rest = ''] = /^(?:already\s+|just\s+)?([a-z]+)\s+(.*)$/is.exec(visible) ?? [];
  if (!verb || !doneVerbs.has(verb.toLowerCase())) return false;
  const hasObject =
    /^(?:(?:to|with|off|up|in|out|for)\s+)*(?:it|this|that|them|these|those|him|her|the|my|our|his|their|an?)\b/i;
  const isPast =
    /\b(?:yesterday|last (?:night|week|month|year|[a-z]+day)|this morning|earlier|ago|just now|already|today)[\s.!]*$/i;
  return hasObject.test(rest) || isPast.test(rest) || noAdjective.test(verb);
}

const unclearTask = explain('Which task is done? Say for example "done with call Bob". Nothing was changed.');
const oneAtATime = explain('I complete one task at a time. Say the first one, then the next. Nothing was changed.');

const pastSentence =
  /^(?:(?:i|we)(?:['’]ve|\s+have)?\s+)?(?:(?:already|just|finally)\s+)*(?<verb>[a-z]+)\s+(?<object>\S.*?)(?:\s+(?:already|just\s+now|now|today|yesterday(?:\s+(?:morning|afternoon|evening|night))?|earlier(?:\s+today)?|this\s+(?:morning|afternoon|evening)|last\s+(?:night|week|month|(?:mon|tues|wednes|thurs|fri|satur|sun)day)|on\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day|\S+\s+(?:minutes?|hours?|days?|weeks?)\s+ago))*[\s.!]*$/di;

/** "I paid the rent": of the task that begins with "pay", and has the other words. */
function completeOfPast(text: WorkingText): ToolCall | undefined {
  const found = pastSentence.exec(text.visible);
  const { verb, object } = found?.groups ?? {};
  const base = verb && verbOfPast(verb);
  if (!base || !object || text.hasQuotation || ofList.has(base)) return undefined;
  const others = [
    ...object.matchAll(/(?:\s+(?:and|then)|,)\s+(?:then\s+)?(?:(?:i|we)(?:['’]ve|\s+have)?\s+)?([a-z]+)(?=\s)/gi),
  ];
  if (others.some(([, word]) => verbOfPast(word!) !== undefined)) return oneAtATime;
  const words = object.split(' ').filter((word) => !/^(?:the|an?|my|our|some)$/i.test(word));
  // "I sent it", "I went with her"
  const isNamed = !words.slice(0, 2).some((word) => reference.test(word)) && words.some((word) => !particle.test(word));
  // "I got an extension until monday" is no title in other words.
  const isNews = base === 'get' && /\b(?:until|till|tomorrow|tonight|next|at|from|about|that|to)\b/i.test(object);
  if (words.length > 6 || isNews) return undefined;
  return isNamed ? completeWhen([base, ...words].join(' ').slice(0, 500), text.visible) : undefined;
}

/** "the rent has been paid": of the task that begins with "pay". */
const passive = new RegExp(
  String.raw`^(?!(?:who|what|which|where|why|how|it|this|that|these|those|he|she|they|i|you|we|there)\b)${notReported}(?<task>\S.*?)\s+(?:has|have)\s+(?:(?:already|now|finally|just)\s+)*been\s+(?<verb>[a-z]+)${pastTime}[\s.!]*$`,
  'di',
);

const completeOfPassive: Command = ({ text }) => {
  const found = passive.exec(text.visible);
  const [start, end] = found?.indices?.groups?.['task'] ?? [0, 0];
  const verb = found?.groups?.['verb'];
  return verb === undefined ? undefined : completeOfPast(new WorkingText(`${verb} ${text.slice(start, end)}`));
};

/** "I haven't paid the rent yet": it is open again, if it was not. */
const notYet =
  /^(?:i|we)\s+have(?:n['’]?t|\s+not)\s+(?:(?:actually|really|even)\s+)?(?<past>[a-z]+\s+\S.*?)(?:\s+yet)?[\s.!]*$/di;

const reopenOfPast: Command = ({ text }) => {
  const past = notYet.exec(text.visible)?.indices?.groups?.['past'];
  const call = past && completeOfPast(new WorkingText(text.slice(...past)));
  return call?.tool === 'complete_task'
    ? { tool: 'update_task', arguments: { task: call.arguments.task, status: 'TODO' } }
    : undefined;
};

/** What one does to tasks: "I deleted the gym" is not done by completing it. */
const ofList: ReadonlySet<string> = new Set(
  'delete remove add create move rename reschedule postpone snooze tag mark skip'.split(' '),
);

const reference =
  /^(?:it|this|that|them|these|those|him|her|you|me|us|one|ones|all|everything|something|anything|nothing|what|how|if|when|why|where|who)$/i;
const particle = /^(?:to|with|for|off|up|out|in|on|back|over|down)$/i;

/** "finish the budget by friday": that is yet to be done. */
const finishedBy = /^(?:complete|finish)\s.*\s(?:by|before|until|till)\s/i;

export const completeCommands: readonly Command[] = [
  // "mark done: pay rent"
  onTask(/^mark\s+(?:as\s+)?(?:done|completed?|finished)(?:\s*:\s*|\s+)(?=\S)(.+)$/i, complete),
  onTask(/^(?:i(?:'m|’m| am) |we(?:'re|’re| are) )?(?:all )?(?:done|finished|through) with\s+(.+)$/i, complete),
  onTask(
    /^(?:check|tick|cross|mark)\s+(.+?)\s+off(?:\s+(?:of\s+)?(?:my|the)\s+(?:to[ -]?do\s+|task\s+)?list)?[\s.!]*$/i,
    complete,
  ),
  onTask(/^(?:[✓✔✅☑]\uFE0F?|(?:[-*•]\s*)?\[x\])\s*(\S.*)$/iu, complete),
  onTask(/^(\S.*?)\s*(?:[✓✔✅☑]\uFE0F?|\s\[x\])\s*$/iu, complete),
  onTask(/^(?:put|draw)\s+a\s+line\s+through\s+(.+)$/i, complete),
  onTask(/^close\s+(?:out\s+)?(?:the|my)\s+(.+?)\s+task[\s.!]*$/i, complete),
  (sentence) =>
    finishedBy.test(sentence.text.visible) && isDated(sentence)
      ? undefined
      : onTask(
          /^(?:complete|finish|check off|tick off|cross off|cross out|mark off|tick)\s+(.+)$/i,
          complete,
        )(sentence),
  onTask(
    /^(?:done(?:\s*:)?\s+|(?:(?:i|we)(?:'ve|’ve| have)?\s+)?(?:(?:already|just|finally)\s+)?(?:finished|completed)\s+|i(?:'ve|’ve| have)? (?:(?:already|just|finally)\s+)?(?:done|did)\s+)(.+)$/i,
    completePast,
  ),
  onTask(/^(?:consider|count)\s+(.+?)\s+(?:as\s+)?(?:done|finished|completed?)[\s.!]*$/i, complete),
  statement(
    /^(.+?)(?:\s+(?:is|are|has been|have been|was|were)|(?:'s|’s))\s+(?:now\s+|already\s+|finally\s+)?(?:done|finished|completed?)(?:\s+(?:already|now|as of (?:today|now)|today|yesterday|this morning|last night|earlier))?[\s.!]*$/i,
  ),
  statement(/^(.+?)\s*(?::|->|=>|→|=|\s[-–—]\s)\s*(?:done|completed?|finished)[\s.!]*$/i),
  statement(
    /^(?!(?:get|have|be|make|until|hide|show|list|archive|clear|see|view)\b)(.+)\s+(?:done|finished|completed?)[\s.!]*$/i,
  ),
  completeOfPassive,
  reopenOfPast,
  ({ text }) =>
    /^had\s+(?:my|the|our)\s/i.test(text.visible) || doneAlready.test(text.visible) || isDoneAlready(text.visible)
      ? (completeOfPast(text) ?? unclearTask)
      : undefined,
];
