import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startKafka, type KafkaCluster } from '../../../../localcluster/parts/kafka.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../../src/kafka/topic-admin.ts';
import { eventClusters, eventTopics } from '../../../../src/operator/kinds.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { silentLogger, type RunningManager } from '../../../support/running-manager.ts';
import { eventsAbout, topicHas } from '../../../support/topic-expectations.ts';
import { declareCluster, declareTopic, runTopicOperator } from '../../../support/topics.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let admin: TopicAdmin;
let operator: RunningManager;
let namespace: string;
let count = 0;
let key: { namespace: string; name: string };

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startKafka()]);
  namespace = await kubernetes.createNamespace();
  const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' };
  admin = createTopicAdmin(connection, { logger: silentLogger });
  await declareCluster(kubernetes, { namespace, name: 'events' }, kafka.bootstrapServers);
  operator = runTopicOperator(kubernetes);
});

afterAll(async () => {
  await operator?.stop();
  await admin?.close();
  await Promise.all([kubernetes?.stop(), kafka?.stop()]);
});

beforeEach(() => {
  count += 1;
  key = { namespace, name: `topic-${count}` };
});

const ready = { status: 'True', reason: 'TopicReady' };
const declare = (spec: object) => declareTopic(kubernetes, key, spec);
const change = (spec: object) => kubernetes.client.mergePatch(eventTopics, key, { spec });
const remove = () => kubernetes.client.delete(eventTopics, key);
/** Wakes the operator, as its regular look at all topics does. */
const wake = () =>
  kubernetes.client.mergePatch(eventTopics, key, { metadata: { annotations: { woken: String(performance.now()) } } });

async function onBroker(configNames?: string[]) {
  return (await admin.describeTopics([key.name], configNames ? { configNames } : {})).get(key.name);
}

const retention = async () => (await onBroker(['retention.ms']))?.configs.get('retention.ms')?.value;

const gone = () =>
  eventually(async () => {
    expect(await kubernetes.client.get(eventTopics, key)).toBeUndefined();
  });

describe('an EventTopic', () => {
  it('becomes a topic, with what is set and the rest as the broker has it', async () => {
    await declare({ partitions: 3, replicationFactor: 1, retentionSeconds: 604_800 });
    const topic = await topicHas(kubernetes, key, { ...ready, message: '3 partitions, replication factor 1.' });
    const actual = await onBroker();
    expect(topic.status).toMatchObject({
      topicName: key.name,
      topicId: actual?.topicId,
      partitions: 3,
      replicationFactor: 1,
    });
    expect(topic.status?.conditions?.map(({ type }) => type)).toEqual(['Ready']);
    expect(Object.fromEntries(actual!.configs)).toEqual({ 'retention.ms': { value: '604800000', source: 'Topic' } });
  });

  it('leaves partitions and replicas to the broker when they are left out', async () => {
    await declare({});
    await topicHas(kubernetes, key, { ...ready, message: '1 partition, replication factor 1.' });
  });

  it('grows', async () => {
    await declare({ partitions: 1 });
    await topicHas(kubernetes, key, ready);
    await change({ partitions: 4 });
    const topic = await topicHas(kubernetes, key, { ...ready, message: '4 partitions, replication factor 1.' });
    expect(topic.status?.partitions).toBe(4);
    expect((await onBroker())?.partitions).toBe(4);
  });

  it('changes configuration, and leaves alone what it does not name', async () => {
    await declare({ config: { 'max.message.bytes': 2000, 'segment.ms': '100000' } });
    await topicHas(kubernetes, key, ready);
    await admin.alterConfigs([{ topic: key.name, configs: { 'flush.ms': '5000' } }]);
    await change({ config: { 'max.message.bytes': 3000 }, cleanupPolicy: 'compact,delete' });
    await topicHas(kubernetes, key, ready);
    // The controller answers before the broker has heard of it.
    await eventually(async () => {
      const values = [...(await onBroker())!.configs].map(([name, { value }]) => `${name}=${value}`);
      expect(values.sort()).toEqual([
        'cleanup.policy=compact,delete',
        'flush.ms=5000',
        'max.message.bytes=3000',
        'segment.ms=100000',
      ]);
    });
  });

  it('puts back what somebody else changes, and says so', async () => {
    await declare({ retentionSeconds: 1000 });
    await topicHas(kubernetes, key, ready);
    await admin.alterConfigs([{ topic: key.name, configs: { 'retention.ms': '5' } }]);
    await eventually(async () => {
      // The controller answers before the broker has heard of it, and the operator may look before we do.
      await wake();
      expect(await eventsAbout(kubernetes, key)).toContainEqual(
        expect.stringMatching(/DriftFound: .*spec\.retentionSeconds is 1000000, the broker has 5/),
      );
    });
    await eventually(async () => expect(await retention()).toBe('1000000'));
  });

  it('makes a topic again that was deleted behind its back, and says what that means', async () => {
    await declare({ partitions: 2 });
    const before = await topicHas(kubernetes, key, ready);
    await admin.deleteTopics([{ name: key.name, topicId: undefined }]);
    await eventually(async () => expect(await onBroker()).toBeUndefined());
    await wake();
    await eventually(async () => {
      const after = await kubernetes.client.get(eventTopics, key);
      expect(after?.status?.topicId).not.toBe(before.status?.topicId);
      expect(after?.status?.topicId).toBe((await onBroker())?.topicId);
    });
    await eventually(async () => {
      expect(await eventsAbout(kubernetes, key)).toContainEqual(expect.stringMatching(/TopicLost: .*re-created empty/));
    });
  });

  it('adopts a topic that exists, names what differs, and puts it right', async () => {
    await admin.createTopics([
      { name: key.name, partitions: 1, replicationFactor: 1, configs: { 'retention.ms': '5' } },
    ]);
    await eventually(async () => expect(await onBroker()).toBeDefined());
    await declare({ partitions: 2, retentionSeconds: 60 });
    await topicHas(kubernetes, key, { ...ready, message: '2 partitions, replication factor 1.' });
    await eventually(async () => {
      expect(await eventsAbout(kubernetes, key)).toContainEqual(
        expect.stringMatching(
          /TopicAdopted: .*spec\.partitions is 2, the broker has 1; spec\.retentionSeconds is 60000/,
        ),
      );
    });
  });

  it('only looks when it observes, and never deletes', async () => {
    await declare({ managementPolicy: 'Observe', partitions: 3 });
    await topicHas(kubernetes, key, { status: 'False', reason: 'TopicAbsent' });
    expect(await onBroker()).toBeUndefined();
    await admin.createTopics([{ name: key.name, partitions: 1, replicationFactor: 1 }]);
    await eventually(async () => expect(await onBroker()).toBeDefined());
    await wake();
    const topic = await topicHas(kubernetes, key, { status: 'True', reason: 'TopicDiffers' });
    expect(topic.status?.differences).toEqual([{ field: 'spec.partitions', desired: '3', actual: '1' }]);
    expect(topic.metadata.finalizers).toBeUndefined();
    await remove();
    await gone();
    expect((await onBroker())?.partitions).toBe(1);
  });

  it('deletes the topic with it, and its finalizer is off once it only observes', async () => {
    await declare({});
    const { metadata } = await topicHas(kubernetes, key, ready);
    expect(metadata.finalizers).toEqual(['kafka-events.dev/event-topic']);
    await remove();
    await gone();
    await eventually(async () => expect(await onBroker()).toBeUndefined());
  });

  it('leaves the topic when it is to be retained', async () => {
    await declare({ deletionPolicy: 'Retain' });
    await topicHas(kubernetes, key, ready);
    await remove();
    await gone();
    expect(await onBroker()).toBeDefined();
  });
});

describe('what the brokers refuse', () => {
  it('is told with the broker’s own words and a mend, and heals when the spec is corrected', async () => {
    await declare({ config: { 'retention.bytes': 'many' } });
    const refused = await topicHas(kubernetes, key, {
      status: 'False',
      reason: 'InvalidConfig',
      message: expect.stringMatching(/Invalid value many for configuration retention\.bytes.*Correct/s),
    });
    expect(refused.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Stalled', status: 'True' }));
    await change({ config: { 'retention.bytes': 1000 } });
    const mended = await topicHas(kubernetes, key, ready);
    expect(mended.status?.conditions?.map(({ type }) => type)).toEqual(['Ready']);
  });

  it('names the replication factor that there are not enough brokers for', async () => {
    await declare({ replicationFactor: 3 });
    const message = expect.stringMatching(/replication factor.*3.*Lower spec\.replicationFactor.*or add brokers/is);
    await topicHas(kubernetes, key, { status: 'False', reason: 'InvalidReplicationFactor', message });
  });

  it('tells of fewer partitions than there are, and still changes what can be changed', async () => {
    await admin.createTopics([{ name: key.name, partitions: 4, replicationFactor: 1 }]);
    await eventually(async () => expect(await onBroker()).toBeDefined());
    await declare({ partitions: 2, retentionSeconds: 60 });
    const message = expect.stringMatching(/has 4 partitions and spec\.partitions is 2.*Set spec\.partitions to 4/s);
    const topic = await topicHas(kubernetes, key, { status: 'False', reason: 'PartitionsCannotShrink', message });
    expect(topic.status?.differences).toEqual([{ field: 'spec.partitions', desired: '2', actual: '4' }]);
    await eventually(async () => expect(await retention()).toBe('60000'));
  });

  it('tells of a replication factor that there are not enough brokers to move to', async () => {
    await declare({});
    await topicHas(kubernetes, key, ready);
    await change({ replicationFactor: 2 });
    const message = expect.stringMatching(
      /replication factor of 2 needs as many brokers, but the cluster has 1.*Lower spec\./s,
    );
    const topic = await topicHas(kubernetes, key, { status: 'False', reason: 'InvalidReplicationFactor', message });
    expect(topic.status?.differences).toEqual([{ field: 'spec.replicationFactor', desired: '2', actual: '1' }]);
  });
});

describe('two resources for one topic', () => {
  it('the oldest keeps it, the other is told, and takes over when the first goes', async () => {
    const topicName = `shared-${count}`;
    const second = { namespace, name: `${key.name}-second` };
    await declare({ topicName, partitions: 1 });
    await topicHas(kubernetes, key, ready);
    await declareTopic(kubernetes, second, { topicName, partitions: 2 });
    const message = expect.stringContaining(`belongs to EventTopic ${namespace}/${key.name}`);
    await topicHas(kubernetes, second, { status: 'False', reason: 'TopicTaken', message });
    await remove();
    await gone();
    const heir = await topicHas(kubernetes, second, { ...ready, message: '2 partitions, replication factor 1.' });
    expect(heir.status?.topicName).toBe(topicName);
  });

  it('are two in different namespaces, too, and deleting the one that lost never deletes the topic', async () => {
    const elsewhere = await kubernetes.createNamespace();
    const other = { namespace: elsewhere, name: key.name };
    const clusterId = `brokers-${count}`;
    const [here, there] = [`here-${count}`, `there-${count}`];
    await declareCluster(kubernetes, { namespace, name: here }, kafka.bootstrapServers, { clusterId });
    await declareCluster(kubernetes, { namespace: elsewhere, name: there }, kafka.bootstrapServers, { clusterId });
    await declare({ clusterRef: { name: here } });
    await topicHas(kubernetes, key, ready);
    const before = await onBroker();
    await declareTopic(kubernetes, other, { clusterRef: { name: there }, partitions: 5 });
    const message = expect.stringContaining(`belongs to EventTopic ${namespace}/${key.name}`);
    await topicHas(kubernetes, other, { status: 'False', reason: 'TopicTaken', message });
    await kubernetes.client.delete(eventTopics, other);
    await eventually(async () => expect(await kubernetes.client.get(eventTopics, other)).toBeUndefined());
    await eventually(async () => {
      expect(await eventsAbout(kubernetes, other)).toContainEqual(expect.stringMatching(/TopicKept: /));
    });
    expect(await onBroker()).toMatchObject({ topicId: before!.topicId, partitions: 1 });
  });
});

describe('a cluster that is not there', () => {
  it('is told, and the topic is made as soon as it comes', async () => {
    await declare({ clusterRef: { name: `later-${count}` } });
    const message = expect.stringContaining(`no EventCluster later-${count}`);
    const waiting = await topicHas(kubernetes, key, { status: 'False', reason: 'ClusterMissing', message });
    expect(waiting.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Reconciling', status: 'True' }));
    await declareCluster(kubernetes, { namespace, name: `later-${count}` }, kafka.bootstrapServers);
    await topicHas(kubernetes, key, ready);
  });

  it('lets a resource go at once, and says that the topic stays', async () => {
    const cluster = { namespace, name: `short-${count}` };
    await declareCluster(kubernetes, cluster, kafka.bootstrapServers);
    await declare({ clusterRef: { name: cluster.name } });
    await topicHas(kubernetes, key, ready);
    await kubernetes.client.delete(eventClusters, cluster);
    await topicHas(kubernetes, key, { status: 'False', reason: 'ClusterMissing' });
    await remove();
    await gone();
    await eventually(async () => {
      expect(await eventsAbout(kubernetes, key)).toContainEqual(expect.stringMatching(/TopicLeftBehind: /));
    });
    expect(await onBroker()).toBeDefined();
  });
});
