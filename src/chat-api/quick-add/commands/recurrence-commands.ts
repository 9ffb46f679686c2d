import { readDate } from '../date-phrase.ts';
import { readTask } from '../task-phrase.ts';
import { named, ofIt, someTask, type ToChanges } from './field-change.ts';
import { taskName, type Command } from './sentence.ts';
import { isThingToDo } from './task-or-command.ts';

/** "every weekday at 8 #work": all of it counts, and nothing may be left over. */
export const toRecurrence: ToChanges = (text, time) => {
  const said = text
    .replace(/^on\s+(?=(?:mon|tue|wed|thu|fri|sat|sun))/i, 'every ')
    .replace(
      /(?<=\S)\s+(?:tasks?|todo|event|thing|one|reminder|recurrence|habit|instead(?: of .*)?|now|only)[\s.!]*$/i,
      '',
    );
  const { recurrence, fromCompletion, due, title, ask, remarks, except, tags, priority, reminders } = readTask(
    said,
    time,
  );
  if (ask) return { problem: ask };
  if (!recurrence) return remarks ? { problem: `${remarks.join(' ')} Nothing was changed.` } : undefined;
  if (title.replace(/[\s.!?]+/g, '') !== '') return undefined;
  if (except) return { problem: 'I can leave dates out of a new task only. Nothing was changed.' };
  return {
    recurrence,
    ...(fromCompletion && { from_completion: true as const }),
    ...(due && { due }),
    ...(tags.length > 0 && { add_tags: tags.slice(0, 20) }),
    ...(priority && { priority }),
    ...(reminders && { add_reminders: [...reminders] }),
  };
};

export const often =
  '(?:every|each|ev|daily|nightly|weekly|biweekly|bi-weekly|fortnightly|monthly|bimonthly|quarterly|yearly|annually|hourly|once|twice|(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)days|(?:on )?weekdays|(?:on )?weekends|mon-fri)';

/** "to weekly", "into a weekly task": behind the task that is changed. */
const rule = String.raw`(?:(?:to|as)\s+)?(?:be\s+)?(?:an?\s+)?(?:(?:repeat|recur|happen)(?:s|ing|ring)?\s+)?(?<value>(?=${often}\b|(?<=(?:repeat|recur|happen)(?:s|ing|ring)?\s+)on\s+(?:mon|tue|wed|thu|fri|sat|sun))\S.*)$`;

const stop = (pattern: string) => ofTask(`${pattern}(?:\\s+any\\s?more)?[\\s.!]*$`, () => ({ recurrence: null }));

const notAnyMore = String.raw`(?:(?:is|are)\s+)?(?:no\s+longer|(?:is|are)\s+not|isn['’]?t|aren['’]?t)`;
const repeat = String.raw`(?:repeat(?:s|ing|ed)?|recur(?:s|ring)?)`;

const ofTask = (pattern: string, toChanges: Parameters<typeof named>[1]) =>
  named(new RegExp(`^${pattern}`, 'di'), toChanges);

const lastDay = String.raw`(?:(?:on|after|at|by|until|till)\s+|(?=today|tomorrow|next|\w+day))(?<value>\S.{0,98}?)[\s.!]*$`;
const adjective =
  '(?:daily|nightly|weekly|biweekly|fortnightly|monthly|quarterly|yearly|annual|hourly|recurring|repeating)';

/** "20 december": the last day of a series. */
const toEnd: ToChanges = (text, time) => {
  if (/^(?:\d{1,4}|[a-z]+)\s+(?:times|more|occurrences|sessions)\b/i.test(text))
    return {
      problem:
        'I can end a series on a date only. Say for example "end the gym series on 20 december". Nothing was changed.',
    };
  const date = readDate(text, time);
  if (!date || 'problem' in date) return date && { problem: `${date.problem} Nothing was changed.` };
  if (!/^\d{4}-\d\d-\d\d$/.test(date.when))
    return {
      problem:
        'On which day is the last one? Say for example "end the gym series on 20 december". Nothing was changed.',
    };
  return { ends: date.when, ...(date.remarks.length > 0 && { remarks: [...date.remarks] }) };
};

/** Sentences that end a series on a day. */
const endings: readonly Command[] = [
  // "end the yoga series on 20 december", "the yoga series ends on 20 december"
  String.raw`(?:end|stop|finish)\s+(?:(?:the|my)\s+)?(?:series|recurrence|repetition)\s+(?:of|for)\s+${someTask}\s+${lastDay}`,
  String.raw`(?:end|stop|finish)\s+${someTask}\s+(?:series|recurrence|repetition)\s+${lastDay}`,
  String.raw`(?:end|stop)\s+(?:the|my)\s+${adjective}\s+${someTask}\s+${lastDay}`,
  String.raw`(?:(?:make|let|have)\s+)?${someTask}\s+(?:series|recurrence)\s+(?:(?:should|must|will)\s+)?(?:ends?|stops?)\s+${lastDay}`,
  // "stop repeating yoga after 20 december", "repeat yoga until 20 december"
  String.raw`(?:stop|end)\s+repeating\s+${someTask}\s+${lastDay}`,
  String.raw`(?:make|have|let)\s+${someTask}\s+(?:stop|end)\s+repeating\s+${lastDay}`,
  String.raw`repeat\s+(?!.*\b${often}\b)${someTask}\s+(?:only\s+)?(?=until|till)${lastDay}`,
  String.raw`${someTask}\s+(?:should\s+(?:only\s+)?repeat|repeats)\s+(?:only\s+)?(?=until|till)${lastDay}`,
  String.raw`${someTask}\s+only\s+(?:goes|runs|lasts|continues|happens|repeats)(?:\s+on)?\s+(?=until|till)${lastDay}`,
].map((pattern) => ofTask(pattern, toEnd));

/** "end the series on 20 december": of the task that was last spoken of. */
const endOfIt = ofIt(
  /^(?:end|stop)\s+(?:it|(?:the|this)\s+(?:series|recurrence|repetition))\s+(?:on|after)\s+/i,
  toEnd,
);

/** "every week, please": of the task that was last spoken of, since there is nothing else in it. */
export const recurrenceOfIt = ofIt(new RegExp(`^(?=${often}\\b)`, 'i'), (text, time) => {
  const changes = toRecurrence(text, time);
  return changes && 'problem' in changes ? undefined : changes;
});

/** Sentences that make a task recur, or stop that. */
export const recurrenceCommands: readonly Command[] = [
  endOfIt,
  ...endings,
  // "gym is no longer weekly", "gym isn't every monday any more"
  stop(String.raw`${someTask}\s+${notAnyMore}\s+(?:an?\s+)?(?:${often}(?:\s+\w+)?|${repeat})(?:\s+(?:task|thing))?`),
  stop(
    String.raw`${someTask}\s+(?:does\s?n['’]?t|does\s+not|should\s?n['’]?t|should\s+not|won['’]?t|will\s+not)\s+(?:be\s+)?(?:have\s+to\s+)?(?:${repeat}|${often})`,
  ),
  stop(String.raw`(?:end|stop)\s+${someTask}\s+(?:series|recurrence|repetition)`),
  // "make gym a one-off"
  stop(
    String.raw`(?:make|set|turn|change)\s+${someTask}\s+(?:(?:in)?to\s+)?(?:be\s+)?(?:an?\s+)?(?:just\s+)?(?:one[\s-]?off|one[\s-]?time|once(?:\s+only)?|only\s+once|single|non-?\s?(?:recurring|repeating)|(?:not|no\s+longer|stop)\s+(?:${often}|${repeat}))(?:\s+(?:tasks?|thing|event|todo))?`,
  ),
  stop(
    String.raw`${someTask}\s+(?:is|should\s+be)\s+(?:now\s+)?(?:just\s+|only\s+)?(?:an?\s+)?(?:one[\s-]?off|one[\s-]?time|non-?\s?recurring)(?:\s+(?:task|thing|event))?`,
  ),
  // "stop the weekly gym", "stop gym from happening every week"
  stop(
    String.raw`stop\s+(?:(?:the|my)\s+)?(?:daily|weekly|biweekly|fortnightly|monthly|quarterly|yearly|annual|hourly|recurring|repeating)\s+${someTask}`,
  ),
  stop(
    String.raw`(?:stop|end|remove|delete|clear|cancel|turn\s+off|switch\s+off|disable)\s+(?:the\s+)?(?:repeat(?:s|ing)?|recurrence|recurring|repetition|schedule)\s+(?:of|from|on|for)\s+${someTask}`,
  ),
  stop(
    String.raw`(?:stop|don['’]?t|do\s+not)\s+(?:doing|do|having|have|make|making)\s+${someTask}\s+${often}(?:\s+\w+)?`,
  ),
  // "make the dentist weekly"; "make the bed daily" is a task.
  ofTask(String.raw`mark\s+${someTask}\s+as\s+${rule}`, toRecurrence),
  ofTask(String.raw`make\s+${someTask}\s+(?:(?:in)?to\s+)?${rule}`, (value, time, task) =>
    isThingToDo('make', taskName(task)) ? undefined : toRecurrence(value, time),
  ),
  ofTask(String.raw`(?:set|put)\s+${someTask}\s+(?:(?:in)?to\s+)?${rule}`, (value, time, task) =>
    isThingToDo('set', taskName(task)) ? undefined : toRecurrence(value, time),
  ),
  ofTask(
    String.raw`(?:change|turn|switch|convert|move|update)\s+${someTask}(?:\s+from\s+(?:being\s+)?${often}(?:\s+\w+)?)?\s+(?:in)?to\s+${rule}`,
    toRecurrence,
  ),
  // "gym should be every monday", "gym repeats weekly"
  ofTask(
    String.raw`${someTask}\s+(?:is\s+now|are\s+now|now\s+(?:repeats|recurs|happens)|should\s+(?:now\s+)?(?:be|happen|occur|repeat|recur)|(?:needs?|has|have|ought)\s+to\s+(?:be|happen|occur|repeat|recur)|must\s+(?:be|happen|occur|repeat|recur)|(?:repeats|recurs)(?:\s+now)?)\s+${rule}`,
    toRecurrence,
  ),
  // "gym every monday instead of tuesday"
  ofTask(String.raw`${someTask}\s+${rule.replace(/\$$/, '')}\s+instead(?:\s+of\s.*)?[\s.!]*$`, toRecurrence),
  // "vacuuming only every other week"
  ofTask(
    String.raw`${someTask}\s+(?:(?:should|must)\s+(?:be\s+)?|is\s+)?only\s+(?=(?:every|each|once|twice|daily|weekly|monthly|fortnightly|biweekly)\b)${rule}`,
    toRecurrence,
  ),
  // "do the report weekly from now on"
  ofTask(
    String.raw`(?:do|have|let's\s+do|schedule)\s+${someTask}\s+${rule.replace(/\$$/, '')}\s+(?:from\s+now\s+on|instead)[\s.!]*$`,
    toRecurrence,
  ),
];
