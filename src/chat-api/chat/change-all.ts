import { resolveWhen, type UserTime, type When } from '../quick-add/when.ts';
import { completeTask } from '../tasks/complete-task.ts';
import { listTasks } from '../tasks/read-tasks.ts';
import type { Task } from '../tasks/task.ts';
import { deleteTask, updateTask } from '../tasks/write-task.ts';
import { previousDue, storable } from './due-date.ts';
import { findListed } from './find-target.ts';
import { mostListed, toFilter } from './task-filter.ts';
import type { ToolArguments } from './tool-calls.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';
import { sayCount, sayDate, sayTasks } from './wording.ts';

/** Asks with names and count first; does it when the user has confirmed the number that there still is. */
export async function changeAll(
  context: ToolContext,
  { action, to, expected, confirmed, listed: isOfList, ...parameters }: ToolArguments<'change_all'>,
): Promise<ToolResult> {
  if ((action === 'move') !== (to !== undefined)) throw new RangeError('only a move has a date, and needs one');
  const { change, time, conversation } = context;
  const filter = toFilter(parameters, time);
  const isListed = isOfList && conversation.listed.length > 0;
  const tasks = isListed
    ? await findListed(context, conversation.listed)
    : await listTasks(change.transaction, change.userId, filter, { limit: mostListed });
  if (tasks.length === 0)
    return { outcome: 'not-found', reply: 'No matching tasks. Nothing was changed.', candidates: [] };
  const isBeyond = tasks.length === mostListed;
  if (isBeyond || (expected && expected !== tasks.length)) {
    const reply = `Which ones? ${isBeyond ? `I can change at most ${mostListed - 1} at once` : 'These match'}. Nothing was changed:\n${sayTasks(tasks, time)}`;
    return { outcome: 'ambiguous', reply, candidates: tasks };
  }
  if (confirmed !== tasks.length) {
    const count = sayCount(tasks.length);
    const end = to ? ` to ${to.replace('T', ' ')}` : '';
    const confirmation = isListed ? 'yes' : `yes, ${action} all ${tasks.length}${sayFilter(parameters)}${end}`;
    const reply = `This would ${action} ${count}${to ? ` to ${sayWhen(to, time)}` : ''}:\n${sayTasks(tasks, time, tasks.length)}\nNothing was changed. To confirm, say: ${confirmation}`;
    return { outcome: 'ambiguous', reply, candidates: tasks };
  }
  if (to) return moveAll(context, tasks, to);
  for (const task of tasks) await (action === 'delete' ? deleteTask(change, task.id) : completeTask(change, task.id));
  const done = action === 'delete' ? 'Deleted' : 'Completed';
  return {
    outcome: action === 'delete' ? 'deleted' : 'completed',
    reply: `${done} ${sayCount(tasks.length)}.`,
    tasks,
  };
}

/** Of a recurring task, only this occurrence is moved. */
async function moveAll(context: ToolContext, tasks: readonly Task[], to: When): Promise<ToolResult> {
  const moved: Task[] = [];
  for (const task of tasks) {
    const due_date = storable(resolveWhen(to, context.time, previousDue(task)));
    moved.push(await updateTask(context.change, task.id, { due_date }, { keepSeries: task.recurrence !== null }));
  }
  const reply = `Moved ${sayCount(moved.length)}:\n${sayTasks(moved, context.time)}`;
  return { outcome: 'rescheduled', reply, tasks: moved };
}

/** A day without a time of day leaves each task its own. */
function sayWhen(when: When, time: UserTime): string {
  const said = sayDate(resolveWhen(when, time), time);
  return /^\d{4}-\d\d-\d\d$/.test(when) ? said.replace(/ at .*$/, '') : said;
}

/** As the grammar reads it again. */
function sayFilter({
  due,
  from,
  until,
  tag,
  priority,
  status,
  recurring,
}: Partial<ToolArguments<'list_tasks'>>): string {
  return [
    priority && `${priority.toLowerCase()} priority`,
    status === 'DONE' && 'done',
    status === 'IN_PROGRESS' && 'in progress',
    recurring && 'recurring',
    due === 'week' ? 'this week' : due === 'none' ? 'without a date' : due,
    (from ?? until) &&
      [from && `from ${from}`, until && `${from ? 'to' : 'until'} ${until}`]
        .filter(Boolean)
        .join(' ')
        .replaceAll('T', ' '),
    tag && `#${tag}`,
  ]
    .filter(Boolean)
    .map((part) => ` ${part}`)
    .join('');
}
