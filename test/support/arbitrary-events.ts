import fc from 'fast-check';
import type { ReminderDue, TaskCreated, TaskDeleted, TaskEvent, TaskUpdated } from '../../src/events/catalogue.ts';
import { producers, type EventType } from '../../src/events/v1/envelope.ts';
import { priorities, statuses } from '../../src/events/v1/fields.ts';

const uuid = fc.uuid({ version: [1, 4, 7] });
const earliest = new Date('0001-01-01T00:00:00Z');
const latest = new Date('9999-12-31T23:59:59Z');
const timestamp = fc.date({ min: earliest, max: latest, noInvalidDate: true }).map((date) => date.toISOString());
const text = fc.string({ unit: 'grapheme', minLength: 1 });

const recurrence = fc.record({
  rule: fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,WE', 'FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3'),
  time_zone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/Argentina/Ushuaia'),
});

const fields = {
  title: text,
  description: fc.option(fc.string({ unit: 'grapheme' })),
  priority: fc.constantFrom(...priorities),
  status: fc.constantFrom(...statuses),
  due_date: fc.option(timestamp),
  recurrence: fc.option(recurrence),
  tags: fc.array(text, { maxLength: 4 }),
};

function envelope<Type extends EventType, Payload>(type: Type, payload: fc.Arbitrary<Payload>) {
  return fc.record({
    event_id: uuid,
    event_type: fc.constant(type),
    event_version: fc.constant('v1' as const),
    timestamp,
    correlation_id: uuid,
    producer: fc.constantFrom(...producers),
    payload,
  });
}

export const arbitraryTaskCreated: fc.Arbitrary<TaskCreated> = envelope(
  'task-created',
  fc.record({ task_id: uuid, ...fields, user_id: uuid }),
);

const change = <T>(field: fc.Arbitrary<T>) => fc.record({ old: field, new: field });

const changes = fc
  .record(
    {
      title: change(fields.title),
      description: change(fields.description),
      priority: change(fields.priority),
      status: change(fields.status),
      due_date: change(fields.due_date),
      recurrence: change(fields.recurrence),
      tags: change(fields.tags),
    },
    { requiredKeys: [] },
  )
  .filter((value) => Object.keys(value).length > 0);

export const arbitraryTaskUpdated: fc.Arbitrary<TaskUpdated> = envelope(
  'task-updated',
  fc.tuple(uuid, changes).map(([taskId, value]) => ({
    task_id: taskId,
    changed_fields: Object.keys(value) as TaskUpdated['payload']['changed_fields'],
    changes: value,
  })),
);

export const arbitraryTaskDeleted: fc.Arbitrary<TaskDeleted> = envelope('task-deleted', fc.record({ task_id: uuid }));

export const arbitraryReminderDue: fc.Arbitrary<ReminderDue> = envelope(
  'reminder-due',
  fc.record({
    task_id: uuid,
    due_date: timestamp,
    title: text,
    user_id: uuid,
    lead_time_seconds: fc.nat({ max: 365 * 24 * 60 * 60 }),
  }),
);

/** Any event of any type, as a producer may send it. */
export const arbitraryEvent: fc.Arbitrary<TaskEvent> = fc.oneof(
  arbitraryTaskCreated,
  arbitraryTaskUpdated,
  arbitraryTaskDeleted,
  arbitraryReminderDue,
);

/** A task's version. */
export const arbitraryVersion = fc
  .oneof(fc.integer({ min: 1, max: 1000 }), fc.maxSafeInteger().map(Math.abs))
  .map((version) => Math.max(1, version));
