import { KafkaEventsError } from '../../lib/errors.ts';

export type TaskErrorCode = 'TaskNotFound' | 'VersionMismatch' | 'RecurrenceNeedsDueDate';

export function taskNotFound(id: string): KafkaEventsError<TaskErrorCode> {
  return new KafkaEventsError('TaskNotFound', `There is no task ${id}`, { details: { id } });
}

export function versionMismatch(expected: readonly number[], actual: number): KafkaEventsError<TaskErrorCode> {
  const message = `The task has version ${actual} by now, not ${expected.join(' or ')}: read it again, then change it`;
  return new KafkaEventsError('VersionMismatch', message, { details: { expected, actual } });
}

export function recurrenceNeedsDueDate(): KafkaEventsError<TaskErrorCode> {
  const message = 'A recurring task needs a due date, the first occurrence: set due_date, or recurrence to null';
  return new KafkaEventsError('RecurrenceNeedsDueDate', message, { details: { field: 'recurrence' } });
}
