import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { createConsumer, type Consumer } from '../../../src/kafka/consumer.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { until } from '../../support/until.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const context = { signal: new AbortController().signal, fail: () => {} };
const topic = 'one-copy-each';
let kafka: KafkaCluster;
let client: Kafka;
let consumers: Consumer[] = [];

const connection = () => ({ bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' });

beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 });
  client = new Kafka({ brokers: connection().bootstrapServers, logLevel: logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  const replicaAssignment = [1, 2, 3].map((broker, partition) => ({ partition, replicas: [broker] }));
  await admin.createTopics({ topics: [{ topic, replicaAssignment }], waitForLeaders: false });
  // Each broker hears of it in its own time.
  const hasLeaders = async () => {
    const [found] = (await admin.fetchTopicMetadata({ topics: [topic] })).topics;
    return found!.partitions.every(({ leader }) => leader > 0);
  };
  await until(() => hasLeaders().catch(() => false));
  await admin.disconnect();
});
afterEach(async () => {
  await Promise.all(consumers.map(async (consumer) => consumer.stop()));
  consumers = [];
});
afterAll(async () => {
  await kafka?.stop();
});

/** Values by partition, in the order in which they came. */
function start(groupId: string): string[] {
  const seen: string[] = [];
  const consumer = createConsumer(connection(), {
    groupId,
    topics: [topic],
    logger,
    process: (messages) => Promise.resolve(void seen.push(...messages.map(({ value }) => String(value)))),
  });
  consumers.push(consumer);
  void consumer.start(context);
  return seen;
}

describe('while a partition has no leader', () => {
  it('the others are read, by a consumer that was there and by one that comes', async () => {
    const producer = client.producer();
    await producer.connect();
    const send = (value: string) =>
      producer.send({ topic, messages: [0, 1, 2].map((partition) => ({ partition, value: `${value}-${partition}` })) });
    const before = start('before');
    await send('a');
    await until(() => before.length === 3);
    await kafka.brokers[2]!.kill();
    const lasting = client.producer();
    await lasting.connect();
    const after = start('after');
    await until(() => after.includes('a-0') && after.includes('a-1'));
    expect(after).not.toContain('a-2');
    await kafka.brokers[2]!.start();
    await until(() => after.includes('a-2'));
  });

  it('the others are written', async () => {
    const sender = createProducer(connection(), { logger });
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
    const send = (value: string) =>
      sender.sendEach(
        topic,
        keys.map((key) => ({ key, value: `${value}-${key}` })),
      );
    const sendAll = (value: string) =>
      send(value).then(
        ({ size }) => size === 0,
        () => false,
      );
    const seen = start('written');
    await until(() => sendAll('a'));
    await kafka.brokers[2]!.kill();
    let missing: string[] = [];
    await until(async () => {
      missing = [...(await send('b').catch(() => new Map<{ key: string }, Error>())).keys()].map(({ key }) => key);
      return missing.length > 0 && missing.length < keys.length;
    });
    await until(() => keys.every((key) => seen.includes(`b-${key}`) !== missing.includes(key)));
    await kafka.brokers[2]!.start();
    await until(() => sendAll('c'));
    await until(() => keys.every((key) => seen.includes(`c-${key}`)));
    await sender.stop();
  });
});
