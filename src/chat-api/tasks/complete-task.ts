import { nextOccurrence } from '../../lib/recurrence.ts';
import type { ChangeContext } from './change-context.ts';
import type { Task, TaskPatch } from './task.ts';
import { updateTask, type LockedTask } from './write-task.ts';

/**
 * Marks the task as done. A recurring task moves to its next occurrence that is not over, and is open again; only when
 * its series has ended is it done.
 *
 * @throws {ExpectedError} TaskNotFound or VersionMismatch
 */
export function completeTask(context: ChangeContext, id: string, ifVersion?: readonly number[]): Promise<Task> {
  return updateTask(context, id, (locked) => completion(locked, context.now), { ifVersion, keepSeries: true });
}

function completion({ task, seriesStart }: LockedTask, now: Date): TaskPatch {
  if (!task.recurrence || !task.due_date) return { status: 'DONE' };
  const due = new Date(task.due_date);
  const next = nextOccurrence(task.recurrence, seriesStart ?? due, due > now ? due : now);
  return next ? { status: 'TODO', due_date: next.toISOString() } : { status: 'DONE' };
}
