import type { TaskCreated, TaskDeleted, TaskUpdated } from '../events/catalogue.ts';
import type { Recurrence as AnyRecurrence, Status } from '../events/v1/fields.ts';
import { cutTitle } from './title.ts';

/** The events that tell what became of a task. */
export type TaskChange = TaskCreated | TaskUpdated | TaskDeleted;

/**
 * What the worker knows of a task.
 *
 * The two topics have no order between them, and each message can come more than once. So every value carries the
 * task's version at which it was set, and the newest wins, whenever it comes: applying a set of events gives the
 * same state in any order and with any repetition.
 */
export interface TaskState {
  /** The version of the newest task-created, 0 when none has come yet: the task is not known in full. */
  readonly created: number;
  /** The version of the newest task-deleted, 0 when there is none. */
  readonly deleted: number;
  readonly fields: VersionedFields;
}

export type TaskRecurrence = NonNullable<AnyRecurrence>;

/** The fields that reminders need, the title as long as they carry it, and the request that led to the task's newest version. */
interface Fields {
  readonly title: string;
  readonly status: Status;
  readonly due_date: string | null;
  readonly recurrence: TaskRecurrence | null;
  /** Seconds before it is due, beside the lead times of all tasks. */
  readonly reminders: readonly number[];
  readonly user_id: string;
  readonly correlation_id: string;
}

type VersionedFields = { readonly [Name in keyof Fields]?: Versioned<Fields[Name]> };

interface Versioned<Value> {
  readonly value: Value;
  readonly version: number;
}

export const unknownTask: TaskState = { created: 0, deleted: 0, fields: {} };

export function applyEvent(state: TaskState, event: TaskChange, version: number): TaskState {
  switch (event.event_type) {
    case 'task-created':
      return setFields({ ...state, created: Math.max(state.created, version) }, createdFields(event), version);
    case 'task-updated':
      return setFields(state, updatedFields(event), version);
    case 'task-deleted':
      return forgetFields({ ...state, deleted: Math.max(state.deleted, version) });
  }
}

function createdFields({ payload, correlation_id }: TaskCreated): Partial<Fields> {
  const { title, status, due_date, recurrence, reminders = [], user_id } = payload;
  return { title: cutTitle(title), status, due_date, recurrence, reminders, user_id, correlation_id };
}

function updatedFields({ payload, correlation_id }: TaskUpdated): Partial<Fields> {
  const { title, status, due_date, recurrence } = payload.changes;
  return {
    ...(title && { title: cutTitle(title.new) }),
    ...(status && { status: status.new }),
    ...(due_date && { due_date: due_date.new }),
    ...(recurrence && { recurrence: recurrence.new }),
    ...(payload.reminders && { reminders: payload.reminders }),
    correlation_id,
  };
}

function setFields(state: TaskState, values: Partial<Fields>, version: number): TaskState {
  const fields: Record<string, Versioned<unknown>> = { ...state.fields };
  for (const [name, value] of Object.entries(values)) {
    if (version > Math.max(state.deleted, fields[name]?.version ?? 0)) fields[name] = { value, version };
  }
  return { ...state, fields };
}

/** What was set before the task was deleted counts no more, also when it comes later. */
function forgetFields(state: TaskState): TaskState {
  const kept = Object.entries(state.fields).filter(([, { version }]) => version > state.deleted);
  return { ...state, fields: Object.fromEntries(kept) };
}
