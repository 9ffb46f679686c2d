import fc from 'fast-check';
import type { TaskCreated, TaskDeleted, TaskUpdated } from '../../src/events/catalogue.ts';

export interface VersionedChange {
  readonly event: TaskCreated | TaskUpdated | TaskDeleted;
  readonly version: number;
}

const statuses = ['TODO', 'IN_PROGRESS', 'DONE'] as const;
/** The last is JSON as good as any, and more than PostgreSQL's texts can hold. */
const titles = ['Pay rent', 'Water the plants', 'a \u0000 text \ud800'];
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];
const rules = ['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,TH', 'FREQ=MONTHLY;BYMONTHDAY=31', 'FREQ=DAILY;COUNT=3'];

const values = {
  title: fc.constantFrom(...titles),
  status: fc.constantFrom(...statuses),
  due_date: fc.option(
    fc
      .date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
  ),
  recurrence: fc.option(fc.record({ rule: fc.constantFrom(...rules), time_zone: fc.constantFrom(...zones) })),
  description: fc.option(fc.string()),
  reminders: fc.uniqueArray(fc.constantFrom(60, 3600, 86_400), { maxLength: 2 }),
};

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record(values, { requiredKeys: [] }).filter((fields) => Object.keys(fields).length > 0) },
  { weight: 1, arbitrary: fc.constant('delete' as const) },
);

/**
 * All that was ever said of one task, in the order of its versions: created, updated any number of times, perhaps
 * deleted, and perhaps created again with the same id, as an undone deletion would be.
 */
export function taskHistory(taskId: fc.Arbitrary<string> = fc.uuid()): fc.Arbitrary<VersionedChange[]> {
  return fc
    .tuple(taskId, fc.record(values), fc.array(step, { maxLength: 8 }))
    .map(([id, fields, steps]) => history(id, fields, steps));
}

type Fields = {
  [Name in keyof typeof values]: (typeof values)[Name] extends fc.Arbitrary<infer Value> ? Value : never;
};

function history(taskId: string, created: Fields, steps: readonly (Partial<Fields> | 'delete')[]): VersionedChange[] {
  const changes: VersionedChange[] = [{ event: taskCreated(taskId, created), version: 1 }];
  let isDeleted = false;
  for (const changed of steps) {
    const version = changes.length + 1;
    if (changed === 'delete') changes.push({ event: taskDeleted(taskId), version });
    else if (isDeleted) changes.push({ event: taskCreated(taskId, { ...created, ...changed }), version });
    else changes.push({ event: taskUpdated(taskId, changed), version });
    isDeleted = changed === 'delete';
  }
  return changes;
}

const userId = '6f0a3c5e-8a57-4a53-9d0e-0f6d2f5f7b11';

export function taskCreated(taskId: string, fields: Partial<Fields> = {}): TaskCreated {
  const payload = {
    task_id: taskId,
    title: 'Pay rent',
    description: null,
    priority: 'MEDIUM' as const,
    status: 'TODO' as const,
    due_date: null,
    recurrence: null,
    tags: [],
    user_id: userId,
  };
  return { ...envelope(), event_type: 'task-created', payload: { ...payload, ...fields } };
}

export function taskUpdated(taskId: string, fields: Partial<Fields>): TaskUpdated {
  const { reminders, ...others } = fields;
  const names = Object.keys(others) as (keyof typeof others)[];
  const changes = Object.fromEntries(names.map((name) => [name, { old: others[name], new: others[name] }]));
  const payload = { task_id: taskId, changed_fields: names, changes, ...(reminders && { reminders }) };
  return { ...envelope(), event_type: 'task-updated', payload };
}

export function taskDeleted(taskId: string): TaskDeleted {
  return { ...envelope(), event_type: 'task-deleted', payload: { task_id: taskId } };
}

function envelope() {
  return {
    event_id: crypto.randomUUID(),
    event_version: 'v1' as const,
    timestamp: '2026-01-01T00:00:00Z',
    correlation_id: crypto.randomUUID(),
    producer: 'chat-api' as const,
  };
}

/** The messages as a reader may get them: in any order, each at least once, some more often. */
export function anyDelivery<Message>(messages: readonly Message[]): fc.Arbitrary<Message[]> {
  return fc
    .array(fc.constantFrom(...messages), { maxLength: 5 })
    .chain((again) => fc.shuffledSubarray([...messages, ...again], { minLength: messages.length + again.length }));
}
