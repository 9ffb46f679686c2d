import type { z } from 'zod';
import { reminderDue } from './v1/reminder-due.ts';
import { taskCreated } from './v1/task-created.ts';
import { taskDeleted } from './v1/task-deleted.ts';
import { taskUpdated } from './v1/task-updated.ts';

/**
 * Every event there is, by version and type. A change that breaks readers of a version is a new version beside it:
 * `v2`, in a folder of its own.
 */
export const catalogue = {
  v1: {
    'task-created': taskCreated,
    'task-updated': taskUpdated,
    'task-deleted': taskDeleted,
    'reminder-due': reminderDue,
  },
} as const;

export type TaskCreated = z.infer<typeof taskCreated>;
export type TaskUpdated = z.infer<typeof taskUpdated>;
export type TaskDeleted = z.infer<typeof taskDeleted>;
export type ReminderDue = z.infer<typeof reminderDue>;

/** Any event; `event_type` tells which. */
export type TaskEvent = TaskCreated | TaskUpdated | TaskDeleted | ReminderDue;

/** The topics, by the names that they have unless a ChatApi or a ReminderConsumer says otherwise. */
export const topicOf: Readonly<Record<TaskEvent['event_type'], string>> = {
  'task-created': 'task-events',
  'task-deleted': 'task-events',
  'task-updated': 'task-updates',
  'reminder-due': 'reminders',
};
