import type { ReminderDue, TaskCreated, TaskDeleted, TaskUpdated } from '../../../src/events/catalogue.ts';

const base = {
  event_id: '0b7c4f0e-6d3b-4f6a-9d2a-1c1f5a0e9b01',
  event_version: 'v1',
  timestamp: '2026-01-30T09:00:00.000Z',
  correlation_id: '5d0c7a52-3c1e-4b5e-8a77-0f6a3e1f2c02',
} as const;
const taskId = '7e9a2d44-8f10-4c3b-b6de-2a9b8c7d6e03';
const userId = 'c3d2e1f0-a9b8-4765-8432-10fedcba9804';

export const taskCreated: TaskCreated = {
  ...base,
  event_type: 'task-created',
  producer: 'chat-api',
  payload: {
    task_id: taskId,
    title: 'Pay rent',
    description: null,
    priority: 'HIGH',
    status: 'TODO',
    due_date: '2026-01-31T10:00:00Z',
    recurrence: { rule: 'FREQ=MONTHLY;BYMONTHDAY=-1', time_zone: 'Europe/Berlin' },
    tags: ['home'],
    user_id: userId,
  },
};

export const taskUpdated: TaskUpdated = {
  ...base,
  event_type: 'task-updated',
  producer: 'chat-api',
  payload: {
    task_id: taskId,
    changed_fields: ['status', 'due_date'],
    changes: {
      status: { old: 'TODO', new: 'IN_PROGRESS' },
      due_date: { old: null, new: '2026-01-31T10:00:00Z' },
    },
  },
};

export const taskDeleted: TaskDeleted = {
  ...base,
  event_type: 'task-deleted',
  producer: 'chat-api',
  payload: { task_id: taskId },
};

export const reminderDue: ReminderDue = {
  ...base,
  event_type: 'reminder-due',
  producer: 'reminder-worker',
  payload: {
    task_id: taskId,
    due_date: '2026-01-31T10:00:00Z',
    title: 'Pay rent',
    user_id: userId,
    lead_time_seconds: 0,
  },
};
