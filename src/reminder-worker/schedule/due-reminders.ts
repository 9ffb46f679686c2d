import type { Queryable } from '../../lib/database.ts';
import type { Reminder } from '../reminder.ts';
import type { TaskState } from '../task-state.ts';
import type { DueCursor, Place } from './due-cursor.ts';
import { givenReminders, keysOf } from './reminders.ts';

/** A reminder whose time has come, and what is known of its task. */
export interface DueReminder extends Reminder {
  readonly fireAt: Date;
  /** When the transaction began that holds it, by the database's clock: the only one that counts. */
  readonly claimedAt: Date;
  readonly state: TaskState;
}

/** What was due, each part with the earliest first. */
export interface Claim {
  readonly overdue: readonly DueReminder[];
  readonly fresh: readonly DueReminder[];
}

/** How many reminders to claim at most. */
export interface ClaimLimits {
  readonly overdue: number;
  readonly fresh: number;
}

/** What is left once all that could be claimed was claimed. */
export interface Outlook {
  /** When the transaction began, by the database's clock. */
  readonly at: Date;
  /** The earliest reminder that is due and was not claimed, since somebody else holds it or its task. */
  readonly held: Place | undefined;
  readonly next: NextReminder | undefined;
}

/** The earliest of the pending reminders that are not due yet. */
export interface NextReminder {
  readonly fireAt: Date;
  /** From the beginning of the transaction until then, in milliseconds. */
  readonly milliseconds: number;
}

interface Row {
  readonly task_id: string;
  readonly due_at: Date;
  readonly lead_time_seconds: number;
  readonly fire_at: Date;
  readonly claimed_at: Date;
  readonly is_fresh: boolean;
  readonly state: TaskState;
}

/**
 * Takes reminders that are due: of the overdue ones from where the cursor has got to, and of those that have come due
 * since, so that a great many at one time do not delay what comes due after them. Until the transaction ends they and
 * their tasks are locked: no other worker takes them, and nobody changes or cancels them. What somebody else has locked
 * is left out.
 */
export async function claimDueReminders(
  transaction: Queryable,
  { reached, freshSince }: DueCursor,
  limits: ClaimLimits,
): Promise<Claim> {
  const due = (condition: string, limit: string) => `
    SELECT task_id, due_at, lead_time_seconds, fire_at, state
    FROM reminders JOIN tasks USING (task_id)
    WHERE published_at IS NULL AND ${condition}
    ORDER BY fire_at, task_id LIMIT ${limit}
    FOR UPDATE SKIP LOCKED`;
  const claim = `
    WITH overdue AS MATERIALIZED (${due('(fire_at, task_id) >= ($1, $2) AND fire_at < least($3, now())', '$4')}),
      fresh AS MATERIALIZED (${due('fire_at >= $3 AND fire_at <= now()', '$5')})
    SELECT *, false AS is_fresh, now() AS claimed_at FROM overdue
    UNION ALL SELECT *, true, now() FROM fresh`;
  const values = [reached.fireAt, reached.taskId, freshSince, limits.overdue, limits.fresh];
  const { rows } = await transaction.query<Row>(claim, values);
  const part = (isFresh: boolean) => rows.filter(({ is_fresh }) => is_fresh === isFresh).map(dueReminder);
  return { overdue: part(false), fresh: part(true) };
}

function dueReminder(row: Row): DueReminder {
  return {
    taskId: row.task_id,
    dueAt: row.due_at,
    leadTimeSeconds: row.lead_time_seconds,
    fireAt: row.fire_at,
    claimedAt: row.claimed_at,
    state: row.state,
  };
}

/** Notes reminders as published, at the transaction's time. */
export async function markPublished(transaction: Queryable, reminders: readonly Reminder[]): Promise<void> {
  if (reminders.length === 0) return;
  await transaction.query(`${updatePublished('published_at = now()')}`, keysOf(reminders));
}

/** Why reminders that are noted as published were given up. */
export async function markRefused(
  transaction: Queryable,
  refused: readonly (Reminder & { readonly error: string })[],
): Promise<void> {
  for (const { error, ...reminder } of refused) {
    await transaction.query(updatePublished('error = $4'), [...keysOf([reminder]), error]);
  }
}

const updatePublished = (assignment: string) => `
  UPDATE reminders SET ${assignment}
  FROM ${givenReminders} AS published (task_id, due_at, lead_time_seconds)
  WHERE (reminders.task_id, reminders.due_at, reminders.lead_time_seconds)
    = (published.task_id, published.due_at, published.lead_time_seconds)`;

/**
 * To be asked in the transaction that has claimed all it could, and has noted it as published.
 *
 * @param start nothing is pending before it
 */
export async function readOutlook(transaction: Queryable, start: Place): Promise<Outlook> {
  const select = `
    SELECT now() AS at, held.fire_at AS held_at, held.task_id AS held_task, next.fire_at AS next_at,
      extract(epoch FROM next.fire_at - now())::float8 * 1000 AS milliseconds
    FROM (SELECT) AS one
    LEFT JOIN LATERAL (
      SELECT fire_at, task_id FROM reminders
      WHERE published_at IS NULL AND (fire_at, task_id) >= ($1, $2) AND fire_at <= now()
      ORDER BY fire_at, task_id LIMIT 1
    ) AS held ON true
    LEFT JOIN LATERAL (
      SELECT fire_at FROM reminders
      WHERE published_at IS NULL AND fire_at > now()
      ORDER BY fire_at, task_id LIMIT 1
    ) AS next ON true`;
  const { rows } = await transaction.query<OutlookRow>(select, [start.fireAt, start.taskId]);
  const { at, held_at: heldAt, held_task: heldTask, next_at: nextAt, milliseconds } = rows[0]!;
  return {
    at,
    held: heldAt && heldTask ? { fireAt: heldAt, taskId: heldTask } : undefined,
    next: nextAt && milliseconds !== null ? { fireAt: nextAt, milliseconds } : undefined,
  };
}

interface OutlookRow {
  readonly at: Date;
  readonly held_at: Date | null;
  readonly held_task: string | null;
  readonly next_at: Date | null;
  readonly milliseconds: number | null;
}
