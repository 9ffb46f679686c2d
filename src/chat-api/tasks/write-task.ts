import { isDeepStrictEqual } from 'node:util';
import { enqueue } from '../outbox/enqueue.ts';
import type { ChangeContext } from './change-context.ts';
import type { NewTask, Task, TaskPatch } from './task.ts';
import { recurrenceNeedsDueDate, taskNotFound, versionMismatch } from './task-errors.ts';
import { toTask, type TaskRow } from './task-row.ts';

/** Each change writes the task and its event in the transaction of the context: both are there, or none. */

/** @throws {ExpectedError} RecurrenceNeedsDueDate */
export async function createTask(context: ChangeContext, fields: NewTask): Promise<Task> {
  assertDueDate(fields);
  const { rows } = await context.transaction.query<TaskRow>(
    `${withNextRevision('$2')}
     INSERT INTO chat.tasks (id, user_id, title, description, priority, status, due_date, recurrence_rule,
       recurrence_time_zone, recurrence_excluded, series_start, tags, version, revision, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $7, $11, 1, ${nextRevision}, $12, $12) RETURNING *`,
    [context.newId(), context.userId, ...columns(fields), context.now],
  );
  const task = toTask(rows[0]!);
  await enqueue(context, 'task-created', task, { task_id: task.id, ...fieldsOf(task), user_id: context.userId });
  return task;
}

export interface UpdateOptions {
  /** The versions that the user has seen; any when left out. */
  readonly ifVersion?: readonly number[] | undefined;
  /** Moves one occurrence only: the recurrence goes on from where it was. */
  readonly keepSeries?: boolean;
}

/**
 * Nothing is written, and no event sent, when the patch says what is so already.
 *
 * @throws {ExpectedError} with a TaskErrorCode
 */
export async function updateTask(
  context: ChangeContext,
  id: string,
  patch: TaskPatch | ((task: LockedTask) => TaskPatch),
  { ifVersion, keepSeries = false }: UpdateOptions = {},
): Promise<Task> {
  const locked = await lockTask(context, id, ifVersion);
  const old = fieldsOf(locked.task);
  const next = { ...old, ...defined(typeof patch === 'function' ? patch(locked) : patch) };
  assertDueDate(next);
  const changed = fieldNames.filter((name) => !isDeepStrictEqual(old[name], next[name]));
  if (changed.length === 0) return locked.task;
  // An occurrence that is left out does not make the others begin anew.
  const isOtherSeries = !isDeepStrictEqual(ruleOf(old), ruleOf(next));
  const moved = isOtherSeries || (changed.includes('due_date') && !keepSeries);
  const { rows } = await context.transaction.query<TaskRow>(
    `${withNextRevision('$13')}
     UPDATE chat.tasks SET title = $2, description = $3, priority = $4, status = $5, due_date = $6,
       recurrence_rule = $7, recurrence_time_zone = $8, recurrence_excluded = $9, tags = $10,
       series_start = CASE WHEN $11 THEN $6 ELSE series_start END,
       version = version + 1, revision = ${nextRevision}, updated_at = $12
     WHERE id = $1 RETURNING *`,
    [id, ...columns(next), moved, context.now, context.userId],
  );
  const task = toTask(rows[0]!);
  const changes = Object.fromEntries(changed.map((name) => [name, { old: old[name], new: next[name] }]));
  await enqueue(context, 'task-updated', task, { task_id: id, changed_fields: changed, changes });
  return task;
}

/** @throws {ExpectedError} TaskNotFound or VersionMismatch */
export async function deleteTask(context: ChangeContext, id: string, ifVersion?: readonly number[]): Promise<Task> {
  const { task } = await lockTask(context, id, ifVersion);
  const version = task.version + 1;
  await context.transaction.query(
    `${withNextRevision('$4')}
     UPDATE chat.tasks SET title = '', description = NULL, tags = '{}', version = $2, revision = ${nextRevision},
       updated_at = $3, deleted_at = $3 WHERE id = $1`,
    [id, version, context.now, context.userId],
  );
  await enqueue(context, 'task-deleted', { id, version }, { task_id: id });
  return task;
}

/** A task that no other transaction can change until this one ends. */
export interface LockedTask {
  readonly task: Task;
  /** What its recurrence counts from. */
  readonly seriesStart: Date | null;
}

async function lockTask(context: ChangeContext, id: string, ifVersion?: readonly number[]): Promise<LockedTask> {
  const { rows } = await context.transaction.query<TaskRow>(
    'SELECT * FROM chat.tasks WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL FOR UPDATE',
    [id, context.userId],
  );
  if (!rows[0]) throw taskNotFound(id);
  const task = toTask(rows[0]);
  if (ifVersion && !ifVersion.includes(task.version)) throw versionMismatch(ifVersion, task.version);
  return { task, seriesStart: rows[0].series_start };
}

/**
 * Begins a statement that writes a task, with which the user's revision is counted on. The user's row stays locked until
 * the commit, so that revisions become visible in their order.
 */
const withNextRevision = (userId: string) =>
  `WITH next AS (INSERT INTO chat.users (id, revision) VALUES (${userId}, 1)
     ON CONFLICT (id) DO UPDATE SET revision = users.revision + 1 RETURNING revision)`;
const nextRevision = '(SELECT revision FROM next)';

const fieldNames = ['title', 'description', 'priority', 'status', 'due_date', 'recurrence', 'tags'] as const;

function fieldsOf({ title, description, priority, status, due_date, recurrence, tags }: Task): NewTask {
  return { title, description, priority, status, due_date, recurrence, tags };
}

function columns({ title, description, priority, status, due_date, recurrence, tags }: NewTask): unknown[] {
  const { rule = null, time_zone = null, excluded = null } = recurrence ?? {};
  return [title, description, priority, status, due_date, rule, time_zone, excluded, tags];
}

function ruleOf({ recurrence }: NewTask): unknown {
  return recurrence && [recurrence.rule, recurrence.time_zone];
}

function assertDueDate({ recurrence, due_date }: NewTask): void {
  if (recurrence && !due_date) throw recurrenceNeedsDueDate();
}

/** The patch without the fields that are left out. */
function defined(patch: TaskPatch): Partial<NewTask> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
