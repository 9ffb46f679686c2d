import type { Queryable } from '../../lib/database.ts';
import { fireAt, leadTimesOf, nextReminderOf } from '../reminder.ts';
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
  const everyLeadTime = new Set([...changed.values()].flatMap((state) => leadTimesOf(state, leadTimesSeconds)));
  const passed = await cancelPending(transaction, [...changed.keys()], [...everyLeadTime]);
  const reminders = [...added, ...changed].flatMap(([taskId, state]) =>
    leadTimesOf(state, leadTimesSeconds).flatMap((leadTimeSeconds) =>
      nextReminderOf(taskId, state, leadTimeSeconds, passed.get(taskId)?.get(leadTimeSeconds)),
    ),
  );
  await addReminders(transaction, reminders);
  return earliest(reminders.map(fireAt));
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

function earliest(times: readonly Date[]): Date | undefined {
  return times.reduce<Date | undefined>((first, time) => (first && first <= time ? first : time), undefined);
}
