import type { ToolCall } from '../../chat/tool-calls.ts';
import { isVisible } from '../is-visible.ts';
import { explained, type Reading } from '../reading.ts';
import { readTaskWithSpans } from '../task-phrase.ts';
import type { UserTime } from '../when.ts';
import { unquote } from '../working-text.ts';

const prefixes = [
  String.raw`(?:add|create|make|new|set)\s+(?:an?\s+)?(?:new\s+)?(?:task|todo|to-do|reminder)(?:\s+(?:to|called|named)(?=\s)|\s*:|(?=\s))`,
  String.raw`add\s+(?:to|on)\s+(?:my|the)\s+(?:to[ -]?do\s+|task\s+)?list(?:\s*:|(?=\s))`,
  String.raw`add(?=\s)`,
  String.raw`(?:todo|to[- ]do|task|reminder|note to self)\s*:`,
  String.raw`(?:todo|to-do)(?=\s(?!\s*(?:lists?|apps?)\b))|note to self(?:,|\s+to)?(?=\s)`,
  String.raw`(?:(?:need|have) to|gotta)(?=\s)`,
  String.raw`(?:please\s+|[/!])?remind me(?=\s)`,
  String.raw`remindme!?(?=\s)`,
  String.raw`(?:put|write)(?=\s(?!.*\sback\s).*\s(?:on|onto|in|into)\s+(?:my|the)\s+(?:to[ -]?do\s+|task\s+)?list\b)`,
  String.raw`i (?:need|want|have) to be reminded(?=\s)`,
  String.raw`(?:notify|alert|ping|nudge) me(?=\s)`,
  // Behind "I'd like to", "would you"
  String.raw`be reminded(?=\s)`,
  String.raw`mind reminding me(?=\s)`,
  String.raw`(?:i need|i want|give me|send me)\s+an?\s+(?:reminder|nudge|ping)(?=\s)`,
  String.raw`(?:let me know|text me|message me|email me|tell me)(?=\s+(?:at|on|in|tomorrow|tonight|every|next)\b.*\sto\s)`,
  String.raw`tell me(?=\s+to\s)`,
  String.raw`i (?:(?:need|have|ought|want) to|have got to|gotta|must|should)(?=\s)`,
  String.raw`i(?:'ve|’ve) got to(?=\s)`,
  String.raw`(?:don'?t|do not|don’t) (?:let me )?forget(?: to|\s*:)?(?=\s)`,
  String.raw`remember (?:me )?to(?=\s)`,
  String.raw`(?:set|make|create|give)\s+me\s+an?\s+(?:reminder|task|alarm)(?=\s(?:to|for|at|on|about)\s)`,
];
const prefix = new RegExp(`^(?:${prefixes.join('|')})\\s*`, 'i');

/** What says that a new task follows: "add", "remind me", "I need to"; empty if nothing does. */
export function creationPrefix(visible: string): string {
  return prefix.exec(visible)?.[0] ?? '';
}

/** Behind the time: "tomorrow I have to call Bob", "tomorrow remind me to call Bob", "tomorrow is the deadline". */
const request =
  /^(?:i (?:need|have|ought|want) to|i gotta|(?:please\s+)?remind me to|don'?t forget to|remember to|is|are)\s+(?=\S)/i;

/** Between the time and the title: "remind me tomorrow to call Bob". */
const link = /^(?:to|about|of|for|that i (?:need|have) to|that)\s+(?=\S)/i;

/** "the dentist is on friday", "the rent is due every month" */
const statement = /(?<=\S)\s+(?:is|are)(?:\s+due)?$/i;

/** "pay rent on friday, remind me at 9" */
const reminding = /(?<=\S)(?:\s*,)?(?:\s+and)?(?:\s+please)?\s+remind me$/i;

/** "add milk to my list" */
const ownList =
  /\s+(?:to|on|onto|in|into)\s+(?:my|the)\s+(?:(?:to[ -]?do\s+|task\s+)?list|calendar|agenda|tasks|to[ -]?dos)[\s.!?]*$/i;

/** A text as a new task. @param isPrefixed whether words that said so were before it */
export function readCreate(text: string, time: UserTime, isPrefixed = false): Reading {
  const { task, spans } = readTaskWithSpans(text, time);
  const { title: said, priority, tags, reminders, due, recurrence, fromCompletion, except, remarks, ask } = task;
  if (ask) return { call: { tool: 'help', arguments: { reply: `${ask} Nothing was changed.` } }, spans: [] };
  const named = isPrefixed ? said.replace(link, '').replace(ownList, '') : said;
  const bare = spans[0]?.start === 0 && spans[0].means !== 'title' ? named.replace(request, '') : named;
  const title = unquote(isPrefixed || due || recurrence ? bare.replace(statement, '').replace(reminding, '') : bare);
  if (!isVisible(title)) return explained('This has no title. What is the task called?');
  if (title.length > 500) return explained('A title has at most 500 characters.');
  const [otherList, kind] = (isPrefixed && /\b(?:to|on|onto)\s+(?:the|my)\s+\S+\s+(list|calendar)$/i.exec(title)) || [];
  const notes = [
    ...(remarks ?? []),
    ...(otherList ? [`There is only one ${kind!.toLowerCase()}, so "${otherList}" stays in the title.`] : []),
  ];
  const call: ToolCall = {
    tool: 'create_task',
    arguments: {
      title,
      ...(priority && { priority }),
      ...(tags.length > 0 && { tags: tags.slice(0, 20) }),
      ...(reminders && { reminders: [...reminders] }),
      ...(due && { due }),
      ...(recurrence && { recurrence }),
      ...(fromCompletion && { from_completion: true as const }),
      ...(except && { except: except.slice(0, 50) }),
      ...(notes.length > 0 && { remarks: notes }),
    },
  };
  return { call, spans };
}
