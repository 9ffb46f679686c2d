import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../support/random.ts';
import type { Change } from './account.ts';
import type { Rest } from './rest.ts';
import { tokenOf } from './system.ts';

export interface UserOptions {
  readonly name: string;
  /** The replicas of the API, as they are now. */
  readonly urls: () => readonly string[];
  readonly random: Random;
  readonly pauseMilliseconds: number;
  readonly rest: Rest;
  readonly onChange: (change: Change) => void;
  readonly onRetry: () => void;
  /** Until when a change is tried, in epoch milliseconds: parts are well again before. */
  readonly deadline: number;
}

/** What a user knows of a task: what the API answered last. */
interface KnownTask {
  readonly id: string;
  readonly version: number;
  readonly recurs: boolean;
}

interface Answered {
  readonly status: number;
  readonly body: { readonly id: string; readonly version: number; readonly due_date: string | null } & Record<
    string,
    unknown
  >;
  readonly askedAt: number;
  readonly answeredAt: number;
}

const requestMilliseconds = 10_000;
const retryMilliseconds = 250;
const firstRule = { rule: 'FREQ=MINUTELY', time_zone: 'UTC' };

/**
 * A user who makes one change after another until the signal. An answer that does not come is asked for again, of the
 * other replica and with the same Idempotency-Key, until there is one: so each change is known to be done, and done once.
 */
export async function changeTasks(options: UserOptions, signal: AbortSignal): Promise<void> {
  const { random, pauseMilliseconds, rest } = options;
  const tasks: KnownTask[] = [];
  while (!signal.aborted) {
    await rest.change(() => changeOne(options, tasks));
    await delay(random.integer(0, pauseMilliseconds));
  }
}

async function changeOne(options: UserOptions, tasks: KnownTask[]): Promise<void> {
  const { random, onChange } = options;
  const action =
    tasks.length < 3 ? 'create' : random.weighted({ create: 4, rename: 2, snooze: 3, complete: 2, delete: 1 });
  const index = random.integer(0, tasks.length - 1);
  const task = action === 'create' ? undefined : tasks[index];
  const answered = await change(options, action, task);
  const version = answered.body.version ?? task!.version + 1;
  const id = task?.id ?? answered.body.id;
  const { askedAt, answeredAt, body } = answered;
  const recurs = action !== 'delete' && body['recurrence'] !== null;
  if (version !== task?.version) {
    onChange({ taskId: id, version, askedAt, answeredAt, dueAt: dueAtOf(action, body), recurs });
  }
  if (task) tasks.splice(index, 1);
  if (action !== 'delete') tasks.push({ id, version, recurs });
}

const dueAtOf = (action: string, body: Answered['body']) =>
  action === 'delete' || body['status'] === 'DONE' || !body.due_date ? undefined : Date.parse(body.due_date);

async function change(options: UserOptions, action: string, task: KnownTask | undefined): Promise<Answered> {
  const { random } = options;
  const path = `/v1/tasks/${task?.id}`;
  const title = `Task ${random.integer(0, 1e9)}`;
  switch (action) {
    case 'create': {
      const recurrence = random.chance(0.1) ? firstRule : null;
      const due = recurrence !== null || random.chance(0.85) ? dueDate(random) : null;
      return ask(options, 'POST', '/v1/tasks', { title, due_date: due, recurrence });
    }
    case 'rename':
      return ask(options, 'PATCH', path, { title });
    case 'snooze':
      // A series that is moved is another series, of which nobody could say what was due.
      return ask(options, 'PATCH', path, task!.recurs ? { title } : { due_date: dueDate(random), status: 'TODO' });
    case 'complete':
      return ask(options, 'POST', `${path}/complete`);
    default:
      return ask(options, 'DELETE', path);
  }
}

/** Soon, and often at the same instant as those of many others: at a whole minute, if there is one soon. */
function dueDate(random: Random): string {
  const at = Date.now() + random.integer(1000, 12_000);
  if (!random.chance(0.3)) return new Date(at).toISOString();
  const [tens, minute] = [10_000, 60_000].map((unit) => Math.ceil(at / unit) * unit) as [number, number];
  return new Date(minute - at < 12_000 ? minute : tens).toISOString();
}

async function ask(options: UserOptions, method: string, path: string, body?: object): Promise<Answered> {
  const { urls, random, name, onRetry, deadline } = options;
  const headers = {
    Authorization: `Bearer ${tokenOf(name)}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': `${name}-${random.integer(0, 2 ** 31)}-${Date.now()}`,
  };
  const askedAt = Date.now();
  for (let replica = random.integer(0, 1); ; replica += 1) {
    const url = urls()[replica % urls().length];
    const signal = AbortSignal.timeout(requestMilliseconds);
    const request = { method, headers, signal, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${url}${path}`, request)
      .then(async (response) => ({ status: response.status, text: await response.text() }))
      .catch(() => undefined);
    if (answer && answer.status < 300) {
      const answeredBody = (answer.text === '' ? {} : JSON.parse(answer.text)) as Answered['body'];
      return { status: answer.status, body: answeredBody, askedAt, answeredAt: Date.now() };
    }
    if (answer && answer.status < 500 && answer.status !== 429) {
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${answer.text}`);
    }
    if (Date.now() > deadline) {
      throw new Error(`${method} ${path} had no answer in time; the last was ${answer?.status} ${answer?.text}`);
    }
    onRetry();
    await delay(retryMilliseconds);
  }
}
