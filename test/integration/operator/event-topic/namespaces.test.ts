import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startKafka, type KafkaCluster } from '../../../../localcluster/parts/kafka.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../../src/kafka/topic-admin.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { createEventClusterController } from '../../../../src/operator/event-cluster/controller.ts';
import { createEventTopicController } from '../../../../src/operator/event-topic/controller.ts';
import { createBrokers } from '../../../../src/operator/brokers/brokers.ts';
import { AdminClients } from '../../../../src/operator/brokers/admin-clients.ts';
import { eventClusters, eventTopics } from '../../../../src/operator/kinds.ts';
import { clusterOptions } from '../../../support/cluster-options.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { silentLogger, startManager, type RunningManager } from '../../../support/running-manager.ts';
import { topicHas } from '../../../support/topic-expectations.ts';
import { declareTopic } from '../../../support/topics.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let admin: TopicAdmin;
let clients: AdminClients;
let operator: RunningManager;
let namespace: string;
/** How far the operator's clock is ahead, in milliseconds. */
let ahead = 0;
const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead };

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startKafka()]);
  const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'test' };
  admin = createTopicAdmin(connection, { logger: silentLogger });
  clients = new AdminClients({ clock, logger: silentLogger });
  const add = (manager: RunningManager['manager']) =>
    manager
      .add(createEventClusterController(clusterOptions(createBrokers(clients))))
      .add(createEventTopicController(clients));
  operator = startManager(kubernetes, add, { clock });
});

afterAll(async () => {
  await operator?.stop();
  await Promise.all([clients?.stop(), admin?.close()]);
  await Promise.all([kubernetes?.stop(), kafka?.stop()]);
});

beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
  await kubernetes.client.create(eventClusters, {
    metadata: { namespace, name: 'events' },
    spec: { engine: 'External', external: { bootstrapServers: kafka.bootstrapServers } },
  } as object);
});

const ready = { status: 'True', reason: 'TopicReady' };
const path = () => `/api/v1/namespaces/${namespace}`;
const namesOf = (count: number) => Array.from({ length: count }, (_, index) => `${namespace}-${index}`);
const onBrokers = async (names: readonly string[]) => (await admin.describeTopics(names, { configNames: [] })).size;
const deleteNamespace = () => kubernetes.transport.send({ method: 'DELETE', path: path() });

async function declareAll(names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => declareTopic(kubernetes, { namespace, name }, { partitions: 1 })));
  await Promise.all(names.map((name) => topicHas(kubernetes, { namespace, name }, ready)));
}

const namespaceIsGone = () =>
  eventually(async () => {
    const request = kubernetes.transport.send({ method: 'GET', path: path() });
    await expect(request).rejects.toMatchObject({ code: 'NotFound' });
  });

describe('a namespace that is deleted with an EventCluster and its EventTopics', () => {
  it('takes the topics with it, though the brokers stay', async () => {
    const names = namesOf(20);
    await declareAll(names);
    await deleteNamespace();
    await namespaceIsGone();
    await eventually(async () => expect(await onBrokers(names)).toBe(0));
  });

  it('goes, too, when the brokers do not answer', async () => {
    const names = namesOf(3);
    await declareAll(names);
    await kafka.brokers[0]!.pause();
    await deleteNamespace();
    await eventually(async () => {
      const topics = (await kubernetes.client.list(eventTopics, namespace)).items;
      // Patience begins when the operator first sees the deletion.
      const reasons = topics.map(({ status }) => status?.conditions?.find(({ type }) => type === 'Ready')?.reason);
      expect(reasons).toEqual(names.map(() => 'DeletingTopic'));
    });
    ahead = 125_000;
    await namespaceIsGone();
    await kafka.brokers[0]!.resume();
    ahead = 0;
    expect(await onBrokers(names)).toBe(names.length);
  });
});

describe('a topic of a Redpanda cluster', () => {
  it('with an even number of replicas is Stalled before any broker is asked', async () => {
    const clusterRef = { name: 'redpanda' };
    await kubernetes.client.create(eventClusters, {
      metadata: { namespace, name: clusterRef.name },
      spec: { engine: 'Redpanda' },
    } as object);
    const key = { namespace, name: 'orders' };
    await declareTopic(kubernetes, key, { clusterRef, replicationFactor: 2 });
    const message = expect.stringContaining('spec.replicationFactor is 2, but EventCluster redpanda runs Redpanda');
    await topicHas(kubernetes, key, { status: 'False', reason: 'InvalidReplicationFactor', message });
    await kubernetes.client.mergePatch(eventTopics, key, { spec: { replicationFactor: 3 } });
    await topicHas(kubernetes, key, { status: 'False', reason: 'ClusterNotReady' });
  });
});

describe('an EventCluster that is deleted alone', () => {
  it('does not wait for topics that stay, which say what they miss', async () => {
    const [name] = namesOf(1) as [string];
    await declareAll([name]);
    await kubernetes.client.delete(eventClusters, { namespace, name: 'events' });
    const key = { namespace, name };
    await topicHas(kubernetes, key, { status: 'False', reason: 'ClusterDeleted' });
    ahead = 10_000;
    await topicHas(kubernetes, key, { status: 'False', reason: 'ClusterMissing' });
    ahead = 0;
    expect(await onBrokers([name])).toBe(1);
  });
});
