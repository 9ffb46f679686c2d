import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Kafka, logLevel, Partitioners, type KafkaConfig } from 'kafkajs';
import { startKafka, type KafkaCluster, type KafkaRequest } from '../../../localcluster/parts/kafka.ts';
import { until } from '../../support/until.ts';

function connect(cluster: KafkaCluster, configuration: Partial<KafkaConfig> = {}): Kafka {
  const brokers = cluster.bootstrapServers.split(',');
  // Of kafkajs itself a second, which a busy machine takes for a handshake.
  return new Kafka({ brokers, connectionTimeout: 20_000, logLevel: logLevel.NOTHING, ...configuration });
}

async function createTopic(kafka: Kafka, replicationFactor = 1): Promise<string> {
  const topic = `test-${randomUUID()}`;
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor }], waitForLeaders: true });
  await admin.disconnect();
  return topic;
}

async function produce(kafka: Kafka, topic: string, value: string): Promise<void> {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    await producer.send({ topic, acks: -1, messages: [{ value }] });
  } finally {
    await producer.disconnect();
  }
}

async function consumeOne(kafka: Kafka, topic: string): Promise<string | undefined> {
  const consumer = kafka.consumer({ groupId: `test-${randomUUID()}`, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const received = Promise.withResolvers<string | undefined>();
  await consumer.run({
    eachMessage: ({ message }) => Promise.resolve(received.resolve(message.value?.toString())),
  });
  try {
    return await received.promise;
  } finally {
    await consumer.disconnect();
  }
}

async function inSyncReplicas(kafka: Kafka, topic: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.disconnect();
  return topics[0]!.partitions[0]!.isr.length;
}

describe('one broker', () => {
  let cluster: KafkaCluster;
  let kafka: Kafka;

  beforeAll(async () => {
    cluster = await startKafka();
    kafka = connect(cluster);
  });

  afterAll(() => cluster?.stop());

  it('takes a message and hands it out', async () => {
    const topic = await createTopic(kafka);
    await produce(kafka, topic, 'hello');
    expect(await consumeOne(kafka, topic)).toBe('hello');
  });

  it('has its classes from the archive, without which it starts in twice the time', async () => {
    expect(await readFile(`/proc/${cluster.brokers[0]!.pid}/maps`, 'utf8')).toContain('/kafka.jsa\n');
  });

  it('creates no topic that nobody has declared', async () => {
    const impatient = connect(cluster, { retry: { retries: 0 } });
    await expect(produce(impatient, 'undeclared', 'hello')).rejects.toThrow(/does not host this topic-partition/);
    const admin = kafka.admin();
    await admin.connect();
    expect(await admin.listTopics()).not.toContain('undeclared');
    await admin.disconnect();
  });

  it.each(['kill', 'stop'] as const)('has its messages again after %s and start', async (end) => {
    const topic = await createTopic(kafka);
    await produce(kafka, topic, 'kept');
    await cluster.brokers[0]![end]();
    await cluster.brokers[0]!.start();
    expect(await consumeOne(kafka, topic)).toBe('kept');
  });

  it('answers nothing while it is paused, and then what it was asked', async () => {
    const topic = await createTopic(kafka);
    await cluster.brokers[0]!.pause();
    const impatient = connect(cluster, { retry: { retries: 0 }, connectionTimeout: 500, requestTimeout: 500 });
    await expect(produce(impatient, topic, 'lost')).rejects.toThrow(/time/i);
    await cluster.brokers[0]!.resume();
    await produce(kafka, topic, 'late');
  });
});

describe('three brokers', () => {
  let cluster: KafkaCluster;

  beforeAll(async () => {
    cluster = await startKafka({ brokers: 3, properties: { 'min.insync.replicas': 2 } });
  });

  afterAll(() => cluster?.stop());

  it('go on when one of them is killed, and take it in again', async () => {
    const kafka = connect(cluster);
    const topic = await createTopic(kafka, 3);
    await cluster.brokers[0]!.kill();
    await until(async () => (await inSyncReplicas(kafka, topic)) === 2);
    await produce(kafka, topic, 'to two of three');
    await cluster.brokers[0]!.start();
    await until(async () => (await inSyncReplicas(kafka, topic)) === 3);
    expect(await consumeOne(kafka, topic)).toBe('to two of three');
  });
});

describe('who may connect', () => {
  let cluster: KafkaCluster | undefined;

  afterEach(() => cluster?.stop());

  it.each([{ tls: false }, { tls: true }])('is who knows the password, with %j', async ({ tls }) => {
    cluster = await startKafka({ tls, users: { alice: 'right' } });
    const ssl = cluster.certificateAuthority === undefined ? {} : { ssl: { ca: [cluster.certificateAuthority] } };
    const as = (password: string) =>
      connect(cluster!, { ...ssl, sasl: { mechanism: 'scram-sha-512', username: 'alice', password } });
    const topic = await createTopic(as('right'));
    await produce(as('right'), topic, 'from alice');
    await expect(produce(as('wrong'), topic, 'from mallory')).rejects.toThrow(/authentication/i);
  });

  it('is who trusts the authority, with TLS', async () => {
    cluster = await startKafka({ tls: true });
    const retry = { retries: 0 };
    await createTopic(connect(cluster, { ssl: { ca: [cluster.certificateAuthority!] } }));
    await expect(createTopic(connect(cluster, { retry, ssl: true }))).rejects.toThrow(/unable to verify/);
  });
});

it('names a property that the broker does not take', async () => {
  const request: KafkaRequest = { properties: { 'log.retention.hours': 'many' } };
  await expect(startKafka(request)).rejects.toThrow(/many for configuration log.retention.hours/);
});
