import type { Task } from '../tasks/task.ts';
import { ProblemError } from './problem.ts';
import type { RequestContext } from './request-context.ts';

/** A task's version as a strong entity tag (RFC 9110, 8.8.3). */
export function etagOf(task: Task): string {
  return `"${task.version}"`;
}

/**
 * The versions that If-Match allows; undefined for any.
 *
 * @throws {ProblemError} InvalidRequest for a tag that we never gave
 */
export function readIfMatch(context: RequestContext): readonly number[] | undefined {
  const header = context.req.header('If-Match')?.trim();
  if (header === undefined || header === '*') return undefined;
  return header.split(',').map((tag) => {
    const version = /^"(\d{1,15})"$/.exec(tag.trim())?.[1];
    if (version) return Number(version);
    const error = { field: 'If-Match', message: 'must be the ETag of a task, such as "3"', value: header };
    throw new ProblemError('InvalidRequest', `${error.field}: ${error.message}`, [error]);
  });
}

/** Whether the client has this version already. */
export function matchesIfNoneMatch(context: RequestContext, task: Task): boolean {
  const header = context.req.header('If-None-Match');
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes('*') || tags.includes(etagOf(task));
}
