import type { Queryable } from '../../lib/database.ts';
import { fireAt, nextReminderOf } from '../reminder.ts';
import type { TaskState } from '../task-state.ts';
import { readLeadTimes } from './lead-times.ts';
import { addReminders, cancelReminders, readPassed } from './reminders.ts';

/**
 * Makes the pending reminders of tasks what they must be, whatever they were. The tasks must be locked.
 *
 * @returns when the earliest of the reminders is to be published, if there are any
 */
export async function scheduleTasks(
  transaction: Queryable,
  tasks: ReadonlyMap<string, TaskState>,
): Promise<Date | undefined> {
  if (tasks.size === 0) return undefined;
  const taskIds = [...tasks.keys()];
  const leadTimesSeconds = await readLeadTimes(transaction);
  await cancelReminders(transaction, taskIds);
  const passed = await readPassed(transaction, taskIds, leadTimesSeconds);
  const reminders = [...tasks].flatMap(([taskId, state]) =>
    leadTimesSeconds.flatMap((leadTimeSeconds) =>
      nextReminderOf(taskId, state, leadTimeSeconds, passed.get(taskId)?.get(leadTimeSeconds)),
    ),
  );
  await addReminders(transaction, reminders);
  return earliest(reminders.map(fireAt));
}

function earliest(times: readonly Date[]): Date | undefined {
  return times.reduce<Date | undefined>((first, time) => (first && first <= time ? first : time), undefined);
}
