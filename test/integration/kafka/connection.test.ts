import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import type { KafkaConnection } from '../../../src/kafka/connection.ts';
import { createConsumer } from '../../../src/kafka/consumer.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { createTopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { until } from '../../support/until.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const context = { signal: new AbortController().signal, fail: () => {} };
let kafka: KafkaCluster;

beforeAll(async () => {
  kafka = await startKafka({ tls: true, users: { app: 's3cret' } });
});
afterAll(() => kafka?.stop());

const secured = (changes: Partial<KafkaConnection> = {}): KafkaConnection => ({
  bootstrapServers: kafka.bootstrapServers.split(','),
  clientId: 'test',
  tls: { ca: kafka.certificateAuthority! },
  sasl: { mechanism: 'SCRAM-SHA-512', username: 'app', password: 's3cret' },
  ...changes,
});

async function describeCluster(connection: KafkaConnection) {
  const admin = createTopicAdmin(connection, {
    logger,
    times: { requestMilliseconds: 2000, connectMilliseconds: 1000 },
  });
  try {
    return await admin.describeCluster();
  } finally {
    await admin.close();
  }
}

describe('a secured cluster', () => {
  it('takes messages from, and gives them to, those who authenticate over TLS', async () => {
    const admin = createTopicAdmin(secured(), { logger });
    await admin.createTopics([{ name: 'secret', partitions: 1, replicationFactor: 1 }]);
    await until(async () => (await admin.describeTopics(['secret'])).get('secret')?.leaderlessPartitions === 0);
    expect((await admin.alterConfigs([{ topic: 'secret', configs: { 'retention.ms': '5000' } }])).get('secret')).toBe(
      undefined,
    );
    await admin.close();
    const producer = createProducer(secured(), { logger });
    await producer.send('secret', [{ key: 'a', value: 'b' }]);
    await producer.stop();
    const seen: string[] = [];
    const process = ([message]: readonly { value: Buffer | null }[]) =>
      Promise.resolve(void seen.push(String(message?.value)));
    const consumer = createConsumer(secured(), { groupId: 'g', topics: ['secret'], process, logger });
    await consumer.start(context);
    await until(() => seen.length === 1);
    await consumer.stop();
    expect(seen).toEqual(['b']);
  });

  it('refuses a wrong password, which no retry mends', async () => {
    const sasl = { mechanism: 'SCRAM-SHA-512', username: 'app', password: 'wrong' } as const;
    await expect(describeCluster(secured({ sasl }))).rejects.toMatchObject({
      code: 'AuthenticationFailed',
      retryable: false,
    });
    const producer = createProducer(secured({ sasl }), { logger });
    const sending = producer.send('secret', [{ key: 'a', value: 'b' }]);
    await expect(sending).rejects.toMatchObject({ code: 'AuthenticationFailed', retryable: false });
    await producer.stop();
  });

  it('says what is wrong with its certificate', async () => {
    await expect(describeCluster(secured({ tls: {} }))).rejects.toMatchObject({
      code: 'BrokerUnreachable',
      message: expect.stringMatching(/certificate/i),
    });
  });

  it('does not answer those who speak no TLS', async () => {
    const { tls: _, ...plain } = secured();
    await expect(describeCluster(plain)).rejects.toMatchObject({ retryable: true });
  });
});

describe('a program that uses all of it', () => {
  it('writes nothing to stderr', async () => {
    const fixture = fileURLToPath(new URL('quiet.fixture.ts', import.meta.url));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [fixture, JSON.stringify(secured())]);
    expect(stdout).toBe('b\n');
    expect(stderr).toBe('');
  });
});
