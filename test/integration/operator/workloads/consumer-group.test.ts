import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AclOperationTypes, type Admin } from 'kafkajs';
import type { KafkaCluster } from '../../../../localcluster/parts/kafka.ts';
import { systemClock as clock } from '../../../../src/lib/clock.ts';
import { AdminClients } from '../../../../src/operator/brokers/admin-clients.ts';
import { createBrokers } from '../../../../src/operator/brokers/brokers.ts';
import { userSecrets } from '../../../../src/operator/brokers/user-secrets.ts';
import { deployments, eventClusters, eventTopics, pods, reminderConsumers } from '../../../../src/operator/kinds.ts';
import { createReminderConsumerController } from '../../../../src/operator/workloads/reminder-consumer/controller.ts';
import { addAccessEntry, ownersClient, startGuardedKafka, users } from '../../../support/guarded-kafka.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { runController, silentLogger, type RunningManager } from '../../../support/running-manager.ts';
import { available, setStatus } from '../../../support/set-status.ts';
import { hasCondition, makePodsReady, secretManifest } from '../../../support/workloads.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let clients: AdminClients;
let running: RunningManager;
let admin: Admin;
/** How far the operator's clock is ahead, in milliseconds. */
let later = 0;
let namespace: string;

const key = (name: string) => ({ namespace, name });

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startGuardedKafka()]);
  namespace = await kubernetes.createNamespace();
  clients = new AdminClients({ clock, logger: silentLogger });
  const brokers = createBrokers(clients);
  running = runController(
    kubernetes,
    createReminderConsumerController({
      brokers,
      defaultImage: 'kafka-events:1',
      podSecurity: 'restricted',
      readPodStatus: () => Promise.reject(new Error('nobody there')),
    }),
    { clock: { ...clock, monotonic: () => clock.monotonic() + later } },
  );
  admin = ownersClient(kafka).admin();
  await admin.connect();
  const topics = ['task-events', 'task-updates', 'reminders', 'dead'];
  await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: 1 })) });

  const secret = (name: string, values: Record<string, string>) =>
    kubernetes.client.create(userSecrets, secretManifest(key(name), values));
  await secret('authority', { 'ca.crt': kafka.certificateAuthority! });
  await secret('credentials', { username: 'operator', password: users.operator });
  await secret('database', { uri: 'postgres://database/reminders' });
  const external = { bootstrapServers: kafka.bootstrapServers };
  await kubernetes.client.create(eventClusters, {
    metadata: { ...key('events') },
    spec: {
      ...{ engine: 'External', external, tls: { caSecretRef: { name: 'authority' } } },
      authentication: { mechanism: 'SCRAM-SHA-512', credentialsSecretRef: { name: 'credentials' } },
    },
  } as object);
  await setStatus(kubernetes, eventClusters, key('events'), { ...external, conditions: [available('True')] });
});
afterAll(async () => {
  await running?.stop();
  await Promise.all([clients?.stop(), admin?.disconnect()]);
  await Promise.all([kubernetes?.stop(), kafka?.stop()]);
});

async function declare(name: string, spec: object): Promise<void> {
  await kubernetes.client.create(reminderConsumers, {
    metadata: { ...key(name) },
    spec: {
      ...{ clusterRef: { name: 'events' }, databaseSecretRef: { name: 'database' }, deadLetterTopic: 'dead' },
      ...spec,
    },
  } as object);
  await eventually(async () => expect(await kubernetes.client.get(deployments, key(name))).toBeDefined());
}

async function remove(name: string): Promise<void> {
  await kubernetes.client.delete(reminderConsumers, key(name));
  await eventually(async () => expect(await kubernetes.client.get(reminderConsumers, key(name))).toBeUndefined());
}

const lookAgain = (name: string, why: string) =>
  kubernetes.client.mergePatch(reminderConsumers, key(name), { metadata: { annotations: { look: why } } });

/** Whether this resource created its group, as its status says. */
const created = (name: string, value: boolean) =>
  eventually(async () => {
    const consumer = await kubernetes.client.get(reminderConsumers, key(name));
    expect(consumer?.status?.consumerGroup).toMatchObject({ created: value });
  });

const groups = async () => (await admin.listGroups()).groups.map(({ groupId }) => groupId);

it('the group of another team outlives a ReminderConsumer that names it', async () => {
  const offsets = { groupId: 'payments', topic: 'task-events', partitions: [{ partition: 0, offset: '0' }] };
  await admin.setOffsets(offsets);
  await declare('thief', { groupId: 'payments', replicas: 0 });
  await created('thief', false);
  await remove('thief');
  expect(await groups()).toContain('payments');
  expect(await admin.fetchOffsets({ groupId: 'payments', topics: ['task-events'] })).toMatchObject([
    { partitions: [{ offset: '0' }] },
  ]);
});

it('the group that its workers created goes with a ReminderConsumer', async () => {
  await declare('worker', { replicas: 1 });
  const name = await eventually(async () => {
    const found = (await kubernetes.client.list(pods, namespace)).items.find(({ metadata }) =>
      metadata.name.startsWith('worker-'),
    );
    expect(found).toBeDefined();
    return found!.metadata.name;
  });
  // No pod runs here: this is what its container would do.
  const groupId = `${namespace}.worker`;
  const consumer = ownersClient(kafka, name).consumer({ groupId, maxWaitTimeInMs: 200 });
  const joined = new Promise<void>((resolve) => consumer.on('consumer.group_join', () => resolve()));
  await consumer.connect();
  await consumer.subscribe({ topic: 'task-events' });
  await consumer.run({ eachMessage: () => Promise.resolve() });
  await joined;
  await lookAgain('worker', 'joined');
  await created('worker', true);
  const removed = remove('worker');
  await eventually(async () => expect(await kubernetes.client.get(deployments, key('worker'))).toBeUndefined());
  expect(await groups()).toContain(groupId);
  await consumer.disconnect();
  await removed;
  expect(await groups()).not.toContain(groupId);
});

it('workers run, and the lag is unknown, where brokers do not let the operator read the group', async () => {
  const denied = { user: 'operator', operation: AclOperationTypes.ALL, permission: 'deny' } as const;
  await addAccessEntry(admin, { ...denied, resource: 'group', name: 'secret' });
  await declare('reader', { groupId: 'secret', replicas: 1 });
  const ready = { conditions: [{ ...available('True'), type: 'Ready' }] };
  await setStatus(kubernetes, eventTopics, key('reader-dead-letters'), ready);
  await eventually(async () => expect((await kubernetes.client.list(pods, namespace)).items).toHaveLength(1));
  await makePodsReady(kubernetes, namespace);
  await lookAgain('reader', 'ready');
  const message = expect.stringContaining("Grant the operator's Kafka user Describe on group secret");
  const { status } = await hasCondition(kubernetes, reminderConsumers, key('reader'), {
    type: 'Stalled',
    reason: 'NotAuthorized',
    message,
  });
  expect(status).toMatchObject({ readyReplicas: 1, deadLetters: 0 });
  expect(status).not.toHaveProperty('lag');
});

it('more workers run while the lag grows, and fewer when it has shrunk, if only since retention removed it', async () => {
  const topic = 'busy';
  const partitions = [0, 1, 2];
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions.length }] });
  await admin.setOffsets({
    groupId: topic,
    topic,
    partitions: partitions.map((partition) => ({ partition, offset: '0' })),
  });
  const producer = ownersClient(kafka).producer();
  await producer.connect();
  const send = (partition: number, count: number) =>
    producer.send({ topic, messages: Array.from({ length: count }, () => ({ partition, value: '?' })) });
  const workersAre = (count: number) =>
    eventually(async () => {
      await lookAgain(topic, crypto.randomUUID());
      const { items } = await kubernetes.client.list(pods, namespace);
      expect(items.filter(({ metadata }) => metadata.name.startsWith(`${topic}-`))).toHaveLength(count);
    });

  await send(0, 50);
  await declare(topic, { topics: [topic], groupId: topic, scaling: { maxReplicas: 5, targetLag: 100 } });
  await workersAre(1);
  await send(1, 200);
  await workersAre(3);
  await admin.deleteTopicRecords({ topic, partitions: partitions.map((partition) => ({ partition, offset: '-1' })) });
  await eventually(async () => {
    await lookAgain(topic, crypto.randomUUID());
    const consumer = await kubernetes.client.get(reminderConsumers, key(topic));
    expect(consumer?.status?.lag?.total).toBe(0);
  });
  await workersAre(3);
  later += 5 * 60_000;
  await workersAre(1);
  await producer.disconnect();
});
