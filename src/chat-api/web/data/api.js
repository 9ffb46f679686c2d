import { session } from './session.js';

/**
 * @typedef {object} Task
 * @property {string} id
 * @property {string} title
 * @property {string | null} description
 * @property {'HIGH' | 'MEDIUM' | 'LOW'} priority
 * @property {'TODO' | 'IN_PROGRESS' | 'DONE'} status
 * @property {string | null} due_date ISO 8601, UTC, always of the same length: dates compare as texts
 * @property {{ rule: string, time_zone: string, excluded?: string[] } | null} recurrence
 * @property {string[]} tags
 * @property {number} version
 * @property {string} updated_at
 * @property {string} created_at
 *
 * @typedef {object} Span
 * @property {number} start in UTF-16 units
 * @property {number} end
 * @property {'date' | 'time' | 'recurrence' | 'priority' | 'tag' | 'reminder' | 'command'} means
 *
 * @typedef {object} ChatAnswer
 * @property {string} outcome
 * @property {string} reply
 * @property {{ tool: string, arguments: Record<string, unknown> }} understood
 * @property {Task} [task]
 * @property {Task[]} [candidates]
 * @property {Span[]} [spans] what of the message was read as what; only in a dry run
 *
 * @typedef {{ field: string, message: string }} FieldError
 * @typedef {RequestInit & { headers?: Record<string, string> }} RequestOptions
 */

/** An answer that is no success; the message is for people. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {FieldError[]} errors
   * @param {number} retrySeconds when to come again, as the server asks for it; 0 when it says nothing
   */
  constructor(status, message, errors = [], retrySeconds = 0) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.retrySeconds = retrySeconds;
  }
}

/** Thrown when no answer came, so that nobody knows whether the server has done what it was asked for. */
export class AwayError extends Error {}

/** How long a change waits for its answer, in milliseconds: a language model may take its time. */
const longestAnswer = 60_000;

/**
 * Asks the API as the user who is signed in.
 *
 * @param {string} path
 * @param {RequestOptions} [options]
 * @returns {Promise<Response>}
 * @throws {ApiError | AwayError}
 */
export async function request(path, options = {}) {
  const headers = { ...options.headers, Authorization: `Bearer ${await session.token()}` };
  const response = await fetch(path, { ...options, headers }).catch((/** @type {unknown} */ cause) => {
    throw new AwayError('The server cannot be reached', { cause });
  });
  if (response.ok) return response;
  /** @type {{ detail: string, errors?: FieldError[] }} */
  const nothing = { detail: `The server answered ${response.status}` };
  const problem = await readJson(response, nothing).catch(() => nothing);
  // A proxy whose server is away.
  if (response.status === 502 || response.status === 504) throw new AwayError(problem.detail);
  const retrySeconds = Number(response.headers.get('Retry-After')) || 0;
  throw new ApiError(response.status, problem.detail, problem.errors, retrySeconds);
}

/**
 * The body of an answer, in the shape that the API promises.
 *
 * @template Shape
 * @param {Response} response
 * @param {Shape} [_example] names the shape where nothing else does
 * @returns {Promise<Shape>}
 */
async function readJson(response, _example) {
  /** @type {unknown} */
  const body = await response.json();
  return /** @type {Shape} */ (body);
}

/** @returns {Promise<Task[]>} every task, also those that are done */
export async function loadTasks() {
  /** @type {Task[]} */
  const tasks = [];
  let cursor = '';
  do {
    const response = await request(`/v1/tasks?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    /** @type {{ items: Task[], next_cursor: string | null }} */
    const page = await readJson(response);
    tasks.push(...page.items);
    cursor = page.next_cursor ?? '';
  } while (cursor !== '');
  return tasks;
}

/** @param {string} id @returns {Promise<Task | undefined>} undefined when there is none any more */
export async function loadTask(id) {
  try {
    return await readJson(await request(`/v1/tasks/${id}`));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/**
 * Sends a change. The same key again gives the first answer again, so that nothing is done twice.
 *
 * @param {{ key: string, method: string, path: string, body?: unknown, version?: number | undefined }} change
 * @returns {Promise<{ body: unknown, changeId: string | undefined }>} the body is undefined when there is none
 * @throws {ApiError | AwayError}
 */
export async function sendChange({ key, method, path, body, version }) {
  const response = await request(path, {
    method,
    headers: {
      'Idempotency-Key': key,
      ...(version !== undefined && { 'If-Match': `"${version}"` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    signal: AbortSignal.timeout(longestAnswer),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text().catch((/** @type {unknown} */ cause) => {
    throw new AwayError('The answer was cut off', { cause });
  });
  /** @type {unknown} */
  const answer = text ? JSON.parse(text) : undefined;
  return { body: answer, changeId: response.headers.get('Change-Id') ?? undefined };
}

/**
 * What a message would do; changes nothing.
 *
 * @param {string} message
 * @param {string} timeZone
 * @param {string} conversation
 * @param {AbortSignal} signal
 * @returns {Promise<ChatAnswer>}
 */
export async function rehearse(message, timeZone, conversation, signal) {
  const body = JSON.stringify({ message, time_zone: timeZone, conversation, dry_run: true });
  const headers = { 'Content-Type': 'application/json' };
  return readJson(await request('/v1/chat', { method: 'POST', headers, body, signal }));
}
