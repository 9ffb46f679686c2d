import type { Task } from './task.ts';

/** A task as the table has it. */
export interface TaskRow {
  readonly id: string;
  readonly user_id: string;
  readonly title: string;
  readonly description: string | null;
  readonly priority: Task['priority'];
  readonly status: Task['status'];
  readonly due_date: Date | null;
  readonly recurrence_rule: string | null;
  readonly recurrence_time_zone: string | null;
  readonly recurrence_excluded: Date[] | null;
  readonly recurrence_from_completion: boolean;
  readonly series_start: Date | null;
  readonly tags: string[];
  readonly reminders: number[];
  /** pg gives bigint as text. */
  readonly version: string;
  readonly revision: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly deleted_at: Date | null;
}

export function toTask(row: TaskRow): Task {
  const { recurrence_rule: rule, recurrence_time_zone: zone, recurrence_excluded: dates } = row;
  const more = {
    ...(dates && { excluded: dates.map((date) => date.toISOString()) }),
    ...(row.recurrence_from_completion && { from_completion: true }),
  };
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    priority: row.priority,
    status: row.status,
    due_date: row.due_date?.toISOString() ?? null,
    recurrence: rule !== null && zone !== null ? { rule, time_zone: zone, ...more } : null,
    tags: row.tags,
    ...(row.reminders.length > 0 && { reminders: row.reminders }),
    version: Number(row.version),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
