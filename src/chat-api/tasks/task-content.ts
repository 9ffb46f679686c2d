import type { NewTask } from './task.ts';
import { toTask, type TaskRow } from './task-row.ts';

/** All that a change can change about a task. */
export interface TaskContent extends NewTask {
  /** ISO 8601, UTC: what its recurrence counts from. */
  readonly series_start: string | null;
}

/** A task before and after a change; null when there is none. */
export interface TaskWrite {
  readonly id: string;
  readonly before: TaskContent | null;
  readonly after: TaskContent | null;
}

export interface NumberedWrite extends TaskWrite {
  /** The user's revision since then: a whole number. */
  readonly revision: string;
}

/** @returns null for a tombstone */
export function contentOf(row: TaskRow): TaskContent | null {
  if (row.deleted_at) return null;
  return { ...fieldsOf(toTask(row)), series_start: row.series_start?.toISOString() ?? null };
}

/** Without reminders when there are none: one form for the same. */
export function fieldsOf({
  title,
  description,
  priority,
  status,
  due_date,
  recurrence,
  tags,
  ...more
}: NewTask): NewTask {
  const { reminders = [] } = more;
  const fields = { title, description, priority, status, due_date, recurrence, tags };
  return reminders.length > 0 ? { ...fields, reminders } : fields;
}
