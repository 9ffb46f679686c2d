import { z } from 'zod';
import { isWhen } from '../quick-add/when.ts';
import { description, priority, recurrenceRule, status, tag, title } from '../tasks/task.ts';

const task = z.string().trim().min(1).max(500).describe('Words of the title that tell the task from the others');
const when = z
  .string()
  .refine(isWhen, { error: 'must be 2026-11-27T10:00, 2026-11-27, 10:00 (local), or an instant with Z' })
  .describe("Local date and time '2026-11-27T10:00', date '2026-11-27' or time '10:00'; or an instant ending in Z");
const tags = z.array(tag).max(20);

/** What a chat can do, by name: the parameters of each tool. The grammar and the language model both speak this. */
export const toolParameters = {
  create_task: z.strictObject({
    title,
    description: description.optional(),
    priority: priority.optional(),
    tags: tags.optional(),
    due: when.optional(),
    recurrence: recurrenceRule.optional(),
  }),
  update_task: z.strictObject({
    task,
    title: title.optional(),
    description: description.nullable().optional(),
    priority: priority.optional(),
    status: status.optional(),
    due: z.null().optional().describe('null takes the due date away; reschedule_task sets one'),
    recurrence: recurrenceRule.nullable().optional(),
    add_tags: tags.optional(),
    remove_tags: tags.optional(),
  }),
  complete_task: z.strictObject({ task }),
  reschedule_task: z.strictObject({ task, due: when }),
  snooze_task: z.strictObject({ task, by: z.iso.duration().describe("ISO 8601, for example 'PT10M' or 'P1D'") }),
  delete_task: z.strictObject({ task }),
  list_tasks: z.strictObject({
    due: z
      .union([z.enum(['overdue', 'today', 'tomorrow', 'week']), z.iso.date()])
      .optional()
      .describe("'overdue', 'today', 'tomorrow', 'week' (the next seven days) or a local date"),
    tag: tag.optional(),
    priority: priority.optional(),
    status: status.optional(),
  }),
  help: z.strictObject({ problem: z.string().optional().describe('What was not understood, in plain words') }),
};

export type ToolName = keyof typeof toolParameters;
export type ToolArguments<Name extends ToolName> = z.output<(typeof toolParameters)[Name]>;

/** One thing to do, as it was understood. */
export type ToolCall = {
  [Name in ToolName]: { readonly tool: Name; readonly arguments: ToolArguments<Name> };
}[ToolName];
