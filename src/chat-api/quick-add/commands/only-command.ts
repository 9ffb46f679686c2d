import { readTask } from '../task-phrase.ts';
import type { UserTime } from '../when.ts';
import { readAll } from './all-command.ts';
import { isImperative } from './clause-words.ts';
import { isThingToDo } from './task-or-command.ts';
import { WorkingText } from '../working-text.ts';
import { severalChanges } from './several-changes.ts';

/*
 * Commands whose words are said of tasks alone: where there is no such task, they are no title either. "tick off the
 * ironing" is none; "move the sofa" is.
 */

const end = String.raw`(?:\s+(?:please|now|too))?[\s.!]*$`;
const field = String.raw`(?:priority|prio|due\s+(?:date|time)|date|time|deadline|reminders?|recurrence|title|name|tags?|labels?|notes?|description|status)`;
const quality = String.raw`(?:done|finished|completed?|urgent|important|(?:high|low|medium|normal)\s+priority|in\s+progress|overdue|open)`;

const onlyOfTasks: readonly RegExp[] = [
  /^(?:rename|retitle|(?:de)?prioriti[sz]e|un\w*tag|unlabel|reopen|undelete|snooze|mark)\s/i,
  /^(?:tick|check|cross|strike)\s+(?:off\s+\S|\S.*\soff\b(?!\s+(?:the|a)\b))/i,
  // "remove milk from my list"
  /^\S+\s.*\s(?:from|off|on|in)\s+(?:(?:my|the|this)\s+)?(?:(?:to[ -]?do|task)\s+)?(?:list|tasks|to[ -]?dos)[\s.!]*$/i,
  // "change the time of yoga", "no reminder for the gym", "set the gym's priority"
  new RegExp(
    String.raw`^(?:(?:bump|raise|lower|change|set|move|push|clear|drop|cancel|remove|edit|update|increase|decrease|put|turn|make|switch|shift|adjust)\s+(?:(?:up|down|off)\s+)?|no\s+(?:more\s+)?)(?:the\s+|its\s+|any\s+|a\s+)?${field}\s+(?:of|for|from|on)\s`,
    'i',
  ),
  new RegExp(String.raw`^\S+\s.*['’]s\s+${field}(?:\s+to\s.*)?${end}`, 'i'),
  // "complete the ironing task", "remove every task tagged x"
  /^\S+\s+(?:the|my)\s.*\s(?:task|to-?do)[\s.!]*$/i,
  /^\S+\s+(?:all|every|each|any)\s+(?:\S+\s+){0,3}(?:tasks?|to-?dos?)\b/i,
  /^(?:tag|label|flag|untag)\s.*\s#\S+[\s.!]*$/i,
  /^(?:tag|label|flag)\s.*\s(?:as|with)\s/i,
  new RegExp(String.raw`^(?:make|set|put|turn|change|switch)\s.*\s(?:to\s+|as\s+|on\s+)?${quality}${end}`, 'i'),
  /^(?:unstar|star|favou?rite|unpin|duplicate|clone|indent|outdent|unmute|mute|unarchive|unflag|unrepeat|unsnooze|nest|upvote)\s/i,
  /^edit\s[^:]+:\s/i,
  /^repeat\s.*\s(?:until|till)\s/i,
  /^(?:restore|recover)\s+(?:the\s+)?(?:deleted|removed)\s/i,
  /\b(?:everything|(?:every|each|all)\s+(?:of\s+)?(?:(?:the|my|today['’]?s|tomorrow['’]?s)\s+)?(?:tasks?|todos?|stuff|things|ones|due|overdue))\b/i,
  /^\S+\s+#\S+\s+(?:(?:from|off|to)\s|(?:with|for|by)\s+#)/i,
  /^(?:start|begin|do|have)\s.*\sinstead\s+of\s+(?:at\s+|on\s+)?(?:\d|noon|(?:mon|tues|wednes|thurs|fri|satur|sun)day)/i,
  /^(?:make|start|begin|do|have|set|reschedule)\s.*\s(?:days?|weeks?|hours?|hrs?|minutes?|mins?|months?)\s+(?:earlier|sooner)[\s.!]*$/i,
  /^skip\s.*\s(?:this|next)\s+(?:time|week|month|one|occurrence)[\s.!]*$/i,
  /^(?:move|push|bump|shift|delay|postpone|hold|bring|pull|kick|slide|defer|extend)\s.*\s(?:by\s+)?(?:\d+|an?|one|two|three|half\s+an?|a\s+few|a\s+couple\s+of)\s*(?:days?|weeks?|hours?|hrs?|minutes?|mins?|months?)(?:\s+(?:later|back|earlier|forward|out))?[\s.!]*$/i,
];

/** "the ironing is done", "laundry's done", "ironing done"; but "get the report done" is to be done. */
const isState = new RegExp(String.raw`^(\S+)(?:\s.*)?\s${quality}${end}`, 'i');

const moved =
  /^(?:move|push|bump|shift|slide|kick|bring|pull|hold|delay|postpone|defer|reschedule|put\s+off|hold\s+off(?:\s+on)?|extend|change|set|switch)\s+(\S.*?)\s+(?:(?:back|out|forward|on|up)\s+)?(?:to|until|till|for)\s+(\S.*)$/i;
const repeated = /^(?:repeat|make|set|change|turn|switch)\s/i;

/** Whether a sentence can only be a command for a task that exists. */
export function isOnlyCommand(line: string, time: UserTime): boolean {
  const said = line.slice(0, longest);
  const isRename = /^rename\s/i.test(said) && isThingToDo('rename', said.slice(7));
  if (!isRename && onlyOfTasks.some((pattern) => pattern.test(said))) return true;
  const sentence = { text: new WorkingText(said), time };
  if (severalChanges(sentence) || readAll(sentence)?.tool === 'change_all') return true;
  const [, first = ''] = isState.exec(said) ?? [];
  if (first && !isImperative(first.toLowerCase())) return true;
  const [verb = ''] = said.toLowerCase().split(' ', 1);
  if (/^(?:restore|recover)$/.test(verb)) return !isThingToDo('restore', said.slice(verb.length + 1));
  const [, object = '', when = ''] = moved.exec(said) ?? [];
  if (object && !isThingToDo(verb, object) && isTime(when, time)) return true;
  return (
    repeated.test(said) &&
    !isThingToDo(verb, said.slice(verb.length + 1)) &&
    readTask(said, time).recurrence !== undefined
  );
}

const longest = 300;

/** Whether the words say when, and nothing else. */
function isTime(words: string, time: UserTime): boolean {
  return [`Call ${words}`, `Call at ${words}`].some((sentence) => {
    const { due, title, recurrence } = readTask(sentence, time);
    return (due ?? recurrence) !== undefined && title === 'Call';
  });
}
