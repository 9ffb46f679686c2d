import { readEvents } from './event-stream.js';
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
 * @property {'title' | 'date' | 'time' | 'recurrence' | 'priority' | 'tag' | 'reminder' | 'command'} means
 *
 * @typedef {object} ChatAnswer
 * @property {string} outcome
 * @property {string} reply
 * @property {{ tool: string, arguments: Record<string, unknown> }} understood
 * @property {Task} [task]
 * @property {Task[]} [candidates]
 * @property {Span[]} [spans] what of the message was read as what; only in a dry run
 *
 * @typedef {import('./identity-provider.js').Provider} Provider
 * @typedef {Omit<Provider, 'endpoints'> & { endpoints: Provider['endpoints'] | null }} FoundProvider null while the server
 *   could not reach it yet
 *
 * @typedef {{ field: string, message: string }} FieldError
 * @typedef {{ status: number, code?: string, detail: string, errors?: FieldError[] }} Problem
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
/** How long a change waits for the answer to begin: what is lost without a word is sent again. */
const longestSilence = 15_000;
/** How long a page of a list may take. */
const longestLoad = 30_000;
/** How long signing in or out waits for an answer. */
const longestLook = 10_000;

/**
 * Asks the API as the user who is signed in.
 *
 * @param {string} path
 * @param {RequestOptions} [options]
 * @returns {Promise<Response>}
 * @throws {ApiError | AwayError}
 */
export async function request(path, options = {}) {
  const token = await session.token().catch(away('The identity provider cannot be reached'));
  let response = await send(path, options, token);
  if (response.status === 401) {
    // The session may go on all the same, such as where clocks differ.
    const renewed = await session.renew(token).catch(away('The identity provider cannot be reached'));
    if (renewed) response = await send(path, options, renewed);
  }
  if (response.ok) return response;
  /** @type {Problem} */
  const nothing = { status: response.status, detail: `The server answered ${response.status}` };
  const problem = await readJson(response, nothing).catch(() => nothing);
  // A proxy whose server is away.
  if (response.status === 502 || response.status === 504) throw new AwayError(problem.detail);
  const retrySeconds = Number(response.headers.get('Retry-After')) || 0;
  throw new ApiError(response.status, problem.detail, problem.errors, retrySeconds);
}

/** @param {string} path @param {RequestOptions} options @param {string} token */
function send(path, options, token) {
  const headers = { ...options.headers, Authorization: `Bearer ${token}` };
  return fetch(path, { ...options, headers }).catch(away('The server cannot be reached'));
}

/** @param {AbortSignal} signal */
const patient = (signal) => AbortSignal.any([signal, AbortSignal.timeout(longestLoad)]);

/** @param {string} message @returns {(cause: unknown) => never} */
const away = (message) => (cause) => {
  throw new AwayError(message, { cause });
};

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

/**
 * @returns {Promise<FoundProvider | undefined>} where to sign in; undefined where an administrator hands tokens out
 * @throws {Error} when the server is away
 */
export async function findProvider() {
  const response = await fetch('/v1/sign-in', { signal: AbortSignal.timeout(longestLook) });
  if (!response.ok) throw new Error(`The server answered ${response.status}`);
  /** @type {{ openid_connect: FoundProvider | null }} */
  const { openid_connect: provider } = await readJson(response);
  return provider ?? undefined;
}

/**
 * Every task, also those that are done.
 *
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<Task[]>} page by page, the soonest due first
 */
export async function* loadTasks(signal) {
  let cursor = '';
  do {
    const path = `/v1/tasks?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const response = await request(path, { signal: patient(signal) });
    /** @type {{ items: Task[], next_cursor: string | null }} */
    const page = await readJson(response);
    yield page.items;
    cursor = page.next_cursor ?? '';
  } while (cursor !== '');
}

/** @param {AbortSignal} signal @returns {Promise<import('./reminders.js').Reminder[]>} those not cleared, newest first */
export async function loadReminders(signal) {
  /** @type {{ items: import('./reminders.js').Reminder[] }} */
  const { items } = await readJson(await request('/v1/reminders', { signal: patient(signal) }));
  return items;
}

/** @returns {Promise<string | undefined>} undefined where the server sends no reminders to browsers */
export async function findPushKey() {
  /** @type {{ public_key: string | null }} */
  const { public_key: key } = await readJson(await request('/v1/push'));
  return key ?? undefined;
}

/** @param {PushSubscriptionJSON} subscription @returns {Promise<string>} its id */
export async function keepSubscription(subscription) {
  const headers = { 'Content-Type': 'application/json' };
  const body = JSON.stringify(subscription);
  /** @type {{ id: string }} */
  const { id } = await readJson(await request('/v1/push/subscriptions', { method: 'POST', headers, body }));
  return id;
}

/** @param {string} id */
export async function deleteSubscription(id) {
  await request(`/v1/push/subscriptions/${id}`, { method: 'DELETE', signal: AbortSignal.timeout(longestLook) });
}

/** @param {string} id @param {AbortSignal} signal @returns {Promise<Task | undefined>} undefined when it is gone */
export async function loadTask(id, signal) {
  try {
    return await readJson(await request(`/v1/tasks/${id}`, { signal: patient(signal) }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

/**
 * Sends a change. The same key again gives the first answer again, so that nothing is done twice.
 *
 * @param {{ key: string, method: string, path: string, body?: unknown, version?: number | undefined }} change
 * @param {(text: string) => void} [onProgress] told what the server is doing; where it is given, the answer is streamed
 * @returns {Promise<{ body: unknown, changeId: string | undefined }>} the body is undefined when there is none
 * @throws {ApiError | AwayError}
 */
export async function sendChange({ key, method, path, body, version }, onProgress) {
  const unheard = new AbortController();
  const timer = setTimeout(() => unheard.abort(), longestSilence);
  const response = await request(path, {
    method,
    headers: {
      'Idempotency-Key': key,
      ...(version !== undefined && { 'If-Match': `"${version}"` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(onProgress && { Accept: 'text/event-stream, application/json' }),
    },
    signal: AbortSignal.any([AbortSignal.timeout(longestAnswer), unheard.signal]),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).finally(() => clearTimeout(timer));
  if (onProgress && response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
    return readStreamed(response, onProgress);
  }
  // Cut off on its way, or not the API's at all, such as the page of a hotel's network.
  /** @type {unknown} */
  const answer = response.status === 204 ? undefined : await readJson(response).catch(away('The answer is not whole'));
  return { body: answer, changeId: response.headers.get('Change-Id') ?? undefined };
}

/** How soon the server answers by itself, in milliseconds; what takes longer is with a language model. */
const usualAnswer = 400;

/**
 * @param {Response} response
 * @param {(text: string) => void} onProgress
 * @returns {Promise<{ body: unknown, changeId: string | undefined }>}
 * @throws {ApiError | AwayError}
 */
async function readStreamed(response, onProgress) {
  const timer = setTimeout(() => onProgress('Looking at your tasks'), usualAnswer);
  try {
    for await (const { id, event, data } of readEvents(response)) {
      clearTimeout(timer);
      if (event === 'progress') onProgress(/** @type {{ text: string }} */ (data).text);
      if (event === 'answer') return { body: data, changeId: id || undefined };
      if (event === 'problem') {
        const { status, code, detail, errors } = /** @type {Problem} */ (data);
        throw new ApiError(status, detail, errors, code === 'RequestInProgress' ? 1 : 0);
      }
    }
  } catch (error) {
    if (!(error instanceof ApiError)) away('The answer is not whole')(error);
    throw error;
  } finally {
    clearTimeout(timer);
  }
  throw new AwayError('The answer is not whole');
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
