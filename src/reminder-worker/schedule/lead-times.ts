import { withTransaction, type Database, type Queryable } from '../../lib/database.ts';
import { fireAt, nextReminderOf, type Reminder } from '../reminder.ts';
import type { TaskState } from '../task-state.ts';
import { addReminders, cancelOtherLeadTimes, readPending } from './reminders.ts';
import { lockTasks } from './tasks.ts';

/** To be asked when the tasks are locked: what is made with older lead times is then found by `adoptLeadTimes`. */
export async function readLeadTimes(transaction: Queryable): Promise<readonly number[]> {
  const { rows } = await transaction.query<{ seconds: number[] }>('SELECT seconds FROM reminders.lead_times');
  return rows[0]?.seconds ?? [];
}

/**
 * Makes all workers schedule with these lead times from now on, and brings what is scheduled already in line: pending
 * reminders with other lead times go, and those that are missing come, unless they would be late from the beginning.
 */
export async function adoptLeadTimes(database: Database, seconds: readonly number[], now: Date): Promise<void> {
  const set = `
    INSERT INTO reminders.lead_times (seconds, is_adopted) VALUES ($1, false)
    ON CONFLICT (is_only_row) DO UPDATE
      SET seconds = excluded.seconds, is_adopted = lead_times.is_adopted AND lead_times.seconds = excluded.seconds
    RETURNING is_adopted`;
  const { rows } = await database.query<{ is_adopted: boolean }>(set, [seconds]);
  if (rows[0]?.is_adopted) return;
  for await (const taskIds of allTaskIds(database)) await adoptForTasks(database, taskIds, seconds, now);
  await database.query('UPDATE reminders.lead_times SET is_adopted = true WHERE seconds = $1', [seconds]);
}

const batchSize = 500;

async function* allTaskIds(database: Database): AsyncGenerator<string[]> {
  const select = 'SELECT task_id FROM reminders.tasks WHERE task_id > $1 ORDER BY task_id LIMIT $2';
  for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await database.query<{ task_id: string }>(select, [last, batchSize]);
    const taskIds = rows.map(({ task_id: taskId }) => taskId);
    if (taskIds.length > 0) yield taskIds;
    if (taskIds.length < batchSize) return;
    last = taskIds.at(-1)!;
  }
}

async function adoptForTasks(database: Database, taskIds: string[], seconds: readonly number[], now: Date) {
  await withTransaction(database, async (transaction) => {
    const states = await lockTasks(transaction, taskIds);
    await cancelOtherLeadTimes(transaction, taskIds, seconds);
    const pending = await readPending(transaction, taskIds);
    const missing = [...states].flatMap(([taskId, state]) =>
      seconds
        .filter((leadTimeSeconds) => !pending.get(taskId)?.has(leadTimeSeconds))
        .flatMap((leadTimeSeconds) => upcomingReminderOf(taskId, state, leadTimeSeconds, now)),
    );
    await addReminders(transaction, missing);
  });
}

/** None or one. */
function upcomingReminderOf(taskId: string, state: TaskState, leadTimeSeconds: number, now: Date): Reminder[] {
  const passed = new Date(now.getTime() + leadTimeSeconds * 1000);
  return nextReminderOf(taskId, state, leadTimeSeconds, passed).filter((reminder) => fireAt(reminder) > now);
}
