import { nextOccurrence } from '../../lib/recurrence.ts';
import type { ChangeContext } from './change-context.ts';
import { anchored } from '../quick-add/meaning/rule.ts';
import { zoned } from '../quick-add/when.ts';
import type { Recurrence, Task, TaskPatch } from './task.ts';
import { updateTask, type LockedTask } from './write-task.ts';

/**
 * Marks the task as done. A recurring task moves to its next occurrence that is not over, and is open again; only when
 * its series has ended is it done. What repeats from completion begins its series anew on this day, at its time of day.
 *
 * @throws {ExpectedError} TaskNotFound or VersionMismatch
 */
export function completeTask(context: ChangeContext, id: string, ifVersion?: readonly number[]): Promise<Task> {
  return updateTask(context, id, (locked) => completion(locked, context.now), { ifVersion, keepSeries: true });
}

/** What becomes of a task that is done. */
export function completion({ task, seriesStart }: LockedTask, now: Date): TaskPatch {
  if (!task.recurrence || !task.due_date) return { status: 'DONE' };
  const due = new Date(task.due_date);
  if (task.recurrence.from_completion) {
    const start = startOfCompletion(task.recurrence, due, now);
    const rule = anchored(task.recurrence.rule, zoned(start, task.recurrence.time_zone));
    return moved(nextOccurrence({ ...task.recurrence, rule }, start, start > now ? start : now));
  }
  const next = nextOccurrence(task.recurrence, seriesStart ?? due, due > now ? due : now);
  return moved(next);
}

function moved(next: Date | undefined): TaskPatch {
  return next ? { status: 'TODO', due_date: next.toISOString() } : { status: 'DONE' };
}

/** Today at the time of day at which the task was due; now, for what repeats within a day. */
function startOfCompletion({ rule, time_zone }: Recurrence, due: Date, now: Date): Date {
  if (/^FREQ=(?:HOURLY|MINUTELY)/.test(rule)) return now;
  const time = zoned(due, time_zone).toPlainTime();
  const start = zoned(now, time_zone).toPlainDate().toZonedDateTime({ timeZone: time_zone, plainTime: time });
  return new Date(start.epochMilliseconds);
}
