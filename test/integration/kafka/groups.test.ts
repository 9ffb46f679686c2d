import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { BrokerConnections, type BrokerAccess } from '../../../src/kafka/client/broker-connections.ts';
import type { ConsumedMessage } from '../../../src/kafka/consumer-options.ts';
import { createConsumer } from '../../../src/kafka/consumer.ts';
import { createGroupAdmin, type GroupAdmin } from '../../../src/kafka/groups.ts';
import { lookAtGroup } from '../../../src/kafka/look-at-group.ts';
import { createProducer, type Producer } from '../../../src/kafka/producer.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { until } from '../../support/until.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let kafka: KafkaCluster;
let admin: TopicAdmin;
let groups: GroupAdmin;
let producer: Producer;

const connection = (clientId = 'test') => ({ bootstrapServers: kafka.bootstrapServers.split(','), clientId });

beforeAll(async () => {
  // Retention that is looked at often, and segments that end soon, so that messages can be seen to go.
  const properties = { 'log.retention.check.interval.ms': 200, 'log.initial.task.delay.ms': 100 };
  kafka = await startKafka({ properties });
  admin = createTopicAdmin(connection(), { logger });
  groups = createGroupAdmin(connection(), { logger });
  producer = createProducer(connection(), { logger });
});
afterAll(async () => {
  await Promise.all([admin?.close(), groups?.close(), producer?.stop()]);
  await kafka?.stop();
});

async function createTopic(name: string, partitions: number): Promise<void> {
  await admin.createTopics([{ name, partitions, replicationFactor: 1 }]);
  // Metadata names a leader a moment before that broker knows it.
  await until(() =>
    groups.messageCounts([name]).then(
      (counts) => counts.has(name),
      () => false,
    ),
  );
}

const send = (topic: string, length: number) =>
  producer.send(
    topic,
    Array.from({ length }, (_, index) => ({ key: String(index), value: 'x'.repeat(100) })),
  );

/** Runs a member of the group until it has seen so many messages and committed them. */
async function consume(groupId: string, topic: string, count: number): Promise<void> {
  let seen = 0;
  const process = (messages: readonly ConsumedMessage[]) => Promise.resolve(void (seen += messages.length));
  const consumer = createConsumer(connection('pod-1'), { groupId, topics: [topic], process, logger });
  await consumer.start({ signal: new AbortController().signal, fail: () => {} });
  await until(() => seen === count);
  await until(async () => (await groups.lag(groupId, [topic])).get(topic) === 0);
  await consumer.stop();
}

describe('lag', () => {
  it('counts what is not committed, by topic, and leaves out topics that do not exist', async () => {
    await createTopic('a', 3);
    await createTopic('b', 1);
    await send('a', 30);
    // The first question about groups makes a new cluster create the topic that it keeps them in.
    await until(() =>
      groups.lag('group', ['a']).then(
        (lag) => lag.get('a') === 30,
        () => false,
      ),
    );
    await consume('group', 'a', 30);
    await send('a', 7);
    await send('b', 2);
    const lag = await groups.lag('group', ['a', 'b', 'missing']);
    expect(lag).toEqual(new Map(Object.entries({ a: 7, b: 2 })));
    expect(await groups.lag('group', [])).toEqual(new Map());
  });

  it('never counts what retention has removed', async () => {
    await createTopic('short', 1);
    await send('short', 10);
    await consume('short-group', 'short', 10);
    await send('short', 100);
    expect((await groups.lag('short-group', ['short'])).get('short')).toBe(100);
    expect((await groups.messageCounts(['short'])).get('short')).toBe(110);
    await admin.alterConfigs([{ topic: 'short', configs: { 'retention.ms': '1', 'segment.ms': '1' } }]);
    await until(async () => (await groups.messageCounts(['short'])).get('short') === 0);
    expect((await groups.lag('short-group', ['short'])).get('short')).toBe(0);
    expect((await groups.lag('new-group', ['short'])).get('short')).toBe(0);
  });
});

describe('messageCounts', () => {
  it('counts what is there, by topic', async () => {
    await createTopic('counted', 3);
    expect(await groups.messageCounts(['counted', 'missing'])).toEqual(new Map([['counted', 0]]));
    await send('counted', 12);
    expect(await groups.messageCounts(['counted'])).toEqual(new Map([['counted', 12]]));
  });
});

describe('describeGroup', () => {
  it('tells the state and the members, from before the group is there until after its members have gone', async () => {
    await createTopic('watched', 1);
    await until(async () => (await groups.describeGroup('watchers').catch(() => undefined)) !== undefined);
    expect(await groups.describeGroup('watchers')).toEqual({ state: 'Dead', members: [] });
    const options = { groupId: 'watchers', topics: ['watched'], process: () => Promise.resolve(), logger };
    const consumer = createConsumer(connection('pod-7'), options);
    await consumer.start({ signal: new AbortController().signal, fail: () => {} });
    await until(async () => (await groups.describeGroup('watchers')).state === 'Stable');
    expect((await groups.describeGroup('watchers')).members).toEqual([
      { id: expect.stringContaining('pod-7'), clientId: 'pod-7', host: '127.0.0.1' },
    ]);
    await consumer.stop();
    expect(await groups.describeGroup('watchers')).toEqual({ state: 'Empty', members: [] });
  });
});

describe('lookAtGroup', () => {
  it('sees the members that joined while it asked', async () => {
    await createTopic('joined', 1);
    await until(async () => (await groups.describeGroup('joiners').catch(() => undefined)) !== undefined);
    const options = { groupId: 'joiners', topics: ['joined'], process: () => Promise.resolve(), logger };
    const consumer = createConsumer(connection('pod-8'), options);
    const offsetFetch = 9;
    let started: Promise<void> | undefined;
    const join = async () => {
      await consumer.start({ signal: new AbortController().signal, fail: () => {} });
      await until(async () => (await groups.describeGroup('joiners')).state === 'Stable');
    };
    const brokers = new BrokerConnections(connection(), { logger });
    const beforeSecondRequest: BrokerAccess['withCoordinator'] = (groupId, work) =>
      brokers.call().withCoordinator(groupId, (broker) => {
        const { connectionPool } = broker;
        const send: typeof connectionPool.send = async (request) => {
          if (request.request.apiKey === offsetFetch) await (started ??= join());
          return connectionPool.send(request);
        };
        const watched = new Proxy(broker, {
          get: (target, name): unknown => (name === 'connectionPool' ? { send } : Reflect.get(target, name, target)),
        });
        return work(watched);
      });
    const look = await lookAtGroup({ ...brokers.call(), withCoordinator: beforeSecondRequest }, 'joiners');
    expect(started).toBeDefined();
    expect(look).toMatchObject({ state: 'Stable', existence: 'used', clientIds: ['pod-8'] });
    await consumer.stop();
    await brokers.close();
  });
});
