import { isDeepStrictEqual } from 'node:util';
import type { ChangeContext } from './change-context.ts';
import type { Task } from './task.ts';
import { contentOf, type TaskContent, type TaskWrite } from './task-content.ts';
import { changedSince, nothingToUndo } from './task-errors.ts';
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
export async function keepChange(context: ChangeContext): Promise<string | undefined> {
  const { transaction, userId, now } = context;
  const writes = byTask(context.writes);
  if (writes.length === 0) return undefined;
  const revision = await currentRevision(transaction, userId);
  await transaction.query(
    `WITH gone AS (DELETE FROM chat.changes WHERE user_id = $1 AND (undone IS NOT NULL OR revision <= $2 - $5::bigint))
     INSERT INTO chat.changes (user_id, revision, tasks, created_at) VALUES ($1, $2, $3, $4)`,
    [userId, revision, JSON.stringify(writes), now, mostRevisions],
  );
  return String(revision);
}

/** A task that was written twice is one that changed once. */
function byTask(writes: readonly TaskWrite[]): TaskWrite[] {
  const merged = new Map<string, TaskWrite>();
  for (const write of writes) merged.set(write.id, { ...write, before: (merged.get(write.id) ?? write).before });
  return [...merged.values()].filter(({ before, after }) => !isDeepStrictEqual(before, after));
}

/**
 * Takes a change of the user back: the last one that stands, or the one with the number. Called again, it takes back
 * the change before.
 *
 * @throws {ExpectedError} NothingToUndo; ChangedSince when a task is not any more as the change left it: then all stay
 */
export function undoChange(context: ChangeContext, change?: string): Promise<UndoneChange> {
  return replay(context, change, 'undo');
}

/**
 * Makes the change again that was undone last.
 *
 * @throws {ExpectedError} as {@link undoChange}
 */
export function redoChange(context: ChangeContext): Promise<UndoneChange> {
  return replay(context, undefined, 'redo');
}

async function replay(
  context: ChangeContext,
  change: string | undefined,
  direction: 'undo' | 'redo',
): Promise<UndoneChange> {
  const { transaction, userId } = context;
  // One at a time: two at once would both take the last change.
  await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('undo ' || $1, 0))`, [userId]);
  const { rows } = await transaction.query<{ revision: string; tasks: TaskWrite[] }>(
    `SELECT revision, tasks FROM chat.changes
     WHERE user_id = $1 AND undone IS ${direction === 'undo' ? 'NULL' : 'NOT NULL'} AND ($2::bigint IS NULL OR revision = $2)
     ORDER BY ${direction === 'undo' ? 'revision' : 'undone'} DESC LIMIT 1`,
    [userId, change ?? null],
  );
  const [found] = rows;
  if (!found) throw nothingToUndo(direction, change);
  const steps = found.tasks.map(({ id, before, after }) =>
    direction === 'undo' ? { id, from: after, to: before } : { id, from: before, to: after },
  );
  const undone = await replace(context, steps);
  const mark = direction === 'undo' ? await currentRevision(transaction, userId) : null;
  await transaction.query('UPDATE chat.changes SET undone = $3 WHERE user_id = $1 AND revision = $2', [
    userId,
    found.revision,
    mark,
  ]);
  return { change: found.revision, ...undone };
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
