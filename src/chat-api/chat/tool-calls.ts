import { z } from 'zod';
import { isWhen } from '../quick-add/when.ts';
import { description, priority, recurrenceRule, reminders, searchText, status, tag, title } from '../tasks/task.ts';

const task = z.string().trim().min(1).max(500).describe('Words of the title that tell the task from the others');
const when = z
  .string()
  .refine(isWhen, { error: 'must be 2026-11-27T10:00, 2026-11-27, 10:00 (local), or an instant with Z' })
  .describe("Local date and time '2026-11-27T10:00', date '2026-11-27' or time '10:00'; or an instant ending in Z");
const tags = z.array(tag).max(20);
const remarks = z
  .array(z.string().max(1000))
  .max(20)
  .describe('What of the message was not understood, or understood in one of several ways; told to the user');

const fromCompletion = z.literal(true).describe('The recurrence counts from when the task is done');

const newTask = z.strictObject({
  title,
  description: description.optional(),
  priority: priority.optional(),
  tags: tags.optional(),
  due: when.optional(),
  recurrence: recurrenceRule.optional(),
  from_completion: fromCompletion.optional(),
  reminders: reminders.optional(),
  except: z.array(z.iso.date()).max(50).optional().describe('Local dates on which a recurring task is left out'),
  remarks: remarks.optional(),
});

const dayOrMinute = z.union([z.iso.date(), z.iso.datetime({ local: true, precision: -1 })]);

/** Which tasks; what is left out does not matter. */
const filters = {
  due: z
    .union([z.enum(['overdue', 'today', 'tomorrow', 'week', 'none']), z.iso.date()])
    .optional()
    .describe("'overdue', 'today', 'tomorrow', 'week' (the next seven days), 'none' (no due date) or a local date"),
  from: dayOrMinute
    .optional()
    .describe("Due on this local date or later, or from this local time on, '2026-11-27T12:00'"),
  until: dayOrMinute.optional().describe('Due on this local date or earlier, or in this local minute or earlier'),
  tag: tag.optional(),
  priority: priority.optional(),
  status: status.optional(),
  recurring: z.literal(true).optional().describe('Only those that repeat'),
};

/** What a chat can do, by name: the parameters of each tool. The grammar and the language model both speak this. */
export const toolParameters = {
  create_task: newTask,
  create_tasks: z.strictObject({ tasks: z.array(newTask).min(1).max(100) }),
  update_task: z.strictObject({
    task,
    title: title.optional(),
    description: description.nullable().optional(),
    add_description: description.optional().describe('A further line of the description'),
    priority: priority.optional(),
    status: status.optional(),
    due: when
      .nullable()
      .optional()
      .describe('null takes the due date away; a recurrence may come with its first date; else use reschedule_task'),
    recurrence: recurrenceRule.nullable().optional(),
    from_completion: fromCompletion.optional(),
    ends: z.iso.date().optional().describe('The local date after which a recurring task repeats no more'),
    add_reminders: reminders.optional(),
    remove_reminders: z.literal(true).optional().describe('Takes all reminders before the due time away'),
    add_tags: tags.optional(),
    remove_tags: tags.optional(),
    remarks: remarks.optional(),
  }),
  complete_task: z.strictObject({ task, remarks: remarks.optional() }),
  reschedule_task: z.strictObject({ task, due: when, remarks: remarks.optional() }),
  snooze_task: z.strictObject({
    task,
    by: z.iso.duration().describe("ISO 8601, for example 'PT10M' or 'P1D'"),
    earlier: z.literal(true).optional().describe('Earlier by that, instead of later'),
  }),
  skip_occurrence: z.strictObject({
    task,
    from: z.iso.date().optional().describe('Only if it is due on this local date or later'),
    until: z.iso.date().optional().describe('Only if it is due on this local date or earlier'),
  }),
  delete_task: z.strictObject({ task }),
  show_task: z.strictObject({ task }),
  list_tasks: z.strictObject({
    ...filters,
    text: searchText.optional().describe('Words of the title'),
    count: z.literal(true).optional().describe('The user asks how many there are'),
  }),
  change_all: z
    .strictObject({
      ...filters,
      action: z.enum(['complete', 'delete', 'move']),
      to: when.optional().describe('When they are due after a move'),
      listed: z.literal(true).optional().describe('Those of the last list'),
      first: z.int().min(1).max(100).optional().describe('Only so many, from the beginning'),
      last: z.int().min(1).max(100).optional().describe('Only so many, from the end'),
      except: z.array(task).max(10).optional().describe('Words of the titles of those that are left out'),
      expected: z.int().positive().optional().describe('How many the user thinks there are'),
      confirmed: z.int().positive().optional().describe('The number of tasks that the user has seen and confirmed'),
    })
    .describe('Several tasks at once; without confirmed, the user is asked first'),
  choose: z.strictObject({
    which: z
      .union([z.int().min(-1).max(100), z.enum(['all', 'both', 'yes', 'no'])])
      .describe('The place in the last list, from 1; -1 is the last one'),
  }),
  undo: z.strictObject({
    task: title.optional().describe('The title of a deleted task that is to come back'),
    times: z.int().min(2).max(20).optional().describe('How many changes, the last one first; one if left out'),
  }),
  redo: z.strictObject({}),
  help: z.strictObject({
    problem: z.string().max(2000).optional().describe('What was not understood, in plain words'),
    reply: z.string().max(2000).optional().describe('An answer that needs no help behind it'),
    offer: newTask.optional().describe('The task that is created if the user says yes'),
  }),
};

export type ToolName = keyof typeof toolParameters;
export type ToolArguments<Name extends ToolName> = z.output<(typeof toolParameters)[Name]>;

/** One thing to do, as it was understood. */
export type ToolCall = {
  [Name in ToolName]: { readonly tool: Name; readonly arguments: ToolArguments<Name> };
}[ToolName];

/** A call that needs no list to say what is to be done. */
export type DirectCall = Exclude<ToolCall, { readonly tool: 'choose' }>;

export type CreateCall = Extract<ToolCall, { readonly tool: 'create_task' }>;
