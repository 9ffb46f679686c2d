import { DatabaseError } from 'pg';
import { ExpectedError, toError } from './errors.ts';

export type DatabaseErrorCode =
  | 'DatabaseUnreachable'
  | 'DatabaseFull'
  | 'DatabaseReadOnly'
  | 'DatabaseIncomplete'
  | 'DatabaseTimeout'
  | 'DatabaseConflict'
  | 'DatabaseAccessDenied'
  | 'DatabaseConstraintViolated'
  | 'DatabaseStatementFailed';

interface Meaning {
  readonly code: DatabaseErrorCode;
  readonly retryable: boolean;
}

const unreachable: Meaning = { code: 'DatabaseUnreachable', retryable: true };
const full: Meaning = { code: 'DatabaseFull', retryable: true };
const readOnly: Meaning = { code: 'DatabaseReadOnly', retryable: true };
const incomplete: Meaning = { code: 'DatabaseIncomplete', retryable: true };
const timeout: Meaning = { code: 'DatabaseTimeout', retryable: true };
const conflict: Meaning = { code: 'DatabaseConflict', retryable: true };
const accessDenied: Meaning = { code: 'DatabaseAccessDenied', retryable: false };
const constraintViolated: Meaning = { code: 'DatabaseConstraintViolated', retryable: false };
const statementFailed: Meaning = { code: 'DatabaseStatementFailed', retryable: false };

/** By SQLSTATE, or by its first two characters, the class. PostgreSQL's manual, appendix A. */
const meanings: Readonly<Record<string, Meaning>> = {
  '08': unreachable, // connection exceptions
  '57': unreachable, // operator intervention: it shuts down, has crashed, starts up, has ended an idle session
  '53': unreachable, // too many connections, out of memory
  '53100': full, // until somebody gives its disk more room
  '25006': readOnly, // a standby, until the failover is over
  '57014': timeout, // statement_timeout
  '25P03': timeout, // idle_in_transaction_session_timeout
  '25P04': timeout, // transaction_timeout
  '40': conflict, // serialization failure, deadlock
  '55': conflict, // lock_timeout, an object in use
  '3F000': incomplete, // a schema that is missing, as while a backup is restored
  '42P01': incomplete, // a table
  '42703': incomplete, // a column
  '58': unreachable, // its machine's trouble, such as a disk that fails
  '28': accessDenied, // wrong user or password
  '3D000': accessDenied, // no such database
  '42501': accessDenied, // no such right
  '23': constraintViolated,
};

/** What pg throws, as one of ours. `details` has the constraint's name, if one was violated. */
export function databaseError(error: unknown): ExpectedError<DatabaseErrorCode> {
  const { code, retryable } = meaningOf(error);
  const details = error instanceof DatabaseError && error.constraint ? { constraint: error.constraint } : {};
  return new ExpectedError(code, `${words[code]}: ${messageOf(error)}`, { retryable, cause: error, details });
}

const words: Readonly<Record<DatabaseErrorCode, string>> = {
  DatabaseUnreachable: 'The database cannot be reached',
  DatabaseFull: 'The disk of the database is full',
  DatabaseReadOnly: 'The database takes no changes',
  DatabaseIncomplete: 'The database lacks tables of this program',
  DatabaseTimeout: 'The database did not answer in time',
  DatabaseConflict: 'Another transaction was in the way',
  DatabaseAccessDenied: 'The database refuses access',
  DatabaseConstraintViolated: 'The database refuses a value',
  DatabaseStatementFailed: 'The database refuses a statement',
};

function meaningOf(error: unknown): Meaning {
  if (error instanceof DatabaseError) {
    const { code = '' } = error;
    return meanings[code] ?? meanings[code.slice(0, 2)] ?? statementFailed;
  }
  // Everything else that pg throws is about the connection: Node's network errors and its own "terminated" ones.
  return messageOf(error).includes('Query read timeout') ? timeout : unreachable;
}

/** Node joins the failures of several addresses in an error that has no message. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return toError(error).message;
}
