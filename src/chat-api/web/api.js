/**
 * @typedef {object} Task
 * @property {string} id
 * @property {string} title
 * @property {string | null} description
 * @property {'HIGH' | 'MEDIUM' | 'LOW'} priority
 * @property {'TODO' | 'IN_PROGRESS' | 'DONE'} status
 * @property {string | null} due_date
 * @property {{ rule: string, time_zone: string, excluded?: string[] } | null} recurrence
 * @property {string[]} tags
 * @property {number} version
 *
 * @typedef {object} ChatAnswer
 * @property {string} outcome
 * @property {string} reply
 * @property {{ tool: string, arguments: Record<string, unknown> }} understood
 * @property {Task[]} [candidates]
 */

const tokenKey = 'kafka-events-token';

export const session = {
  get token() {
    return sessionStorage.getItem(tokenKey) ?? '';
  },
  /** @param {string} token */
  begin(token) {
    sessionStorage.setItem(tokenKey, token);
  },
  end() {
    sessionStorage.removeItem(tokenKey);
  },
};

/** An answer that is no success; the message is for people. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * Asks the API as the user who is signed in.
 *
 * @param {string} path
 * @param {RequestInit & { headers?: Record<string, string> }} [options]
 * @returns {Promise<Response>}
 * @throws {ApiError}
 */
export async function request(path, options = {}) {
  const headers = { ...options.headers, Authorization: `Bearer ${session.token}` };
  const response = await fetch(path, { ...options, headers });
  if (response.ok) return response;
  const nothing = { detail: `The server answered ${response.status}` };
  const problem = await read(response, nothing).catch(() => nothing);
  throw new ApiError(response.status, problem.detail);
}

/**
 * The body of an answer, in the shape that the API promises.
 *
 * @template Shape
 * @param {Response} response
 * @param {Shape} [_example] tells the shape where nothing else does
 * @returns {Promise<Shape>}
 */
async function read(response, _example) {
  /** @type {unknown} */
  const body = await response.json();
  return /** @type {Shape} */ (body);
}

/** @param {'POST' | 'PATCH'} method @param {string} path @param {unknown} body @param {Record<string, string>} headers */
function send(method, path, body, headers) {
  const json = { 'Content-Type': 'application/json', ...headers };
  return request(path, { method, headers: json, body: JSON.stringify(body) });
}

/** @param {Task} task */
const ifMatch = (task) => ({ 'If-Match': `"${task.version}"` });

/** @returns {Promise<Task[]>} every task, also those that are done */
export async function loadTasks() {
  /** @type {Task[]} */
  const tasks = [];
  let cursor = '';
  do {
    const response = await request(`/v1/tasks?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    /** @type {{ items: Task[], next_cursor: string | null }} */
    const page = await read(response);
    tasks.push(...page.items);
    cursor = page.next_cursor ?? '';
  } while (cursor !== '');
  return tasks;
}

/** @param {Task} task @param {Partial<Task>} changes */
export async function changeTask(task, changes) {
  await send('PATCH', `/v1/tasks/${task.id}`, changes, ifMatch(task));
}

/** @param {Task} task */
export async function completeTask(task) {
  await request(`/v1/tasks/${task.id}/complete`, { method: 'POST', headers: ifMatch(task) });
}

/** @param {Task} task */
export async function deleteTask(task) {
  await request(`/v1/tasks/${task.id}`, { method: 'DELETE', headers: ifMatch(task) });
}

/**
 * @param {string} message
 * @param {string} timeZone
 * @param {string} conversation
 * @returns {Promise<ChatAnswer>}
 */
export async function sendMessage(message, timeZone, conversation) {
  // A message that is sent again after a lost answer must not be done twice.
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  const body = { message, time_zone: timeZone, conversation };
  const response = await send('POST', '/v1/chat', body, headers);
  return read(response);
}
