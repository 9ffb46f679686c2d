import { openTask, type OpenTask } from './open-task.ts';
import { ExpectedError } from '../lib/errors.ts';
import { nextOccurrence } from '../lib/recurrence.ts';
import type { TaskState } from './task-state.ts';

/** An occurrence of a task, announced so long before it is due. The three together tell a reminder from all others. */
export interface Reminder {
  readonly taskId: string;
  readonly dueAt: Date;
  readonly leadTimeSeconds: number;
}

/**
 * After how many recurring tasks all else of the program has its turn: the worst of rules takes some milliseconds for each
 * lead time, and the group would take a worker that is not heard of for gone.
 */
export const uninterrupted = 10;

/** When a reminder is to be published. */
export function fireAt({ dueAt, leadTimeSeconds }: Reminder): Date {
  return new Date(dueAt.getTime() - leadTimeSeconds * 1000);
}

/**
 * The occurrence of a task that is announced next with some lead time.
 *
 * A task that recurs only moves on: never to an occurrence that was announced or is older, nor to one whose reminder
 * would have been late already when the last was published (the worker was away for some occurrences: one reminder
 * stands for all of them).
 *
 * @param passed what {@link passedAt} gives for the last that was published with this lead time
 * @returns undefined when the recurrence has ended, or is one that an earlier release took and this one cannot read:
 *   events with such a rule are dead letters now, and what is stored must not stop the reminders of others
 */
export function nextDueAt({ dueDate, recurrence }: OpenTask, passed?: Date): Date | undefined {
  if (!recurrence) return dueDate;
  try {
    return nextOccurrence(recurrence, dueDate, passed);
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'RecurrenceInvalid') return undefined;
    throw error;
  }
}

/** The reminder that is to be scheduled next for what is known of a task, as in `nextDueAt`; none or one. */
export function nextReminderOf(taskId: string, state: TaskState, leadTimeSeconds: number, passed?: Date): Reminder[] {
  const task = openTask(state);
  const dueAt = task && nextDueAt(task, passed);
  return dueAt ? [{ taskId, dueAt, leadTimeSeconds }] : [];
}

/** The lead times that a task is announced with: those of all tasks and its own, each once. */
export function leadTimesOf({ reminders: own }: OpenTask, common: readonly number[]): readonly number[] {
  return own.length === 0 ? common : [...new Set([...common, ...own])];
}

/** The time up to which occurrences have been announced, once a reminder has been published. */
export function passedAt({ dueAt, leadTimeSeconds }: Reminder, publishedAt: Date): Date {
  return new Date(Math.max(dueAt.getTime(), publishedAt.getTime() + leadTimeSeconds * 1000));
}
