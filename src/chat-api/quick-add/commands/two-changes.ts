import type { ToolCall } from '../../chat/tool-calls.ts';
import { priorityOf } from '../labels.ts';
import { WorkingText } from '../working-text.ts';
import { urgency } from './priority-commands.ts';
import type { Command, Sentence } from './sentence.ts';
import { toTags } from './tag-commands.ts';
import { timeCommands } from './time-commands.ts';

const priority = String.raw`(?:to\s+|as\s+|with\s+|on\s+)?(?:an?\s+)?(?<value>${urgency})(?:[\s-]+prio(?:rity)?)?`;
const and = String.raw`(?:\s*,\s*(?:and\s+)?|\s+and\s+)(?:(?:also|then)\s+)?`;

/** "set the report to p1 and due tomorrow" */
const priorityFirst = new RegExp(
  String.raw`^(?:make|set|mark|put|change)\s+(?<task>\S.*?)\s+${priority}${and}(?:(?:make|set|move)\s+it\s+)?(?:it['’]?s\s+|is\s+)?(?:to\s+)?(?:be\s+)?(?:due\s+)?(?<due>\S.*)$`,
  'di',
);
/** "move the report to friday and make it urgent" */
const priorityLast = new RegExp(
  String.raw`^(?=(?:make|set|move|push|put|bring|pull|change|reschedule|postpone|snooze|delay|defer)\s)(?<moved>\S.*?)${and}(?:(?:make|set|mark)\s+it\s+)?${priority}[\s.!]*$`,
  'di',
);

/** "move the invoice to friday and tag it work" */
const tagLast = new RegExp(
  String.raw`^(?=(?:make|set|move|push|put|bring|pull|change|reschedule|postpone|snooze|delay|defer)\s)(?<moved>\S.*?)${and}(?:(?:tag|label)(?:\s+(?:it|that))?(?:\s+(?:with|as))?\s+|(?:add|put|give\s+it)\s+(?:the\s+)?(?:(?:tag|label)\s+|(?=#))|with\s+(?:the\s+)?(?:tag|label)\s+)(?<tag>#?[\p{L}\p{N}_-]{1,50})(?:\s+(?:to|on)\s+it|\s+tag)?[\s.!]*$`,
  'diu',
);

/** A new tag and a new due date of one task. */
const tagAndDate: Command = ({ text, time }) => {
  const { moved, tag } = tagLast.exec(text.visible)?.indices?.groups ?? {};
  const tags = tag && toTags('add_tags')(text.slice(...tag));
  if (!moved || !tags || 'problem' in tags) return undefined;
  const call = dueOf({ text: new WorkingText(text.slice(...moved)), time });
  return call && { tool: 'update_task', arguments: { ...call.arguments, ...tags } };
};

/** A new due date of one task, and its new priority or a tag. */
export const twoChanges: Command = (sentence) => priorityAndDate(sentence) ?? tagAndDate(sentence);

/** A new priority and a new due date of one task. */
const priorityAndDate: Command = ({ text, time }) => {
  const first = priorityFirst.exec(text.visible);
  const found = first ?? priorityLast.exec(text.visible);
  const { task, due, moved, value } = found?.indices?.groups ?? {};
  const said = value && priorityOf(text.slice(...value));
  if (!said) return undefined;
  const whole = moved ? text.slice(...moved) : `make ${text.slice(...task!)} due ${text.slice(...due!)}`;
  const call = dueOf({ text: new WorkingText(whole), time });
  return call && { tool: 'update_task', arguments: { ...call.arguments, priority: said } };
};

/** The one change of a due date that the sentence is; none whose date is to be explained. */
function dueOf(sentence: Sentence): Extract<ToolCall, { readonly tool: 'reschedule_task' }> | undefined {
  for (const command of timeCommands) {
    const call = command(sentence);
    if (call) return call.tool === 'reschedule_task' && !call.arguments.remarks ? call : undefined;
  }
  return undefined;
}
