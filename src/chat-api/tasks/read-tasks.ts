import type { Queryable } from '../../lib/database.ts';
import type { Task } from './task.ts';
import { toTask, type TaskRow } from './task-row.ts';

/** Which of a user's tasks; what is left out does not matter. */
export interface TaskFilter {
  readonly status?: readonly Task['status'][] | undefined;
  readonly priority?: Task['priority'] | undefined;
  readonly tag?: string | undefined;
  /** Without a due date. */
  readonly undated?: boolean | undefined;
  /** ISO 8601; from this instant on. */
  readonly due_from?: string | undefined;
  /** ISO 8601; before this instant. */
  readonly due_before?: string | undefined;
  /** Part of the title, in any case. */
  readonly text?: string | undefined;
  /** All of them are parts of the title, in any order and case. */
  readonly words?: readonly string[] | undefined;
  /** One of them is a part of the title. */
  readonly anyWord?: readonly string[] | undefined;
  /** Those that repeat. */
  readonly recurring?: boolean | undefined;
}

/** Where a page begins: behind this task in the order of the list. */
export interface Position {
  /** ISO 8601, or null for a task without due date; those come last. */
  readonly due_date: string | null;
  readonly id: string;
}

export async function findTask(database: Queryable, userId: string, id: string): Promise<Task | undefined> {
  const { rows } = await database.query<TaskRow>(
    'SELECT * FROM chat.tasks WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL',
    [id, userId],
  );
  return rows[0] && toTask(rows[0]);
}

/** At most `limit` tasks, the soonest due first. */
export async function listTasks(
  database: Queryable,
  userId: string,
  filter: TaskFilter,
  { limit, after }: { limit: number; after?: Position | undefined },
): Promise<Task[]> {
  const values: unknown[] = [];
  const value = (item: unknown) => `$${values.push(item)}`;
  const conditions = [
    `user_id = ${value(userId)}`,
    'deleted_at IS NULL',
    filter.status && `status = ANY(${value(filter.status)})`,
    filter.priority && `priority = ${value(filter.priority)}`,
    filter.tag && `${value(filter.tag)} = ANY(tags)`,
    filter.undated && 'due_date IS NULL',
    filter.due_from && `due_date >= ${value(filter.due_from)}`,
    filter.due_before && `due_date < ${value(filter.due_before)}`,
    filter.text && `title ILIKE ${value(contains(filter.text))}`,
    filter.words && `title ILIKE ALL(${value(filter.words.map(contains))})`,
    filter.anyWord && `title ILIKE ANY(${value(filter.anyWord.map(contains))})`,
    filter.recurring && 'recurrence_rule IS NOT NULL',
    after &&
      `(coalesce(due_date, 'infinity'), id) > (coalesce(${value(after.due_date)}::timestamptz, 'infinity'), ${value(after.id)}::uuid)`,
  ];
  const { rows } = await database.query<TaskRow>(
    `SELECT * FROM chat.tasks WHERE ${conditions.filter(Boolean).join(' AND ')}
     ORDER BY coalesce(due_date, 'infinity'), id LIMIT ${value(limit)}`,
    values,
  );
  return rows.map(toTask);
}

/** Tasks whose titles have all the words, or any of them; done ones only when asked for. */
export async function findByWords(
  database: Queryable,
  userId: string,
  words: readonly string[],
  { match, done }: { match: 'all' | 'any'; done: boolean },
): Promise<Task[]> {
  const { rows } = await database.query<TaskRow>(
    `SELECT * FROM chat.tasks
     WHERE user_id = $1 AND deleted_at IS NULL AND (status = 'DONE') = $3
       AND title ILIKE ${match === 'all' ? 'ALL' : 'ANY'}($2)
     ORDER BY coalesce(due_date, 'infinity'), id LIMIT 50`,
    [userId, words.map(contains), done],
  );
  return rows.map(toTask);
}

/** Open tasks whose titles are in a text as they are, save for case. */
export async function findNamedIn(database: Queryable, userId: string, text: string): Promise<Task[]> {
  const { rows } = await database.query<TaskRow>(
    `SELECT * FROM chat.tasks
     WHERE user_id = $1 AND deleted_at IS NULL AND status <> 'DONE' AND strpos(lower($2), lower(title)) > 0
     ORDER BY coalesce(due_date, 'infinity'), id LIMIT 10`,
    [userId, text],
  );
  return rows.map(toTask);
}

function contains(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
