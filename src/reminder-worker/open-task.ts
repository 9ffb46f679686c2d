import { isDeepStrictEqual } from 'node:util';
import type { Recurrence } from '../lib/recurrence.ts';
import type { TaskRecurrence, TaskState } from './task-state.ts';

/** A task that reminders are due for, and all that they tell of it. */
export interface OpenTask {
  readonly title: string;
  readonly userId: string;
  readonly dueDate: Date;
  readonly recurrence: Recurrence | null;
  /** Lead times of its own, in seconds. */
  readonly reminders: readonly number[];
  readonly correlationId: string;
  /** The task's newest version. */
  readonly version: number;
}

/** @returns undefined when there is nothing to remind of: not created yet, deleted, done, or without a due date */
export function openTask({ created, deleted, fields }: TaskState): OpenTask | undefined {
  const { title, status, due_date: dueDate, recurrence, user_id: userId, correlation_id: correlationId } = fields;
  if (created <= deleted || !dueDate?.value || status?.value === 'DONE') return undefined;
  if (!title || !userId || !correlationId) return undefined;
  return {
    title: title.value,
    userId: userId.value,
    dueDate: new Date(dueDate.value),
    recurrence: calendarOf(recurrence?.value),
    reminders: fields.reminders?.value ?? [],
    correlationId: correlationId.value,
    version: correlationId.version,
  };
}

/** Nobody knows the next occurrence of what repeats from the day on which it is done: its due date stands alone. */
function calendarOf(recurrence: TaskRecurrence | null | undefined): Recurrence | null {
  return !recurrence || recurrence.from_completion ? null : recurrence;
}

/** Whether a change leaves the schedule as it is. */
export function isScheduledAlike(one: OpenTask | undefined, other: OpenTask | undefined): boolean {
  const times = (task: OpenTask | undefined) => task && [task.dueDate, task.recurrence, task.reminders.toSorted()];
  return isDeepStrictEqual(times(one), times(other));
}
