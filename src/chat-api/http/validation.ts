import type { z } from 'zod';
import { ProblemError, type FieldError } from './problem.ts';
import type { RequestContext } from './request-context.ts';

const jsonTypes = new Set(['application/json', 'application/merge-patch+json']);

/** @throws {ProblemError} UnsupportedMediaType, InvalidJson or InvalidRequest */
export async function readBody<Schema extends z.ZodType>(
  context: RequestContext,
  schema: Schema,
): Promise<z.output<Schema>> {
  const type = context.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!jsonTypes.has(type)) {
    throw new ProblemError('UnsupportedMediaType', `Content-Type is ${type || 'missing'}; it must be application/json`);
  }
  return check(schema, parseJson(await context.req.text()));
}

/** Query parameters; one that may come several times is a list. @throws {ProblemError} InvalidRequest */
export function readQuery<Schema extends z.ZodType>(
  context: RequestContext,
  schema: Schema,
  lists: readonly string[] = [],
): z.output<Schema> {
  const query = Object.entries(context.req.queries());
  return check(
    schema,
    Object.fromEntries(query.map(([name, values]) => [name, lists.includes(name) ? values : values[0]])),
  );
}

/** @throws {ProblemError} InvalidRequest, which names every field */
export function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(toFieldErrors);
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw new ProblemError('InvalidRequest', detail, errors);
}

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: [path, key].filter(Boolean).join('.'), message: 'is not a known field' }));
  }
  const { input } = issue;
  const shown = ['string', 'number', 'boolean'].includes(typeof input) ? { value: shorten(input) } : {};
  return [{ field: path || 'body', message: issue.message, ...shown }];
}

function shorten(value: unknown): unknown {
  return typeof value === 'string' && value.length > 100 ? `${value.slice(0, 100)}…` : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError('InvalidJson', error instanceof Error ? error.message : 'The body is not JSON');
  }
}
