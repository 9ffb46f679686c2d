import { describe, expect, it } from '@jest/globals';
import { encodeEvent } from '../../../src/events/encode.ts';
import { reminderDueEvent, reminderEventId } from '../../../src/reminder-worker/reminder-due.ts';

const reminder = {
  taskId: '0b9f8f0c-2a5b-4a5c-8f39-0c9f6a1de002',
  dueAt: new Date('2026-11-23T09:00:00Z'),
  leadTimeSeconds: 60,
};
const task = {
  title: 'Pay rent',
  userId: '6f0a3c5e-8a57-4a53-9d0e-0f6d2f5f7b11',
  dueDate: reminder.dueAt,
  recurrence: null,
  reminders: [],
  correlationId: '5c0a1d8e-8a57-4a53-9d0e-0f6d2f5f7b12',
  version: 4,
};

describe('reminderEventId', () => {
  // Readers recognise a repeated event by it: it must never change, from one release to the next either.
  it('is the same for ever', () => {
    expect(reminderEventId(reminder)).toBe('31c4a7e6-db25-59c2-aa4e-40df5476c38a');
  });

  it('tells occurrences and lead times apart', () => {
    const others = [
      { ...reminder, taskId: '0b9f8f0c-2a5b-4a5c-8f39-0c9f6a1de003' },
      { ...reminder, dueAt: new Date('2026-11-23T09:00:00.001Z') },
      { ...reminder, leadTimeSeconds: 0 },
    ];
    expect(new Set([reminder, ...others].map(reminderEventId)).size).toBe(4);
  });
});

describe('reminderDueEvent', () => {
  it('is an event as the schema says', () => {
    const event = reminderDueEvent(reminder, task, new Date('2026-11-23T08:59:00.010Z'));
    expect(event).toMatchObject({
      correlation_id: task.correlationId,
      payload: { due_date: '2026-11-23T09:00:00.000Z', title: 'Pay rent', lead_time_seconds: 60 },
    });
    expect(encodeEvent(event, task.version).key).toBe(reminder.taskId);
  });
});
