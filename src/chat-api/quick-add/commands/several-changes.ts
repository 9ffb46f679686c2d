import type { ToolArguments, ToolCall } from '../../chat/tool-calls.ts';
import type { UserTime } from '../when.ts';
import { WorkingText } from '../working-text.ts';
import { changeCommands, retitle } from './change-commands.ts';
import { priorityCommands } from './priority-commands.ts';
import { isPronoun } from './pronouns.ts';
import { recurrenceCommands } from './recurrence-commands.ts';
import { reminderCommands } from './reminder-commands.ts';
import { explain, type Command } from './sentence.ts';
import { tagCommands } from './tag-commands.ts';
import { timeCommands } from './time-commands.ts';
import { anyOf } from './words.ts';

/*
 * Several changes of one task: "move gym to friday and make it urgent", "set gym to friday, high priority, tag sport". The
 * first part is a command by itself, each further one a change of "it", or what is left of one without its verb.
 */

type UpdateCall = Extract<ToolCall, { readonly tool: 'update_task' }>;
type Changes = ToolArguments<'update_task'>;

/** What changes the fields of a task, in the order in which they are tried. */
export const fieldCommands: readonly Command[] = [
  ...tagCommands,
  ...priorityCommands,
  ...recurrenceCommands,
  ...changeCommands,
  ...timeCommands,
  retitle,
];
const changes: readonly Command[] = [...reminderCommands, ...fieldCommands];

const joint = /(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*;\s*)(?:(?:also|then|please)\s+)*(?=\S)/gi;

const longest = 300;
const mostJoints = 5;

export const severalChanges: Command = ({ text, time }) =>
  text.visible.length > longest ? undefined : readFrom(text, time, mostJoints);

function readFrom(text: WorkingText, time: UserTime, joints: number): ToolCall | undefined {
  const { visible } = text;
  for (const { 0: said, index } of [...visible.matchAll(joint)].slice(-joints).toReversed()) {
    const further = index > 0 && furtherChange(text.slice(index + said.length), time);
    if (!further) continue;
    const before = new WorkingText(text.slice(0, index));
    const first = readFrom(before, time, joints - 1) ?? firstChange(before, time);
    if (!first) continue;
    if (first.tool !== 'update_task') return first;
    // "make gym every monday and thursday" is one change.
    const isOne = changesOf(text, time)?.task === first.arguments.task;
    if (isFreeText(first.arguments) ? !further.isWhole : isOne) continue;
    return joined(first.arguments, further.changes);
  }
  return undefined;
}

/** "rename gym to swimming and urgent": its title may be all of that. */
const isFreeText = ({ title, description, add_description }: Changes) =>
  (title ?? description ?? add_description) !== undefined;

/** The text of a note may say anything, and what is done is not changed any more. */
function firstChange(text: WorkingText, time: UserTime): UpdateCall | undefined {
  const read = changesOf(text, time);
  const isNote = typeof (read?.description ?? read?.add_description) === 'string';
  return read && !isNote && read.status !== 'DONE' ? { tool: 'update_task', arguments: read } : undefined;
}

interface Further {
  readonly changes: Omit<Changes, 'task'>;
  /** Whether it has a verb and names the task as "it". */
  readonly isWhole: boolean;
}

const field = /^(?:(?:the|its)\s+)?(?:(?:due\s+)?(?:date|time)|deadline|priority|title|name)\s+(?:to\s+)?(?=\S)/i;
const tag =
  /^(?:(?:with|add)\s+)?(?:(?:the|an?)\s+)?(?:(?:tag(?:ged)?|label(?:led|ed)?)\s+(?:(?:it|as|with)\s+)*|(?=#))(?=\S)/i;

/** With which words a further change may begin; most words behind "and" begin none, and are not to be read in vain. */
const beginning = new RegExp(
  `^(?:[#!]|\\d|(?:${anyOf(`make set mark move push postpone reschedule bring tag tagged label untag unlabel rename call change add remove clear
    drop remind repeat raise lower increase reduce note give put with due date deadline time priority prio title name reminder
    the its it it's is be to no not on at by every each daily weekly biweekly fortnightly monthly quarterly yearly high highest
    low lowest medium normal top urgent important critical p1 p2 p3 p4 today tomorrow tonight next noon`)}|\\w+days?)\\b)`,
  'i',
);

function furtherChange(said: string, time: UserTime): Further | undefined {
  if (!beginning.test(said)) return undefined;
  const isNote = /^note\s+(?:down\s+)?that\s/i.test(said);
  const isOfIt = !isNote && /^(?:\S+\s+){1,2}(?:it|this|that)\b/i.test(said);
  const forms = isOfIt
    ? [said]
    : [
        said,
        ...(tag.test(said) ? [said.replace(tag, 'tag it ')] : []),
        ...(field.test(said) ? [`set the ${said.replace(/^(?:the|its)\s+/i, '')}`] : []),
        `make it ${said.replace(/^(?:(?:it['’]s|is|to\s+be|be|to)\s+)/i, '')}`,
        `add ${said}`,
        ...(isNote ? [`add a note: ${said.replace(/^note\s+(?:down\s+)?/i, '')}`] : []),
      ];
  for (const form of forms) {
    const read = changesOf(new WorkingText(form), time);
    if (!read || !isPronoun(read.task) || read.status === 'DONE') continue;
    const { task: _, ...changes } = read;
    return { changes, isWhole: isOfIt };
  }
  return undefined;
}

/** The one change that a sentence is; none that takes more than new fields. */
function changesOf(text: WorkingText, time: UserTime): Changes | undefined {
  for (const command of changes) {
    const call = command({ text, time });
    if (!call) continue;
    if (call.tool === 'update_task') return call.arguments;
    return call.tool === 'reschedule_task' ? call.arguments : undefined;
  }
  return undefined;
}

const twice = explain('I cannot give one task two of the same. Say which one. Nothing was changed.');

const lists = ['add_tags', 'remove_tags', 'add_reminders', 'remarks'] as const;

function joined(first: Changes, more: Omit<Changes, 'task'>): ToolCall {
  const isTwice = Object.keys(more).some((key) => key in first && !lists.some((list) => list === key));
  if (isTwice) return twice;
  const joinedLists = lists.flatMap((list) =>
    first[list] && more[list] ? [[list, [...first[list], ...more[list]]] as const] : [],
  );
  return { tool: 'update_task', arguments: { ...first, ...more, ...Object.fromEntries(joinedLists) } };
}
