import type { ToolCall } from '../../chat/tool-calls.ts';
import { priorityOf } from '../labels.ts';
import { WorkingText } from '../working-text.ts';
import { urgency } from './priority-commands.ts';
import type { Command, Sentence } from './sentence.ts';
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

/** A new priority and a new due date of one task. */
export const twoChanges: Command = ({ text, time }) => {
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
