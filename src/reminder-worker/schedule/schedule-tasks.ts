import { setImmediate as turn } from 'node:timers/promises';
import type { Queryable } from '../../lib/database.ts';
import { openTask, type OpenTask } from '../open-task.ts';
import { fireAt, leadTimesOf, nextDueAt, uninterrupted, type Reminder } from '../reminder.ts';
import { readLeadTimes } from './lead-times.ts';
import { addReminders, cancelReminders, readPassed, type Passed } from './reminders.ts';
import type { TaskStates } from './tasks.ts';

export interface TasksToSchedule {
  /** Those that nothing was known of: they have no reminders yet. */
  readonly added: TaskStates;
  readonly changed: TaskStates;
}

/**
 * Makes the pending reminders of tasks what they must be, whatever they were. The tasks must be locked.
 *
 * @returns when the earliest of the reminders is to be published, if there are any
 */
export async function scheduleTasks(
  transaction: Queryable,
  { added, changed }: TasksToSchedule,
): Promise<Date | undefined> {
  if (added.size + changed.size === 0) return undefined;
  const leadTimesSeconds = await readLeadTimes(transaction);
  const [openAdded, openChanged] = [openTasks(added), openTasks(changed)];
  const everyLeadTime = new Set([...openChanged.values()].flatMap((task) => leadTimesOf(task, leadTimesSeconds)));
  const passed = await cancelPending(transaction, [...changed.keys()], [...everyLeadTime]);
  const reminders: Reminder[] = [];
  let recurring = 0;
  for (const [taskId, task] of [...openAdded, ...openChanged]) {
    if (task.recurrence && ++recurring % uninterrupted === 0) await turn();
    for (const leadTimeSeconds of leadTimesOf(task, leadTimesSeconds)) {
      const dueAt = nextDueAt(task, passed.get(taskId)?.get(leadTimeSeconds));
      if (dueAt) reminders.push({ taskId, dueAt, leadTimeSeconds });
    }
  }
  await addReminders(transaction, reminders);
  return earliest(reminders);
}

function openTasks(states: TaskStates): ReadonlyMap<string, OpenTask> {
  const tasks = new Map<string, OpenTask>();
  for (const [taskId, state] of states) {
    const task = openTask(state);
    if (task) tasks.set(taskId, task);
  }
  return tasks;
}

/** @returns how far the tasks' reminders had got */
async function cancelPending(
  transaction: Queryable,
  taskIds: readonly string[],
  leadTimesSeconds: readonly number[],
): Promise<Passed> {
  if (taskIds.length === 0) return new Map();
  await cancelReminders(transaction, taskIds);
  return readPassed(transaction, taskIds, leadTimesSeconds);
}

function earliest(reminders: readonly Reminder[]): Date | undefined {
  const first = reminders.reduce((first, reminder) => Math.min(first, fireAt(reminder).getTime()), Infinity);
  return reminders.length === 0 ? undefined : new Date(first);
}
