import { createHash } from 'node:crypto';
import type { Database, Queryable } from '../../lib/database.ts';
import { lastReminder, type Reminder } from '../live/reminders.ts';

/** How a browser takes messages (RFC 8030, RFC 8291). */
export interface Subscription {
  /** Of the browser's push service. */
  readonly endpoint: string;
  /** The browser's public key, and its secret: base64url. */
  readonly p256dh: string;
  readonly auth: string;
}

/** A user's browsers beyond these are forgotten, the oldest first. */
const mostPerUser = 20;

/** One that fired longer ago is in the list of reminders; a notification of it would come as a surprise. */
const freshMilliseconds = 60 * 60_000;

/** For how long a replica has a subscription to itself; more than it takes to send {@link mostAtOnce} messages. */
const leaseMilliseconds = 60_000;
/** How many reminders a subscription gets before others have their turn. */
const mostAtOnce = 4;
/** How many subscriptions a replica sends to at once. */
const mostClaimed = 8;

/**
 * Keeps a subscription for the reminders that fire from now on. The browser's earlier one, also of another user, becomes
 * this one.
 *
 * @returns its id
 */
export async function subscribe(
  database: Database,
  userId: string,
  { endpoint, p256dh, auth }: Subscription,
  now: Date,
): Promise<string> {
  const id = subscriptionId(endpoint);
  await database.query(
    `INSERT INTO chat.push_subscriptions AS known (id, user_id, endpoint, p256dh, auth, created_at, reminder, next_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $6)
     ON CONFLICT (id) DO UPDATE SET user_id = $2, p256dh = $4, auth = $5,
       reminder = CASE WHEN known.user_id = $2 THEN known.reminder ELSE $7 END`,
    [id, userId, endpoint, p256dh, auth, now, await lastReminder(database)],
  );
  await database.query(
    `DELETE FROM chat.push_subscriptions WHERE id IN (
       SELECT id FROM chat.push_subscriptions WHERE user_id = $1 ORDER BY created_at DESC OFFSET ${mostPerUser})`,
    [userId],
  );
  return id;
}

/** Forgets a subscription of the user; one that is gone stays so. */
export async function unsubscribe(database: Queryable, userId: string, id: string): Promise<void> {
  await database.query('DELETE FROM chat.push_subscriptions WHERE user_id = $1 AND id = $2', [userId, id]);
}

export interface ClaimedSubscription extends Subscription {
  readonly id: string;
  readonly user_id: string;
  /** The number of the last reminder that it has had. */
  readonly reminder: number;
  readonly failures: number;
}

/** Takes subscriptions that have reminders to come, so that no other replica sends to them meanwhile. */
export async function claim(database: Queryable, now: Date): Promise<ClaimedSubscription[]> {
  const { rows } = await database.query<Omit<ClaimedSubscription, 'reminder'> & { reminder: string }>(
    `UPDATE chat.push_subscriptions SET next_at = $2 WHERE id IN (
       SELECT id FROM chat.push_subscriptions AS due
       WHERE next_at <= $1 AND EXISTS (
         SELECT FROM chat.reminders WHERE reminders.user_id = due.user_id AND reminders.number > due.reminder)
       ORDER BY next_at LIMIT ${mostClaimed} FOR UPDATE SKIP LOCKED)
     RETURNING id, user_id, endpoint, p256dh, auth, reminder, failures`,
    [now, new Date(now.getTime() + leaseMilliseconds)],
  );
  return rows.map((row) => ({ ...row, reminder: Number(row.reminder) }));
}

/** One that a subscription has not had yet. */
export interface NextReminder {
  readonly number: number;
  readonly reminder: Reminder;
  /** For how long a notification of it is still of use, in milliseconds; 0 when it was dismissed, or fired long ago. */
  readonly freshMilliseconds: number;
}

/** The next reminders of a subscription, in their order. */
export async function nextReminders(
  database: Queryable,
  { user_id, reminder }: ClaimedSubscription,
  now: Date,
): Promise<NextReminder[]> {
  const { rows } = await database.query<{ number: string; reminder: Reminder; created_at: Date; is_open: boolean }>(
    `SELECT number, reminder, created_at, dismissed_at IS NULL AS is_open FROM chat.reminders
     WHERE user_id = $1 AND number > $2 ORDER BY number LIMIT ${mostAtOnce}`,
    [user_id, reminder],
  );
  return rows.map(({ number, reminder, created_at, is_open }) => {
    const left = created_at.getTime() + freshMilliseconds - now.getTime();
    return { number: Number(number), reminder, freshMilliseconds: is_open ? Math.max(0, left) : 0 };
  });
}

/** The subscription has had reminders up to this one; where another replica was further already, it stays there. */
export async function advance(database: Queryable, id: string, number: number): Promise<void> {
  await database.query(
    'UPDATE chat.push_subscriptions SET reminder = greatest(reminder, $2), failures = 0 WHERE id = $1',
    [id, number],
  );
}

/** Gives a claimed subscription back, for the next turn at that time. */
export async function release(
  database: Queryable,
  id: string,
  { nextAt, hasFailed }: { readonly nextAt: Date; readonly hasFailed: boolean },
): Promise<void> {
  await database.query('UPDATE chat.push_subscriptions SET next_at = $2, failures = failures + $3 WHERE id = $1', [
    id,
    nextAt,
    hasFailed ? 1 : 0,
  ]);
}

/** Forgets a subscription that its push service no longer knows. */
export async function forget(database: Queryable, id: string): Promise<void> {
  await database.query('DELETE FROM chat.push_subscriptions WHERE id = $1', [id]);
}

function subscriptionId(endpoint: string): string {
  const hex = createHash('sha256').update(endpoint).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
