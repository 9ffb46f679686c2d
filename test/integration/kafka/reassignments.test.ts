import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigResourceTypes, Kafka, logLevel, type Admin } from 'kafkajs';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { createClusterAdmin } from '../../../src/kafka/cluster-admin.ts';
import { createConsumer } from '../../../src/kafka/consumer.ts';
import { createGroupAdmin, type GroupAdmin } from '../../../src/kafka/groups.ts';
import { createProducer, type Producer } from '../../../src/kafka/producer.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { placeReplicas } from '../../../src/operator/event-topic/replicas/place-replicas.ts';
import { until } from '../../support/until.ts';
import { sendSurely } from './send-surely.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let kafka: KafkaCluster;
let admin: TopicAdmin;
let groups: GroupAdmin;
let producer: Producer;

beforeAll(async () => {
  kafka = await startKafka({ brokers: 3, properties: { 'broker.rack': 'cellar' } });
  const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' };
  admin = createTopicAdmin(connection, { logger });
  groups = createGroupAdmin(connection, { logger });
  producer = createProducer(connection, { logger });
});
afterAll(async () => {
  await Promise.all([producer?.stop(), groups?.close(), admin?.close()]);
  await kafka?.stop();
});
const messages = Array.from({ length: 300 }, (_, index) => ({ key: `task-${index}`, value: 'x'.repeat(1000) }));

/** A topic of six partitions; how many messages are in it. */
async function createFilled(name: string): Promise<number> {
  expect(await admin.createTopics([{ name, partitions: 6, replicationFactor: 1 }])).toEqual(done(name));
  await sendSurely(producer, name, messages);
  const count = await messageCount(name);
  expect(count).toBeGreaterThanOrEqual(messages.length);
  return count!;
}

const done = (name: string) => new Map([[name, undefined]]);

/** The broker that was killed may have been the controller, for which the others then take a moment to agree on another. */
const untilDone = (name: string, ask: () => Promise<unknown>) =>
  until(async () => {
    expect(await ask()).toEqual(done(name));
    return true;
  });

const messageCount = async (name: string) => (await groups.messageCounts([name])).get(name);

const describeOne = async (name: string) => (await admin.describeTopics([name], { configNames: [] })).get(name);

/** Moves replicas as the operator would. */
async function changeReplication(topic: string, replicationFactor: number) {
  const { assignment = [] } = (await describeOne(topic)) ?? {};
  const wanted = placeReplicas([{ topic, replicationFactor, partitions: assignment }], await admin.describeLoad());
  return admin.reassignPartitions(wanted);
}

async function hasReplicas(name: string, count: number): Promise<void> {
  await until(async () => {
    const { assignment = [] } = (await describeOne(name)) ?? {};
    return (
      assignment.length === 6 &&
      assignment.every(({ replicas, isr }) => replicas.length === count && isr.length === count)
    );
  });
}

const assignmentOf = async (name: string) =>
  ((await describeOne(name))?.assignment ?? []).toSorted((one, other) => one.partition - other.partition);

const isMoving = async (name: string) => (await admin.listReassignments()).has(name);

describe('electPreferredLeaders', () => {
  it('gives a partition the leader that comes first among its replicas', async () => {
    const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' };
    const cluster = createClusterAdmin(connection, { logger });
    const topic = 'elected';
    try {
      await admin.createTopics([{ name: topic, partitions: 1, replicationFactor: 3 }]);
      const place = async () => (await assignmentOf(topic))[0];
      await until(async () => (await place())?.isr.length === 3);
      const { replicas, leader } = (await place())!;
      const turned = [...replicas.filter((id) => id !== leader), leader];
      await admin.reassignPartitions([{ topic, partitions: [{ partition: 0, replicas: turned }] }]);
      await until(async () => (await place())?.replicas.join() === turned.join());
      expect((await place())?.leader).toBe(leader);
      await cluster.electPreferredLeaders([{ topic, partitions: [0] }]);
      await until(async () => (await place())?.leader === turned[0]);
      await cluster.electPreferredLeaders([{ topic, partitions: [0] }]);
    } finally {
      await cluster.close();
    }
  });
});

describe('describeLoad', () => {
  it('tells where brokers are, and how many replicas each has', async () => {
    const before = new Map((await admin.describeLoad()).map(({ id, replicas }) => [id, replicas]));
    expect(await admin.createTopics([{ name: 'loaded', partitions: 6, replicationFactor: 3 }])).toEqual(done('loaded'));
    await until(async () => (await assignmentOf('loaded')).length === 6);
    const load = (await admin.describeLoad()).toSorted((one, other) => one.id - other.id);
    expect(load).toEqual([1, 2, 3].map((id) => ({ id, rack: 'cellar', replicas: before.get(id)! + 6 })));
  });
});

describe('the replication factor', () => {
  it('goes from one to three and to two, and every message stays', async () => {
    const count = await createFilled('tasks');
    const leaders = (await assignmentOf('tasks')).map(({ leader }) => leader);
    expect(await changeReplication('tasks', 3)).toEqual(done('tasks'));
    await hasReplicas('tasks', 3);
    await until(async () => !(await isMoving('tasks')));
    expect(await changeReplication('tasks', 2)).toEqual(done('tasks'));
    await hasReplicas('tasks', 2);
    const after = await assignmentOf('tasks');
    expect(after.map(({ replicas }) => replicas[0])).toEqual(leaders);
    // Two replicas of six partitions are four on each of three brokers.
    const byBroker = Map.groupBy(
      after.flatMap(({ replicas }) => replicas),
      (id) => id,
    );
    expect([...byBroker.values()].map(({ length }) => length)).toEqual([4, 4, 4]);
    expect(await messageCount('tasks')).toBe(count);
  });

  it('is on its way while a broker is away that is to have replicas, and gets there when it is back', async () => {
    const count = await createFilled('slow');
    const [, , third] = kafka.brokers;
    // While each has its leader: those on the third have none soon after it is gone.
    const moves = (await assignmentOf('slow'))
      .filter(({ leader }) => leader !== 3)
      .map(({ partition, leader }) => ({ partition, replicas: [leader, 3] }));
    await third!.kill();
    await untilDone('slow', () => admin.reassignPartitions([{ topic: 'slow', partitions: moves }]));
    const moving = (await admin.listReassignments()).get('slow') ?? [];
    expect(moving.toSorted((one, other) => one.partition - other.partition)).toEqual(
      moves.map((move) => ({ ...move, adding: [3], removing: [] })),
    );
    await third!.start();
    await until(async () => !(await isMoving('slow')));
    await until(async () => (await describeOne('slow'))?.underReplicatedPartitions === 0);
    expect(await messageCount('slow')).toBe(count);
  });

  it('can be changed anew before it is there, when the move is cancelled', async () => {
    const count = await createFilled('hasty');
    const [, , third] = kafka.brokers;
    const { partition, leader } = (await assignmentOf('hasty')).find((candidate) => candidate.leader !== 3)!;
    await third!.kill();
    const replicasAre = (replicas: number[]) =>
      until(async () => String((await assignmentOf('hasty'))[partition]?.replicas) === String(replicas));
    const move = (replicas: number[]) =>
      admin.reassignPartitions([{ topic: 'hasty', partitions: [{ partition, replicas }] }]);
    const other = leader === 1 ? 2 : 1;
    await untilDone('hasty', () => move([leader, 3, other]));
    expect(await isMoving('hasty')).toBe(true);
    const all = [0, 1, 2, 3, 4, 5];
    expect(await admin.cancelReassignments([{ topic: 'hasty', partitions: all }])).toEqual(done('hasty'));
    expect(await isMoving('hasty')).toBe(false);
    await replicasAre([leader]);
    expect(await move([leader, other])).toEqual(done('hasty'));
    await until(async () => !(await isMoving('hasty')));
    await replicasAre([leader, other]);
    await third!.start();
    await until(async () => (await messageCount('hasty')) === count);
  });
});

describe('the coordinator of a group that moves', () => {
  it('takes the members along: none has to join again, and every message is received once', async () => {
    const servers = kafka.bootstrapServers.split(',');
    const asker = new Kafka({ brokers: servers, logLevel: logLevel.NOTHING }).admin();
    const groupId = 'followers';
    const received: number[] = [];
    const consumer = createConsumer(
      { bootstrapServers: servers, clientId: 'follower' },
      {
        ...{ groupId, topics: [groupId], logger },
        process: (messages) => Promise.resolve(void received.push(...messages.map(({ value }) => Number(value)))),
      },
    );
    const memberIds = async () => (await asker.describeGroups([groupId])).groups[0]?.members.map((one) => one.memberId);
    const sendNumber = (value: number) => sendSurely(producer, groupId, [{ key: 'same', value: String(value) }]);
    try {
      await asker.connect();
      await admin.createTopics([{ name: groupId, partitions: 1, replicationFactor: 3 }]);
      void consumer.start({ signal: new AbortController().signal, fail: () => {} });
      await sendNumber(0);
      await until(() => received.includes(0));
      const before = await memberIds();
      // All that can be the group's: none of them stays where it is.
      const moved = (await assignmentOf('__consumer_offsets')).map(({ partition, replicas }) => ({
        partition,
        replicas: [...replicas.slice(1), replicas[0]!],
      }));
      await admin.reassignPartitions([{ topic: '__consumer_offsets', partitions: moved }]);
      const cluster = createClusterAdmin({ bootstrapServers: servers, clientId: 'test' }, { logger });
      await until(async () => {
        await cluster.electPreferredLeaders([
          { topic: '__consumer_offsets', partitions: moved.map(({ partition }) => partition) },
        ]);
        const now = await assignmentOf('__consumer_offsets');
        return now.every(({ leader }, index) => leader === moved[index]!.replicas[0]);
      });
      await cluster.close();
      for (const value of [1, 2, 3]) {
        await sendNumber(value);
        await until(() => received.includes(value));
      }
      expect(await memberIds()).toEqual(before);
      expect(new Set(received).size).toBe(received.length);
    } finally {
      await consumer.stop();
      await asker.disconnect();
    }
  });
});

describe('a replica that moves', () => {
  it('is followed by consumers, which need not join their group again for it', async () => {
    const servers = kafka.bootstrapServers.split(',');
    const topic = 'led';
    const lines: string[] = [];
    const received: number[] = [];
    const consumer = createConsumer(
      { bootstrapServers: servers, clientId: 'reader' },
      {
        ...{ groupId: topic, topics: [topic] },
        logger: createLogger({ name: 'test', level: 'debug', destination: { write: (line) => lines.push(line) } }),
        process: (messages) => Promise.resolve(void received.push(...messages.map(({ value }) => Number(value)))),
      },
    );
    const sendNumber = (value: number) => sendSurely(producer, topic, [{ key: 'same', value: String(value) }]);
    const joins = () => lines.filter((line) => line.includes('Consumer has joined the group')).length;
    try {
      await admin.createTopics([{ name: topic, partitions: 1, replicationFactor: 1 }]);
      void consumer.start({ signal: new AbortController().signal, fail: () => {} });
      await sendNumber(0);
      await until(() => received.includes(0));
      const before = joins();
      for (const value of [1, 2, 3]) {
        const { leader } = (await assignmentOf(topic))[0]!;
        const next = (leader % 3) + 1;
        await admin.reassignPartitions([{ topic, partitions: [{ partition: 0, replicas: [next] }] }]);
        await until(async () => (await assignmentOf(topic))[0]?.replicas.join() === String(next));
        await sendNumber(value);
        await until(() => received.includes(value));
      }
      expect(joins()).toBe(before);
    } finally {
      await consumer.stop();
    }
  });
});

describe('a throttle', () => {
  const rate = 2_000_000;
  const rates = ['leader.replication.throttled.rate', 'follower.replication.throttled.rate'];
  const lists = ['leader.replication.throttled.replicas', 'follower.replication.throttled.replicas'];

  /** As an administrator with Kafka's own tools: not through what is tried here. */
  async function byAdministrator<T>(work: (administrator: Admin) => Promise<T>): Promise<T> {
    const administrator = new Kafka({
      brokers: [kafka.bootstrapServers.split(',')[0]!],
      logLevel: logLevel.NOTHING,
    }).admin();
    await administrator.connect();
    try {
      return await work(administrator);
    } finally {
      await administrator.disconnect();
    }
  }

  const configsOf = async (topic: string) => {
    const configs = (await admin.describeTopics([topic])).get(topic)!.configs;
    return lists.map((name) => configs.get(name)?.value?.split(',').toSorted().join(',') ?? '');
  };

  /** Leader's and follower's, of each broker; a broker tells of its own alone. */
  const ratesOf = () =>
    Promise.all(
      kafka.bootstrapServers.split(',').map(async (server, index) => {
        const one = new Kafka({ brokers: [server], logLevel: logLevel.NOTHING }).admin();
        await one.connect();
        const { resources } = await one.describeConfigs({
          includeSynonyms: false,
          resources: [{ type: ConfigResourceTypes.BROKER, name: String(index + 1), configNames: rates }],
        });
        await one.disconnect();
        const configs = resources[0]!.configEntries;
        return rates.map(
          (name) => configs.find((config) => config.configName === name && !config.isDefault)?.configValue,
        );
      }),
    );

  const setRates = (id: number, value: string) =>
    byAdministrator((administrator) =>
      administrator.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: ConfigResourceTypes.BROKER,
            name: String(id),
            configEntries: rates.map((name) => ({ name, value })),
          },
        ],
      }),
    );

  it('is there during a move and gone after it, and a rate of an administrator stays', async () => {
    await createFilled('throttled');
    await setRates(2, '7000000');
    await until(async () => (await ratesOf())[1]![0] === '7000000');
    const { partition, leader } = (await assignmentOf('throttled')).find((candidate) => candidate.leader !== 3)!;
    const move = [{ topic: 'throttled', partitions: [{ partition, replicas: [leader, 3] }] }];
    const outcome = { unavailable: undefined, ratesOfOthers: [2], unreachable: [] };
    const ours = [String(rate), String(rate)];
    for (let times = 0; times < 2; times += 1) {
      expect(await admin.throttleReplication(move, [1, 2, 3], rate)).toEqual(outcome);
      await until(async () => (await configsOf('throttled'))[0] !== '');
      expect(await configsOf('throttled')).toEqual([`${partition}:${leader}`, `${partition}:3`]);
      await until(async () => String(await ratesOf()) === String([ours, ['7000000', '7000000'], ours]));
      if (times === 0) expect(await admin.reassignPartitions(move)).toEqual(done('throttled'));
    }
    await until(async () => !(await isMoving('throttled')));
    expect(await admin.unthrottleReplication(['throttled', 'gone'], [1, 2, 3], rate)).toEqual(outcome);
    await until(async () => String(await configsOf('throttled')) === ',');
    const none = [undefined, undefined];
    await until(async () => String(await ratesOf()) === String([none, ['7000000', '7000000'], none]));
  });

  it('leaves alone what counts for all replicas, and brokers that are away', async () => {
    await createFilled('all');
    await admin.alterConfigs([{ topic: 'all', configs: Object.fromEntries(lists.map((name) => [name, '*'])) }]);
    await until(async () => String(await configsOf('all')) === '*,*');
    const move = [{ topic: 'all', partitions: [{ partition: 0, replicas: [1, 2, 3] }] }];
    expect(await admin.throttleReplication(move, [1, 9], rate)).toMatchObject({ unreachable: [9] });
    expect(await admin.unthrottleReplication(['all'], [1, 9], rate)).toMatchObject({ unreachable: [9] });
    expect(await configsOf('all')).toEqual(['*', '*']);
  });
});

describe('a reassignment that is refused', () => {
  it("is told by topic, in the broker's words, and the others are done", async () => {
    await createFilled('good');
    await createFilled('bad');
    const partitions = (replicas: number[]) => [{ partition: 0, replicas }];
    const results = await admin.reassignPartitions([
      { topic: 'good', partitions: partitions([1, 2]) },
      { topic: 'bad', partitions: partitions([1, 9]) },
      { topic: 'missing', partitions: partitions([1]) },
      { topic: 'bad-twice', partitions: partitions([1, 1]) },
    ]);
    const words = [...results].map(([topic, error]) => [topic, error && [error.code, error.retryable, error.message]]);
    expect(Object.fromEntries(words)).toEqual({
      good: undefined,
      bad: ['InvalidReplicaAssignment', false, expect.stringContaining('broker 9')],
      missing: ['UnknownTopic', true, expect.anything()],
      'bad-twice': ['UnknownTopic', true, expect.anything()],
    });
  });

  it('is told of each topic when nobody answers', async () => {
    const nowhere = createTopicAdmin({ bootstrapServers: ['127.0.0.1:1'], clientId: 'test' }, { logger });
    const results = await nowhere.reassignPartitions([{ topic: 'any', partitions: [{ partition: 0, replicas: [1] }] }]);
    expect(results.get('any')).toMatchObject({ code: 'BrokerUnreachable', retryable: true });
    await expect(nowhere.listReassignments()).rejects.toMatchObject({ code: 'BrokerUnreachable' });
    await nowhere.close();
  });
});
