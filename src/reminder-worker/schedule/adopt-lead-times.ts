import { withTransaction, type Database, type Queryable } from '../../lib/database.ts';
import { openTask } from '../open-task.ts';
import { fireAt, nextReminderOf, type Reminder } from '../reminder.ts';
import type { TaskState } from '../task-state.ts';
import { addReminders, cancelOtherLeadTimes, readPending } from './reminders.ts';
import { lockTasks } from './tasks.ts';

/** Small enough that changes of these tasks, which wait meanwhile, hardly notice. */
const batchSize = 200;
const lowestId = '00000000-0000-0000-0000-000000000000';

interface Setting {
  readonly seconds: number[];
  readonly revision: string;
  readonly adopted_up_to: string | null;
  /** By the database's clock, as for all that is due. */
  readonly now: Date;
}

/** Transactions that may have read the lead times of before, and add tasks that nobody else sees until they end. */
interface Predecessors {
  /** Whose setting they may not know. */
  readonly setting: string;
  readonly transactions: ReadonlySet<string>;
}

/**
 * Brings all tasks in line with the lead times that are set: pending reminders with other lead times go, and those
 * that are missing come, unless they would be late from the beginning. How far it has got is kept in the database, so
 * that any worker goes on where another has ended; only one does so at a time.
 */
export class LeadTimeAdoption {
  readonly #database: Database;
  #predecessors: Predecessors | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Does so for the next few tasks.
   *
   * @returns whether there is more to do for this worker
   */
  async step(): Promise<boolean> {
    return withTransaction(this.#database, async (transaction) => {
      const select = `
        SELECT seconds, revision, adopted_up_to, now() AS now FROM lead_times WHERE NOT is_adopted
        FOR UPDATE SKIP LOCKED`;
      const setting = (await transaction.query<Setting>(select)).rows[0];
      if (!setting) return false;
      if (setting.adopted_up_to === null && (await this.#hasPredecessors(transaction, setting))) return true;
      const taskIds = await nextTaskIds(transaction, setting.adopted_up_to ?? lowestId);
      if (taskIds.length > 0) await adoptForTasks(transaction, taskIds, setting.seconds, setting.now);
      const isMore = taskIds.length === batchSize;
      const note = 'UPDATE lead_times SET is_adopted = $1, adopted_up_to = $2';
      await transaction.query(note, [!isMore, isMore ? taskIds.at(-1) : null]);
      return isMore;
    });
  }

  /** A worker that freezes in the middle of a transaction is one, until the server ends its session. */
  async #hasPredecessors(transaction: Queryable, { seconds, revision }: Setting): Promise<boolean> {
    const setting = `${revision}: ${seconds.join()}`;
    const writing = await readWriters(transaction);
    if (this.#predecessors?.setting !== setting) this.#predecessors = { setting, transactions: writing };
    return [...this.#predecessors.transactions].some((transaction) => writing.has(transaction));
  }
}

/** The transactions that have added or changed tasks, and have not ended. */
async function readWriters(transaction: Queryable): Promise<Set<string>> {
  const select = `
    SELECT virtualtransaction FROM pg_locks
    WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND relation = 'tasks'::regclass AND mode = 'RowExclusiveLock' AND granted`;
  const { rows } = await transaction.query<{ virtualtransaction: string }>(select);
  return new Set(rows.map(({ virtualtransaction }) => virtualtransaction));
}

async function nextTaskIds(transaction: Queryable, last: string): Promise<string[]> {
  const select = 'SELECT task_id FROM tasks WHERE task_id > $1 ORDER BY task_id LIMIT $2';
  const { rows } = await transaction.query<{ task_id: string }>(select, [last, batchSize]);
  return rows.map(({ task_id: taskId }) => taskId);
}

async function adoptForTasks(
  transaction: Queryable,
  taskIds: readonly string[],
  seconds: readonly number[],
  now: Date,
): Promise<void> {
  const states = await lockTasks(transaction, taskIds);
  const own = new Map([...states].map(([taskId, state]) => [taskId, openTask(state)?.reminders ?? []]));
  await cancelOtherLeadTimes(transaction, taskIds, seconds, own);
  const pending = await readPending(transaction, taskIds);
  const missing = [...states].flatMap(([taskId, state]) =>
    seconds
      .filter((leadTimeSeconds) => !pending.get(taskId)?.has(leadTimeSeconds))
      .flatMap((leadTimeSeconds) => upcomingReminderOf(taskId, state, leadTimeSeconds, now)),
  );
  await addReminders(transaction, missing);
}

/** None or one. */
function upcomingReminderOf(taskId: string, state: TaskState, leadTimeSeconds: number, now: Date): Reminder[] {
  const passed = new Date(now.getTime() + leadTimeSeconds * 1000);
  return nextReminderOf(taskId, state, leadTimeSeconds, passed).filter((reminder) => fireAt(reminder) > now);
}
