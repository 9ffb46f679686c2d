import { ExpectedError } from '../../lib/errors.ts';

export type TaskErrorCode = 'TaskNotFound' | 'VersionMismatch' | 'RecurrenceNeedsDueDate';

export function taskNotFound(id: string): ExpectedError<TaskErrorCode> {
  return new ExpectedError('TaskNotFound', `There is no task ${id}`, { details: { id } });
}

export function versionMismatch(expected: readonly number[], actual: number): ExpectedError<TaskErrorCode> {
  const not = expected.length > 0 ? `, not ${expected.join(' or ')}` : '';
  const message = `The task now has version ${actual}${not}: read it again, then change it`;
  return new ExpectedError('VersionMismatch', message, { details: { expected, actual } });
}

export function recurrenceNeedsDueDate(): ExpectedError<TaskErrorCode> {
  const message = 'A recurring task needs a due date, the first occurrence: set due_date, or recurrence to null';
  return new ExpectedError('RecurrenceNeedsDueDate', message, { details: { field: 'recurrence' } });
}
