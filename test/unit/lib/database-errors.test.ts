import { describe, expect, it } from '@jest/globals';
import { DatabaseError } from 'pg';
import { databaseError } from '../../../src/lib/database-errors.ts';

function withCode(code: string): DatabaseError {
  const error = new DatabaseError('as PostgreSQL says it', 0, 'error');
  error.code = code;
  return error;
}

describe('an error of PostgreSQL', () => {
  it.each([
    ['the server is shutting down', '57P01', 'DatabaseUnreachable', true],
    ['the database was dropped, as a restore does', '57P04', 'DatabaseUnreachable', true],
    ['the session was idle for too long', '57P05', 'DatabaseUnreachable', true],
    ['the disk fails', '58030', 'DatabaseUnreachable', true],
    ['a statement took too long', '57014', 'DatabaseTimeout', true],
    ['a table is missing, as while a backup is restored', '42P01', 'DatabaseIncomplete', true],
    ['a schema is missing', '3F000', 'DatabaseIncomplete', true],
    ['a column is missing, as in a backup of a version before', '42703', 'DatabaseIncomplete', true],
    ['an object is in use', '55006', 'DatabaseConflict', true],
    ['there are too many connections', '53300', 'DatabaseUnreachable', true],
    ['transactions were waiting for each other', '40P01', 'DatabaseConflict', true],
    ['transactions cannot be put in an order', '40001', 'DatabaseConflict', true],
    ['it is a standby', '25006', 'DatabaseReadOnly', true],
    ['its disk is full', '53100', 'DatabaseFull', true],
    ['a statement is none', '42601', 'DatabaseStatementFailed', false],
    ['a value is too large', '22003', 'DatabaseStatementFailed', false],
  ])('%s', (_, code, expected, retryable) => {
    expect(databaseError(withCode(code))).toMatchObject({ code: expected, retryable });
  });
});
