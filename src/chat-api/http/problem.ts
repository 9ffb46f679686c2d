import type { DatabaseErrorCode } from '../../lib/database-errors.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { RequestContext } from './request-context.ts';

/** One thing that is wrong with a request. */
export interface FieldError {
  /** A path such as `recurrence.rule`, or the name of a header or query parameter. */
  readonly field: string;
  readonly message: string;
  readonly value?: unknown;
}

/** Every problem that the API answers with, by its stable code. */
export const problems = {
  InvalidRequest: { status: 400, title: 'Invalid request' },
  InvalidJson: { status: 400, title: 'The body is not JSON' },
  RecurrenceNeedsDueDate: { status: 400, title: 'A recurring task needs a due date' },
  Unauthenticated: { status: 401, title: 'A valid bearer token is required' },
  NotFound: { status: 404, title: 'Not found' },
  TaskNotFound: { status: 404, title: 'Task not found' },
  MethodNotAllowed: { status: 405, title: 'Method not allowed' },
  NotRecurring: { status: 409, title: 'The task does not recur' },
  NothingToUndo: { status: 409, title: 'There is nothing to undo' },
  RequestInProgress: { status: 409, title: 'The same request is still running' },
  ChangedSince: { status: 409, title: 'A task has changed since' },
  VersionMismatch: { status: 412, title: 'The task has changed since it was read' },
  BodyTooLarge: { status: 413, title: 'The body is too large' },
  UnsupportedMediaType: { status: 415, title: 'The body must be JSON' },
  IdempotencyKeyReused: { status: 422, title: 'The idempotency key was used for another request' },
  TooManyRequests: { status: 429, title: 'Too many requests' },
  TooManyStreams: { status: 429, title: 'Too many live connections' },
  Unexpected: { status: 500, title: 'Internal server error' },
  Unavailable: { status: 503, title: 'Service unavailable' },
} as const;

export type ProblemCode = keyof typeof problems;

/** Thrown by routes; becomes application/problem+json (RFC 9457). */
export class ProblemError extends ExpectedError<ProblemCode> {
  readonly errors: readonly FieldError[];

  constructor(code: ProblemCode, detail: string, errors: readonly FieldError[] = []) {
    super(code, detail);
    this.errors = errors;
  }
}

/** Answers with the problem that an error is. */
export function answerProblem(context: RequestContext, error: unknown): Response {
  const body = describeProblem(context, error);
  if (body.status === 401) {
    const error = context.req.header('Authorization') === undefined ? '' : ', error="invalid_token"';
    context.header('WWW-Authenticate', `Bearer realm="kafka-events"${error}`);
  }
  if (body.status === 503) context.header('Retry-After', '2');
  if (body.code === 'RequestInProgress') context.header('Retry-After', '1');
  return context.body(JSON.stringify(body), body.status, { 'Content-Type': 'application/problem+json' });
}

/** The problem that an error is, as a document; only what nobody expected is logged here, as an error. */
export function describeProblem(context: RequestContext, error: unknown) {
  const problem = toProblem(error);
  const { status, title } = problems[problem.code];
  if (status >= 500) context.get('logger').error({ err: error }, 'Request failed');
  return {
    type: `urn:kafka-events:problem:${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.message,
    instance: context.req.path,
    correlation_id: context.get('correlationId'),
    ...(problem.errors.length > 0 && { errors: problem.errors }),
  };
}

function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (!(error instanceof ExpectedError)) return new ProblemError('Unexpected', problems.Unexpected.title);
  const { code, message, retryable, details } = error as ExpectedError;
  if (isProblemCode(code)) return new ProblemError(code, message, fieldErrors(details.field, message));
  // The cause is in the log; a client needs only to know whether to come again.
  return retryable
    ? new ProblemError('Unavailable', unavailable[code] ?? 'The database is not responding; please try again')
    : new ProblemError('Unexpected', problems.Unexpected.title);
}

const unavailable: Readonly<Record<string, string>> = {
  DatabaseFull: 'The disk of the database is full, so nothing can be changed; reading works',
  DatabaseReadOnly: 'The database takes no changes for the moment; please try again',
} satisfies Partial<Record<DatabaseErrorCode, string>>;

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problems, code);
}

function fieldErrors(field: unknown, message: string): FieldError[] {
  return typeof field === 'string' ? [{ field, message }] : [];
}
