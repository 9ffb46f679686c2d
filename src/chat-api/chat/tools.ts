import { Temporal } from 'temporal-polyfill';
import { resolveWhen, zoned, type UserTime } from '../quick-add/when.ts';
import { completeTask } from '../tasks/complete-task.ts';
import { listTasks, type TaskFilter } from '../tasks/read-tasks.ts';
import { newTask, type Task, type TaskPatch } from '../tasks/task.ts';
import { createTask, deleteTask, updateTask } from '../tasks/write-task.ts';
import { firstTiming, snoozed, storable } from './due-date.ts';
import { findTarget } from './find-target.ts';
import { helpText } from './help-text.ts';
import type { ToolArguments, ToolName } from './tool-calls.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';
import { sayDate, sayTask, sayTasks } from './wording.ts';

interface Tool<Name extends ToolName> {
  /** For the language model. */
  readonly description: string;
  run(context: ToolContext, parameters: ToolArguments<Name>): Promise<ToolResult>;
}

/** What a chat can do: one table for the grammar and for the language model. */
export const tools: { readonly [Name in ToolName]: Tool<Name> } = {
  create_task: {
    description: 'Creates a task',
    run: async ({ change, time }, { due, recurrence, ...fields }) => {
      const task = await createTask(change, { ...newTask.parse(fields), ...firstTiming(due, recurrence, time) });
      return { outcome: 'created', reply: `Created ${sayTask(task, time)}.`, task };
    },
  },
  update_task: {
    description:
      'Changes fields of a task: title, description, priority, status, recurrence, tags; takes a due date away',
    run: (context, { task: words, ...changes }) =>
      onTarget(
        context,
        words,
        async (task) => {
          const recurs = changes.status === 'DONE' && task.recurrence !== null;
          if (recurs) return complete(context, task);
          const changed = await updateTask(context.change, task.id, ({ task: now }) =>
            toPatch(now, changes, context.time),
          );
          return saidChange(task, changed, 'updated', `Changed: ${sayTask(changed, context.time)}.`);
        },
        changes.status === 'TODO',
      ),
  },
  complete_task: {
    description: 'Marks a task as done; a recurring one moves to its next occurrence',
    run: (context, { task: words }) => onTarget(context, words, (task) => complete(context, task)),
  },
  reschedule_task: {
    description: 'Sets when a task is due',
    run: (context, { task: words, due }) =>
      onTarget(context, words, (task) => {
        const previous = task.due_date ? new Date(task.due_date) : null;
        return reschedule(context, task, storable(resolveWhen(due, context.time, previous)), false);
      }),
  },
  snooze_task: {
    description: 'Makes a task due later; of a recurring task, only this occurrence',
    run: (context, { task: words, by }) =>
      onTarget(context, words, (task) => reschedule(context, task, snoozed(task.due_date, by, context.time), true)),
  },
  delete_task: {
    description: 'Deletes a task',
    run: (context, { task: words }) =>
      onTarget(context, words, async (task) => {
        await deleteTask(context.change, task.id);
        return { outcome: 'deleted', reply: `Deleted ${sayTask(task, context.time)}.`, task };
      }),
  },
  list_tasks: {
    description: 'Lists tasks, the soonest due first',
    run: async ({ change, time }, parameters) => {
      const filter = toFilter(parameters, time);
      const tasks = await listTasks(change.transaction, change.userId, filter, { limit: 100 });
      const reply = tasks.length === 0 ? 'There is no such task.' : sayTasks(tasks, time);
      return { outcome: 'listed', reply, tasks };
    },
  },
  help: {
    description: 'Says what the chat understands; also when a message asks for nothing that the tools can do',
    run: (_context, { problem }) =>
      Promise.resolve({ outcome: 'help', reply: [problem, helpText].filter(Boolean).join('\n') }),
  },
};

async function onTarget(
  context: ToolContext,
  words: string,
  act: (task: Task) => Promise<ToolResult>,
  orDone = false,
): Promise<ToolResult> {
  let target = await findTarget(context, words);
  if ('problem' in target && orDone) target = await findTarget(context, words, { done: true });
  return 'problem' in target ? target.problem : act(target.task);
}

async function complete({ change, time }: ToolContext, task: Task): Promise<ToolResult> {
  const changed = await completeTask(change, task.id);
  const next = changed.status === 'DONE' ? '' : ` Next: ${sayDate(new Date(changed.due_date!), time)}.`;
  return saidChange(task, changed, 'completed', `Done: "${changed.title}".${next}`);
}

async function reschedule({ change, time }: ToolContext, task: Task, due_date: string, keepSeries: boolean) {
  const changed = await updateTask(change, task.id, { due_date }, { keepSeries });
  return saidChange(
    task,
    changed,
    'rescheduled',
    `"${changed.title}" is due ${sayDate(new Date(due_date), time)} now.`,
  );
}

function saidChange(old: Task, task: Task, outcome: ToolResult['outcome'], reply: string): ToolResult {
  if (task.version !== old.version) return { outcome, reply, task };
  return { outcome: 'unchanged', reply: `"${task.title}" is so already; nothing was changed.`, task };
}

type Changes = Omit<ToolArguments<'update_task'>, 'task'>;

function toPatch(
  task: Task,
  { due, recurrence, add_tags, remove_tags, ...fields }: Changes,
  time: UserTime,
): TaskPatch {
  const tags = [...new Set([...task.tags, ...(add_tags ?? [])])].filter((tag) => !remove_tags?.includes(tag));
  return {
    ...fields,
    tags: tags.slice(0, 20),
    // A recurrence has nothing to begin with when the due date goes.
    ...(due === null && { due_date: null, recurrence: null }),
    ...(recurrence === null && { recurrence: null }),
    ...(recurrence && firstTiming(task.due_date ?? undefined, recurrence, time)),
  };
}

function toFilter({ due, tag, priority, status }: ToolArguments<'list_tasks'>, { now, zone }: UserTime): TaskFilter {
  const open = ['TODO', 'IN_PROGRESS'] as const;
  const filter: TaskFilter = { tag, priority, status: status ? [status] : open };
  if (!due) return filter;
  if (due === 'overdue') return { ...filter, due_before: now.toISOString() };
  const today = zoned(now, zone).toPlainDate();
  const days = due === 'week' ? 7 : 1;
  const from = due === 'today' || due === 'week' ? today : due === 'tomorrow' ? today.add({ days: 1 }) : day(due);
  return { ...filter, due_from: startOfDay(from, zone), due_before: startOfDay(from.add({ days }), zone) };
}

const day = (text: string) => Temporal.PlainDate.from(text);

function startOfDay(date: Temporal.PlainDate, zone: string): string {
  return storable(new Date(date.toZonedDateTime(zone).epochMilliseconds));
}
