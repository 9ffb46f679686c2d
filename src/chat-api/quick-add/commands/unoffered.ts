import { explain, isDated, onTask, taskName, type Command } from './sentence.ts';
import { isPronoun } from './pronouns.ts';
import { isThingToDo } from './task-or-command.ts';
import { anyOf, shortName } from './words.ts';

/*
 * What other task managers do with a task, and this one does not: it is said, and never stored as a task of that name.
 */

/** What is done to tasks, and hardly to anything else: nobody stars a thing. */
const ofTasks = `star unstar favourite favorite unfavourite unfavorite unpin pin duplicate clone indent outdent mute unmute archive
  unarchive unflag unrepeat unsnooze purge nest upvote ditch nuke axe`;

/** Of things as well, but of no "it": "print the tickets", "share it". */
const ofThings = `share print export sort hide unhide assign reassign delegate copy merge combine split convert attach colour color
  link group block unblock swap open view edit toggle collapse expand filter reorder rearrange pause resume trash bin toss lose`;

/** Of "it" as well: "send it to Bob". */
const ofAnything =
  'import sync lock unlock email send forward download upload save start stop track order move put take read';

const pronoun = String.raw`(?:it|them|(?:this|that|these|those)(?=[\s.!?]*$|\s+${anyOf('to with for on in by as and up off down from at into now one')}))(?=[\s.!?,:]|$)`;
const tasks = String.raw`(?:me\s+)?(?:(?:all|my|the|this|that|these|those|every|each|(?:today|tomorrow|yesterday)['’]s|overdue|open|completed)\s+)+(?:[\p{L}\p{N}-]+\s+){0,3}(?:tasks?|to[ -]?dos?|(?:to[ -]?do|task)\s+lists?)(?=[\s.!?,:]|$)|(?:my|this)\s+(?:whole\s+|entire\s+)?list(?=[\s.!?]*$|\s+(?:to|with|for|as|by)\s)|the\s+(?:whole\s+|entire\s+)?list[\s.!?]*$|(?:all\s+)?(?:completed|done|finished)(?:\s+(?:ones|items))?[\s.!]*$|everything[\s.!]*$`;

const onAnyTask = new RegExp(
  String.raw`^(${anyOf(`${ofTasks} ${ofThings}`)})\s+(?:${pronoun}|${tasks})|^(${anyOf(ofAnything)})\s+(?:${tasks})`,
  'iu',
);

/** "pin it", "copy the dentist task to thursday", "export my tasks" */
const anyTask: Command = ({ text }) => {
  const found = onAnyTask.exec(text.visible);
  const verb = found?.[1] ?? found?.[2];
  return verb === undefined
    ? undefined
    : explain(
        `I cannot ${verb.toLowerCase()} tasks. I can create, show, change, move, complete and delete them. Nothing was changed.`,
      );
};

const name = `(${shortName})`;
const end = String.raw`[\s.!]*$`;

/** About a task of that name, if there is one; else they are things to do. */
const onNamedTask: readonly RegExp[] = [
  `^${anyOf(ofTasks)}\\s+${name}${end}`,
  // "swap gym and yoga", "split the report into two"
  String.raw`^(?:merge|combine)\s+${name}\s+(?:and|with|into)\s+${shortName}${end}`,
  String.raw`^(?:swap|switch|exchange)\s+${name}\s+and\s+${shortName}${end}`,
  String.raw`^(?:split|break)\s+(?:up\s+)?${name}\s+(?:up\s+)?(?:in|into)\s+(?:\d|two|three|four|several|smaller)?\s*(?:tasks|parts|pieces|sub-?tasks|steps)?${end}`,
  String.raw`^(?:assign|delegate|reassign|hand(?:\s+over)?)\s+${name}\s+(?:over\s+)?to\s+\p{L}+${end}`,
  String.raw`^attach\s+(?:an?\s+|the\s+|this\s+)?\p{L}+\s+to\s+${name}${end}`,
  String.raw`^(?:take|knock)\s+${name}\s+off(?:\s+(?:then|now|again))?${end}`,
  String.raw`^put\s+${name}\s+back\s+(?:in|on)${end}`,
  // "kill the gym reminder": that, or the gym?
  String.raw`^(?:scrap|bin|kill|trash|lose|drop)\s+((?:the|my)\s+(?:[\p{L}\p{N}'’-]+\s+){0,3}?reminder)${end}`,
  String.raw`^(?:edit|change|modify|correct)\s+([^:]{1,60}?)\s*:\s+\S.*$`,
].map((pattern) => new RegExp(pattern, 'iu'));

/** With a date, only copies are of a task: "duplicate gym for friday", but "archive the letters friday". */
const copied = new RegExp(
  String.raw`^(?:(?:duplicate|clone)\s+(?=.*\s(?:to|for|on)\s)|copy\s+(?=.*\sto\s))${name}\s+(?:to|for|on)\s+\S`,
  'iu',
);

/** "pause the gym for two weeks", "pause the gym until may": for want of a pause, which task is to be skipped? */
const paused = new RegExp(String.raw`^(?:pause|suspend)\s+(?=(?:the|my|our)\s)${name}\s+(?:for|until|till)\s+\S`, 'iu');

const namedTask: Command = (sentence) => {
  const { visible } = sentence.text;
  const isCopied = copied.test(visible) && isDated(sentence);
  const isPaused = paused.test(visible);
  const pattern = isCopied ? copied : isPaused ? paused : onNamedTask.find((pattern) => pattern.test(visible));
  if (!pattern || (!isCopied && !isPaused && isDated(sentence))) return undefined;
  return onTask(pattern, (task) => ({ tool: 'show_task', arguments: { task } }))(sentence);
};

/** What tasks do not have here, and places in a list that goes by due dates. */
const unknownFields: readonly RegExp[] = [
  /^(?:export|download|print|save)\s+(?:as|to)\s+(?:an?\s+)?(?:csv|pdf|excel|json|ical|ics|calendar|word)\b/i,
  /^(?:prioriti[sz]e|do)\s+\S.*\s(?:over|before)\s+(?:the\s+|my\s+)?[\p{L}-]+[\s.!]*$/iu,
  /^(?:convert|turn|change|make|promote|demote)\s.*\s(?:in)?to\s+(?:an?\s+)?(?:project|folder|list|note|event|sub-?task|checklist|goal|habit|template|epic|story|ticket)s?[\s.!]*$/i,
  /^make\s.*\san?\s+(?:sub-?task|child|parent|dependency)\s+of\s/i,
  /^(?:move|drag|push|bump|keep|list|pin|stick|float|put(?=.*\s(?:top|first|last)))\s+\S.*\s(?:up|down|(?:to|at|on)\s+(?:the\s+)?(?:top|bottom|front|end)(?:\s+of\s+(?:the|my)\s+list)?|first|last)[\s.!]*$/i,
  /^mark\s+\S.*\s(?:red|green|blue|yellow|orange|purple|pink|read|unread|seen)[\s.!]*$/i,
];

const unknownField: Command = ({ text }) =>
  unknownFields.some((pattern) => pattern.test(text.visible))
    ? explain(
        'A task has a title, a due date, a recurrence, reminders, a priority, tags and a description, and tasks are listed by due date. Nothing else can be changed. Nothing was changed.',
      )
    : undefined;

const place = String.raw`(?<list>(?!(?:the|my|our|an?|to[ -]?do|task|guest|waiting|wait|mailing|e-?mail|invite|invitation|distribution|contact|price|team|seating)s?\s)[\p{L}\p{N}-]+(?:\s+[\p{L}\p{N}-]+)?)`;
const otherLists: readonly RegExp[] = [
  // "put call mum in the family list"
  String.raw`^(?:put|file|copy|keep)\s+(?<task>\S.*?)\s+(?:in|into|on|onto|to|under)\s+(?:(?:the|my|our)\s+)?${place}\s+(?:list|project)${end}`,
  String.raw`^(?:move)\s+(?<task>\S.*?)\s+(?:in|into|on|onto|to|under)\s+(?:(?:the|my|our)\s+)?${place}\s+(?:list|project|folder|section|board|column)${end}`,
  String.raw`^(?:put|file|copy|move)\s+(?<task>\S.*?)\s+(?:in|into|on|onto|to|under)\s+(?:(?:the|my|our)\s+)?(?:list|project)\s+${place}${end}`,
].map((pattern) => new RegExp(pattern, 'diu'));

/** Another list than the one that there is. */
const otherList: Command = ({ text }) => {
  const found = otherLists.map((pattern) => pattern.exec(text.visible)).find((match) => match !== null);
  if (!found) return undefined;
  const task = taskName(text.slice(...found.indices!.groups!['task']!)).slice(0, 100);
  // "put the savings in the holiday project" is to be done.
  if (/^put\b/i.test(text.visible) && isThingToDo('put', task)) return undefined;
  const tag = found.groups!['list']!.toLowerCase().replace(/\s+/g, '-');
  const create = isPronoun(task) ? '' : `\nFor a new one, say: add ${task} #${tag}`;
  const reply = `There is only one list here; tags stand for others. For a task that exists, say: tag ${task} with ${tag}${create}\nNothing was changed.`;
  return { tool: 'help', arguments: { reply } };
};

/** "create a project Garden"; "create a project plan" is to be done. */
const newProject: Command = ({ text }) => {
  const name =
    /^(?:[Cc]reate|[Aa]dd|[Mm]ake|[Ss]tart|[Oo]pen|[Nn]ew)\s+(?:an?\s+)?(?:new\s+)?(?:project|board)\s+(\p{Lu}[\p{L}\p{N}-]*)[\s.!]*$/u.exec(
      text.visible,
    )?.[1];
  const reply = `There is only one list here; tags stand for others. Tag a task with it, for example: add call Bob #${name?.toLowerCase()}\nNothing was changed.`;
  return name === undefined ? undefined : { tool: 'help', arguments: { reply } };
};

export const unofferedCommands: readonly Command[] = [anyTask, namedTask, otherList, newProject, unknownField];

/** Whether a sentence is of those that name a task or are a new one. */
export const mayBeUnoffered = (visible: string) =>
  copied.test(visible) || paused.test(visible) || onNamedTask.some((pattern) => pattern.test(visible));
