import { withTransaction, type Database, type Queryable } from '../../lib/database.ts';
import { fireAt, nextReminderOf, type Reminder } from '../reminder.ts';
import type { TaskState } from '../task-state.ts';
import { addReminders, cancelOtherLeadTimes, readPending } from './reminders.ts';
import { lockTasks } from './tasks.ts';

/** Small enough that changes of these tasks, which wait meanwhile, hardly notice. */
const batchSize = 200;
const lowestId = '00000000-0000-0000-0000-000000000000';

interface Setting {
  readonly seconds: number[];
  readonly adopted_up_to: string | null;
}

/**
 * Brings the next tasks in line with the lead times that are set: pending reminders with other lead times go, and those
 * that are missing come, unless they would be late from the beginning. How far it has got is kept in the database, so
 * that any worker goes on where another has ended; only one does so at a time.
 *
 * @returns whether there is more to do for this worker
 */
export async function adoptLeadTimes(database: Database, now: Date): Promise<boolean> {
  return withTransaction(database, async (transaction) => {
    const select = `
      SELECT seconds, adopted_up_to FROM lead_times WHERE NOT is_adopted
      FOR UPDATE SKIP LOCKED`;
    const setting = (await transaction.query<Setting>(select)).rows[0];
    if (!setting) return false;
    const taskIds = await nextTaskIds(transaction, setting.adopted_up_to ?? lowestId);
    if (taskIds.length > 0) await adoptForTasks(transaction, taskIds, setting.seconds, now);
    const isMore = taskIds.length === batchSize;
    const note = 'UPDATE lead_times SET is_adopted = $1, adopted_up_to = $2';
    await transaction.query(note, [!isMore, isMore ? taskIds.at(-1) : null]);
    return isMore;
  });
}

async function nextTaskIds(transaction: Queryable, last: string): Promise<string[]> {
  const select = 'SELECT task_id FROM tasks WHERE task_id > $1 ORDER BY task_id LIMIT $2';
  const { rows } = await transaction.query<{ task_id: string }>(select, [last, batchSize]);
  return rows.map(({ task_id: taskId }) => taskId);
}

async function adoptForTasks(
  transaction: Queryable,
  taskIds: readonly string[],
  seconds: readonly number[],
  now: Date,
): Promise<void> {
  const states = await lockTasks(transaction, taskIds);
  await cancelOtherLeadTimes(transaction, taskIds, seconds);
  const pending = await readPending(transaction, taskIds);
  const missing = [...states].flatMap(([taskId, state]) =>
    seconds
      .filter((leadTimeSeconds) => !pending.get(taskId)?.has(leadTimeSeconds))
      .flatMap((leadTimeSeconds) => upcomingReminderOf(taskId, state, leadTimeSeconds, now)),
  );
  await addReminders(transaction, missing);
}

/** None or one. */
function upcomingReminderOf(taskId: string, state: TaskState, leadTimeSeconds: number, now: Date): Reminder[] {
  const passed = new Date(now.getTime() + leadTimeSeconds * 1000);
  return nextReminderOf(taskId, state, leadTimeSeconds, passed).filter((reminder) => fireAt(reminder) > now);
}
