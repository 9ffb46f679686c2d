import { isDeepStrictEqual } from 'node:util';
import type { ChangeContext } from './change-context.ts';
import type { Task } from './task.ts';
import { contentOf, type TaskContent, type TaskWrite } from './task-content.ts';
import { changedSince, nothingToRedo, nothingToUndo, type ChangeSelector } from './task-errors.ts';
import type { TaskRow } from './task-row.ts';
import { currentRevision } from './changes-since.ts';
import { replaceTask } from './write-task.ts';

/** How many changed tasks of a user can be undone at most, however little time has passed. */
const mostRevisions = 1000;

/** A change that was undone, or made again. */
export interface UndoneChange {
  /** The number of the change. */
  readonly change: string;
  /** How the tasks are now, but for those that are gone. */
  readonly tasks: readonly Task[];
  /** The tasks that are gone, as they were. */
  readonly deleted: readonly { readonly id: string; readonly version: number; readonly title: string }[];
  /** Whether a task came back that had been deleted. */
  readonly isRestored: boolean;
}

/**
 * Keeps what the writes of a request have changed, so that it can be undone. A new change ends the possibility to make
 * again what was undone before it.
 *
 * @returns the number of the change; undefined when nothing was written
 */
export function keepChange({ transaction, userId, now, writes }: ChangeContext): string | undefined {
  const tasks = byTask(writes);
  const revision = writes.at(-1)?.revision;
  if (revision === undefined || tasks.length === 0) return undefined;
  transaction.send(
    `WITH gone AS (DELETE FROM chat.changes
       WHERE user_id = $1 AND (undone IS NOT NULL OR revision <= $2::bigint - $5::bigint))
     INSERT INTO chat.changes (user_id, revision, tasks, created_at) VALUES ($1, $2, $3, $4)`,
    [userId, revision, JSON.stringify(tasks), now, mostRevisions],
  );
  return revision;
}

/** A task that was written twice is one that changed once. */
function byTask(writes: readonly TaskWrite[]): TaskWrite[] {
  const merged = new Map<string, TaskWrite>();
  for (const { id, before, after } of writes) {
    merged.set(id, { id, before: (merged.get(id) ?? { before }).before, after });
  }
  return [...merged.values()].filter(({ before, after }) => !isDeepStrictEqual(before, after));
}

/**
 * Takes a change of the user back: the last one that stands, or the one that is selected. Called again, it takes back
 * the change before.
 *
 * @throws {ExpectedError} NothingToUndo; ChangedSince when a task is not any more as the change left it: then all stay
 */
export async function undoChange(context: ChangeContext, selector: ChangeSelector = {}): Promise<UndoneChange> {
  const { transaction, userId } = context;
  await lockChanges(context);
  const { change = null, deletedTitle = null } = selector;
  const { rows } = await transaction.query<ChangeRow>(
    `SELECT revision, tasks FROM chat.changes
     WHERE user_id = $1 AND undone IS NULL AND ($2::bigint IS NULL OR revision = $2)
       AND ($3::text IS NULL OR EXISTS (
         SELECT FROM json_array_elements(tasks) AS task
         WHERE task ->> 'after' IS NULL AND ${bareTitle("task -> 'before' ->> 'title'")} = ${bareTitle('$3')}))
     ORDER BY revision DESC LIMIT 1`,
    [userId, change, deletedTitle],
  );
  const [found] = rows;
  if (!found) throw nothingToUndo(selector);
  const steps = found.tasks.map(({ id, before, after }) => ({ id, from: after, to: before }));
  const undone = await replace(context, steps);
  await mark(context, found, await currentRevision(transaction, userId));
  return { change: found.revision, ...undone };
}

/**
 * Makes the change again that was undone last.
 *
 * @throws {ExpectedError} as {@link undoChange}
 */
export async function redoChange(context: ChangeContext): Promise<UndoneChange> {
  await lockChanges(context);
  const { rows } = await context.transaction.query<ChangeRow>(
    `SELECT revision, tasks FROM chat.changes WHERE user_id = $1 AND undone IS NOT NULL ORDER BY undone DESC LIMIT 1`,
    [context.userId],
  );
  const [found] = rows;
  if (!found) throw nothingToRedo();
  const steps = found.tasks.map(({ id, before, after }) => ({ id, from: before, to: after }));
  const redone = await replace(context, steps);
  await mark(context, found, null);
  return { change: found.revision, ...redone };
}

interface ChangeRow {
  readonly revision: string;
  readonly tasks: readonly TaskWrite[];
}

/** In SQL: people leave articles out, and do not mind the case. */
const bareTitle = (title: string) => `regexp_replace(lower(${title}), '^(the|my|an?) ', '')`;

/** One at a time: two at once would both take the last change. */
async function lockChanges({ transaction, userId }: ChangeContext): Promise<void> {
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('undo ' || $1, 0))`, [userId]);
}

async function mark({ transaction, userId }: ChangeContext, { revision }: ChangeRow, undone: number | null) {
  await transaction.query('UPDATE chat.changes SET undone = $3 WHERE user_id = $1 AND revision = $2', [
    userId,
    revision,
    undone,
  ]);
}

interface Step {
  readonly id: string;
  readonly from: TaskContent | null;
  readonly to: TaskContent | null;
}

async function replace(context: ChangeContext, steps: readonly Step[]): Promise<Omit<UndoneChange, 'change'>> {
  const { rows } = await context.transaction.query<TaskRow>(
    'SELECT * FROM chat.tasks WHERE user_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE',
    [context.userId, steps.map(({ id }) => id)],
  );
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  const changed = steps.filter(({ id, from }) => {
    const row = rowOf.get(id);
    return !row || !isDeepStrictEqual(contentOf(row), from);
  });
  if (changed.length > 0) throw changedSince(changed.map(({ from, to }) => (from ?? to)?.title ?? ''));
  const tasks: Task[] = [];
  const deleted: { id: string; version: number; title: string }[] = [];
  // What it writes is no change of its own: it belongs to the one that it undoes.
  const quiet = { ...context, writes: [] };
  for (const { id, from, to } of steps) {
    const now = await replaceTask(quiet, rowOf.get(id)!, to);
    if ('deleted' in now) deleted.push({ ...now.deleted, title: from!.title });
    else tasks.push(now);
  }
  return { tasks, deleted, isRestored: steps.some(({ from }) => from === null) };
}
