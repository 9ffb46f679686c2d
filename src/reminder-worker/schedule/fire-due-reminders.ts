import { setImmediate as turn } from 'node:timers/promises';
import { withTransaction, type Database, type Queryable } from '../../lib/database.ts';
import { openTask } from '../open-task.ts';
import { nextReminderOf, passedAt, uninterrupted, type Reminder } from '../reminder.ts';
import { placeAt, type DueCursor, type Place } from './due-cursor.ts';
import {
  claimDueReminders,
  markPublished,
  markRefused,
  readOutlook,
  type Claim,
  type ClaimLimits,
  type DueReminder,
  type Outlook,
} from './due-reminders.ts';
import { addReminders } from './reminders.ts';

/** A reminder that Kafka has not taken, and why. */
export interface UntakenReminder {
  readonly reminder: DueReminder;
  readonly error: Error;
  /** Whether it may be taken later, as when its partition has no leader now; never, when left out. */
  readonly isPassing?: boolean;
}

/**
 * Resolves when Kafka has acknowledged all of them, but for those it returns. Must settle in a few seconds, since rows
 * are locked meanwhile.
 */
export type Publish = (reminders: readonly DueReminder[]) => Promise<readonly UntakenReminder[]>;

export interface Fired {
  /** All that need not be published any more, those that Kafka will never take included. */
  readonly reminders: readonly DueReminder[];
  readonly refused: readonly UntakenReminder[];
  /** What has to be published again. */
  readonly unsent: readonly UntakenReminder[];
  /** What is left; undefined when there may be more to claim at once. */
  readonly outlook: Outlook | undefined;
  /** Where to go on. */
  readonly cursor: DueCursor;
}

/** Where to look for what is due, and how much of it to publish at most. */
export interface FireOptions {
  readonly cursor: DueCursor;
  readonly limits: ClaimLimits;
}

/**
 * Publishes what is due, in one transaction: it holds the locks, so that a reminder is published or cancelled but
 * never both, and by one worker only. What it writes is written before Kafka is asked, and is committed at once when
 * Kafka has answered: a worker that dies in between, in this one round trip, has published reminders that another will
 * publish again. They have the same event ids then.
 */
export async function fireDueReminders(
  database: Database,
  publish: Publish,
  { cursor, limits }: FireOptions,
): Promise<Fired> {
  return withTransaction(database, async (transaction) => {
    const claim = await claimDueReminders(transaction, cursor, limits);
    const claimed = [...claim.fresh, ...claim.overdue];
    const isMore = claim.overdue.length === limits.overdue || claim.fresh.length === limits.fresh;
    const following = await followingReminders(claimed);
    // Sent in this order, in one round trip.
    if (claimed.length > 0) transaction.send('SAVEPOINT claimed');
    const noted = note(transaction, claimed, following);
    const ahead = isMore ? undefined : readOutlook(transaction, cursor.start);
    const [foreseen] = await Promise.all([ahead, noted]);
    const untaken = claimed.length > 0 ? await publish(claimed) : [];
    const [refused, unsent] = [
      untaken.filter(({ isPassing }) => !isPassing),
      untaken.filter(({ isPassing }) => isPassing),
    ];
    const isUnsent = new Set(unsent.map(({ reminder }) => reminder));
    const reminders = claimed.filter((reminder) => !isUnsent.has(reminder));
    if (unsent.length > 0) {
      transaction.send('ROLLBACK TO SAVEPOINT claimed');
      await note(transaction, reminders, await followingReminders(reminders));
    }
    await markRefused(
      transaction,
      refused.map(({ reminder, error }) => ({ ...reminder, error: error.message })),
    );
    const outlook = foreseen && withUnsent(foreseen, [...isUnsent]);
    const next = outlook ? cursorAt(outlook) : advanced(cursor, claim, limits);
    return { reminders, refused, unsent, outlook, cursor: next };
  });
}

/** Notes reminders as published, with those that come after them. */
async function note(
  transaction: Queryable,
  reminders: readonly DueReminder[],
  following: readonly Reminder[],
): Promise<void> {
  await Promise.all([addReminders(transaction, following), markPublished(transaction, reminders)]);
}

/** What could not be sent is still due. */
function withUnsent(outlook: Outlook, unsent: readonly DueReminder[]): Outlook {
  if (unsent.length === 0) return outlook;
  const times = [...unsent, ...(outlook.held ? [outlook.held] : [])].map(({ fireAt }) => fireAt.getTime());
  return { ...outlook, held: placeAt(new Date(Math.min(...times))) };
}

/** All that was due has been claimed, but for what others hold. */
function cursorAt({ at, held }: Outlook): DueCursor {
  const start = held ?? placeAt(at);
  return { start, reached: start, freshSince: at };
}

/** After a claim that came to its limit. What is left of the fresh ones is overdue from now on. */
function advanced(cursor: DueCursor, { overdue, fresh }: Claim, limits: ClaimLimits): DueCursor {
  const claimedAt = (overdue[0] ?? fresh[0])!.claimedAt;
  const last = overdue.length === limits.overdue ? overdue.at(-1) : fresh.at(-1);
  const reached: Place = last ? { fireAt: last.fireAt, taskId: last.taskId } : cursor.reached;
  return { start: cursor.start, reached, freshSince: claimedAt };
}

/** Those of the next occurrences of tasks that recur. */
async function followingReminders(reminders: readonly DueReminder[]): Promise<readonly Reminder[]> {
  const recurring = reminders.filter(({ state }) => openTask(state)?.recurrence);
  const following: Reminder[] = [];
  for (const [index, reminder] of recurring.entries()) {
    const { taskId, state, leadTimeSeconds, claimedAt } = reminder;
    if (index % uninterrupted === uninterrupted - 1) await turn();
    following.push(...nextReminderOf(taskId, state, leadTimeSeconds, passedAt(reminder, claimedAt)));
  }
  return following;
}
