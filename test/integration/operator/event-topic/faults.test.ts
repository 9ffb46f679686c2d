import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafka, type KafkaCluster } from '../../../../localcluster/parts/kafka.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../../src/kafka/topic-admin.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { eventClusters, eventTopics } from '../../../../src/operator/kinds.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { silentLogger, type RunningManager } from '../../../support/running-manager.ts';
import { available, setStatus } from '../../../support/set-status.ts';
import { eventsAbout, topicHas } from '../../../support/topic-expectations.ts';
import { declareCluster, declareTopic, runTopicOperator } from '../../../support/topics.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let admin: TopicAdmin;
let namespace: string;
let operator: RunningManager | undefined;

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startKafka({ brokers: 3 })]);
  namespace = await kubernetes.createNamespace();
  const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' };
  admin = createTopicAdmin(connection, { logger: silentLogger });
  await declareCluster(kubernetes, { namespace, name: 'events' }, kafka.bootstrapServers);
});

afterAll(async () => {
  await admin?.close();
  await Promise.all([kubernetes?.stop(), kafka?.stop()]);
});

afterEach(async () => {
  await operator?.stop();
  operator = undefined;
});

const ready = { status: 'True', reason: 'TopicReady' };
const declare = (name: string, spec: object = {}) => declareTopic(kubernetes, { namespace, name }, spec);
const has = (name: string, condition: Parameters<typeof topicHas>[2], milliseconds?: number) =>
  topicHas(kubernetes, { namespace, name }, condition, milliseconds);

describe('topics, while things break', () => {
  it('goes on with a broker killed', async () => {
    operator = runTopicOperator(kubernetes);
    await declare('before', { partitions: 3, replicationFactor: 2 });
    await has('before', ready);
    await kafka.brokers[2]!.kill();
    await declare('during', { partitions: 3, replicationFactor: 2 });
    await has('during', { ...ready, message: '3 partitions, replication factor 2.' });
    await kafka.brokers[2]!.start();
  });

  it('tells that no broker answers, and heals by itself', async () => {
    operator = runTopicOperator(kubernetes);
    await Promise.all(kafka.brokers.map((broker) => broker.kill()));
    await declare('away');
    const away = await has('away', { status: 'False', reason: 'BrokerUnreachable' });
    expect(away.status?.conditions?.map(({ type }) => type)).toEqual(['Ready', 'Reconciling']);
    await Promise.all(kafka.brokers.map((broker) => broker.start()));
    await has('away', ready, 120_000);
  });

  it('waits for a cluster that is not available without asking its brokers, and goes on at once when it is', async () => {
    const cluster = { namespace, name: 'asleep' };
    const { bootstrapServers } = kafka;
    await declareCluster(kubernetes, cluster, bootstrapServers, { condition: available('False') });
    operator = runTopicOperator(kubernetes);
    await declare('patient', { clusterRef: { name: cluster.name } });
    const message = 'EventCluster asleep is not available: Brokers are asleep.';
    await has('patient', { status: 'False', reason: 'ClusterNotReady', message });
    expect((await admin.describeTopics(['patient'])).has('patient')).toBe(false);
    await setStatus(kubernetes, eventClusters, cluster, { bootstrapServers, conditions: [available('True')] });
    await has('patient', ready);
  });

  it('ends in the same state wherever the operator is stopped', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `stopped-${index}`);
    await Promise.all(
      names.map((name) => declare(name, { partitions: 2, replicationFactor: 2, retentionSeconds: 60 })),
    );
    for (const milliseconds of [5, 20, 50, 100]) {
      const started = runTopicOperator(kubernetes);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      await started.stop();
    }
    operator = runTopicOperator(kubernetes);
    await Promise.all(names.map((name) => has(name, { ...ready, message: '2 partitions, replication factor 2.' })));
    const described = await admin.describeTopics(names, { configNames: ['retention.ms'] });
    const values = [...described.values()].map(({ configs }) => configs.get('retention.ms')?.value);
    expect(values).toEqual(names.map(() => '60000'));
  });

  it.each([
    ['BrokerUnreachable', 'True'],
    ['ClusterNotReady', 'False'],
  ] as const)('lets a resource go when %s never ends, and says what it leaves', async (reason, isAvailable) => {
    const key = { namespace, name: `stranded-${isAvailable.toLowerCase()}` };
    const cluster = { namespace, name: `nowhere-${isAvailable.toLowerCase()}` };
    await declareCluster(kubernetes, cluster, '127.0.0.1:9', { condition: available(isAvailable) });
    await declare(key.name, { clusterRef: { name: cluster.name } });
    // It was managed once: nothing would be waited for otherwise.
    await setStatus(kubernetes, eventTopics, key, { topicName: key.name, managedTopicId: 'once', conditions: [] });
    let ahead = 0;
    const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead };
    operator = runTopicOperator(kubernetes, clock);
    await has(key.name, { status: 'False', reason });
    await kubernetes.client.delete(eventTopics, key);
    await eventually(async () => {
      expect(await kubernetes.client.get(eventTopics, key)).toMatchObject({
        status: { conditions: expect.arrayContaining([expect.objectContaining({ reason: 'DeletingTopic' })]) },
      });
    });
    ahead = 121_000;
    await eventually(async () => expect(await kubernetes.client.get(eventTopics, key)).toBeUndefined());
    expect(await eventsAbout(kubernetes, key)).toContainEqual(
      expect.stringMatching(/TopicLeftBehind: Topic stranded-/),
    );
  });
});
