import type { z } from 'zod';
import { ExpectedError } from '../lib/errors.ts';

export type EventErrorCode = 'SchemaInvalid' | 'UnknownEventVersion';

/** One way in which a message is not as its schema says. */
export interface SchemaProblem {
  /** Where in the message: `payload.due_date`, `key`, `headers.ce_sequence`. */
  readonly path: string;
  readonly value: unknown;
  /** What the value must be, in words. */
  readonly allowed: string;
}

/**
 * The error of an event that is not as its schema says: the message tells of the first problem, `details.problems` of
 * all of them. It never gets better by waiting.
 */
export function schemaInvalid(problems: readonly [SchemaProblem, ...SchemaProblem[]], cause?: unknown) {
  const [{ path, value, allowed }] = problems;
  const message = `${path} is ${shortened(value)}; it must be ${allowed}`;
  const details = { path, value: shortened(value), allowed, problems: problems.map(shortenedProblem) };
  return new ExpectedError<EventErrorCode>('SchemaInvalid', message, { cause, details });
}

/** The problems that zod found in a value. */
export function schemaProblems(error: z.ZodError, value: unknown): [SchemaProblem, ...SchemaProblem[]] {
  const problems = error.issues.map(({ path, message }) => ({
    path: path.join('.') || 'value',
    value: path.reduce(property, value),
    allowed: message,
  }));
  return problems as [SchemaProblem, ...SchemaProblem[]];
}

function property(value: unknown, name: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[name] : undefined;
}

const longestValue = 100;

const shortenedProblem = (problem: SchemaProblem): SchemaProblem => ({ ...problem, value: shortened(problem.value) });

/** As JSON, since that is what stood in the message; cut, since it goes into logs and headers. */
function shortened(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
