import type { Task } from '../tasks/task.ts';
import { ProblemError } from './problem.ts';
import type { RequestContext } from './request-context.ts';

/** A task's version as a strong entity tag (RFC 9110, 8.8.3). */
export function etagOf(task: Task): string {
  return `"${task.version}"`;
}

/** An entity tag, strong or weak, and what follows it in a list. */
const entityTag = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"(?:\s*,\s*|$)/y;

/**
 * The versions that If-Match allows; undefined for any. A tag that no task ever had, or a weak one, allows none
 * (RFC 9110, 13.1.1).
 *
 * @throws {ProblemError} InvalidRequest for what is no list of entity tags
 */
export function readIfMatch(context: RequestContext): readonly number[] | undefined {
  const header = context.req.header('If-Match')?.trim();
  if (header === undefined || header === '*') return undefined;
  const tags = header.match(new RegExp(entityTag, 'gy')) ?? [];
  if (header === '' || tags.join('') !== header) {
    const error = { field: 'If-Match', message: 'must be the ETag of a task, such as "3"', value: header };
    throw new ProblemError('InvalidRequest', `${error.field}: ${error.message}`, [error]);
  }
  return tags.flatMap((tag) => /^"(\d{1,15})"/.exec(tag)?.[1] ?? []).map(Number);
}

/** Whether the client has this version already. */
export function matchesIfNoneMatch(context: RequestContext, task: Task): boolean {
  const header = context.req.header('If-None-Match');
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes('*') || tags.includes(etagOf(task));
}
