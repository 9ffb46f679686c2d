import type { Queryable } from '../../lib/database.ts';
import { fireAt, type Reminder } from '../reminder.ts';

/** How far the reminders of tasks have got: by task, then by lead time in seconds. See `passedAt`. */
export type Passed = ReadonlyMap<string, ReadonlyMap<number, Date>>;

export async function readPassed(transaction: Queryable, taskIds: readonly string[]): Promise<Passed> {
  const select = `
    SELECT task_id, lead_time_seconds,
      max(greatest(due_at, published_at + make_interval(secs => lead_time_seconds))) AS passed
    FROM reminders.reminders
    WHERE task_id = ANY ($1) AND published_at IS NOT NULL
    GROUP BY task_id, lead_time_seconds`;
  const { rows } = await transaction.query<{ task_id: string; lead_time_seconds: number; passed: Date }>(select, [
    taskIds,
  ]);
  const passed = new Map<string, Map<number, Date>>();
  for (const row of rows) {
    const byLeadTime = passed.get(row.task_id) ?? new Map<number, Date>();
    passed.set(row.task_id, byLeadTime.set(row.lead_time_seconds, row.passed));
  }
  return passed;
}

export async function cancelReminders(transaction: Queryable, taskIds: readonly string[]): Promise<void> {
  const cancel = 'DELETE FROM reminders.reminders WHERE task_id = ANY ($1) AND published_at IS NULL';
  await transaction.query(cancel, [taskIds]);
}

/** The lead times, in seconds, that tasks have pending reminders with. */
export async function readPending(
  transaction: Queryable,
  taskIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const select = `
    SELECT task_id, array_agg(lead_time_seconds) AS seconds
    FROM reminders.reminders WHERE task_id = ANY ($1) AND published_at IS NULL
    GROUP BY task_id`;
  const { rows } = await transaction.query<{ task_id: string; seconds: number[] }>(select, [taskIds]);
  return new Map(rows.map(({ task_id: taskId, seconds }) => [taskId, new Set(seconds)]));
}

export async function cancelOtherLeadTimes(
  transaction: Queryable,
  taskIds: readonly string[],
  leadTimesSeconds: readonly number[],
): Promise<void> {
  const cancel = `
    DELETE FROM reminders.reminders
    WHERE task_id = ANY ($1) AND published_at IS NULL AND lead_time_seconds <> ALL ($2)`;
  await transaction.query(cancel, [taskIds, leadTimesSeconds]);
}

/** Where workers tell each other when the earliest reminder that was added is to be published, in epoch milliseconds. */
export const addedChannel = 'reminders_added';

/** Adds reminders; one that was published before stays published. */
export async function addReminders(transaction: Queryable, reminders: readonly Reminder[]): Promise<void> {
  if (reminders.length === 0) return;
  const insert = `
    WITH added AS (
      INSERT INTO reminders.reminders (task_id, due_at, lead_time_seconds, fire_at)
      SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::integer[], $4::timestamptz[])
      ON CONFLICT DO NOTHING
      RETURNING fire_at
    )
    SELECT pg_notify('${addedChannel}', (extract(epoch FROM min(fire_at)) * 1000)::bigint::text)
    FROM added HAVING count(*) > 0`;
  await transaction.query(insert, [
    reminders.map(({ taskId }) => taskId),
    reminders.map(({ dueAt }) => dueAt),
    reminders.map(({ leadTimeSeconds }) => leadTimeSeconds),
    reminders.map(fireAt),
  ]);
}
