import { ExpectedError } from '../../lib/errors.ts';

export type TaskErrorCode =
  'TaskNotFound' | 'VersionMismatch' | 'RecurrenceNeedsDueDate' | 'NotRecurring' | 'NothingToUndo' | 'ChangedSince';

export function taskNotFound(id: string): ExpectedError<TaskErrorCode> {
  return new ExpectedError('TaskNotFound', `There is no task ${id}`, { details: { id } });
}

export function versionMismatch(expected: readonly number[], actual: number): ExpectedError<TaskErrorCode> {
  const not = expected.length > 0 ? `, not ${expected.join(' or ')}` : '';
  const message = `The task is now at version ${actual}${not}; read it again before you change it`;
  return new ExpectedError('VersionMismatch', message, { details: { expected, actual } });
}

export function recurrenceNeedsDueDate(): ExpectedError<TaskErrorCode> {
  const message = 'A recurring task needs a due date, the first occurrence: set due_date, or recurrence to null';
  return new ExpectedError('RecurrenceNeedsDueDate', message, { details: { field: 'recurrence' } });
}

export function notRecurring(id: string): ExpectedError<TaskErrorCode> {
  return new ExpectedError('NotRecurring', `The task ${id} does not recur, so there is no occurrence to skip`);
}

/** Which change: that with the number, or the last one that deleted a task of this title. */
export interface ChangeSelector {
  readonly change?: string | undefined;
  readonly deletedTitle?: string | undefined;
}

export function nothingToUndo({ change, deletedTitle }: ChangeSelector): ExpectedError<TaskErrorCode> {
  const message =
    change !== undefined
      ? `Change ${change} cannot be undone`
      : deletedTitle !== undefined
        ? `No deleted task is called "${deletedTitle}"`
        : 'There is no change to undo';
  return new ExpectedError('NothingToUndo', message, { details: { field: 'change' } });
}

export function nothingToRedo(): ExpectedError<TaskErrorCode> {
  return new ExpectedError(
    'NothingToUndo',
    'Nothing has been undone since the last change, so there is nothing to redo',
  );
}

/** @param titles of the tasks that have changed */
export function changedSince(titles: readonly string[]): ExpectedError<TaskErrorCode> {
  const names = titles.slice(0, 10).map((title) => `"${title}"`);
  const rest = titles.length - names.length;
  const all = rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(' and ');
  const message = `${all} ${titles.length === 1 ? 'has' : 'have'} changed since, so nothing was undone`;
  return new ExpectedError('ChangedSince', message);
}

/** Whether nothing could be undone or redone: that is found before anything is written. */
export function isRefusal(error: unknown): error is ExpectedError {
  return error instanceof ExpectedError && (error.code === 'NothingToUndo' || error.code === 'ChangedSince');
}
