import type { Queryable } from '../../lib/database.ts';
import type { Task } from './task.ts';
import { toTask, type TaskRow } from './task-row.ts';

/** What became of a task since a revision: how it is now, or that it is gone. */
export type TaskChange =
  | { readonly revision: number; readonly task: Task }
  | { readonly revision: number; readonly deleted: { readonly id: string; readonly version: number } };

/** How many changes are read at a time. */
const batch = 500;

/** The user's revision; 0 for one who never had a task. */
export async function currentRevision(database: Queryable, userId: string): Promise<number> {
  const { rows } = await database.query<{ revision: string }>('SELECT revision FROM chat.users WHERE id = $1', [
    userId,
  ]);
  return Number(rows[0]?.revision ?? 0);
}

/** The user's tasks that changed after the revision, each once, in the order of their last change. */
export async function changesSince(database: Queryable, userId: string, revision: number): Promise<TaskChange[]> {
  const { rows } = await database.query<TaskRow>(
    'SELECT * FROM chat.tasks WHERE user_id = $1 AND revision > $2 ORDER BY revision LIMIT $3',
    [userId, revision, batch],
  );
  return rows.map((row) => {
    const changed = { revision: Number(row.revision) };
    const { id, version } = row;
    return row.deleted_at
      ? { ...changed, deleted: { id, version: Number(version) } }
      : { ...changed, task: toTask(row) };
  });
}
