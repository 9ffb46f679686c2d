/**
 * Does what programs do with Kafka, in a process whose output a test looks at: stdout has the levels and messages of
 * the log's warnings, and at the end a line that says so.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaConnection } from '../../../src/kafka/connection.ts';
import { createConsumer } from '../../../src/kafka/consumer.ts';
import { createGroupAdmin } from '../../../src/kafka/groups.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { createTopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { until } from '../../support/until.ts';
import { sendSurely } from './send-surely.ts';

const [flow = '', text = ''] = process.argv.slice(2);
const connection = JSON.parse(text) as KafkaConnection;
const logger = createLogger({ name: 'fixture', level: 'warn', destination: process.stdout });
const context = { signal: new AbortController().signal, fail: () => {} };

/** Changes that succeed, and as many that brokers refuse. */
async function administer(): Promise<void> {
  const admin = createTopicAdmin(connection, { logger });
  const groups = createGroupAdmin(connection, { logger });
  const missing = 'missing';
  await admin.createTopics([{ name: 'quiet', partitions: 3 }]);
  await until(async () => (await admin.describeTopics(['quiet'])).size === 1);
  await admin.createTopics([{ name: 'quiet' }, { name: 'no spaces' }, { name: 'large', replicationFactor: 9 }]);
  await admin.describeTopics(['quiet', missing, 'no spaces']);
  await admin.createPartitions([{ name: 'quiet', partitions: 1 }]);
  await admin.alterConfigs([{ topic: 'quiet', configs: { 'retention.ms': 'never' } }]);
  await admin.reassignPartitions([{ topic: 'quiet', partitions: [{ partition: 0, replicas: [9] }] }]);
  await admin.cancelReassignments([{ topic: 'quiet', partitions: [0] }]);
  await admin.listReassignments();
  await Promise.all([
    admin.describeCluster(),
    admin.describeLoad(),
    admin.deleteTopics([{ name: missing, topicId: undefined }]),
  ]);
  // The first to ask of a group has brokers create the topic that groups are kept in.
  await until(async () => (await groups.describeGroup('any')).state === 'Dead');
  await Promise.all([groups.deleteGroup('any'), groups.lag('any', ['quiet', missing])]);
  await Promise.all([admin.close(), groups.close()]);
}

/** Messages, and a consumer that takes over from another. */
async function sendAndReceive(): Promise<void> {
  const producer = createProducer(connection, { logger });
  await sendSurely(producer, 'quiet', [{ key: 'a', value: 'b' }]);
  const received = Promise.withResolvers<void>();
  const options = { groupId: 'quiet', topics: ['quiet'], logger, sessionMilliseconds: 6000 };
  const first = createConsumer(connection, { ...options, process: () => Promise.resolve(received.resolve()) });
  const second = createConsumer(connection, { ...options, process: () => Promise.resolve() });
  await first.start(context);
  await Promise.race([
    received.promise,
    delay(60_000, undefined, { ref: false }).then(() => Promise.reject(new Error('Nothing came'))),
  ]);
  await second.start(context);
  await until(() => {
    second.check();
    return true;
  });
  await first.stop();
  await producer.send('quiet', [{ key: 'a', value: 'c' }]);
  await second.stop();
  await producer.stop();
}

/** Everything fails, and the callers are told. */
async function fail(): Promise<void> {
  const times = { requestMilliseconds: 2000, connectMilliseconds: 2000 };
  const admin = createTopicAdmin(connection, { logger, times });
  const groups = createGroupAdmin(connection, { logger, times });
  const producer = createProducer(connection, { logger, times });
  const consumer = createConsumer(connection, {
    groupId: 'quiet',
    topics: ['quiet'],
    process: () => Promise.resolve(),
    logger,
    times,
  });
  await consumer.start(context);
  const asked = [
    admin.describeCluster(),
    admin.describeTopics(['quiet']),
    groups.describeGroup('quiet'),
    producer.send('quiet', [{ key: 'a', value: 'b' }]),
  ];
  const failures = (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected');
  if (failures.length !== asked.length) throw new Error('Not all failed');
  await admin.createTopics([{ name: 'quiet' }]);
  await Promise.all([consumer.stop(), producer.stop(), groups.close(), admin.close()]);
}

/** What has been asked is under way still, some of it for longer than the rest. */
async function closeEarly(): Promise<void> {
  for (const milliseconds of [0, 5, 20, 50]) {
    const groups = createGroupAdmin(connection, { logger });
    const asked = groups.describeGroup('any').catch(() => {});
    await delay(milliseconds);
    await groups.close();
    await asked;
  }
}

const flows: Readonly<Record<string, () => Promise<void>>> = { administer, sendAndReceive, fail, closeEarly };
await flows[flow]!();
process.stdout.write('done\n');
