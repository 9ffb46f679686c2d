import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AclOperationTypes, Kafka, logLevel } from 'kafkajs';
import type { KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { accessLists, addAccessEntry } from '../../support/guarded-kafka.ts';
import { until } from '../../support/until.ts';
import { connectionTo, password, startSecuredKafka, username } from './secured-kafka.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let kafka: KafkaCluster;
let admin: TopicAdmin;

beforeAll(async () => {
  kafka = await startSecuredKafka({ properties: accessLists });
  admin = createTopicAdmin(connectionTo(kafka), { logger });
});
afterAll(async () => {
  await admin?.close();
  await kafka?.stop();
});

/** Lets the user do one thing with a topic, and so nothing else. */
async function allowOnly(topic: string, operation: AclOperationTypes): Promise<void> {
  const kafkajs = new Kafka({
    brokers: [kafka.bootstrapServers],
    logLevel: logLevel.NOTHING,
    sasl: { mechanism: 'scram-sha-512', username, password },
  });
  const administrator = kafkajs.admin();
  await administrator.connect();
  await addAccessEntry(administrator, {
    resource: 'topic',
    name: topic,
    user: username,
    operation,
    permission: 'allow',
  });
  await administrator.disconnect();
}

it('a topic whose configs may not be seen is described all the same, and others with their configs', async () => {
  for (const name of ['open', 'closed']) await admin.createTopics([{ name, partitions: 3 }]);
  await until(async () => (await admin.describeTopics(['open', 'closed'])).size === 2);
  await allowOnly('closed', AclOperationTypes.DESCRIBE);
  const configNames = ['retention.ms'];
  const ask = () => admin.describeEach(['open', 'closed'], { configNames });
  await until(async () => hasConfigsError((await ask()).get('closed')));
  const described = await ask();
  expect(described.get('open')).toMatchObject({ partitions: 3, configsError: undefined });
  expect(described.get('closed')).toMatchObject({
    partitions: 3,
    replicationFactor: 1,
    configs: new Map(),
    configsError: { code: 'NotAuthorized', retryable: false },
  });
  await expect(admin.describeTopics(['closed'], { configNames })).rejects.toMatchObject({ code: 'NotAuthorized' });
  expect((await admin.describeTopics(['closed'], { configNames: [] })).get('closed')?.partitions).toBe(3);
  // What may be done is done.
  await allowOnly('closed', AclOperationTypes.ALTER);
  await until(
    async () => (await admin.createPartitions([{ name: 'closed', partitions: 4 }])).get('closed') === undefined,
  );
});

const hasConfigsError = (topic: object | undefined) =>
  topic !== undefined && 'configsError' in topic && topic.configsError !== undefined;
