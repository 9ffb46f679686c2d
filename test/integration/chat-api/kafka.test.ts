import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { userIdOf } from '../../../src/chat-api/http/user-id.ts';
import { decodeEvent, type DecodedEvent } from '../../../src/events/decode.ts';
import { encodeEvent } from '../../../src/events/encode.ts';
import { createConsumer, type Consumer } from '../../../src/kafka/consumer.ts';
import { createProducer, type Producer } from '../../../src/kafka/producer.ts';
import { createTopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { alice } from '../../support/chat-api.ts';
import { startChatApiProcess, type ChatApiProcess } from '../../support/chat-api-process.ts';
import { openEventStream, type EventStream } from '../../support/event-stream.ts';
import { sendSurely } from '../kafka/send-surely.ts';
import { until } from '../../support/until.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const topics = ['task-events', 'task-updates', 'reminders'];
let postgres: Postgres;
let kafka: KafkaCluster;
let producer: Producer;
let reader: Consumer;
let databaseUri: string;
/** Every message of the two topics of tasks, by topic; decoding checks it against the schema. */
const events = new Map<string, DecodedEvent[]>(topics.map((topic) => [topic, []]));
const processes: ChatApiProcess[] = [];

beforeAll(async () => {
  [postgres, kafka] = await Promise.all([startPostgres(), startKafka()]);
  databaseUri = await postgres.createDatabase();
  const admin = createTopicAdmin(connection(), { logger });
  await admin.createTopics(topics.map((name) => ({ name, partitions: 3, replicationFactor: 1, configs: {} })));
  await admin.close();
  producer = createProducer(connection(), { logger });
  reader = createConsumer(connection(), {
    groupId: 'test',
    topics: ['task-events', 'task-updates'],
    logger,
    process: (messages) => {
      for (const message of messages) events.get(message.topic)!.push(decodeEvent(message));
      return Promise.resolve();
    },
  });
  await reader.start({ signal: new AbortController().signal, fail: () => {} });
});
afterEach(async () => {
  await kafka.brokers[0]!.resume();
  for (const api of processes.splice(0)) await api.stop();
});
afterAll(async () => {
  await reader?.stop();
  await producer?.stop();
  await kafka?.stop();
  await postgres?.stop();
});

async function start(): Promise<ChatApiProcess> {
  const api = await startChatApiProcess(databaseUri, kafka.bootstrapServers);
  processes.push(api);
  return api;
}

async function ask(api: ChatApiProcess, method: string, path: string, body?: unknown): Promise<{ id: string }> {
  const headers = { Authorization: `Bearer ${alice}`, 'Content-Type': 'application/json' };
  const response = await fetch(api.url + path, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return (response.status === 204 ? {} : await response.json()) as { id: string };
}

const create = (api: ChatApiProcess, title = 'Pay rent') => ask(api, 'POST', '/v1/tasks', { title });
const retitle = (api: ChatApiProcess, id: string, title: string) => ask(api, 'PATCH', `/v1/tasks/${id}`, { title });

/** The versions of a task's events in a topic; of those that came twice, the first. */
function versions(topic: string, taskId: string): number[] {
  const ofTask = events.get(topic)!.filter(({ event }) => event.payload.task_id === taskId);
  return [...new Set(ofTask.map(({ version }) => version))];
}

/** Fires a reminder of alice's as a worker does. */
async function fire(title = 'Pay rent', by = producer): Promise<void> {
  const now = new Date().toISOString();
  const payload = { task_id: randomUUID(), user_id: userIdOf('alice'), title, due_date: now, lead_time_seconds: 0 };
  const envelope = { event_version: 'v1', producer: 'reminder-worker', timestamp: now } as const;
  const ids = { event_id: randomUUID(), correlation_id: randomUUID() };
  const { key, value, headers } = encodeEvent({ ...envelope, ...ids, event_type: 'reminder-due', payload }, 1);
  await sendSurely(by, 'reminders', [{ key, value, headers }]);
}

const connection = () => ({ bootstrapServers: [kafka.bootstrapServers], clientId: 'test' });

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('events in Kafka', () => {
  it('follow every change by chat, in the order of the changes', async () => {
    const api = await start();
    const say = (message: string) => ask(api, 'POST', '/v1/chat', { message, conversation: 'story' });
    await say('Water the plants in 20 seconds #home !high');
    await say('move it to friday 10:00');
    await say('rename it to Water all plants');
    await say('delete it');
    await until(() => events.get('task-events')!.length === 2 && events.get('task-updates')!.length === 2);
    const taskId = events.get('task-events')![0]!.event.payload.task_id;
    const types = (topic: string) => events.get(topic)!.map(({ event }) => event.event_type);
    expect(types('task-events')).toEqual(['task-created', 'task-deleted']);
    expect(types('task-updates')).toEqual(['task-updated', 'task-updated']);
    expect(versions('task-events', taskId)).toEqual([1, 4]);
    expect(versions('task-updates', taskId)).toEqual([2, 3]);
    expect(await api.stop()).toBe(0);
  });

  it('wait while Kafka hangs, and the API answers all the same', async () => {
    const api = await start();
    const { id } = await create(api);
    await kafka.brokers[0]!.pause();
    for (const version of numbers(2, 6)) await retitle(api, id, `Title ${version}`);
    const status = (await (await fetch(`${api.metricsUrl}/status`)).json()) as { outbox: { pending: number } };
    expect(status.outbox.pending).toBeGreaterThanOrEqual(5);
    await kafka.brokers[0]!.resume();
    await until(() => versions('task-updates', id).length === 5);
    expect(versions('task-updates', id)).toEqual(numbers(2, 6));
  });

  it('are published by the next process when one is killed between commit and publish', async () => {
    const api = await start();
    const { id } = await create(api);
    await until(() => versions('task-events', id).length === 1);
    await kafka.brokers[0]!.pause();
    for (const version of numbers(2, 4)) await retitle(api, id, `Title ${version}`);
    await api.kill();
    await kafka.brokers[0]!.resume();
    // What was sent already, and lay in the broker's socket, may have arrived.
    expect(versions('task-updates', id).length).toBeLessThan(3);
    await start();
    await until(() => versions('task-updates', id).length === 3);
    expect(versions('task-updates', id)).toEqual([2, 3, 4]);
  });

  it('are complete and in order whenever the replica that publishes is killed', async () => {
    let [leader, other] = [await start(), await start()];
    const ids = await Promise.all(numbers(1, 4).map(async () => (await create(leader)).id));
    let version = 1;
    for (let round = 0; round < 3; round++) {
      for (const _ of numbers(1, 8)) {
        version += 1;
        await Promise.all(ids.map((id, index) => retitle(index % 2 ? leader : other, id, `Title ${version}`)));
      }
      // Events of the last changes are somewhere between commit, send, acknowledgement and deletion now.
      await leader.kill();
      [leader, other] = [other, await start()];
    }
    await until(() => ids.every((id) => versions('task-updates', id).length === version - 1));
    for (const id of ids) expect(versions('task-updates', id)).toEqual(numbers(2, version));
  });

  it('that are large go out in batches that the topic takes', async () => {
    const api = await start();
    await kafka.brokers[0]!.pause();
    const description = 'x'.repeat(10_000);
    const ids: string[] = [];
    for (const _ of numbers(1, 20)) {
      const made = numbers(1, 20).map(() => ask(api, 'POST', '/v1/tasks', { title: 'Large', description }));
      ids.push(...(await Promise.all(made)).map(({ id }) => id));
    }
    for (const version of numbers(2, 71)) {
      await ask(api, 'PATCH', `/v1/tasks/${ids[0]}`, { description: `${version}${description.slice(2)}` });
    }
    await kafka.brokers[0]!.resume();
    await until(() => ids.every((id) => versions('task-events', id).length === 1));
    await until(() => versions('task-updates', ids[0]!).length === 70);
    expect(versions('task-updates', ids[0]!)).toEqual(numbers(2, 71));
  });

  it('that the topic does not take are set aside, and hold up no other task', async () => {
    const api = await start();
    const [large, small] = [await create(api), await create(api)];
    const admin = createTopicAdmin(connection(), { logger });
    const limit = (value: string) =>
      admin.alterConfigs([{ topic: 'task-updates', configs: { 'max.message.bytes': value } }]);
    await limit('20000');
    await ask(api, 'PATCH', `/v1/tasks/${large.id}`, { description: '\u{1F642}'.repeat(5_000) });
    await ask(api, 'PATCH', `/v1/tasks/${large.id}`, { title: 'Behind it' });
    await retitle(api, small.id, 'Not behind it');
    await until(() => versions('task-updates', small.id).length === 1);
    const setAside = async () => (await fetch(`${api.metricsUrl}/outbox/set-aside`)).json();
    await until(async () => ((await setAside()) as unknown[]).length === 2);
    expect(await setAside()).toMatchObject([
      { taskId: large.id, version: 2, code: 'MessageTooLarge' },
      { taskId: large.id, version: 3, code: 'WaitsForEarlierEvent' },
    ]);
    await limit('1048588');
    await admin.close();
    // The topic is asked for its limit every ten seconds.
    await until(() => versions('task-updates', large.id).length === 2);
    expect(versions('task-updates', large.id)).toEqual([2, 3]);
  });

  it('that remind reach the pages of every replica', async () => {
    const apis = [await start(), await start()];
    const streams = await Promise.all(apis.map(({ url }) => openEventStream(url)));
    await fire();
    for (const stream of streams) {
      expect((await stream.next('reminder')).data).toMatchObject({ title: 'Pay rent', lead_time_seconds: 0 });
      stream.close();
    }
  });

  it('that remind are all shown, also those that fired while no replica ran, in partitions that are new', async () => {
    const api = await start();
    await fire('First');
    const stream = await openEventStream(api.url);
    const titles = (from: EventStream) => new Set(from.received.map(({ data }) => data.title));
    await until(() => titles(stream).has('First'));
    const position = stream.received.at(-1)!.id;
    stream.close();
    await api.stop();
    const admin = createTopicAdmin(connection(), { logger });
    await admin.createPartitions([{ name: 'reminders', partitions: 9 }]);
    await admin.close();
    const partitioned = createProducer(connection(), { logger });
    const missed = numbers(1, 40).map((number) => `Missed ${number}`);
    for (const title of missed) await fire(title, partitioned);
    await partitioned.stop();
    const again = await openEventStream((await start()).url, position);
    await until(() => missed.every((title) => titles(again).has(title)));
    again.close();
  });
});
