import { hasRequest } from './plain-statement.ts';
import { change, named, someTask } from './field-change.ts';
import { explain, isDated, onTask, type Command } from './sentence.ts';
import { isThingToDo } from './task-or-command.ts';
import { verbs } from '../vocabulary/title-words.ts';
import { unquote } from '../working-text.ts';
import { anyOf, notReported, shortName } from './words.ts';

const end = String.raw`(?:\s+any\s?more)?(?:,?\s+(?:after all|today|tomorrow|tonight|this week|for now|now|either))?[\s.!]*$`;

const show = (task: string) => ({ tool: 'show_task', arguments: { task } }) as const;

/** Shows the task and asks what to do with it; where there is none, the words may be a title. */
function ask(pattern: string): Command {
  return onTask(new RegExp(pattern, 'i'), show);
}

const cancelled = new RegExp(
  String.raw`^${notReported}\S.*\scancell?ed(?:\s+(?:for|on|until|this|next|today|tomorrow|tonight|again|by|due)\b.*|\s+(?:mon|tue|wed|thu|fri|sat|sun)\w*)?[\s.!]*$`,
  'i',
);

const toTitle = (text: string) =>
  // "it should say Meyer, not Mayer"
  /\snot\s/i.test(text)
    ? { problem: 'What should the title be? Say for example "rename it to Pay rent". Nothing was changed.' }
    : { title: unquote(text.replace(/[\s.!]+$/, '')).slice(0, 500) };

/** "the gym that I deleted" */
const deletedBefore = /\s+(?:that\s+)?i\s+(?:(?:just|accidentally)\s+)?(?:deleted|removed)(?:\s+.{1,20})?$/i;

/** What is said of a task that exists, without saying what to do with it. */
export const statementCommands: readonly Command[] = [
  // "I no longer need to call Bob", "no need to call Bob", "I won't do the dishes"
  ask(
    String.raw`^(?:(?:i|we|you)\s+)?(?:no\s+longer\s+(?:need|have|want|plan)|(?:do\s?n['’]?t|do\s+not|wo\s?n['’]?t|will\s+not)\s+(?:need|have|want)|(?:there(?:['’]s|\s+is)\s+)?no\s+(?:longer\s+(?:any\s+)?)?need|(?:(?:i['’]?m|we['’]?re|am|are)\s+)?(?:not|no\s+longer)\s+(?:going|planning))\s+(?:(?:to|for)\s+)?(?:(?:do|go\s+to)\s+)?(?:the\s+|a\s+)?(\S.*?)${end}`,
  ),
  ask(String.raw`^(?:no more|never\s?mind(?:\s+about)?)\s+(\S.*?)${end}`),
  // "the party was postponed"
  ask(
    String.raw`^${notReported}(\S.*?)\s+(?:was|were|got|is|are)\s+(?:moved|postponed|rescheduled|delayed|pushed|brought\s+forward)(?:\s+(?:again|back|out))?${end}`,
  ),
  ask(String.raw`^put\s+(\S.*?)\s+on\s+hold${end}`),
  // "the fish has been fed"
  ask(
    String.raw`^(?!(?:who|which|where|why|how)\b)${notReported}(\S.*?)\s+(?:has|have)\s+(?:already\s+|now\s+)?been\s+\w+${end}`,
  ),
  // "drop the book club from thursday": the task, or its date?
  ask(
    String.raw`^(?:drop|scratch|strike|remove|cancel)\s+((?:the|my)\s+\S.*?)(?<!\s(?:off|up|out|down))\s+from\s+(?:today|tomorrow|tonight|(?:this\s+|next\s+)?(?:week|weekend|month|\w+day))(?:['’]s\s+(?:list|plan|schedule|agenda))?[\s.!]*$`,
  ),
  ask(String.raw`^forget\s+(?:about\s+)?(?!to\b)(\S.*?)${end}`),
  // "the barbecue is off", "the barbecue isn't happening", "the barbecue was called off"
  ask(
    String.raw`^${notReported}(\S.*?)\s+(?:(?:is|are|was|were|got|has\s+been|have\s+been|['’]s)\s+)?(?:now\s+|been\s+)?(?:called\s+off|not\s+happening|not\s+(?:needed|necessary|required|relevant)|no\s+longer\s+(?:needed|necessary|required|relevant|happening|on|a\s+thing)|unnecessary|irrelevant|obsolete|(?:isn['’]?t|aren['’]?t|won['’]?t\s+be)\s+(?:happening|needed|necessary|required|relevant|on|a\s+thing))${end}`,
  ),
  ask(String.raw`^${notReported}(\S.*?)\s+(?:is|are|was|were)\s+(?:off|on\s+hold|over)${end}`),
  // "no gym today"
  ask(
    String.raw`^no\s+(?!more\b|idea\b|way\b|one\b|need\b|.*\s(?:for\s+\d|starting\b|from\b|until\b))(\S.*?)\s+(?:today|tomorrow|tonight|this\s+(?:week|time|\w+day)|next\s+(?:week|time|\w+day)|(?:on\s+)?\w+day)[\s.!]*$`,
  ),
  ask(String.raw`^(?:flag|bump(?!\s+into\b)|put\s+off|push\s+back|hold\s+off(?:\s+on)?)\s+(\S.*?)[\s.!]*$`),
  // "the groceries are bought", "insurance sorted"
  ask(
    String.raw`^(?!(?:get|have|be|the)\b)${notReported}(?!.*\s(?:to|must|should|will|can)\s+be\s+[\w ]+[\s.!]*$)(\S.*?)\s+(?:(?:is|are|was|were|has\s+been|have\s+been)\s+)?(?:all\s+)?(?:sorted|bought|paid|sent|booked|submitted|delivered|fixed|handed\s+in|picked\s+up|taken\s+care\s+of)(?:\s+(?:already|now|yesterday|today|this\s+morning|last\s+night|earlier))?[\s.!]*$`,
  ),
  // "change the gym's priority", "show the gym details"
  ask(
    String.raw`^(?:edit|update|change|modify|show|open|view|see)\s+(?!(?:the|its|my|due)\s+(?:due\s+)?(?:date|time)\b)(\S.*?)(?:['’]s)?\s+(?:details|(?:due\s+)?date|deadline|priority|due\s+time)[\s.!]*$`,
  ),
  ({ text }) =>
    cancelled.test(text.visible)
      ? explain(
          'If that task is to be deleted, say for example "delete pay rent"; if it repeats, "skip pay rent". Nothing was changed.',
        )
      : undefined,
  // "the gym should be called Workout", "change the gym's name to Workout"
  named(
    new RegExp(
      String.raw`^${someTask}\s+(?:should\s+(?:now\s+)?(?:read|say)|(?:should(?:\s+now)?\s+be|is\s+now|must\s+be|needs\s+to\s+be)\s+(?:called|named|titled|renamed(?:\s+to)?))\s+(?<value>\S.*)$`,
      'di',
    ),
    toTitle,
  ),
  change(/^retitle\s+/i, /\s+(?:to|as|into)\s+(?=\S)/i, toTitle),
  named(
    /^(?:change|set|edit|update|correct)\s+(?<task>\S.*?)(?:'s|’s)?\s+(?:name|title)\s+to\s+(?<value>\S.*)$/di,
    toTitle,
  ),
  named(
    /^(?:change|set|edit|update)\s+(?<task>\S.*?)(?:'s|’s)\s+(?:notes?|description)\s+to\s+(?<value>\S.*)$/di,
    (text) => ({ description: unquote(text) }),
  ),
  // "restore the gym"; restoring the database is a task.
  onTask(/^(?:restore|recover|undelete|bring\s+back)\s+(\S.*)$/i, (task) =>
    isThingToDo('restore', task) && !deletedBefore.test(task)
      ? undefined
      : {
          tool: 'undo',
          arguments: {
            task: task
              .replace(deletedBefore, '')
              .replace(/\s+task$/i, '')
              .replace(/^(?:deleted|removed)\s+(?=\S)/i, ''),
          },
        },
  ),
];

/** "the kitchen is clean", "gym was great": of a thing that may be a task, with no date of its own. */
const declaration = new RegExp(
  String.raw`^${notReported}(?!${anyOf('who which where why how there here it that this i you he she we they all')})((?:(?:the|my|our)\s+)?(?:[\p{L}\p{N}\uFFFC'’-]+\s+){0,2}[\p{L}\p{N}\uFFFC'’-]+)\s+(?:is|are|was|were|is\s?n['’]?t|are\s?n['’]?t|was\s?n['’]?t|were\s?n['’]?t|looks|went|has\s+been|have\s+been|will\s+be|wo\s?n['’]?t\s+be|(?:is|was|got|needs|has)(?=\s+(?:no|more|another)\b))\s+(?!due\b)\S`,
  'iu',
);

/** "gym only on mondays", "gym on mondays only": of that one, or a new one? */
const restricted =
  /^(\S.*?)\s+(?:(?:is|are|should|must)\s+)?(?:only\s+(?:be\s+|happen\s+|repeat\s+)?(?=(?:on|at|in|every|from|until|once|twice|mon|tue|wed|thu|fri|sat|sun)\w*\b)\S.*|(?:on|every)\s+.*\s+only[\s.!]*)$/i;

/** Whether a sentence speaks of a task, or is the title of one that does not exist yet. */
export const isRestricted = (visible: string) => visible.length < longestDoubtful && restricted.test(visible);

/** Whether it is a thing: "report" is, "report the leak" is to be done. */
const isSaidOf = (subject: string | undefined) =>
  subject !== undefined && (!subject.includes(' ') || !verbs.has(/^\w*/.exec(subject)![0].toLowerCase()));

export const declarations: Command = (sentence) => {
  const { visible } = sentence.text;
  if (isRestricted(visible)) return onTask(restricted, show)(sentence);
  const isDeclared = visible.length < longestDoubtful && isSaidOf(declaration.exec(visible)?.[1]);
  return isDeclared && !isDated(sentence) && !hasRequest(visible) ? onTask(declaration, show)(sentence) : undefined;
};

/** "the dentist called and moved it", "mum said yes" */
const reportOfPerson =
  /^((?:(?:the|my|our)\s+)?\p{L}+)\s+(?:has\s+|just\s+)?(?:called|rang|phoned|texted|emailed|wrote|said|told\s+me|asked\s+me|confirmed|replied|answered)(?=[\s.!]|$)/iu;

export const report: Command = ({ text }) => {
  const said = reportOfPerson.exec(text.visible);
  return said !== null && isSaidOf(said[1]) ? explain(unclearTask) : undefined;
};

const unclearTask =
  'I did not understand which task that is about, or what to do with it. To create a task of that name, put "add" before it. Nothing was changed.';

/** "the dentist moved again, now it's monday", "swimming is back on next week"; but "school closed monday" */
const moved = new RegExp(
  String.raw`^${notReported}(${shortName})\s+(?:(?:has|is|was|got|been)\s+){0,2}(?:moved|rescheduled|postponed|delayed|brought\s+forward|called\s+off|(?<!\b(?:go|goes|went|come|comes|came)\s+)(?:back\s+on|on\s+again)|on\s+hold|cancell?ed|skipped|slipped|shelved|closed(?!\s+(?:on|from|until|till|this|next|today|tomorrow|(?:mon|tue|wed|thu|fri|sat|sun)\p{L}*)\b)|missed|blocked|stuck)(?=[\s.,!]|$)(?!\s+(?:to(?!\s+(?:another|an?|some)\b)|into|in|out|away|house)\b)`,
  'iu',
);

/** "no swimming this sat": not on that day, rather than a task to leave it. */
const notOnDay =
  /^no\s+(?!more\b|.*\s(?:for|from|starting|until|till|by)\s)(\S+(?:\s\S+)??)\s+(?:(?:on|this|next)\s+)?(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)[\s.!]*$/i;

/** What became of a task, whatever else is said of it. */
export const news: Command = (sentence) => {
  const isMoved = isSaidOf(moved.exec(sentence.text.visible)?.[1]);
  const pattern = isMoved ? moved : notOnDay;
  return onTask(pattern, show)(sentence);
};

/** Marks of sentences that speak of a task that exists: as the title of a new one, they would be nonsense. */
const doubts: readonly RegExp[] = [
  // "gym is no longer weekly", "dentist at 4 instead", "undelete the gym"
  /\b(?:any\s?more|no longer|instead|undo|un-?delete)\b(?!\s+of\b)/i,
  /\b(?:accidentally|by (?:mistake|accident))\b/i,
  // "I'm not going", "we don't need it", "I can't make it", "they moved the meeting", "no, the other one"
  /^(?:(?:i['’]?m|we['’]?re)\s+not|(?:i|we)\s+(?:do\s?n['’]?t|wo\s?n['’]?t|ca\s?n['’]?t|did\s?n['’]?t|have\s?n['’]?t|should\s?n['’]?t))\s/i,
  /^(?:you\s+(?:can|may|should)|i\s+want\s+(?!to\b)|i\s+deleted|they\s+(?:moved|cancell?ed))\s/i,
  // "gas without date", "gas no rush", "gas to high", "gas in home tag"
  /\swithout\s+(?:an?\s+|any\s+)?(?:due\s+)?(?:date|deadline|reminders?|priority|tags?)[\s.!]*$|\sno\s+rush[\s.!]*$/i,
  /^\S+(?:\s\S+)?\s+to\s+(?:high|medium|low|urgent|top)(?:\s+prio(?:rity)?)?[\s.!]*$/i,
  /\s(?:in|to|with|under|on)\s+\S+\s+(?:tag|label)[\s.!]*$|^(?:move|put)\s.*\sto[\s.!]*$/i,
  /^(?:details|status)\s+(?:of|on|for|about)\s|^put\s+(?:in|on|into)\s+the\s+(?:notes?|description)\s/i,
  /^(?!(?:write|read|add|update|check|fix|draft|edit|finish|send|see|get)\b)\S+\s+(?:description|recurrence)\s+(?!for\b|of\b)\S|\bcan\s+(?:now\s+)?(?:come|go)\s+off\b/i,
  // "piano not thursday but friday"
  /\bnot\s+(?:on\s+|at\s+)?\S+\s+but\b/i,
  /^re-?prioriti[sz]e\b|\bshould\s+be\s.*\bnot\b|^i\s+want\s.*\sback[\s.!]*$|^make\s+(?:it|that)\s+\w+\s+(?:tasks|times)\b/i,
  // "fix typo: dentits should be dentist", 'append "and chocolate" to shopping'
  /^(?:fix|correct)\s+(?:(?:the|a|that|my)\s+)?(?:typo|spelling|misspelling)\b.*(?::|\s(?:to|should|is|of)\s)|^(?:append|prepend)\s.*\sto\s/i,
  // "set everything to friday except the calls"
  /^(?:set|move|push|put|shift|change|snooze|make|postpone|reschedule)\s+(?:everything|all\s+(?:of\s+)?(?:my|the)\s+(?:tasks|to-?dos|stuff))\s/i,
  // "the dentist one, not the doctor", "friday instead of thursday for the cleaner"
  /^the\s+\S+(?:\s+\S+)?\s+one,?\s+not\s/i,
  /^(?:on\s+)?(?:today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\s+(?:instead\s+of|rather\s+than|and\s+not)\s/i,
  // "bin the gym one", "make it 10 past", "put the gas bill under home", "write on the car task that the ref is 4471"
  /^(?:bin|scrap|trash|drop|ditch|lose|toss|kill|dump|shelve|axe|tick|move|push)\s+the\s+\S+(?:\s+\S+)?\s+one[\s.!]*$/i,
  /^make\s+(?:it|that|this)\s+(?:\d+|half|quarter|five|ten|twenty|noon|midnight)\b/i,
  /^(?:put|file)\s+(?:the|my)\s.*\sunder\s+#?\w+[\s.!]*$|^(?:write|note|put|jot)\s.*\b(?:on|to|in)\s+(?:the|my)\s.*\btask\b/i,
  // "show all work tasks due before christmas", "and the day after?", "find me a free hour on thursday"
  /^(?:show|list|display)\s+(?:me\s+)?(?:all|my|the|every|any)\b.*\b(?:tasks?|to-?dos?)\b/i,
  /^(?:and|or|but)\s+(?:the\s+)?(?:day|days|week|weekend|month|next|rest|others?)\b[^?]*\?/i,
  /^find\s+(?:me\s+|us\s+)?(?:a|an|some)\s+(?:free|spare|good)\s+(?:hour|slot|time|day|evening|morning|afternoon|minute)s?\b/i,
  // "prio 2 for the newsletter"
  /^prio(?:rity)?\s+\d\s/i,
  // "gym when", "school run now 8.15"
  /\s(?:when|what time|where)[\s?]*$/i,
  /(?<!\bfrom\s)\bnow\s+(?:at\s+|on\s+)?\d/i,
  /^we\s+(?:already\s+)?have\s.*\balready\b/i,
  /^(?:i\s+)?(?:can['’]?t|cannot|won['’]?t)\s+(?:make|do|attend|go|come|manage|finish|get|be|have|need|find|happen)\b/i,
  /^no[,.]\s/i,
  // "attach a label to the gym", "priority of the gym", "give Bob until friday"
  /^(?:remove|delete|drop|change|replace|update|edit|correct|set|put|turn|switch|clear|make|give|take|swap|adjust|modify|attach|apply)\s.*\b(?:tags?|labels?|priority|reminders?|due date|recurrence|subtasks?)\b/i,
  /^(?:title|name|prio(?:rity)?|tags?|labels?|due\s+date|deadline|description|notes?|recurrence|reminders?)\s+of\s/i,
  /^give\s.*\s(?:until|till)\s/i,
  // What tasks here do not have: "set the colour of the gym", "move the gym to project Home"
  /^(?:set|change|add)\s+(?:the\s+|an?\s+)?(?:location|colou?r|assignee|owner|estimate|duration|project|folder|attachment|subtask|icon|category|start\s+date)\b.*\s(?:of|to|for|on)\s/i,
  /^(?:move|copy)\s.*\sto\s+(?:(?:the|my)\s+)?(?:project\s+\S+|\S+\s+(?:list|project|folder|section|board|column))[\s.!]*$/i,
  // "the trip is cancelled, take it off"
  /^(?:(?:actually|no|wait|sorry|oops|ok(?:ay)?)[\s,]+)*(?:the|my|our|i|we|it|that|this)\b.*[,;.]\s*(?:(?:so|and|please)\s+)*(?:(?:put|take|bring|get|set|move)\s+(?:it|that|them)\s+(?:back|off|away|out)\b|(?:re-?open|undo|revert|close|delete|remove|cancel|drop|scrap|restore|complete)\s+(?:it|that|them)\b)/i,
  // "throw out the task about the garage", "replace bread with rolls in the shopping task"
  /\b(?:the|my)\s+tasks?\s+(?:about|called|named)\s|\b(?:in|from)\s+the\s+(?:\S+\s+){1,2}task[\s.!]*$/i,
  /^call\s+the\s.*\btask\b/i,
  // "everything after 5 goes to tomorrow"
  /^(?:anything|everything|whatever)\b.*\s(?:goes|moves|can|should|must|has\s+to|needs\s+to|gets)\s/i,
  // "swap the dates of gym and yoga", "lunch with Eva half an hour longer"
  /^(?:swap|switch|exchange)\s+the\s+(?:due\s+)?(?:dates|days|times|deadlines|titles|names)\s+of\s/i,
  /^(?:make|set|let|have|put)\s.*\s(?:days?|hours?|hrs?|minutes?|mins?)\s+(?:longer|shorter|later|earlier)[\s.!]*$/i,
  // "the report is half done", "the gym should be done by friday", "the gym can now be deleted"
  /\b(?:half(?:way)?|almost|nearly|mostly|partly|\d+ ?%)\s+(?:done|finished|complete|through)\b/i,
  /\b(?:is|are)\s+(?:done|finished|complete)[.!?]\s+\S/i,
  new RegExp(
    String.raw`^${notReported}\S.*\s(?:is|are)\s+(?:done|finished|completed?),?\s+(?:and\s+)?(?:also\s+)?(?:the|my|so\s+(?:is|are)|as\s+(?:is|are))\s`,
    'i',
  ),
  /\b(?:should|must|has\s+to|have\s+to|needs?\s+to)\s+be\s+(?:done|finished|completed)\s+(?:by|on|before|at|until)\b/i,
  /\bcan\s+(?:now\s+)?be\s+(?:(?:done|completed|finished|deleted|removed)[\s.!]*$|(?:moved|postponed|rescheduled)\b)/i,
  /\b(?:should|must|can)\s?(?:not|n['’]t)\s+be\s+(?:deleted|removed|moved|changed|completed)\b/i,
  /\sstill\s+needs?\s+to\s+be\s+done/i,
  // "mind reading the list?", "was the gym moved?", "waht is due"
  /^mind\s+\w+ing\b/i,
  /^(?:was|were)\s.*\?/i,
  /^(?:waht|wat|whta|wht|shw|whn)\s/i,
  // "gym: move to friday"
  /^[^:]{1,60}:\s*(?:move|push|postpone|snooze|delete|remove|rename|tag|untag|remind me|repeat|skip|mark|complete|reopen|add|set|change|no reminders?)\b/i,
];

const longestDoubtful = 300;

export function isUnlikelyTitle(text: string): boolean {
  const words = text.replace(/#\S+/g, '');
  return text.length < longestDoubtful && doubts.some((mark) => mark.test(words));
}

/** Whether a new task of that name is unlikely to be what was meant. */
export const unlikelyTitle: Command = ({ text }) => (isUnlikelyTitle(text.visible) ? explain(unclearTask) : undefined);
