import { isDeepStrictEqual } from 'node:util';
import { enqueue } from '../outbox/enqueue.ts';
import type { ChangeContext } from './change-context.ts';
import type { NewTask, Task, TaskPatch } from './task.ts';
import { contentOf, fieldsOf, type TaskContent } from './task-content.ts';
import { recurrenceNeedsDueDate, taskNotFound, versionMismatch } from './task-errors.ts';
import { toTask, type TaskRow } from './task-row.ts';

/** Each change writes the task and its event in the transaction of the context: both are there, or none. */

/** @throws {ExpectedError} RecurrenceNeedsDueDate */
export async function createTask(context: ChangeContext, fields: NewTask): Promise<Task> {
  assertDueDate(fields);
  const { rows } = await context.transaction.query<TaskRow>(
    `${withNextRevision('$2')}
     INSERT INTO chat.tasks (id, user_id, title, description, priority, status, due_date, recurrence_rule,
       recurrence_time_zone, recurrence_excluded, recurrence_from_completion, series_start, tags, reminders, version,
       revision, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $7, $12, $13, 1, ${nextRevision}, $14, $14) RETURNING *`,
    [context.newId(), context.userId, ...columns(fields), context.now],
  );
  return announceCreation(context, rows[0]!);
}

export interface UpdateOptions {
  /** The versions that the user has seen; any when left out. */
  readonly ifVersion?: readonly number[] | undefined;
  /** Moves one occurrence only: the recurrence goes on from where it was. */
  readonly keepSeries?: boolean;
}

/**
 * Writes nothing and sends no event when the patch changes nothing.
 *
 * @throws {ExpectedError} with a TaskErrorCode
 */
export async function updateTask(
  context: ChangeContext,
  id: string,
  patch: TaskPatch | ((task: LockedTask) => TaskPatch),
  { ifVersion, keepSeries = false }: UpdateOptions = {},
): Promise<Task> {
  const row = await lockTask(context, id, ifVersion);
  const task = toTask(row);
  const old = fieldsOf(task);
  const asked = typeof patch === 'function' ? patch({ task, seriesStart: row.series_start }) : patch;
  const next = { ...old, ...defined(asked) };
  assertDueDate(next);
  // An occurrence that is left out does not make the others begin anew.
  const isOtherSeries = !isDeepStrictEqual(ruleOf(old), ruleOf(next));
  const isMoved = isOtherSeries || (old.due_date !== next.due_date && !keepSeries);
  const series_start = isMoved ? next.due_date : (row.series_start?.toISOString() ?? null);
  return writeContent(context, row, { ...next, series_start });
}

/** @throws {ExpectedError} TaskNotFound or VersionMismatch */
export async function deleteTask(context: ChangeContext, id: string, ifVersion?: readonly number[]): Promise<Task> {
  const row = await lockTask(context, id, ifVersion);
  await writeTombstone(context, row);
  return toTask(row);
}

/**
 * Makes a task what it was, whatever it is now: one that was deleted comes back under its id with its next version, as
 * a task that is created.
 *
 * @param row locked, with the tombstones
 * @returns the task, or that it is gone
 */
export async function replaceTask(
  context: ChangeContext,
  row: TaskRow,
  content: TaskContent | null,
): Promise<Task | { readonly deleted: { readonly id: string; readonly version: number } }> {
  if (!content) return { deleted: await writeTombstone(context, row) };
  if (!row.deleted_at) return writeContent(context, row, content);
  return announceCreation(context, await updateRow(context, row.id, content));
}

/** Writes nothing and sends no event when no field changes. */
async function writeContent(context: ChangeContext, row: TaskRow, asked: TaskContent): Promise<Task> {
  const before = contentOf(row)!;
  const content = { ...fieldsOf(asked), series_start: asked.series_start };
  const isReminded = !isDeepStrictEqual(before.reminders, content.reminders);
  const changedFields = fieldNames.filter((name) => !isDeepStrictEqual(before[name], content[name]));
  if (changedFields.length === 0 && !isReminded) return toTask(row);
  // Readers that do not know reminders know the other fields only, and want one of them at least.
  const changed = changedFields.length > 0 ? changedFields : (['due_date'] as const);
  const after = await updateRow(context, row.id, content);
  const task = toTask(after);
  const changes = Object.fromEntries(changed.map((name) => [name, { old: before[name], new: content[name] }]));
  enqueue(context, 'task-updated', task, {
    task_id: row.id,
    changed_fields: [...changed],
    changes,
    ...(isReminded && { reminders: content.reminders ?? [] }),
  });
  context.writes.push({ id: row.id, revision: after.revision, before, after: contentOf(after) });
  return task;
}

async function writeTombstone(context: ChangeContext, row: TaskRow): Promise<{ id: string; version: number }> {
  const { id } = row;
  const version = Number(row.version) + 1;
  const { rows } = await context.transaction.query<Pick<TaskRow, 'revision'>>(
    `${withNextRevision('$4')}
     UPDATE chat.tasks SET title = '', description = NULL, tags = '{}', version = $2, revision = ${nextRevision},
       updated_at = $3, deleted_at = $3 WHERE id = $1 RETURNING revision`,
    [id, version, context.now, context.userId],
  );
  enqueue(context, 'task-deleted', { id, version }, { task_id: id });
  context.writes.push({ id, revision: rows[0]!.revision, before: contentOf(row), after: null });
  return { id, version };
}

async function updateRow(context: ChangeContext, id: string, content: TaskContent): Promise<TaskRow> {
  const { rows } = await context.transaction.query<TaskRow>(
    `${withNextRevision('$15')}
     UPDATE chat.tasks SET title = $2, description = $3, priority = $4, status = $5, due_date = $6,
       recurrence_rule = $7, recurrence_time_zone = $8, recurrence_excluded = $9,
       recurrence_from_completion = $10, tags = $11, reminders = $12, series_start = $13,
       version = version + 1, revision = ${nextRevision}, updated_at = $14, deleted_at = NULL
     WHERE id = $1 RETURNING *`,
    [id, ...columns(content), content.series_start, context.now, context.userId],
  );
  return rows[0]!;
}

function announceCreation(context: ChangeContext, row: TaskRow): Task {
  const task = toTask(row);
  enqueue(context, 'task-created', task, { task_id: task.id, ...fieldsOf(task), user_id: context.userId });
  context.writes.push({ id: task.id, revision: row.revision, before: null, after: contentOf(row) });
  return task;
}

/** A task that no other transaction can change until this one ends. */
export interface LockedTask {
  readonly task: Task;
  /** What its recurrence counts from. */
  readonly seriesStart: Date | null;
}

async function lockTask(context: ChangeContext, id: string, ifVersion?: readonly number[]): Promise<TaskRow> {
  const { rows } = await context.transaction.query<TaskRow>(
    'SELECT * FROM chat.tasks WHERE id = $1 AND user_id = $2 AND deleted_at IS NULL FOR UPDATE',
    [id, context.userId],
  );
  const [row] = rows;
  if (!row) throw taskNotFound(id);
  const version = Number(row.version);
  if (ifVersion && !ifVersion.includes(version)) throw versionMismatch(ifVersion, version);
  return row;
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

function columns(task: NewTask): unknown[] {
  const { title, description, priority, status, due_date, recurrence, tags, reminders = [] } = task;
  const { rule = null, time_zone = null, excluded = null, from_completion = false } = recurrence ?? {};
  return [title, description, priority, status, due_date, rule, time_zone, excluded, from_completion, tags, reminders];
}

/** What tells one series from another: not the day on which it ends. */
function ruleOf({ recurrence }: NewTask): unknown {
  if (!recurrence) return recurrence;
  return [recurrence.rule.replace(/;UNTIL=[^;]*/, ''), recurrence.time_zone, recurrence.from_completion];
}

function assertDueDate({ recurrence, due_date }: NewTask): void {
  if (recurrence && !due_date) throw recurrenceNeedsDueDate();
}

/** The patch without the fields that are left out. */
function defined(patch: TaskPatch): Partial<NewTask> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
