import { withTransaction, type Database, type Queryable } from '../../lib/database.ts';
import type { TaskState } from '../task-state.ts';

export interface ForgetOptions {
  /** How long the state of deleted tasks is kept, in days: as long as the topics keep events that tell of them. */
  readonly deletedTaskDays: number;
  readonly onForgotten: (count: { readonly reminders: number; readonly tasks: number }) => void;
}

/**
 * How long it is known that a reminder was published, once a later one of its task and lead time was. Until then, a
 * task that is moved back to an earlier date is not reminded of again.
 */
const publishedDays = 1;
const batch = { tasks: 500, reminders: 2000 };
const lowestId = '00000000-0000-0000-0000-000000000000';

/**
 * Removes what is never needed again: of each task the published reminders but for the last with each lead time, where
 * recurrence goes on from, and in the end all that is known of tasks that were deleted. It goes through the tasks in the
 * order of their ids, which needs no index, and begins anywhere, so that workers which restart often reach them all.
 */
export class Forgetting {
  readonly #database: Database;
  readonly #options: ForgetOptions;
  #last: string = crypto.randomUUID();

  constructor(database: Database, options: ForgetOptions) {
    this.#database = database;
    this.#options = options;
  }

  /** @returns false when it has come to the last task; the next step begins with the first */
  async step(): Promise<boolean> {
    const { deletedTaskDays, onForgotten } = this.#options;
    const { last, ...forgotten } = await withTransaction(this.#database, async (transaction) => {
      const taskIds = await nextTaskIds(transaction, this.#last);
      const reminders = await forgetReminders(transaction, taskIds);
      // There may be more of the same tasks.
      if (reminders === batch.reminders) return { last: this.#last, reminders, tasks: 0 };
      const tasks = await forgetDeletedTasks(transaction, taskIds, deletedTaskDays);
      return { last: taskIds.length === batch.tasks ? taskIds.at(-1) : undefined, reminders, tasks };
    });
    this.#last = last ?? lowestId;
    onForgotten(forgotten);
    return last !== undefined;
  }
}

async function nextTaskIds(transaction: Queryable, last: string): Promise<string[]> {
  const select = 'SELECT task_id FROM tasks WHERE task_id > $1 ORDER BY task_id LIMIT $2';
  const { rows } = await transaction.query<{ task_id: string }>(select, [last, batch.tasks]);
  return rows.map(({ task_id: taskId }) => taskId);
}

async function forgetReminders(transaction: Queryable, taskIds: readonly string[]): Promise<number> {
  const forget = `
    DELETE FROM reminders WHERE ctid = ANY (ARRAY (
      SELECT old.ctid FROM unnest($1::uuid[]) AS swept (task_id) JOIN reminders AS old USING (task_id)
      WHERE old.published_at < now() - make_interval(days => $2) AND EXISTS (
        SELECT FROM reminders AS newer
        WHERE (newer.task_id, newer.lead_time_seconds) = (old.task_id, old.lead_time_seconds)
          AND newer.published_at > old.published_at
      )
      LIMIT $3
    ))`;
  const { rowCount } = await transaction.query(forget, [taskIds, publishedDays, batch.reminders]);
  return rowCount ?? 0;
}

async function forgetDeletedTasks(transaction: Queryable, taskIds: readonly string[], days: number): Promise<number> {
  const select = `
    SELECT task_id, state FROM unnest($1::uuid[]) AS swept (task_id) JOIN tasks USING (task_id)
    WHERE changed_at < now() - make_interval(days => $2)
    FOR UPDATE OF tasks SKIP LOCKED`;
  const { rows } = await transaction.query<{ task_id: string; state: TaskState }>(select, [taskIds, days]);
  // In JSON that PostgreSQL cannot look into: it may hold texts that PostgreSQL has not.
  const deleted = rows.filter(({ state }) => state.created <= state.deleted).map(({ task_id: taskId }) => taskId);
  if (deleted.length === 0) return 0;
  for (const table of ['reminders', 'tasks']) {
    const forget = `
      DELETE FROM ${table} USING unnest($1::uuid[]) AS deleted (task_id)
      WHERE ${table}.task_id = deleted.task_id`;
    await transaction.query(forget, [deleted]);
  }
  return deleted.length;
}
