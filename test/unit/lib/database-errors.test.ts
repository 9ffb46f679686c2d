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
    ['a value is too large', '22003', 'DatabaseStatementFailed', false],
  ])('%s', (_, code, expected, retryable) => {
    expect(databaseError(withCode(code))).toMatchObject({ code: expected, retryable });
  });
});
