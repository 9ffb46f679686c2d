import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PublishedMessage } from '../../../src/chat-api/outbox/publish.ts';
import { Client } from 'pg';
import { decodeEvent } from '../../../src/events/decode.ts';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { MemoryPublisher, startChatApi, type RunningChatApi } from '../../support/chat-api.ts';
import { until } from '../../support/until.ts';

let postgres: Postgres;
let databaseUri: string;
let publisher: MemoryPublisher;
const running: RunningChatApi[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  databaseUri = await postgres.createDatabase();
  publisher = new MemoryPublisher();
});
afterEach(async () => {
  for (const api of running.splice(0)) await api.stop();
});

async function start(on = publisher): Promise<RunningChatApi> {
  const api = await startChatApi(databaseUri, on);
  running.push(api);
  return api;
}

const away = new ExpectedError('BrokerUnreachable', 'No broker answers', { retryable: true });

async function create(api: RunningChatApi): Promise<string> {
  const { status, body } = await api.ask('/v1/tasks', { method: 'POST', body: { title: 'Pay rent' } });
  expect(status).toBe(201);
  return body.id as string;
}

/** A title that the task has already would be no change, and no event. */
async function retitle(api: RunningChatApi, id: string, count: number, title = 'Title'): Promise<void> {
  for (let index = 0; index < count; index++) {
    const answer = await api.ask(`/v1/tasks/${id}`, { method: 'PATCH', body: { title: `${title} ${index}` } });
    expect(answer.status).toBe(200);
  }
}

const versions = (messages: readonly PublishedMessage[]) => messages.map((message) => decodeEvent(message).version);
const sentTo = (topic: string, from = publisher) =>
  from.sent.filter((sent) => sent.topic === topic).map(({ message }) => message);

const versionsOf = (key: string, topic: string) => versions(sentTo(topic).filter((message) => message.key === key));
const setAside = async ({ metricsUrl }: RunningChatApi) =>
  (await (await fetch(`${metricsUrl}/outbox/set-aside`)).json()) as object[];

describe('the outbox', () => {
  it('keeps events while Kafka is away, says so, and delivers them in order when it is back', async () => {
    publisher.failure = away;
    const api = await start();
    const id = await create(api);
    await retitle(api, id, 5);
    const status = await (await fetch(`${api.metricsUrl}/status`)).json();
    expect(status).toEqual({ outbox: { pending: 6, oldestSeconds: expect.any(Number), setAside: 0 } });
    const ready = await fetch(`${api.metricsUrl}/readyz`);
    expect(ready.status).toBe(200);
    const well = { ok: true };
    const checks = { database: well, schema: well, started: well, outbox: well, changes: well };
    expect(await ready.json()).toEqual({ ok: true, checks });
    publisher.failure = undefined;
    await until(() => publisher.sent.length === 6);
    expect(versions(sentTo('task-events'))).toEqual([1]);
    expect(versions(sentTo('task-updates'))).toEqual([2, 3, 4, 5, 6]);
    await until(async () => (await (await fetch(`${api.metricsUrl}/status`)).text()).includes('"pending":0'));
  });

  it('does not hold up a topic because of another that cannot be written', async () => {
    class WithoutUpdates extends MemoryPublisher {
      updatesExist = false;
      override send(topic: string, messages: readonly PublishedMessage[]): ReturnType<MemoryPublisher['send']> {
        if (topic !== 'task-updates' || this.updatesExist) return super.send(topic, messages);
        return Promise.reject(new ExpectedError('UnknownTopic', 'There is no such topic', { retryable: true }));
      }
    }
    const broken = new WithoutUpdates();
    const api = await start(broken);
    const id = await create(api);
    await retitle(api, id, 3);
    await api.ask(`/v1/tasks/${id}`, { method: 'DELETE' });
    await until(() => sentTo('task-events', broken).length === 2);
    broken.updatesExist = true;
    await until(() => sentTo('task-updates', broken).length === 3);
    expect(versions(sentTo('task-updates', broken))).toEqual([2, 3, 4]);
  });

  it('is emptied by one replica at a time, and by the next when that one stops', async () => {
    const [one, two] = [new MemoryPublisher(), new MemoryPublisher()];
    const first = await start(one);
    const id = await create(first);
    await until(() => one.sent.length === 1);
    const second = await start(two);
    await Promise.all([retitle(first, id, 10, 'One'), retitle(second, id, 10, 'Two')]);
    await until(() => one.sent.length + two.sent.length >= 21);
    expect(two.sent).toEqual([]);
    expect(versions(sentTo('task-updates', one))).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
    await running.shift()!.stop();
    await retitle(second, id, 1);
    await until(() => two.sent.length === 1);
    expect(versions(two.sent.map(({ message }) => message))).toEqual([22]);
  });

  it('sets aside an event that does not fit, with the later ones of its task, until it does', async () => {
    publisher.limit = 20_000;
    const api = await start();
    const [large, small] = [await create(api), await create(api)];
    await until(() => publisher.sent.length === 2);
    const description = 'x'.repeat(10_000);
    await api.ask(`/v1/tasks/${large}`, { method: 'PATCH', body: { description } });
    await api.ask(`/v1/tasks/${large}`, { method: 'PATCH', body: { description: description.replace('x', 'y') } });
    await retitle(api, large, 2);
    await retitle(api, small, 3);
    await until(() => sentTo('task-updates').length === 4);
    await until(async () => (await setAside(api)).length === 3);
    const at = (version: number) => ({ taskId: large, topic: 'task-updates', version });
    expect(await setAside(api)).toMatchObject([
      { ...at(3), code: 'MessageTooLarge', type: 'task-updated', bytes: expect.any(Number) },
      { ...at(4), code: 'WaitsForEarlierEvent' },
      { ...at(5), code: 'WaitsForEarlierEvent' },
    ]);
    const metrics = await (await fetch(`${api.metricsUrl}/metrics`)).text();
    expect(metrics).toContain('outbox_set_aside{program="chat-api"} 3');
    expect(metrics).toContain('outbox_pending{program="chat-api"} 0');
    await retitle(api, large, 1, 'Behind');
    await api.ask(`/v1/tasks/${large}`, { method: 'DELETE' });
    publisher.limit = 50_000;
    await until(() => versionsOf(large, 'task-updates').length === 5);
    expect(versionsOf(large, 'task-updates')).toEqual([2, 3, 4, 5, 6]);
    expect(versionsOf(large, 'task-events')).toEqual([1, 7]);
    expect(await setAside(api)).toEqual([]);
  });

  it('is read without those of a topic that fails, however many', async () => {
    class WithoutOld extends MemoryPublisher {
      override send(topic: string, messages: readonly PublishedMessage[]): ReturnType<MemoryPublisher['send']> {
        if (topic !== 'gone') return super.send(topic, messages);
        return Promise.reject(new ExpectedError('UnknownTopic', 'There is no such topic', { retryable: true }));
      }
    }
    const broken = new WithoutOld();
    const api = await start(broken);
    await create(api);
    const database = new Client({ connectionString: databaseUri });
    await database.connect();
    // Statistics that mislead: almost every row is of the topic that fails.
    await database.query(
      `INSERT INTO chat.outbox (id, aggregatetype, aggregateid, type, payload, topic, headers, sequence, created_at)
       SELECT gen_random_uuid(), 'task', n, 'task-created', '{}', 'gone', '{}', 1, now() FROM generate_series(1, 100000) AS n`,
    );
    await database.query('ANALYZE chat.outbox');
    const times: number[] = [];
    for (let index = 0; index < 20; index++) {
      const start = performance.now();
      await create(api);
      await until(() => sentTo('task-events', broken).length === index + 2);
      times.push(performance.now() - start);
    }
    // Of the slower ones, who knows what else the machine did.
    expect(Math.min(...times)).toBeLessThan(150);
    await database.end();
  });

  it('goes on when the database was away', async () => {
    const api = await start();
    const id = await create(api);
    await postgres.server.kill();
    const refused = await api.ask(`/v1/tasks/${id}`, { method: 'DELETE' });
    expect(refused.body).toMatchObject({ status: 503, code: 'Unavailable' });
    expect((await fetch(`${api.metricsUrl}/readyz`)).status).toBe(503);
    await postgres.server.start();
    await until(async () => (await api.ask(`/v1/tasks/${id}`, { method: 'DELETE' })).status !== 503);
    // The first may come twice: the database can be gone between its publication and the end of its row.
    await until(() => versions(sentTo('task-events')).includes(2));
    expect(versions(sentTo('task-events')).filter((version, index, all) => version !== all[index - 1])).toEqual([1, 2]);
  });
});
