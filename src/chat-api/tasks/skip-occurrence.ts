import { maximumExcluded } from '../../events/v1/fields.ts';
import { nextOccurrence } from '../../lib/recurrence.ts';
import type { ChangeContext } from './change-context.ts';
import type { Task, TaskPatch } from './task.ts';
import { notRecurring } from './task-errors.ts';
import { updateTask, type LockedTask } from './write-task.ts';

/**
 * Leaves the occurrence out that is due next, and moves the task to the one after it. When there is none, the task is
 * done.
 *
 * @throws {ExpectedError} TaskNotFound, VersionMismatch or NotRecurring
 */
export function skipOccurrence(context: ChangeContext, id: string, ifVersion?: readonly number[]): Promise<Task> {
  return updateTask(context, id, (locked) => skipping(locked), { ifVersion, keepSeries: true });
}

function skipping({ task, seriesStart }: LockedTask): TaskPatch {
  const { recurrence, due_date } = task;
  if (!recurrence || due_date === null) throw notRecurring(task.id);
  const due = new Date(due_date);
  const next = nextOccurrence(recurrence, seriesStart ?? due, due);
  if (!next) return { status: 'DONE' };
  // Of those that are over, none can come again.
  const excluded = [...(recurrence.excluded ?? []), due_date].toSorted().slice(-maximumExcluded);
  return {
    status: 'TODO',
    due_date: next.toISOString(),
    recurrence: { ...recurrence, excluded: [...new Set(excluded)] },
  };
}
