import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { forget } from '../../../src/chat-api/housekeeping.ts';
import { decodeEvent } from '../../../src/events/decode.ts';
import { openDatabase, type Database } from '../../../src/lib/database.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { applyEvents, type VersionedEvent } from '../../../src/reminder-worker/schedule/apply-events.ts';
import { migrateSchedule } from '../../../src/reminder-worker/schedule/migrate-schedule.ts';
import { openScheduleDatabase } from '../../../src/reminder-worker/schedule/schedule-database.ts';
import { alice, bob, MemoryPublisher, startChatApi, type RunningChatApi } from '../../support/chat-api.ts';
import { useLeadTimes } from '../../support/lead-times.ts';
import { until } from '../../support/until.ts';

const logger = createLogger({ name: 'test', level: 'warn' });
const day = 24 * 60 * 60 * 1000;
const publisher = new MemoryPublisher();
let postgres: Postgres;
let uri: string;
let api: RunningChatApi;
let database: Database;

beforeAll(async () => {
  postgres = await startPostgres();
  uri = await postgres.createDatabase();
  api = await startChatApi(uri, publisher);
  database = openDatabase({ uri, applicationName: 'test', logger });
});
afterAll(async () => {
  await database?.close();
  await api?.stop();
  await postgres?.stop();
});

// Each test begins with nothing to undo.
beforeEach(() => forget(database, new Date(Date.now() + 3 * day)));

interface Task {
  readonly id: string;
  readonly version: number;
  readonly title: string;
}

const send = (method: string, path: string, body?: unknown, headers = {}) => api.ask(path, { method, body, headers });
const undo = (body?: unknown, headers = {}) => send('POST', '/v1/undo', body, headers);
const redo = () => send('POST', '/v1/redo');
const read = async ({ id }: Task) => (await api.ask(`/v1/tasks/${id}`)).body;

async function create(fields: Record<string, unknown> = {}): Promise<Task> {
  const { body } = await send('POST', '/v1/tasks', { title: `Pay rent ${randomUUID()}`, ...fields });
  return body as unknown as Task;
}

async function say(message: string, conversation?: string) {
  const body = { message, time_zone: 'Europe/Berlin', ...(conversation && { conversation }) };
  return (await send('POST', '/v1/chat', body)).body as { outcome: string; reply: string; task?: Task; tasks?: Task[] };
}

/** What a user sees of a task, but for what every change changes. */
function content(task: Record<string, unknown>): Record<string, unknown> {
  const { version: _, updated_at: __, ...rest } = task;
  return rest;
}

async function eventsOf(taskId: string, count: number): Promise<VersionedEvent[]> {
  const sent = () => publisher.sent.filter(({ message }) => message.key === taskId);
  await until(() => sent().length >= count);
  return sent().map(({ message }) => decodeEvent(message) as VersionedEvent);
}

const recurring = {
  due_date: '2090-01-31T08:00:00.000Z',
  recurrence: { rule: 'FREQ=DAILY', time_zone: 'Europe/Berlin' },
};

describe('undo', () => {
  it.each([
    ['a patch', 'PATCH', '', { title: 'Other', tags: ['b'], due_date: null }],
    ['a completion', 'POST', '/complete', undefined],
    ['a deletion', 'DELETE', '', undefined],
  ])('makes a task what it was before %s, with its next version', async (_name, method, path, body) => {
    const created = await create({ description: 'More', tags: ['a'], priority: 'HIGH', due_date: recurring.due_date });
    const changed = await send(method, `/v1/tasks/${created.id}${path}`, body);
    const undone = await undo();
    expect(undone).toMatchObject({ status: 200, body: { change: changed.headers.get('Change-Id'), deleted: [] } });
    expect(content(await read(created))).toEqual(content({ ...created }));
    expect((await read(created)).version).toBe(3);
    expect(undone.body.tasks).toEqual([await read(created)]);
  });

  it('brings a deleted task back under its id, for the schedule of its reminders too', async () => {
    const created = await create(recurring);
    await send('DELETE', `/v1/tasks/${created.id}`);
    expect(await say('restore it')).toMatchObject({ outcome: 'undone', task: { id: created.id, version: 3 } });
    const events = await eventsOf(created.id, 3);
    expect(events).toMatchObject([
      { version: 1, event: { event_type: 'task-created' } },
      { version: 2, event: { event_type: 'task-deleted' } },
      { version: 3, event: { event_type: 'task-created', payload: { ...recurring, title: created.title } } },
    ]);
    const schedule = openScheduleDatabase({ uri, applicationName: 'test', logger });
    try {
      await migrateSchedule(schedule, 'test');
      await useLeadTimes(schedule, [0]);
      const due = async () => {
        const { rows } = await schedule.query<{ due_at: Date }>('SELECT due_at FROM reminders.reminders');
        return rows.map(({ due_at }) => due_at.toISOString());
      };
      for (const [index, expected] of [[recurring.due_date], [], [recurring.due_date]].entries()) {
        await applyEvents(schedule, [events[index]!]);
        expect(await due()).toEqual(expected);
      }
    } finally {
      await schedule.close();
    }
  });

  it('takes back the completion and the snooze of a recurring task with where its series begins', async () => {
    const created = await create(recurring);
    const complete = () => send('POST', `/v1/tasks/${created.id}/complete`);
    const next = (await complete()).body.due_date;
    expect(next).toBe('2090-02-01T08:00:00.000Z');
    await undo();
    expect((await read(created)).due_date).toBe(recurring.due_date);
    await say(`snooze ${created.id} 10 minutes`);
    expect((await read(created)).due_date).toBe('2090-01-31T08:10:00.000Z');
    await undo();
    expect((await complete()).body.due_date).toBe(next);
  });

  it('takes back one change after the other, and makes them again until another change is made', async () => {
    const task = await create({ title: 'One' });
    const titles = ['Two', 'Three'];
    for (const title of titles) await send('PATCH', `/v1/tasks/${task.id}`, { title });
    const title = async () => (await read(task)).title;
    for (const earlier of ['Two', 'One', 'Task not found']) {
      expect((await undo()).status).toBe(200);
      expect(await title()).toBe(earlier);
    }
    expect(await undo()).toMatchObject({ status: 409, body: { code: 'NothingToUndo' } });
    for (const later of ['One', 'Two', 'Three']) {
      expect((await redo()).status).toBe(200);
      expect(await title()).toBe(later);
    }
    expect(await redo()).toMatchObject({ status: 409, body: { code: 'NothingToUndo' } });
    await undo();
    await send('PATCH', `/v1/tasks/${task.id}`, { title: 'Four' });
    expect((await redo()).status).toBe(409);
    await undo();
    expect(await title()).toBe('Two');
  });

  it('takes back several changes at once, by chat', async () => {
    const lines = ['Milk #undo', 'Bread #undo', 'Eggs #undo'];
    await say(lines.join('\n'));
    const asked = await say('delete all #undo');
    expect(await say(/say: (.+)$/.exec(asked.reply)![1]!)).toMatchObject({ outcome: 'deleted' });
    expect(await say('what is tagged undo?')).toMatchObject({ tasks: [] });
    const restored = await say('undo that');
    expect(restored).toMatchObject({ outcome: 'undone', tasks: [{}, {}, {}] });
    for (const title of ['Milk', 'Bread', 'Eggs']) expect(restored.reply).toContain(`"${title}"`);
    expect(await say('what is tagged undo?')).toMatchObject({ tasks: [{}, {}, {}] });
    expect(await say('undo')).toMatchObject({ outcome: 'undone', reply: expect.stringContaining('are deleted') });
    expect(await say('undo the undo')).toMatchObject({ outcome: 'undone', tasks: [{}, {}, {}] });
  });

  it('changes nothing, and says so, when a task has changed since', async () => {
    const [one, two] = [
      await create({ title: 'One #', tags: ['since'] }),
      await create({ title: 'Two', tags: ['since'] }),
    ];
    const asked = await say('complete all #since');
    const { headers } = await send('POST', '/v1/chat', { message: /say: (.+)$/.exec(asked.reply)![1]! });
    const change = headers.get('Change-Id');
    await send('PATCH', `/v1/tasks/${two.id}`, { title: 'Three' });
    expect(await undo({ change })).toMatchObject({
      status: 409,
      body: { code: 'ChangedSince', detail: expect.stringContaining('"Two"') },
    });
    expect(await read(one)).toMatchObject({ status: 'DONE' });
    await undo();
    expect(await undo({ change })).toMatchObject({ status: 200 });
    expect(await read(two)).toMatchObject({ title: 'Two', status: 'TODO' });
  });

  it('is of the user only, once for an Idempotency-Key, and one at a time', async () => {
    const tasks = [await create(), await create(), await create()];
    expect((await undo(undefined, { Authorization: `Bearer ${bob}` })).status).toBe(409);
    const key = { 'Idempotency-Key': randomUUID() };
    const [first, again] = [await undo({}, key), await undo({}, key)];
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('Idempotency-Replayed')).toBe('true');
    const both = await Promise.all([undo(), undo()]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    for (const task of tasks) expect(await read(task)).toMatchObject({ code: 'TaskNotFound' });
  });

  it('restores a deleted task by its title', async () => {
    const conversation = randomUUID();
    await say('Feed the axolotl tomorrow', conversation);
    await say('delete it', conversation);
    await say('Something else', conversation);
    expect(await say('restore "feed the axolotl"', conversation)).toMatchObject({
      outcome: 'undone',
      task: { title: 'Feed the axolotl' },
    });
    expect(await say('rename it to Feed Otto', conversation)).toMatchObject({ task: { title: 'Feed Otto' } });
    expect(await say('undelete the unicorn')).toMatchObject({ outcome: 'not-found' });
  });

  it('is possible for a day, and what it needs is gone some days later', async () => {
    await create();
    const rows = async () => (await database.query('SELECT FROM chat.changes')).rowCount;
    await forget(database, new Date(Date.now() + day));
    expect(await rows()).toBe(1);
    await forget(database, new Date(Date.now() + 3 * day));
    expect(await rows()).toBe(0);
    expect(await say('undo')).toMatchObject({ outcome: 'not-possible', reply: expect.stringContaining('no change') });
    expect((await undo({ change: 'x' })).body).toMatchObject({ code: 'InvalidRequest', errors: [{ field: 'change' }] });
    expect(
      (await api.ask('/v1/undo', { method: 'POST', headers: { Authorization: `Bearer ${alice}` }, body: '' })).status,
    ).toBe(409);
  });
});
