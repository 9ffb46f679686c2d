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
import { openEventStream } from '../../support/event-stream.ts';
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
  const connection = { bootstrapServers: [kafka.bootstrapServers], clientId: 'test' };
  const admin = createTopicAdmin(connection, { logger });
  await admin.createTopics(topics.map((name) => ({ name, partitions: 3, replicationFactor: 1, configs: {} })));
  await admin.close();
  producer = createProducer(connection, { logger });
  reader = createConsumer(connection, {
    groupId: 'test',
    topics: ['task-events', 'task-updates'],
    logger,
    process: (messages) => {
      for (const message of messages) events.get(message.topic)!.push(decodeEvent(message));
      return Promise.resolve();
    },
  });
  await reader.start({ signal: new AbortController().signal, fail: () => {} });
}, 120_000);
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
    await until(() => versions('task-updates', id).length === 5, 60_000);
    expect(versions('task-updates', id)).toEqual(numbers(2, 6));
  }, 90_000);

  it('are published by the next process when one is killed between commit and publish', async () => {
    const api = await start();
    const { id } = await create(api);
    await until(() => versions('task-events', id).length === 1);
    await kafka.brokers[0]!.pause();
    for (const version of numbers(2, 4)) await retitle(api, id, `Title ${version}`);
    await api.kill();
    await kafka.brokers[0]!.resume();
    expect(versions('task-updates', id)).toEqual([]);
    await start();
    await until(() => versions('task-updates', id).length === 3, 60_000);
    expect(versions('task-updates', id)).toEqual([2, 3, 4]);
  }, 90_000);

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
    await until(() => ids.every((id) => versions('task-updates', id).length === version - 1), 60_000);
    for (const id of ids) expect(versions('task-updates', id)).toEqual(numbers(2, version));
  }, 120_000);

  it('that remind reach the pages of every replica', async () => {
    const apis = [await start(), await start()];
    const streams = await Promise.all(apis.map(({ url }) => openEventStream(url)));
    const fire = () => {
      const now = new Date().toISOString();
      const payload = {
        task_id: randomUUID(),
        user_id: userIdOf('alice'),
        title: 'Pay rent',
        due_date: now,
        lead_time_seconds: 0,
      };
      const envelope = { event_version: 'v1', producer: 'reminder-worker', timestamp: now } as const;
      const ids = { event_id: randomUUID(), correlation_id: randomUUID() };
      const { key, value, headers } = encodeEvent({ ...envelope, ...ids, event_type: 'reminder-due', payload }, 1);
      return producer.send('reminders', [{ key, value, headers }]);
    };
    // Replicas read from when they have joined their groups; until then, nobody has promised anything.
    await until(async () => {
      await fire();
      return streams.every(({ received }) => received.some(({ event }) => event === 'reminder'));
    }, 30_000);
    for (const stream of streams) {
      expect((await stream.next('reminder')).data).toMatchObject({ title: 'Pay rent', lead_time_seconds: 0 });
      stream.close();
    }
  }, 60_000);
});
