import { arrayLiteral, timeLiteral } from '../../lib/array-literal.ts';
import type { Queryable } from '../../lib/database.ts';
import type { Reminder } from '../reminder.ts';

/** How far the reminders of tasks have got: by task, then by lead time in seconds. See `passedAt`. */
export type Passed = ReadonlyMap<string, ReadonlyMap<number, Date>>;

/** Reads the last publication only, which is enough: nothing is published before its time. */
export async function readPassed(
  transaction: Queryable,
  taskIds: readonly string[],
  leadTimesSeconds: readonly number[],
): Promise<Passed> {
  const select = `
    SELECT task_id, seconds, published_at + make_interval(secs => seconds) AS passed
    FROM unnest($1::uuid[]) AS asked (task_id) CROSS JOIN unnest($2::integer[]) AS lead_time (seconds)
    CROSS JOIN LATERAL (
      SELECT published_at FROM reminders
      WHERE reminders.task_id = asked.task_id AND lead_time_seconds = seconds AND published_at IS NOT NULL
      ORDER BY published_at DESC LIMIT 1
    ) AS last`;
  const { rows } = await transaction.query<{ task_id: string; seconds: number; passed: Date }>(select, [
    taskIds,
    leadTimesSeconds,
  ]);
  const passed = new Map<string, Map<number, Date>>();
  for (const row of rows) {
    const byLeadTime = passed.get(row.task_id) ?? new Map<number, Date>();
    passed.set(row.task_id, byLeadTime.set(row.seconds, row.passed));
  }
  return passed;
}

export async function cancelReminders(transaction: Queryable, taskIds: readonly string[]): Promise<void> {
  const cancel = `
    DELETE FROM reminders USING unnest($1::uuid[]) AS cancelled (task_id)
    WHERE reminders.task_id = cancelled.task_id AND published_at IS NULL`;
  await transaction.query(cancel, [taskIds]);
}

/** The lead times, in seconds, that tasks have pending reminders with. */
export async function readPending(
  transaction: Queryable,
  taskIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const select = `
    SELECT task_id, array_agg(lead_time_seconds) AS seconds
    FROM unnest($1::uuid[]) AS asked (task_id) JOIN reminders USING (task_id)
    WHERE published_at IS NULL
    GROUP BY task_id`;
  const { rows } = await transaction.query<{ task_id: string; seconds: number[] }>(select, [taskIds]);
  return new Map(rows.map(({ task_id: taskId, seconds }) => [taskId, new Set(seconds)]));
}

/** @param own the lead times that single tasks have beside those */
export async function cancelOtherLeadTimes(
  transaction: Queryable,
  taskIds: readonly string[],
  leadTimesSeconds: readonly number[],
  own: ReadonlyMap<string, readonly number[]>,
): Promise<void> {
  const cancel = `
    DELETE FROM reminders USING unnest($1::uuid[]) AS cancelled (task_id)
    WHERE reminders.task_id = cancelled.task_id AND published_at IS NULL AND lead_time_seconds <> ALL ($2)
      AND (reminders.task_id, lead_time_seconds) NOT IN (SELECT * FROM unnest($3::uuid[], $4::integer[]))`;
  const kept = [...own].flatMap(([taskId, seconds]) => seconds.map((second) => ({ taskId, second })));
  await transaction.query(cancel, [
    taskIds,
    leadTimesSeconds,
    kept.map(({ taskId }) => taskId),
    kept.map(({ second }) => second),
  ]);
}

/** Adds reminders; one that was published before stays published. */
export async function addReminders(transaction: Queryable, reminders: readonly Reminder[]): Promise<void> {
  if (reminders.length === 0) return;
  const insert = `
    INSERT INTO reminders (task_id, due_at, lead_time_seconds, fire_at)
    SELECT *, due_at - make_interval(secs => lead_time_seconds)
    FROM ${givenReminders} AS new (task_id, due_at, lead_time_seconds)
    ON CONFLICT DO NOTHING`;
  await transaction.query(insert, keysOf(reminders));
}

/** What `keysOf` gives, as rows. */
export const givenReminders = 'unnest($1::uuid[], $2::timestamptz[], $3::integer[])';

export function keysOf(reminders: readonly Reminder[]): string[] {
  return [
    arrayLiteral(reminders.map(({ taskId }) => taskId)),
    arrayLiteral(reminders.map(({ dueAt }) => timeLiteral(dueAt))),
    arrayLiteral(reminders.map(({ leadTimeSeconds }) => leadTimeSeconds)),
  ];
}
