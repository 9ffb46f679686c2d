import { withTransaction, type Database } from '../../lib/database.ts';
import { openTask } from '../open-task.ts';
import { nextReminderOf, passedAt, type Reminder } from '../reminder.ts';
import {
  claimDueReminders,
  markPublished,
  nextReminder,
  type DueReminder,
  type NextReminder,
} from './due-reminders.ts';
import { addReminders } from './reminders.ts';

/** Resolves when Kafka has acknowledged all of them. */
export type Publish = (reminders: readonly DueReminder[]) => Promise<void>;

export interface Fired {
  readonly reminders: readonly DueReminder[];
  /** What is to be published next; looked up only when nothing was due. */
  readonly next: NextReminder | undefined;
}

/** Enough for one round trip to the database and one to Kafka to serve many, without keeping the first waiting. */
const batchSize = 200;

/**
 * Publishes what is due, in one transaction: it holds the locks, so that a reminder is published or cancelled but
 * never both, and by one worker only. What it writes is written before Kafka is asked, and is committed at once when
 * Kafka has answered: a worker that dies in between, in this one round trip, has published reminders that another will
 * publish again. They have the same event ids then.
 */
export async function fireDueReminders(database: Database, publish: Publish): Promise<Fired> {
  return withTransaction(database, async (transaction) => {
    const reminders = await claimDueReminders(transaction, batchSize);
    if (reminders.length === 0) return { reminders, next: await nextReminder(transaction) };
    await addReminders(transaction, reminders.flatMap(followingReminder));
    await markPublished(transaction, reminders);
    await publish(reminders);
    return { reminders, next: undefined };
  });
}

/** The reminder of the next occurrence, if the task recurs. */
function followingReminder(reminder: DueReminder): Reminder[] {
  const { taskId, state, leadTimeSeconds, claimedAt } = reminder;
  if (!openTask(state)?.recurrence) return [];
  return nextReminderOf(taskId, state, leadTimeSeconds, passedAt(reminder, claimedAt));
}
