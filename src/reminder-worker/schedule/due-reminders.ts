import type { Queryable } from '../../lib/database.ts';
import type { Reminder } from '../reminder.ts';
import type { TaskState } from '../task-state.ts';

/** A reminder whose time has come, and what is known of its task. */
export interface DueReminder extends Reminder {
  readonly fireAt: Date;
  /** When the transaction began that holds it, by the database's clock: the only one that counts. */
  readonly claimedAt: Date;
  readonly state: TaskState;
}

/** The earliest of the pending reminders. */
export interface NextReminder {
  readonly fireAt: Date;
  /** How long until then, in milliseconds; negative when it is due. */
  readonly milliseconds: number;
  /** It was due already when the transaction began, and is here because somebody else holds it. */
  readonly isHeld: boolean;
}

interface Row {
  readonly task_id: string;
  readonly due_at: Date;
  readonly lead_time_seconds: number;
  readonly fire_at: Date;
  readonly claimed_at: Date;
  readonly state: TaskState;
}

/**
 * Takes the reminders that are due, the earliest first. Until the transaction ends they and their tasks are locked:
 * no other worker takes them, and nobody changes or cancels them. What somebody else has locked is left out.
 */
export async function claimDueReminders(transaction: Queryable, limit: number): Promise<DueReminder[]> {
  const claim = `
    SELECT task_id, due_at, lead_time_seconds, fire_at, now() AS claimed_at, state
    FROM reminders.reminders JOIN reminders.tasks USING (task_id)
    WHERE published_at IS NULL AND fire_at <= now()
    ORDER BY fire_at LIMIT $1
    FOR UPDATE SKIP LOCKED`;
  const { rows } = await transaction.query<Row>(claim, [limit]);
  return rows.map((row) => ({
    taskId: row.task_id,
    dueAt: row.due_at,
    leadTimeSeconds: row.lead_time_seconds,
    fireAt: row.fire_at,
    claimedAt: row.claimed_at,
    state: row.state,
  }));
}

/** Notes reminders as published, at the transaction's time. */
export async function markPublished(transaction: Queryable, reminders: readonly Reminder[]): Promise<void> {
  const mark = `
    UPDATE reminders.reminders SET published_at = now()
    FROM unnest($1::uuid[], $2::timestamptz[], $3::integer[]) AS published (task_id, due_at, lead_time_seconds)
    WHERE (reminders.task_id, reminders.due_at, reminders.lead_time_seconds)
      = (published.task_id, published.due_at, published.lead_time_seconds)`;
  await transaction.query(mark, [
    reminders.map(({ taskId }) => taskId),
    reminders.map(({ dueAt }) => dueAt),
    reminders.map(({ leadTimeSeconds }) => leadTimeSeconds),
  ]);
}

/** To be asked in the transaction that has claimed all it could. */
export async function nextReminder(transaction: Queryable): Promise<NextReminder | undefined> {
  const select = `
    SELECT fire_at AS "fireAt", fire_at <= now() AS "isHeld",
      extract(epoch FROM fire_at - clock_timestamp())::float8 * 1000 AS milliseconds
    FROM reminders.reminders WHERE published_at IS NULL
    ORDER BY fire_at LIMIT 1`;
  const { rows } = await transaction.query<NextReminder>(select);
  return rows[0];
}
