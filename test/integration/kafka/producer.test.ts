import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { createConsumer } from '../../../src/kafka/consumer.ts';
import { createGroupAdmin } from '../../../src/kafka/groups.ts';
import { createProducer, type Producer } from '../../../src/kafka/producer.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { until } from '../../support/until.ts';
import { sendSurely } from './send-surely.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let kafka: KafkaCluster;
let admin: TopicAdmin;
let producer: Producer;

const connection = () => ({ bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' });

beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 });
  admin = createTopicAdmin(connection(), { logger });
  producer = createProducer(connection(), { logger });
});
afterAll(async () => {
  await admin?.close();
  await producer?.stop();
  await kafka?.stop();
});

async function createTopic(name: string, partitions = 3, configs: Record<string, string> = {}): Promise<void> {
  await admin.createTopics([{ name, partitions, replicationFactor: 3, configs }]);
  await until(async () => (await admin.describeTopics([name])).get(name)?.leaderlessPartitions === 0);
}

/** All values in a topic, by partition, once there are as many different ones as expected. */
async function read(topic: string, count: number): Promise<Map<number, string[]>> {
  const byPartition = new Map<number, string[]>();
  const consumer = createConsumer(connection(), {
    groupId: `reader-${topic}`,
    topics: [topic],
    logger,
    process: (messages) => {
      const { partition } = messages[0]!;
      byPartition.set(partition, [
        ...(byPartition.get(partition) ?? []),
        ...messages.map(({ value }) => String(value)),
      ]);
      return Promise.resolve();
    },
  });
  await consumer.start({ signal: new AbortController().signal, fail: () => {} });
  await until(() => new Set([...byPartition.values()].flat()).size === count);
  await consumer.stop();
  return byPartition;
}

describe('a producer', () => {
  it('says UnknownTopic soon, and sends once the topic is there', async () => {
    const before = performance.now();
    await expect(producer.send('later', [{ key: 'a', value: '1' }])).rejects.toMatchObject({
      code: 'UnknownTopic',
      retryable: true,
    });
    expect(performance.now() - before).toBeLessThan(10_000); // kafkajs's own patience would be 13 s
    await createTopic('later');
    await sendSurely(producer, 'later', [{ key: 'a', value: '1' }]);
    expect([...(await read('later', 1)).values()].flat()).toEqual(['1']);
  });

  it('rehearses with the leaders of a topic, and leaves no message there', async () => {
    await createTopic('prepared', 6);
    const prepared = createProducer(connection(), { logger });
    const ports: unknown[] = [];
    const note = (message: unknown) => {
      const { socket } = message as { readonly socket: Socket };
      socket.once('connect', () => ports.push(socket.remotePort));
    };
    subscribe('net.client.socket', note);
    try {
      await prepared.rehearse('prepared');
      expect(new Set(ports).size).toBe(3);
      const connections = ports.length;
      const messages = Array.from({ length: 50 }, (_, index) => ({ key: String(index), value: String(index) }));
      await prepared.send('prepared', messages);
      expect(ports).toHaveLength(connections);
      expect([...(await read('prepared', messages.length)).values()].flat()).toHaveLength(messages.length);
    } finally {
      unsubscribe('net.client.socket', note);
      await prepared.stop();
    }
  });

  it('refuses what is too large, in words, and goes on', async () => {
    await createTopic('small', 1, { 'max.message.bytes': '1000' });
    await sendSurely(producer, 'small', [{ key: 'a', value: 'first' }]);
    const large = [{ key: 'a', value: 'x'.repeat(2000) }];
    await expect(producer.send('small', large)).rejects.toMatchObject({ code: 'MessageTooLarge', retryable: false });
    await producer.send('small', [{ key: 'a', value: 'fits' }]);
    expect([...(await read('small', 2)).values()].flat()).toEqual(['first', 'fits']);
  });

  it('chooses the partition as Kafka does by itself', async () => {
    await createTopic('keyed', 3);
    // murmur2 of these keys, by Kafka's own tools: 21 mod 3 and so on would be other partitions.
    const keys = ['21', 'foobar', 'a-little-bit-long-string', 'lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8'];
    const hashes = [-973932308, -790332482, -985981536, -58897971].map((hash) => (hash & 0x7fffffff) % 3);
    await sendSurely(
      producer,
      'keyed',
      keys.map((key) => ({ key, value: key })),
    );
    const byPartition = await read('keyed', keys.length);
    for (const [index, key] of keys.entries()) expect(byPartition.get(hashes[index]!)).toContain(key);
  });

  it('loses nothing and keeps the order when a broker dies, if what failed is sent again', async () => {
    await createTopic('lively', 3);
    let next = 0;
    let isDone = false;
    const sending = (async () => {
      while (!isDone) {
        const batch = Array.from({ length: 10 }, (_, index) => ({ key: `key-${index}`, value: String(next + index) }));
        await sendSurely(producer, 'lively', batch);
        next += batch.length;
      }
    })();
    await until(() => next > 100);
    await kafka.brokers[1]!.kill();
    const atDeath = next;
    await until(() => next > atDeath + 500);
    await kafka.brokers[1]!.start();
    const atReturn = next;
    await until(() => next > atReturn + 500);
    isDone = true;
    await sending;
    const groups = createGroupAdmin(connection(), { logger });
    expect((await groups.messageCounts(['lively'])).get('lively')).toBeGreaterThanOrEqual(next);
    await groups.close();
    const byPartition = await read('lively', next);
    for (const values of byPartition.values()) {
      const firsts = [...new Set(values)].map(Number);
      expect(firsts).toEqual(firsts.toSorted((one, other) => one - other));
    }
  });

  it('says Timeout, which a retry may mend, when brokers do not answer, and mends itself', async () => {
    await createTopic('paused', 1);
    const times = { requestMilliseconds: 300, connectMilliseconds: 300 };
    const hasty = createProducer(connection(), { logger, times });
    await sendSurely(hasty, 'paused', [{ key: 'a', value: '1' }]);
    await Promise.all(kafka.brokers.map((broker) => broker.pause()));
    try {
      await expect(hasty.send('paused', [{ key: 'a', value: '2' }])).rejects.toMatchObject({
        code: 'Timeout',
        retryable: true,
      });
    } finally {
      await Promise.all(kafka.brokers.map((broker) => broker.resume()));
    }
    await sendSurely(hasty, 'paused', [{ key: 'a', value: '3' }]);
    await hasty.stop();
  });

  it('says BrokerUnreachable where nobody listens', async () => {
    const nowhere = createProducer({ bootstrapServers: ['127.0.0.1:1'], clientId: 'test' }, { logger });
    const sending = nowhere.send('any', [{ key: 'a', value: '1' }]);
    await expect(sending).rejects.toMatchObject({ code: 'BrokerUnreachable', retryable: true });
    await nowhere.stop();
  });
});
