import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { startKafka, type KafkaCluster } from '../../../../localcluster/parts/kafka.ts';
import type { KafkaConnection } from '../../../../src/kafka/connection.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { createBrokers } from '../../../../src/operator/brokers/brokers.ts';
import { AdminClients } from '../../../../src/operator/brokers/admin-clients.ts';
import { silentLogger } from '../../../support/running-manager.ts';

let cluster: KafkaCluster;
let clients: AdminClients;
let kafka: Kafka;
let admin: Admin;
let connection: KafkaConnection;

beforeAll(async () => {
  cluster = await startKafka({ brokers: 3 });
  clients = new AdminClients({ clock: systemClock, logger: silentLogger });
  connection = { bootstrapServers: cluster.bootstrapServers.split(','), clientId: 'test' };
  kafka = new Kafka({ brokers: cluster.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [
      { topic: 'task-events', numPartitions: 3 },
      { topic: 'dead', numPartitions: 1 },
    ],
  });
  const producer = kafka.producer();
  await producer.connect();
  const messages = ['a', 'b', 'c', 'd'].map((value) => ({ value, partition: 0 }));
  await producer.send({ topic: 'task-events', messages });
  await producer.send({ topic: 'dead', messages: messages.slice(0, 2) });
  await producer.disconnect();
});
afterAll(async () => {
  await admin.disconnect();
  await clients.stop();
  await cluster.stop();
});

const brokers = () => createBrokers(clients);

/** Lets a member join a group; it leaves when the function is called that this answers. */
async function join(groupId: string): Promise<() => Promise<void>> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200 });
  const joined = new Promise<void>((resolve) => consumer.on('consumer.group_join', () => resolve()));
  await consumer.connect();
  await consumer.subscribe({ topic: 'task-events' });
  await consumer.run({ eachMessage: () => Promise.resolve() });
  await joined;
  return () => consumer.disconnect();
}

describe('what controllers ask brokers', () => {
  it('is who they are', async () => {
    expect(await brokers().describeCluster(connection)).toMatchObject({
      clusterId: expect.any(String),
      underReplicatedPartitions: 0,
    });
  });

  it('is which of them leads, which is the same one at every look', async () => {
    const looks = await Promise.all(Array.from({ length: 10 }, () => brokers().describeCluster(connection)));
    const leaders = new Set(looks.map(({ controllerId }) => controllerId));
    expect(leaders.size).toBe(1);
    expect([1, 2, 3]).toContain([...leaders][0]);
  });

  it('is which topics are missing', async () => {
    expect(await brokers().missingTopics(connection, ['task-events', 'task-updates'])).toEqual(['task-updates']);
  });

  it('is how far a group is, and how many messages lie in a topic', async () => {
    const topics = ['task-events', 'task-updates'];
    await admin.setOffsets({ groupId: 'workers', topic: 'task-events', partitions: [{ partition: 0, offset: '1' }] });
    expect(await brokers().groupLag(connection, 'workers', topics)).toEqual({
      byTopic: new Map([['task-events', 3]]),
      partitions: 3,
    });
    expect(await brokers().groupLag(connection, 'unknown', topics)).toMatchObject({
      byTopic: new Map([['task-events', 4]]),
    });
    expect(await brokers().messageCount(connection, 'dead')).toBe(2);
    expect(await brokers().messageCount(connection, 'unknown')).toBe(0);
  });

  it('is whether a group exists, and who is in it', async () => {
    const look = (group: string) => brokers().lookAtGroup(connection, group);
    const { clusterId } = await brokers().describeCluster(connection);
    expect(await look('nobody')).toEqual({ clusterId, state: 'Dead', existence: 'absent', clientIds: [] });
    // Looking has not brought it into being.
    expect(await look('nobody')).toMatchObject({ existence: 'absent' });
    await admin.setOffsets({ groupId: 'offsets', topic: 'dead', partitions: [{ partition: 0, offset: '1' }] });
    expect(await look('offsets')).toMatchObject({ state: 'Empty', existence: 'used', clientIds: [] });
    const leave = await join('members');
    expect(await look('members')).toMatchObject({ state: 'Stable', existence: 'used', clientIds: ['kafkajs'] });
    await leave();
    expect(await look('members')).toMatchObject({ state: 'Empty', existence: 'bare', clientIds: [] });
  });

  it('is to remove a group, once nobody is in it', async () => {
    const leave = await join('leaving');
    const refused = await brokers()
      .deleteGroup(connection, 'leaving')
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    await leave();
    expect(refused).toMatchObject({ code: 'GroupNotEmpty', retryable: true });
    await brokers().deleteGroup(connection, 'leaving');
    expect(await brokers().lookAtGroup(connection, 'leaving')).toMatchObject({ existence: 'absent' });
    await brokers().deleteGroup(connection, 'leaving');
  });
});
