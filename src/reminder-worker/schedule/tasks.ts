import { arrayLiteral } from '../../lib/array-literal.ts';
import type { Queryable } from '../../lib/database.ts';
import type { TaskState } from '../task-state.ts';

export type TaskStates = ReadonlyMap<string, TaskState>;

/**
 * Locks those of the tasks that something is known of until the transaction ends, and reads what it is. The order of
 * the ids keeps two workers from waiting for each other.
 *
 * @param taskIds each once
 */
export async function lockTasks(transaction: Queryable, taskIds: readonly string[]): Promise<TaskStates> {
  if (taskIds.length === 0) return new Map();
  const select = 'SELECT task_id, state FROM tasks WHERE task_id = ANY ($1) ORDER BY task_id FOR UPDATE';
  const { rows } = await transaction.query<{ task_id: string; state: TaskState }>(select, [taskIds]);
  return new Map(rows.map(({ task_id, state }) => [task_id, state]));
}

/**
 * Keeps what is known of tasks that nothing was known of, whose rows are locked from now on. The order of the ids
 * keeps two workers from waiting for each other; so does that no row is locked before this.
 *
 * @returns those that were kept: the others are known already
 */
export async function addTasks(transaction: Queryable, states: TaskStates): Promise<TaskStates> {
  const insert = `
    WITH added AS (
      INSERT INTO tasks (task_id, state)
      SELECT * FROM ${given} AS new (task_id, state) ORDER BY task_id
      ON CONFLICT DO NOTHING RETURNING task_id
    )
    SELECT CASE WHEN count(*) < $3 THEN coalesce(array_agg(task_id), '{}') END AS task_ids FROM added`;
  const values = [...columns(states), states.size];
  const { rows } = await transaction.query<{ task_ids: string[] | null }>(insert, values);
  const taskIds = rows[0]?.task_ids;
  return taskIds ? new Map(taskIds.map((taskId) => [taskId, states.get(taskId)!])) : states;
}

/** Keeps what has become of tasks that are locked. */
export async function updateTasks(transaction: Queryable, states: TaskStates): Promise<void> {
  if (states.size === 0) return;
  const update = `
    UPDATE tasks SET state = changed.state, changed_at = now()
    FROM ${given} AS changed (task_id, state)
    WHERE tasks.task_id = changed.task_id`;
  await transaction.query(update, columns(states));
}

/** What `columns` gives, as rows. One document of all states is cheaper to write and to read than an array of texts. */
const given = 'ROWS FROM (unnest($1::uuid[]), json_array_elements($2::json))';

function columns(states: TaskStates): [string, string] {
  return [arrayLiteral([...states.keys()]), JSON.stringify([...states.values()])];
}
