import { v5 as uuidOf } from 'uuid';
import type { ReminderDue } from '../events/catalogue.ts';
import type { OpenTask } from './open-task.ts';
import type { Reminder } from './reminder.ts';

/** The namespace of our event ids, as RFC 9562 (5.5) wants one: made once at random. */
const namespace = 'becb9e20-c104-433a-a30d-aa4d558e4e7e';

/**
 * The id of the event that a reminder is published as: the same whenever and by whomever it is published, so that
 * readers recognise one that comes twice.
 */
export function reminderEventId({ taskId, dueAt, leadTimeSeconds }: Reminder): string {
  return uuidOf([taskId, dueAt.toISOString(), leadTimeSeconds].join(' '), namespace);
}

/** The event that a reminder is published as. It carries on the request that its task's newest version came from. */
export function reminderDueEvent(reminder: Reminder, task: OpenTask, now: Date): ReminderDue {
  return {
    event_id: reminderEventId(reminder),
    event_type: 'reminder-due',
    event_version: 'v1',
    timestamp: now.toISOString(),
    correlation_id: task.correlationId,
    producer: 'reminder-worker',
    payload: {
      task_id: reminder.taskId,
      due_date: reminder.dueAt.toISOString(),
      title: task.title,
      user_id: task.userId,
      lead_time_seconds: reminder.leadTimeSeconds,
    },
  };
}
