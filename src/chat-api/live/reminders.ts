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

/** For how long reminders are kept, in milliseconds. */
export const reminderMilliseconds = 24 * 60 * 60 * 1000;

/** The user's reminders after the number, in order. */
export async function remindersSince(database: Queryable, userId: string, number: number): Promise<NumberedReminder[]> {
  const { rows } = await database.query<{ number: string; reminder: Reminder }>(
    `SELECT number, reminder FROM chat.reminders WHERE user_id = $1 AND number > $2 ORDER BY number DESC LIMIT ${shown}`,
    [userId, number],
  );
  return rows.toReversed().map((row) => ({ ...row, number: Number(row.number) }));
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
