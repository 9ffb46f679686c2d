import type { Queryable } from '../../lib/database.ts';
import { unknownTask, type TaskState } from '../task-state.ts';

/**
 * Locks the tasks until the transaction ends, and reads what is known of them. Tasks that nothing is known of get a
 * row, so that they can be locked, too. The order of the ids keeps two workers from waiting for each other.
 *
 * @param taskIds each once
 */
export async function lockTasks(transaction: Queryable, taskIds: readonly string[]): Promise<Map<string, TaskState>> {
  const insert = `
    INSERT INTO tasks (task_id, state)
    SELECT task_id, $2 FROM unnest($1::uuid[]) AS task_id ORDER BY task_id
    ON CONFLICT DO NOTHING`;
  const select = 'SELECT task_id, state FROM tasks WHERE task_id = ANY ($1) ORDER BY task_id FOR UPDATE';
  for (;;) {
    await transaction.query(insert, [taskIds, JSON.stringify(unknownTask)]);
    const { rows } = await transaction.query<{ task_id: string; state: TaskState }>(select, [taskIds]);
    // A task that was deleted long ago may be forgotten in between.
    if (rows.length >= taskIds.length) return new Map(rows.map(({ task_id, state }) => [task_id, state]));
  }
}

export async function saveTasks(transaction: Queryable, states: ReadonlyMap<string, TaskState>): Promise<void> {
  const update = `
    UPDATE tasks SET state = changed.state, changed_at = now()
    FROM unnest($1::uuid[], $2::json[]) AS changed (task_id, state)
    WHERE tasks.task_id = changed.task_id`;
  const values = [...states.values()].map((state) => JSON.stringify(state));
  await transaction.query(update, [[...states.keys()], values]);
}
