import { z } from 'zod';
import type { Position } from '../tasks/read-tasks.ts';
import { instant, type Task } from '../tasks/task.ts';
import { ProblemError } from './problem.ts';

const position = z.tuple([instant.nullable(), z.uuid()]);

/** Where the next page begins, opaque to clients. */
export function encodeCursor({ due_date, id }: Task): string {
  return Buffer.from(JSON.stringify([due_date, id])).toString('base64url');
}

/** @throws {ProblemError} InvalidRequest for a cursor that we never gave */
export function decodeCursor(cursor: string): Position {
  const parsed = position.safeParse(parse(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return { due_date: parsed.data[0], id: parsed.data[1] };
  const error = { field: 'cursor', message: 'must be the next_cursor of an earlier answer', value: cursor };
  throw new ProblemError('InvalidRequest', `${error.field}: ${error.message}`, [error]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
