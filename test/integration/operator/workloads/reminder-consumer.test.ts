import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createReminderConsumerController } from '../../../../src/operator/workloads/reminder-consumer/controller.ts';
import { userSecrets } from '../../../../src/operator/brokers/user-secrets.ts';
import { deployments, eventClusters, eventTopics, pods, reminderConsumers } from '../../../../src/operator/kinds.ts';
import { fakeBrokers, someAnswers, type FakeAnswers } from '../../../support/fake-brokers.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { runController, type RunningManager } from '../../../support/running-manager.ts';
import { eventsAbout } from '../../../support/topic-expectations.ts';
import { available, setStatus } from '../../../support/set-status.ts';
import { hasCondition, makePodsReady, secretManifest } from '../../../support/workloads.ts';

let kubernetes: Kubernetes;
let namespace: string;
let running: RunningManager;
let answers: FakeAnswers;

beforeAll(async () => {
  kubernetes = await startKubernetes();
}, 120_000);
afterAll(() => kubernetes.stop());
beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
  answers = someAnswers();
  running = runController(
    kubernetes,
    createReminderConsumerController({
      brokers: fakeBrokers(answers),
      defaultImage: 'kafka-events:1',
      podSecurity: 'restricted',
    }),
  );
  const external = { bootstrapServers: 'kafka.example.org:9092' };
  await kubernetes.client.create(eventClusters, {
    metadata: { ...key('events') },
    spec: { engine: 'External', external },
  } as object);
  await setStatus(kubernetes, eventClusters, key('events'), { ...external, conditions: [available('True')] });
  await kubernetes.client.create(
    userSecrets,
    secretManifest(key('database'), { uri: 'postgres://database/reminders' }),
  );
});
afterEach(() => running.stop());

const key = (name = 'worker') => ({ namespace, name });
const consumerHas = (condition: object) => hasCondition(kubernetes, reminderConsumers, key(), condition);
const declare = (spec: object) =>
  kubernetes.client.create(reminderConsumers, {
    metadata: { ...key() },
    spec: { clusterRef: { name: 'events' }, databaseSecretRef: { name: 'database' }, ...spec },
  } as object);
const lookAgain = (why: string) =>
  kubernetes.client.mergePatch(reminderConsumers, key(), { metadata: { annotations: { look: why } } });

async function deadLettersReady(): Promise<void> {
  await eventually(async () =>
    expect(await kubernetes.client.get(eventTopics, key('worker-dead-letters'))).toBeDefined(),
  );
  const ready = { ...available('True'), type: 'Ready' };
  await setStatus(kubernetes, eventTopics, key('worker-dead-letters'), { conditions: [ready] });
}

const workers = async () => {
  const deployment = await kubernetes.client.get(deployments, key());
  expect(deployment).toBeDefined();
  return deployment!.spec!.replicas;
};

describe('a ReminderConsumer', () => {
  it('owns its dead-letter topic, and is ready when its workers are', async () => {
    answers.lag = { 'task-events': 4, 'task-updates': 1 };
    answers.deadLetters = 2;
    await declare({ replicas: 2 });
    await consumerHas({ type: 'Ready', reason: 'TopicNotReady' });
    const topic = await kubernetes.client.get(eventTopics, key('worker-dead-letters'));
    expect(topic?.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'ReminderConsumer', name: 'worker' });
    await deadLettersReady();
    await eventually(async () => expect((await kubernetes.client.list(pods, namespace)).items).toHaveLength(2));
    await makePodsReady(kubernetes, namespace);
    const { status } = await consumerHas({ type: 'Ready', status: 'True', message: '2 pods are ready.' });
    expect(status).toMatchObject({
      replicas: 2,
      readyReplicas: 2,
      lag: { total: 5, byTopic: { 'task-events': 4, 'task-updates': 1 } },
      deadLetters: 2,
      groupState: 'Stable',
    });
  }, 60_000);

  it('runs as many workers as the lag asks for, and holds when the brokers are away', async () => {
    answers.lag = { 'task-events': 250 };
    await declare({ scaling: { maxReplicas: 10, targetLag: 100 } });
    await eventually(async () => expect(await workers()).toBe(3));
    answers.lag = { 'task-events': 100_000 };
    await lookAgain('more');
    // Not ten: the topics have six partitions.
    await eventually(async () => expect(await workers()).toBe(6));
    answers.away = true;
    await lookAgain('away');
    await eventually(async () => {
      const consumer = await kubernetes.client.get(reminderConsumers, key());
      expect(consumer?.status?.lag).toBeUndefined();
    });
    expect(await workers()).toBe(6);
  }, 60_000);

  it('takes its consumer group along, once its workers have gone', async () => {
    await declare({ replicas: 1 });
    await eventually(workers);
    await kubernetes.client.delete(reminderConsumers, key());
    await eventually(async () => expect(await kubernetes.client.get(reminderConsumers, key())).toBeUndefined());
    expect(answers.deletedGroups).toEqual([`${namespace}.worker`]);
    expect(await kubernetes.client.get(deployments, key())).toBeUndefined();
  }, 60_000);

  it('is let go when its cluster is gone, and says what stays', async () => {
    await declare({ replicas: 1 });
    await eventually(workers);
    await kubernetes.client.delete(eventClusters, key('events'));
    await consumerHas({ type: 'Ready', reason: 'ClusterMissing' });
    await kubernetes.client.delete(reminderConsumers, key());
    await eventually(async () => expect(await kubernetes.client.get(reminderConsumers, key())).toBeUndefined());
    await eventually(async () => {
      const told = await eventsAbout(kubernetes, key());
      expect(told.join('\n')).toContain(`GroupLeftBehind: Consumer group ${namespace}.worker stays`);
    });
    expect(answers.deletedGroups).toEqual([]);
  }, 60_000);
});
