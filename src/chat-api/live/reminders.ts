import type { ReminderDue } from '../../events/catalogue.ts';
import type { Clock } from '../../lib/clock.ts';
import { withTransaction, type Database, type Queryable } from '../../lib/database.ts';

/** A reminder as pages get it. */
export interface Reminder {
  /** The event's id: the same when it arrives again. */
  readonly id: string;
  readonly task_id: string;
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly due_date: string;
  readonly lead_time_seconds: number;
  /** When the worker fired it; ISO 8601, UTC. */
  readonly fired_at: string;
}

export interface NumberedReminder {
  /** Grows in the order in which reminders become visible, whatever the clocks say; the same on every replica. */
  readonly number: number;
  readonly reminder: Reminder;
}

/** How many of a user's reminders a page gets at most, of those that it has missed: the newest. */
const shown = 100;

/** For how long reminders are kept, in milliseconds: also those that fired while the API was away. */
export const reminderMilliseconds = 7 * 24 * 60 * 60 * 1000;

/** The user's reminders after the number that came in the last day, in order; without those that were dismissed. */
export async function remindersSince(
  database: Queryable,
  userId: string,
  { number, now }: { readonly number: number; readonly now: Date },
): Promise<NumberedReminder[]> {
  const { rows } = await database.query<{ number: string; reminder: Reminder }>(
    `SELECT number, reminder FROM chat.reminders
     WHERE user_id = $1 AND number > $2 AND dismissed_at IS NULL AND created_at > $3::timestamptz - interval '1 day'
     ORDER BY number DESC LIMIT ${shown}`,
    [userId, number, now],
  );
  return rows.toReversed().map((row) => ({ ...row, number: Number(row.number) }));
}

/** The user's newest reminders that were not dismissed, the newest first; at most {@link shown}. */
export async function openReminders(database: Queryable, userId: string): Promise<Reminder[]> {
  const { rows } = await database.query<{ reminder: Reminder }>(
    `SELECT reminder FROM chat.reminders WHERE user_id = $1 AND dismissed_at IS NULL ORDER BY number DESC LIMIT ${shown}`,
    [userId],
  );
  return rows.map(({ reminder }) => reminder);
}

/** What to dismiss: one reminder, or one with all that came before it; everything when both are left out. */
export interface Dismissal {
  readonly id?: string | undefined;
  readonly upTo?: string | undefined;
  readonly now: Date;
}

/** Dismisses reminders of the user. One that is gone, or dismissed already, stays so: a repeated request does no harm. */
export async function dismissReminders(
  database: Queryable,
  userId: string,
  { id, upTo, now }: Dismissal,
): Promise<void> {
  await database.query(
    `UPDATE chat.reminders SET dismissed_at = $4
     WHERE user_id = $1 AND dismissed_at IS NULL AND ($2::uuid IS NULL OR event_id = $2)
       AND ($3::uuid IS NULL OR number <= (SELECT number FROM chat.reminders WHERE user_id = $1 AND event_id = $3))`,
    [userId, id ?? null, upTo ?? null, now],
  );
}

/** The number of the last reminder of all users; 0 when none is kept. */
export async function lastReminder(database: Queryable): Promise<number> {
  const { rows } = await database.query<{ last: string | null }>('SELECT max(number) AS last FROM chat.reminders');
  return Number(rows[0]!.last ?? 0);
}

export interface ReminderStoreOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Told of each user who has new reminders, once they can be read. */
  readonly announce: (userId: string) => void;
}

/** Keeps the reminders that fire, for the pages of all replicas. */
export class ReminderStore {
  readonly #options: ReminderStoreOptions;
  #adding: Promise<unknown> = Promise.resolve();

  constructor(options: ReminderStoreOptions) {
    this.#options = options;
  }

  /**
   * The consumer group by which the replicas share the topic: one of this database's own.
   *
   * @throws {ExpectedError} with a DatabaseErrorCode
   */
  async consumerGroup(): Promise<string> {
    const { rows } = await this.#options.database.query<{ id: string }>('SELECT id FROM chat.installation');
    return `chat-api-live-${rows[0]!.id}`;
  }

  /**
   * Adds those that are not there yet, in their order. One that fired long ago is left out: it was here, and was
   * forgotten.
   *
   * @throws {ExpectedError} with a DatabaseErrorCode
   */
  async add(events: readonly ReminderDue[]): Promise<void> {
    // One at a time: those that wait for the lock would hold connections that requests need.
    const added = this.#adding.then(() => this.#add(events));
    this.#adding = added.catch(() => {});
    return added;
  }

  async #add(events: readonly ReminderDue[]): Promise<void> {
    const { database, clock, announce } = this.#options;
    const now = clock.now();
    const fresh = events.filter(({ timestamp }) => Date.parse(timestamp) > now.getTime() - reminderMilliseconds);
    if (fresh.length === 0) return;
    const users = await withTransaction(database, async (transaction) => {
      // Until the commit, so that no number becomes visible after a greater one.
      await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('kafka-events chat reminders', 0))`);
      const { rows } = await transaction.query<{ user_id: string }>(
        `INSERT INTO chat.reminders (event_id, user_id, reminder, created_at)
         SELECT event_id, user_id, reminder, $4::timestamptz FROM unnest($1::uuid[], $2::uuid[], $3::json[])
           AS event (event_id, user_id, reminder)
         ON CONFLICT (event_id) DO NOTHING RETURNING user_id`,
        [
          fresh.map(({ event_id: id }) => id),
          fresh.map(({ payload }) => payload.user_id),
          fresh.map((event) => JSON.stringify(toReminder(event))),
          now,
        ],
      );
      return new Set(rows.map((row) => row.user_id));
    });
    for (const user of users) announce(user);
  }
}

function toReminder({ event_id: id, timestamp, payload }: ReminderDue): Reminder {
  const { task_id, title, due_date, lead_time_seconds } = payload;
  return { id, task_id, title, due_date, lead_time_seconds, fired_at: timestamp };
}
