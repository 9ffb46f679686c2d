import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startKafka, type KafkaCluster } from '../../../../localcluster/parts/kafka.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../../src/kafka/topic-admin.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { AdminClients } from '../../../../src/operator/brokers/admin-clients.ts';
import { createEventTopicController } from '../../../../src/operator/event-topic/controller.ts';
import { eventTopics } from '../../../../src/operator/kinds.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { runController, silentLogger, type RunningManager } from '../../../support/running-manager.ts';
import { eventsAbout, topicHas } from '../../../support/topic-expectations.ts';
import { declareCluster, declareTopic } from '../../../support/topics.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let admin: TopicAdmin;
let clients: AdminClients;
let operator: RunningManager;
let namespace: string;
let count = 0;
let key: { namespace: string; name: string };
/** How often each request went to the brokers. */
const requests = new Map<string, number>();

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startKafka()]);
  namespace = await kubernetes.createNamespace();
  const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' };
  admin = createTopicAdmin(connection, { logger: silentLogger });
  await declareCluster(kubernetes, { namespace, name: 'events' }, kafka.bootstrapServers);
  const onRequest = (api: string) => void requests.set(api, (requests.get(api) ?? 0) + 1);
  clients = new AdminClients({ clock: systemClock, logger: silentLogger, onRequest });
  operator = runController(kubernetes, createEventTopicController(clients));
});

afterAll(async () => {
  await operator?.stop();
  await Promise.all([clients?.stop(), admin?.close()]);
  await Promise.all([kubernetes?.stop(), kafka?.stop()]);
});

beforeEach(() => {
  count += 1;
  key = { namespace, name: `topic-${count}` };
  requests.clear();
});

const ready = { status: 'True', reason: 'TopicReady' };
const declare = (spec: object) => declareTopic(kubernetes, key, spec);
const change = (spec: object) => kubernetes.client.mergePatch(eventTopics, key, { spec });
const alterations = () => requests.get('IncrementalAlterConfigs') ?? 0;
/** Wakes the operator and waits until it has looked. */
async function lookedAgain(): Promise<void> {
  const looks = requests.get('Metadata') ?? 0;
  const woken = String(performance.now());
  await kubernetes.client.mergePatch(eventTopics, key, { metadata: { annotations: { woken } } });
  await eventually(() => expect(requests.get('Metadata') ?? 0).toBeGreaterThan(looks));
  await topicHas(kubernetes, key, ready);
}

async function config(name: string) {
  const topics = await admin.describeTopics([key.name], { configNames: [name] });
  return topics.get(key.name)?.configs.get(name);
}

const drifts = async () => (await eventsAbout(kubernetes, key)).filter((text) => text.startsWith('DriftFound'));

describe('a value', () => {
  it.each([
    ['cleanup.policy', 'compact,compact'],
    ['min.cleanable.dirty.ratio', '0.40'],
    ['segment.ms', '+60000'],
    ['preallocate', 'FALSE'],
    ['flush.messages', '٤٢'],
  ])(
    'that the broker shows in another form is not sent again and again, and blamed on nobody: %s=%s',
    async (name, value) => {
      await declare({ partitions: 1 });
      await topicHas(kubernetes, key, ready);
      await change({ config: { [name]: value } });
      const topic = await eventually(async () => {
        const found = await kubernetes.client.get(eventTopics, key);
        const isDone = found?.status?.conditions?.some(
          ({ type, status, reason }) => (type === 'Ready' && status === 'True') || reason === 'InvalidConfig',
        );
        expect([isDone, found?.status?.observedGeneration]).toEqual([true, found?.metadata.generation]);
        return found!;
      });
      // What the broker refuses is refused, and no matter of forms.
      if (topic.status?.conditions?.some(({ reason }) => reason === 'InvalidConfig')) return;
      // One that means something else to us is sent once more, to see whether it stays.
      const sent = alterations();
      expect([1, 2]).toContain(sent);
      await lookedAgain();
      expect(alterations()).toBe(sent);
      expect(await drifts()).toEqual([]);
    },
  );

  it('is set on the topic though it equals the default of the day', async () => {
    await admin.createTopics([{ name: key.name, partitions: 1, replicationFactor: 1 }]);
    await eventually(async () => expect((await config('retention.ms'))?.source).toBe('Default'));
    await declare({ retentionSeconds: 604_800 });
    await topicHas(kubernetes, key, ready);
    // The controller answers before the broker has heard of it.
    await eventually(async () => expect(await config('retention.ms')).toEqual({ value: '604800000', source: 'Topic' }));
  });

  it('that is no longer declared returns to the default, if the operator had set it', async () => {
    await admin.createTopics([{ name: key.name, partitions: 1, replicationFactor: 1, configs: { 'flush.ms': '777' } }]);
    await eventually(async () => expect((await config('flush.ms'))?.source).toBe('Topic'));
    await declare({ retentionSeconds: 1, config: { 'flush.ms': 777, 'segment.ms': 100_000 } });
    const topic = await topicHas(kubernetes, key, ready);
    expect(topic.status?.config).toEqual({ 'retention.ms': '1000', 'segment.ms': '100000' });
    await change({ retentionSeconds: null, config: { 'flush.ms': null, 'segment.ms': null } });
    await eventually(async () => expect((await config('retention.ms'))?.source).toBe('Default'));
    const after = await topicHas(kubernetes, key, ready);
    expect(after.status?.config).toBeUndefined();
    expect((await config('flush.ms'))?.value).toBe('777');
  });

  it('is left alone for ever where it is null, also if the operator had set it', async () => {
    await declare({ config: { 'segment.ms': 100_000 } });
    await topicHas(kubernetes, key, ready);
    await kubernetes.client.apply(
      eventTopics,
      { metadata: { ...key }, spec: { clusterRef: { name: 'events' }, config: { 'segment.ms': null } } } as object,
      { fieldManager: 'test' },
    );
    await topicHas(kubernetes, key, ready);
    await lookedAgain();
    expect((await config('segment.ms'))?.value).toBe('100000');
  });

  it('beyond 2^53 is exact', async () => {
    await kubernetes.transport.send({
      method: 'POST',
      path: `/apis/kafka-events.dev/v1alpha1/namespaces/${namespace}/eventtopics`,
      body: {
        apiVersion: 'kafka-events.dev/v1alpha1',
        kind: 'EventTopic',
        metadata: { ...key },
        spec: {
          clusterRef: { name: 'events' },
          config: { 'retention.bytes': 9007199254740993n, 'max.compaction.lag.ms': 9223372036854775807n },
        },
      },
    });
    await topicHas(kubernetes, key, ready);
    expect((await config('retention.bytes'))?.value).toBe('9007199254740993');
    expect((await config('max.compaction.lag.ms'))?.value).toBe('9223372036854775807');
  });

  it('null beside the field of its own is not set', async () => {
    const manifest = {
      metadata: { ...key },
      spec: { clusterRef: { name: 'events' }, retentionSeconds: 60, config: { 'retention.ms': null } },
    } as object;
    await kubernetes.client.apply(eventTopics, manifest, { fieldManager: 'test' });
    await topicHas(kubernetes, key, ready);
    expect((await config('retention.ms'))?.value).toBe('60000');
  });
});

describe('a mistake without effect', () => {
  it('can be corrected: partitions and replicas of a topic that was never created', async () => {
    await declare({ partitions: 30, replicationFactor: 5 });
    await topicHas(kubernetes, key, { status: 'False', reason: 'InvalidReplicationFactor' });
    await change({ partitions: 3, replicationFactor: 1 });
    const topic = await topicHas(kubernetes, key, ready);
    expect(topic.status?.partitions).toBe(3);
    await expect(change({ partitions: 2 })).rejects.toThrow(/partitions can only grow/);
  });

  it('can be corrected: the name of a cluster, and deleting it warns of nothing', async () => {
    await declare({ clusterRef: { name: 'evnets' } });
    await topicHas(kubernetes, key, { status: 'False', reason: 'ClusterMissing' });
    await change({ clusterRef: { name: 'events' } });
    await topicHas(kubernetes, key, ready);
    await expect(change({ clusterRef: { name: 'others' } })).rejects.toThrow(/clusterRef cannot be changed/);
    const typo = { namespace, name: `${key.name}-typo` };
    await declareTopic(kubernetes, typo, { clusterRef: { name: 'evnets' } });
    await topicHas(kubernetes, typo, { status: 'False', reason: 'ClusterMissing' });
    await kubernetes.client.delete(eventTopics, typo);
    await eventually(async () => expect(await kubernetes.client.get(eventTopics, typo)).toBeUndefined());
    expect((await eventsAbout(kubernetes, typo)).filter((text) => text.includes('LeftBehind'))).toEqual([]);
  });

  it('is refused before Kafka does half of it: far too many new partitions', async () => {
    await declare({ partitions: 1 });
    await topicHas(kubernetes, key, ready);
    await change({ partitions: 20_000 });
    const message = expect.stringMatching(/10,?000/);
    await topicHas(kubernetes, key, { status: 'False', reason: 'InvalidPartitions', message });
    expect((await admin.describeTopics([key.name])).get(key.name)?.partitions).toBe(1);
  });
});

describe('managementPolicy Plan', () => {
  it('says what would change, and changes nothing', async () => {
    await declare({ managementPolicy: 'Plan', partitions: 3, retentionSeconds: 60 });
    const absent = await topicHas(kubernetes, key, { status: 'True', reason: 'ChangesPlanned' });
    expect(absent.status?.plannedChanges).toEqual([expect.stringMatching(/create topic .*retention\.ms=60000/)]);
    expect((await admin.describeTopics([key.name])).size).toBe(0);
    await admin.createTopics([{ name: key.name, partitions: 1, replicationFactor: 1 }]);
    await eventually(async () => expect((await admin.describeTopics([key.name])).size).toBe(1));
    await change({ retentionSeconds: 61 });
    const present = await eventually(async () => {
      const topic = await topicHas(kubernetes, key, { status: 'True', reason: 'ChangesPlanned' });
      expect(topic.status?.plannedChanges).toEqual([
        'spec.partitions: from 1 to 3',
        'spec.retentionSeconds: from 604800000 by default to 61000',
      ]);
      return topic;
    });
    expect(present.metadata.finalizers).toBeUndefined();
    await change({ config: { 'segment.bytes': 'many' } });
    const message = expect.stringMatching(/Invalid value many/);
    await topicHas(kubernetes, key, { status: 'False', reason: 'InvalidConfig', message });
    expect((await admin.describeTopics([key.name])).get(key.name)).toMatchObject({ partitions: 1 });
    expect((await config('retention.ms'))?.source).toBe('Default');
  });
});
