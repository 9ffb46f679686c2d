import { resolveWhen, type UserTime, type When } from '../quick-add/when.ts';
import { completeTask } from '../tasks/complete-task.ts';
import { listTasks } from '../tasks/read-tasks.ts';
import type { Task } from '../tasks/task.ts';
import { deleteTask, updateTask } from '../tasks/write-task.ts';
import { previousDue, storable } from './due-date.ts';
import { findListed, hasWord, mostAlike } from './find-target.ts';
import { mostListed, toFilter } from './task-filter.ts';
import type { ToolArguments } from './tool-calls.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';
import { sayCount, sayDate, sayTasks } from './wording.ts';

type ChangeOfAll = ToolArguments<'change_all'>;

/** Asks with names and count first; does it when the user has confirmed the number that there still is. */
export async function changeAll(context: ToolContext, call: ChangeOfAll): Promise<ToolResult> {
  const { action, to, expected, confirmed } = call;
  if ((action === 'move') !== (to !== undefined)) throw new RangeError('only a move has a date, and needs one');
  const { change, time } = context;
  const { tasks: found, isListed, remark } = await find(context, call);
  const isBeyond = found.length === mostListed;
  const { tasks, unknown } = isBeyond ? { tasks: found } : chosen(found, call);
  if (unknown !== undefined)
    return {
      outcome: 'not-found',
      reply: `None of these is called "${unknown}". Nothing was changed:\n${sayTasks(found, time)}`,
      candidates: [],
      tasks: found,
    };
  if (tasks.length === 0)
    return { outcome: 'not-found', reply: 'No matching tasks. Nothing was changed.', candidates: [] };
  if (isBeyond || (expected && expected !== tasks.length)) {
    const reply = `Which ones? ${isBeyond ? `I can change at most ${mostListed - 1} at once` : 'These match'}. Nothing was changed:\n${sayTasks(tasks, time)}`;
    return { outcome: 'ambiguous', reply, candidates: tasks };
  }
  if (confirmed !== tasks.length) {
    const what = `This would ${action} ${sayCount(tasks.length)}${to ? ` to ${sayWhen(to, time)}` : ''}`;
    const confirmation = isListed ? 'yes' : sayConfirmation(call, tasks.length);
    const reply = `${remark}${what}:\n${sayTasks(tasks, time, tasks.length)}\nNothing was changed. To confirm, say: ${confirmation}`;
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

async function find(context: ToolContext, { listed, ...filters }: ChangeOfAll) {
  const { listed: ids } = context.conversation;
  if (listed && ids.length > 0) return { tasks: await findListed(context, ids), isListed: true, remark: '' };
  const { transaction, userId } = context.change;
  const filter = toFilter(filters, context.time);
  const tasks = await listTasks(transaction, userId, filter, { limit: mostListed });
  const { tag, ...others } = filter;
  if (!tag || tasks.length > 0) return { tasks, isListed: false, remark: '' };
  // "all garden tasks", of which none is tagged
  const named = await listTasks(transaction, userId, { ...others, words: [tag] }, { limit: mostListed });
  const remark = `No such task is tagged #${tag}; these have the word in their titles.\n`;
  return { tasks: named.filter(({ title }) => hasWord(title, [tag])), isListed: false, remark };
}

/** Those of the tasks that are meant, or a name of which none of them is to be left out. */
export function chosen(
  tasks: readonly Task[],
  { first, last, except = [] }: Pick<ChangeOfAll, 'first' | 'last' | 'except'>,
): { readonly tasks: readonly Task[]; readonly unknown?: string } {
  const some = last ? tasks.slice(-last) : tasks.slice(0, first);
  const leftOut = new Set<Task>();
  for (const name of except) {
    const alike = mostAlike(some, name);
    if (alike.length === 0) return { tasks: [], unknown: name };
    for (const task of alike) leftOut.add(task);
  }
  return { tasks: some.filter((task) => !leftOut.has(task)) };
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

/** As the grammar reads it again: "yes, move all 3 #work except "Gym" to 2026-11-27". */
function sayConfirmation(call: ChangeOfAll, count: number): string {
  const { action, to, first, last, except = [] } = call;
  const which = first ? `the first ${count}` : last ? `the last ${count}` : `all ${count}`;
  const but = except.length > 0 ? ` except ${except.map((name) => `"${name}"`).join(' and ')}` : '';
  return `yes, ${action} ${which}${sayFilter(call)}${but}${to ? ` to ${to.replace('T', ' ')}` : ''}`;
}

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
