import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startKafka, type KafkaCluster } from '../../../../localcluster/parts/kafka.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../../src/kafka/topic-admin.ts';
import { eventClusters, eventTopics } from '../../../../src/operator/kinds.ts';
import type { Key } from '../../../../src/operator/runtime/objects.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { silentLogger, type RunningManager } from '../../../support/running-manager.ts';
import { eventsAbout, topicHas } from '../../../support/topic-expectations.ts';
import { declareCluster, declareTopic, runTopicOperator } from '../../../support/topics.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let admin: TopicAdmin;
let operator: RunningManager;
/** Where the cluster is, and another namespace. */
let home: string;
let elsewhere: string;
let count = 0;
let topicName: string;

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startKafka()]);
  [home, elsewhere] = [await kubernetes.createNamespace(), await kubernetes.createNamespace()];
  const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' };
  admin = createTopicAdmin(connection, { logger: silentLogger });
  await declareCluster(kubernetes, { namespace: home, name: 'events' }, kafka.bootstrapServers, { clusterId: 'one' });
  operator = runTopicOperator(kubernetes);
});

afterAll(async () => {
  await operator?.stop();
  await admin?.close();
  await Promise.all([kubernetes?.stop(), kafka?.stop()]);
});

beforeEach(async () => {
  topicName = `topic-${(count += 1)}`;
  await allow({ names: null, selector: null });
});

const ready = { status: 'True', reason: 'TopicReady' };
const refused = { status: 'False', reason: 'ClusterMissing' };
const own = (): Key => ({ namespace: home, name: topicName });
const stranger = (): Key => ({ namespace: elsewhere, name: topicName });
const strangersRef = () => ({ clusterRef: { name: 'events', namespace: home }, topicName });

const allow = (allowedNamespaces: object) =>
  kubernetes.client.mergePatch(eventClusters, { namespace: home, name: 'events' }, { spec: { allowedNamespaces } });

async function onBroker(name = topicName) {
  return (await admin.describeTopics([name], { configNames: ['retention.ms'] })).get(name);
}

async function createOnBroker(name = topicName): Promise<string | undefined> {
  await admin.createTopics([{ name, partitions: 1, replicationFactor: 1, configs: { 'retention.ms': '777000' } }]);
  return eventually(async () => {
    const topic = await onBroker(name);
    expect(topic).toBeDefined();
    return topic!.topicId;
  });
}

async function remove(key: Key): Promise<void> {
  await kubernetes.client.delete(eventTopics, key);
  await eventually(async () => expect(await kubernetes.client.get(eventTopics, key)).toBeUndefined());
}

describe('deletion', () => {
  it.each(['__consumer_offsets', '__transaction_state', '_schemas'])('never touches %s', async (internal) => {
    const before = (await onBroker(internal))?.topicId ?? (await createOnBroker(internal));
    const key = { namespace: home, name: `internal-${count}` };
    await declareTopic(kubernetes, key, { topicName: internal, retentionSeconds: 1, partitions: 60 });
    const topic = await topicHas(kubernetes, key, { status: 'False', reason: 'TopicInternal' });
    expect(topic.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Stalled', status: 'True' }));
    await remove(key);
    expect(await onBroker(internal)).toMatchObject({ topicId: before });
    expect((await onBroker(internal))?.configs.get('retention.ms')?.value).not.toBe('1000');
  });

  it('spares a topic that was re-created after this resource last managed it', async () => {
    await declareTopic(kubernetes, own(), { topicName });
    await topicHas(kubernetes, own(), ready);
    await operator.stop();
    await admin.deleteTopics([{ name: topicName, topicId: undefined }]);
    await eventually(async () => expect(await onBroker()).toBeUndefined());
    const successor = await createOnBroker();
    await kubernetes.client.delete(eventTopics, own());
    operator = runTopicOperator(kubernetes);
    await eventually(async () => expect(await kubernetes.client.get(eventTopics, own())).toBeUndefined());
    expect(await onBroker()).toMatchObject({ topicId: successor });
    await eventually(async () => {
      expect(await eventsAbout(kubernetes, own())).toContainEqual(
        expect.stringMatching(/TopicLeftBehind: .*re-created/),
      );
    });
  });

  it('spares a topic that was only ever observed, whatever the policy says in the end', async () => {
    const id = await createOnBroker();
    await declareTopic(kubernetes, own(), { topicName, managementPolicy: 'Observe' });
    await topicHas(kubernetes, own(), { status: 'True', reason: 'TopicObserved' });
    await operator.stop();
    await kubernetes.client.mergePatch(eventTopics, own(), {
      metadata: { finalizers: ['kafka-events.dev/event-topic'] },
      spec: { managementPolicy: 'Manage' },
    });
    await kubernetes.client.delete(eventTopics, own());
    operator = runTopicOperator(kubernetes);
    await eventually(async () => expect(await kubernetes.client.get(eventTopics, own())).toBeUndefined());
    expect(await onBroker()).toMatchObject({ topicId: id });
  });

  it('spares a topic that another resource only observes', async () => {
    await declareTopic(kubernetes, own(), { topicName });
    await topicHas(kubernetes, own(), ready);
    const observer = { namespace: home, name: `${topicName}-observer` };
    await declareTopic(kubernetes, observer, { topicName, managementPolicy: 'Observe' });
    await topicHas(kubernetes, observer, { status: 'True', reason: 'TopicObserved' });
    await remove(own());
    expect(await onBroker()).toBeDefined();
  });

  it('is told in the status while a finalizer of somebody else holds the resource, and a successor gets the topic', async () => {
    await declareTopic(kubernetes, own(), { topicName, deletionPolicy: 'Retain' });
    await topicHas(kubernetes, own(), ready);
    await kubernetes.client.mergePatch(eventTopics, own(), { metadata: { finalizers: ['example.com/hold'] } });
    await kubernetes.client.delete(eventTopics, own());
    const successor = { namespace: home, name: `${topicName}-successor` };
    await declareTopic(kubernetes, successor, { topicName });
    await topicHas(kubernetes, successor, ready);
    await kubernetes.client.mergePatch(eventTopics, own(), { metadata: { finalizers: null } });
  });
});

describe('a resource that waits for a topic of another', () => {
  it('gets it at once when the other is done with it, though somebody else still holds that', async () => {
    await declareTopic(kubernetes, own(), { topicName });
    await topicHas(kubernetes, own(), ready);
    const successor = { namespace: home, name: `${topicName}-successor` };
    await declareTopic(kubernetes, successor, { topicName });
    await topicHas(kubernetes, successor, { status: 'False', reason: 'TopicTaken' });
    const finalizers = ['kafka-events.dev/event-topic', 'example.com/hold'];
    await kubernetes.client.mergePatch(eventTopics, own(), { metadata: { finalizers } });
    await kubernetes.client.delete(eventTopics, own());
    const begun = Date.now();
    await topicHas(kubernetes, successor, ready);
    expect(Date.now() - begun).toBeLessThan(10_000);
    await kubernetes.client.mergePatch(eventTopics, own(), { metadata: { finalizers: null } });
  });

  it('gets it at once when the other names another topic', async () => {
    await declareTopic(kubernetes, own(), { topicName, config: { 'no.such.config': '1' } });
    await topicHas(kubernetes, own(), { status: 'False', reason: 'InvalidConfig' });
    const successor = { namespace: home, name: `${topicName}-successor` };
    await declareTopic(kubernetes, successor, { topicName });
    await topicHas(kubernetes, successor, { status: 'False', reason: 'TopicTaken' });
    await kubernetes.client.mergePatch(eventTopics, own(), { spec: { topicName: `${topicName}-other` } });
    const begun = Date.now();
    await topicHas(kubernetes, successor, ready);
    expect(Date.now() - begun).toBeLessThan(10_000);
  });
});

describe('a namespace that the cluster does not allow', () => {
  it('learns nothing: a cluster that is not there looks the same', async () => {
    await declareTopic(kubernetes, stranger(), strangersRef());
    const [denied, absent] = [stranger(), { ...stranger(), name: `${topicName}-absent` }];
    await declareTopic(kubernetes, absent, { clusterRef: { name: 'nothing', namespace: home } });
    const conditions = await Promise.all([denied, absent].map((key) => topicHas(kubernetes, key, refused)));
    const [first, second] = conditions.map(({ status }) =>
      status!.conditions!.map(({ type, status: value, reason, message }) => ({
        type,
        value,
        reason,
        message: message.replace(/EventCluster \w+/, 'EventCluster'),
      })),
    );
    expect(first).toEqual(second);
    expect(await onBroker()).toBeUndefined();
    await Promise.all([denied, absent].map(remove));
  });

  it('neither adopts, nor changes, nor deletes a topic that nobody declared', async () => {
    const id = await createOnBroker();
    await declareTopic(kubernetes, stranger(), { ...strangersRef(), retentionSeconds: 1 });
    await topicHas(kubernetes, stranger(), refused);
    await remove(stranger());
    expect(await onBroker()).toMatchObject({ topicId: id });
    expect((await onBroker())?.configs.get('retention.ms')?.value).toBe('777000');
  });

  it('cannot take a name first, nor become the heir by waiting', async () => {
    await declareTopic(kubernetes, stranger(), { ...strangersRef(), partitions: 5 });
    await topicHas(kubernetes, stranger(), refused);
    await declareTopic(kubernetes, own(), { topicName, partitions: 1 });
    await topicHas(kubernetes, own(), ready);
    await remove(own());
    await eventually(async () => expect(await onBroker()).toBeUndefined());
    await topicHas(kubernetes, stranger(), refused);
    await remove(stranger());
  });

  it('is let in by its name or its labels, and loses its rights with the consent', async () => {
    await declareTopic(kubernetes, stranger(), { ...strangersRef(), partitions: 2 });
    await topicHas(kubernetes, stranger(), refused);
    await allow({ names: [elsewhere] });
    await topicHas(kubernetes, stranger(), ready);
    await allow({ names: null, selector: { matchLabels: { team: 'tasks' } } });
    await topicHas(kubernetes, stranger(), refused);
    await label({ team: 'tasks' });
    await topicHas(kubernetes, stranger(), ready);
    await label({ team: null });
    await topicHas(kubernetes, stranger(), refused);
    await remove(stranger());
    expect(await onBroker()).toBeDefined();
  });
});

const label = (labels: object) =>
  kubernetes.transport.send({
    method: 'PATCH',
    path: `/api/v1/namespaces/${elsewhere}`,
    body: { metadata: { labels } },
    contentType: 'application/merge-patch+json',
  });
