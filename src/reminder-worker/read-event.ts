import { decodeEvent } from '../events/decode.ts';
import type { ConsumedMessage } from '../kafka/consumer-options.ts';
import { ExpectedError } from '../lib/errors.ts';
import { checkRecurrence } from '../lib/recurrence.ts';
import type { VersionedEvent } from './schedule/apply-events.ts';
import type { TaskChange } from './task-state.ts';

/**
 * Reads what a message tells of a task.
 *
 * @throws {ExpectedError} BatchUnreadable; what `decodeEvent` throws; RecurrenceInvalid; UnexpectedEvent for an event that does not
 *   belong in the worker's topics
 */
export function readEvent(message: ConsumedMessage): VersionedEvent {
  if (message.unreadable) throw message.unreadable;
  const { event, version } = decodeEvent(message);
  if (event.event_type === 'reminder-due') {
    throw new ExpectedError('UnexpectedEvent', 'A reminder-due tells of no change of a task');
  }
  const recurrence = recurrenceOf(event);
  if (recurrence) checkRecurrence(recurrence);
  // Producers write UUIDs as they like; PostgreSQL gives them back in lower case, and a task has one id.
  event.payload.task_id = event.payload.task_id.toLowerCase();
  return { event, version };
}

function recurrenceOf(event: TaskChange) {
  if (event.event_type === 'task-created') return event.payload.recurrence;
  return event.event_type === 'task-updated' ? event.payload.changes.recurrence?.new : undefined;
}
