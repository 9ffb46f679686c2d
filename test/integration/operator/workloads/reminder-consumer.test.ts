import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createReminderConsumerController } from '../../../../src/operator/workloads/reminder-consumer/controller.ts';
import { userSecrets } from '../../../../src/operator/brokers/user-secrets.ts';
import {
  deployments,
  eventClusters,
  eventTopics,
  eventUsers,
  networkPolicies,
  pods,
  reminderConsumers,
} from '../../../../src/operator/kinds.ts';
import { keyOf } from '../../../../src/operator/runtime/objects.ts';
import { aGroup, fakeBrokers, someAnswers, type FakeAnswers } from '../../../support/fake-brokers.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { runController, type RunningManager } from '../../../support/running-manager.ts';
import { eventsAbout } from '../../../support/topic-expectations.ts';
import { available, setStatus } from '../../../support/set-status.ts';
import { declareCluster } from '../../../support/topics.ts';
import { hasCondition, makePodsReady, secretManifest } from '../../../support/workloads.ts';

let kubernetes: Kubernetes;
let namespace: string;
let running: RunningManager;
let answers: FakeAnswers;
/** What workers and webhooks say alike; each reads its own. */
let podsSay: unknown;

beforeAll(async () => {
  kubernetes = await startKubernetes();
});
afterAll(() => kubernetes.stop());
beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
  answers = someAnswers();
  podsSay = {
    ...{ reminders: { behindSeconds: 0.2 }, stuckPartitions: [] },
    trouble: 'hooks.example.org has not answered within 10000 ms',
  };
  running = runController(
    kubernetes,
    createReminderConsumerController({
      brokers: fakeBrokers(answers),
      defaultImage: 'kafka-events:1',
      podSecurity: 'restricted',
      readPodStatus: () => Promise.resolve(podsSay),
    }),
  );
  await declareCluster(kubernetes, key('events'), 'kafka.example.org:9092');
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

async function deadLettersReady(topic = 'worker-dead-letters'): Promise<void> {
  await eventually(async () => expect(await kubernetes.client.get(eventTopics, key(topic))).toBeDefined());
  const ready = { ...available('True'), type: 'Ready' };
  await setStatus(kubernetes, eventTopics, key(topic), { conditions: [ready] });
}

const workers = async () => {
  const deployment = await kubernetes.client.get(deployments, key());
  expect(deployment).toBeDefined();
  return deployment!.spec!.replicas;
};

const podNames = async () => (await kubernetes.client.list(pods, namespace)).items.map(({ metadata }) => metadata.name);

const record = async () => (await kubernetes.client.get(reminderConsumers, key()))?.status?.consumerGroup;

/** As if its pods ran: they come up, and join the group that nobody knew before. */
async function workersJoin(): Promise<void> {
  await eventually(async () => expect(await podNames()).toHaveLength(1));
  answers.group = aGroup(...(await podNames()));
  await lookAgain('joined');
  await eventually(async () => expect(await record()).toMatchObject({ clusterId: 'fake-cluster', created: true }));
}

const gone = () =>
  eventually(async () => expect(await kubernetes.client.get(reminderConsumers, key())).toBeUndefined());

const told = (text: string) =>
  eventually(async () => expect((await eventsAbout(kubernetes, key())).join('\n')).toContain(text));

/** Brokers that ask for TLS, a user and a password. */
async function declareClosedCluster(): Promise<void> {
  await kubernetes.client.create(eventClusters, {
    metadata: { ...key('closed') },
    spec: { engine: 'Kafka' },
  } as object);
  await setStatus(kubernetes, eventClusters, key('closed'), {
    ...{ bootstrapServers: 'closed:9092', security: { tls: true, authentication: true } },
    conditions: [available('True')],
  });
}

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
    answers.group = aGroup(...(await podNames()));
    await makePodsReady(kubernetes, namespace);
    const { status } = await consumerHas({ type: 'Ready', status: 'True', message: '2 pods are ready.' });
    expect(status).toMatchObject({
      replicas: 2,
      readyReplicas: 2,
      lag: { total: 5, byTopic: { 'task-events': 4, 'task-updates': 1 } },
      deadLetters: 2,
      groupState: 'Stable',
    });
  });

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
  });

  it('says how late reminders are and what is stuck, and writes nothing while that stays so', async () => {
    await declare({ replicas: 1, deletedTaskDays: 30 });
    await deadLettersReady();
    await eventually(async () => expect(await podNames()).toHaveLength(1));
    const [pod] = (await kubernetes.client.list(pods, namespace)).items;
    expect(pod!.spec?.containers[0]?.env).toContainEqual({ name: 'DELETED_TASK_DAYS', value: '30' });
    const isReady = (status: string) =>
      setStatus(kubernetes, pods, keyOf(pod!), {
        phase: 'Running',
        podIP: '10.0.0.1',
        podIPs: [{ ip: '10.0.0.1' }],
        conditions: [{ type: 'Ready', status, lastTransitionTime: new Date().toISOString() }],
      });
    await isReady('True');
    const { status } = await consumerHas({ type: 'Ready', status: 'True' });
    expect(status).not.toHaveProperty('latenessSeconds');

    podsSay = {
      reminders: { behindSeconds: 44, stuckAt: 'brokers' },
      stuckPartitions: [{ topic: 'task-events', partition: 2, offset: '17', seconds: 31 }],
    };
    await isReady('False');
    const stuck = await consumerHas({ type: 'Ready', status: 'False', reason: 'Stuck' });
    expect(stuck.status).toMatchObject({ latenessSeconds: 30 });
    expect(stuck.status?.conditions?.[0]?.message).toBe(
      `${pod!.metadata.name} could not publish any reminder for 30 seconds or longer: the brokers do not accept them. ` +
        `${pod!.metadata.name} has been at offset 17 of partition 2 of topic task-events for 30 seconds or longer; ` +
        `later messages wait. See the worker's log for the cause.`,
    );
    await told(`Stuck: ${pod!.metadata.name} could not publish`);
    podsSay = {
      reminders: { behindSeconds: 55.5, stuckAt: 'brokers' },
      stuckPartitions: [{ topic: 'task-events', partition: 2, offset: '17', seconds: 42 }],
    };
    await lookAgain('later');
    answers.deadLetters = 1;
    await lookAgain('and later');
    await eventually(async () => {
      const consumer = await kubernetes.client.get(reminderConsumers, key());
      const { conditions, latenessSeconds } = stuck.status!;
      expect(consumer?.status).toMatchObject({ conditions, latenessSeconds, deadLetters: 1 });
    });

    podsSay = 'no status at all';
    await isReady('True');
    const { status: well } = await consumerHas({ type: 'Ready', status: 'True' });
    expect(well).not.toHaveProperty('latenessSeconds');
  });

  it('takes the consumer group along that its workers created, once they have gone', async () => {
    await declare({ replicas: 1 });
    await workersJoin();
    await kubernetes.client.delete(reminderConsumers, key());
    await consumerHas({ type: 'Ready', reason: 'RemovingGroup' });
    await eventually(async () => expect(await kubernetes.client.get(deployments, key())).toBeUndefined());
    expect(answers.deletedGroups).toEqual([]);
    answers.group = aGroup();
    await gone();
    expect(answers.deletedGroups).toEqual([`${namespace}.worker`]);
  });

  it('leaves a consumer group alone that was there before, and says so', async () => {
    answers.group = aGroup('of-another-team');
    await declare({ replicas: 0, groupId: 'theirs' });
    await eventually(async () => expect(await record()).toMatchObject({ id: 'theirs', created: false }));
    answers.group = aGroup();
    await kubernetes.client.delete(reminderConsumers, key());
    await gone();
    expect(answers.deletedGroups).toEqual([]);
    await told('GroupKept: Consumer group theirs stays on the brokers: it existed before');
  });

  it('leaves a consumer group alone that others made, though its own workers were first to be declared', async () => {
    await declare({ replicas: 0, groupId: 'theirs' });
    await eventually(workers);
    answers.group = aGroup('of-another-team');
    await lookAgain('others');
    await eventually(async () => expect(await record()).toMatchObject({ created: false }));
    answers.group = aGroup();
    await kubernetes.client.delete(reminderConsumers, key());
    await gone();
    expect(answers.deletedGroups).toEqual([]);
  });

  it('leaves its consumer group to others that have joined it, or name it, too', async () => {
    await declare({ replicas: 1, groupId: 'shared' });
    await workersJoin();
    await kubernetes.client.create(reminderConsumers, {
      metadata: { ...key('other') },
      spec: { clusterRef: { name: 'events' }, databaseSecretRef: { name: 'database' }, replicas: 0, groupId: 'shared' },
    } as object);
    await kubernetes.client.delete(reminderConsumers, key());
    await gone();
    await told('GroupKept: Consumer group shared stays on the brokers: ReminderConsumer other also uses it');
    expect(answers.deletedGroups).toEqual([]);
  });

  it('leaves the group behind that it had, when it is given another', async () => {
    await declare({ replicas: 1, groupId: 'first' });
    await workersJoin();
    answers.absentGroups = ['second'];
    await kubernetes.client.mergePatch(reminderConsumers, key(), { spec: { groupId: 'second' } });
    await eventually(async () => expect(await record()).toBeUndefined());
    await told('GroupKept: This resource no longer uses consumer group first');
  });

  it('waits with its first workers until it is known whether the group was there', async () => {
    answers.away = true;
    await declare({ replicas: 1 });
    await deadLettersReady();
    await consumerHas({ type: 'Ready', reason: 'GroupNotObserved', message: expect.stringContaining('ECONNREFUSED') });
    expect(await kubernetes.client.get(deployments, key())).toBeUndefined();
    answers.away = false;
    await lookAgain('back');
    await eventually(workers);
  });

  it('starts its workers though brokers refuse to tell of the group, its lag and the topics', async () => {
    answers.denied = ['lookAtGroup', 'groupLag', 'messageCount', 'missingTopics'];
    await declare({ replicas: 1 });
    await deadLettersReady();
    await eventually(async () => expect(await podNames()).toHaveLength(1));
    await makePodsReady(kubernetes, namespace);
    const { status } = await consumerHas({ type: 'Stalled', reason: 'NotAuthorized' });
    expect(status?.conditions?.[0]?.message).toContain(
      `Grant the operator's Kafka user Describe on group ${namespace}`,
    );
    expect(status).not.toHaveProperty('lag');
    expect(status).not.toHaveProperty('deadLetters');

    answers.denied = ['groupLag'];
    await lookAgain('granted');
    await eventually(async () => {
      const consumer = await kubernetes.client.get(reminderConsumers, key());
      expect(consumer?.status).toMatchObject({ deadLetters: 0, groupState: 'Dead' });
      expect(consumer?.status).not.toHaveProperty('lag');
    });
    answers.denied = [];
    await lookAgain('all');
    await consumerHas({ type: 'Ready', status: 'True' });
  });

  it('tells why the API server refuses its pods', async () => {
    await declare({ replicas: 1, podTemplate: { spec: { priorityClassName: 'no-such-class' } } });
    await deadLettersReady();
    await consumerHas({ type: 'Ready', reason: 'PodsRefused', message: expect.stringContaining('no-such-class') });
  });

  it('gets no pods that its podTemplate gives more than pod security allows', async () => {
    await declare({ replicas: 1, podTemplate: { spec: { hostPID: true } } });
    const message = expect.stringMatching(/^spec\.podTemplate .*spec\.hostPID must be false/);
    await consumerHas({ type: 'Stalled', reason: 'PodSecurityViolation', message });
    expect(await kubernetes.client.get(deployments, key())).toBeUndefined();
    expect(await kubernetes.client.get(eventTopics, key('worker-dead-letters'))).toBeUndefined();
  });

  it('believes no pod that somebody else made', async () => {
    await declare({ replicas: 1 });
    await deadLettersReady();
    await eventually(async () => expect(await podNames()).toHaveLength(1));
    const [own] = (await kubernetes.client.list(pods, namespace)).items;
    await kubernetes.client.create(pods, {
      metadata: { ...key('stranger'), labels: { ...own!.metadata.labels, 'pod-template-hash': 'none' } },
      spec: own!.spec,
    } as object);
    const waiting = { reason: 'ImagePullBackOff', message: 'stranger' };
    const containerStatuses = [
      { name: 'x', image: 'x', imageID: '', ready: false, restartCount: 0, state: { waiting } },
    ];
    await setStatus(kubernetes, pods, key('stranger'), { containerStatuses });
    await lookAgain('stranger');
    await setStatus(kubernetes, pods, keyOf(own!), {
      containerStatuses: [{ ...containerStatuses[0], state: { waiting: { ...waiting, message: 'its own' } } }],
    });
    const { status } = await consumerHas({ type: 'Ready', message: expect.stringContaining('its own') });
    expect(JSON.stringify(status)).not.toContain('stranger');
  });

  it('connects as users of its own to brokers that ask for one', async () => {
    await declareClosedCluster();
    const webhook = { url: 'https://hooks.example.org/in', signingSecretRef: { name: 'hook' } };
    await declare({ clusterRef: { name: 'closed' }, replicas: 1, webhook });
    await consumerHas({ type: 'Ready', reason: 'UserNotReady', message: expect.stringContaining('EventUser') });
    expect(await kubernetes.client.get(deployments, key())).toBeUndefined();
    const user = key('reminder-consumer.worker');
    expect((await kubernetes.client.get(eventUsers, user))?.spec).toMatchObject({
      clusterRef: { name: 'closed' },
      userName: `reminder-consumer.${namespace}.worker`,
      access: [
        { topic: 'task-events', allow: 'Read' },
        { topic: 'task-updates', allow: 'Read' },
        { topic: 'reminders', allow: 'Write' },
        { topic: 'worker-dead-letters', allow: 'Write' },
        { group: `${namespace}.worker`, allow: 'Read' },
      ],
    });

    const values = { username: 'worker', password: 'a', 'ca.crt': 'b' };
    await kubernetes.client.create(userSecrets, secretManifest(user, values));
    await setStatus(kubernetes, eventUsers, user, { secretName: user.name });
    await eventually(async () => {
      const deployment = await kubernetes.client.get(deployments, key());
      expect(deployment?.spec?.template.spec?.containers[0]?.env).toContainEqual({
        name: 'KAFKA_SASL_PASSWORD',
        valueFrom: { secretKeyRef: { name: user.name, key: 'password' } },
      });
    });
    expect(await kubernetes.client.get(networkPolicies, key())).toBeDefined();

    const ofWebhook = key('reminder-webhook.worker');
    expect(await kubernetes.client.get(eventUsers, ofWebhook)).toBeDefined();
    await kubernetes.client.mergePatch(reminderConsumers, key(), { spec: { webhook: null } });
    await eventually(async () => expect(await kubernetes.client.get(eventUsers, ofWebhook)).toBeUndefined());
  });

  it('runs its webhook beside its workers, and says what that lacks', async () => {
    answers.lag = { reminders: 3 };
    const webhook = { url: 'https://hooks.example.org/in', signingSecretRef: { name: 'hook' } };
    await declare({ replicas: 1, webhook });
    await deadLettersReady();
    await deadLettersReady('worker-webhook-dead-letters');
    await eventually(async () => expect(await podNames()).toHaveLength(1));
    await makePodsReady(kubernetes, namespace);
    const noSecret = 'Webhook: spec.webhook.signingSecretRef: there is no Secret hook in this namespace.';
    await consumerHas({ type: 'Ready', reason: 'SecretMissing', message: expect.stringContaining(noSecret) });
    expect(await kubernetes.client.get(deployments, key('worker-webhook'))).toBeUndefined();

    await kubernetes.client.create(userSecrets, secretManifest(key('hook'), { 'signing-secret': 'whsec_' }));
    await eventually(async () => expect(await podNames()).toHaveLength(2));
    await consumerHas({
      type: 'Ready',
      reason: 'PodsStarting',
      message: 'Webhook: 0 of 1 pods are ready, 1 are up to date.',
    });
    const name = (await podNames()).find((one) => one.startsWith('worker-webhook-'))!;
    await setStatus(kubernetes, pods, key(name), { phase: 'Running', podIP: '10.1.2.3', podIPs: [{ ip: '10.1.2.3' }] });
    const away = expect.stringMatching(
      /^Webhook: 0 of 1 .*date\. hooks\.example\.org has not answered within 10000 ms\.$/,
    );
    await consumerHas({ type: 'Ready', reason: 'DeliveryFailing', message: away });
    await makePodsReady(kubernetes, namespace);
    const { status } = await consumerHas({ type: 'Ready', status: 'True' });
    expect(status).toMatchObject({ replicas: 1, webhook: { replicas: 1, readyReplicas: 1, lag: 3, deadLetters: 0 } });

    await kubernetes.client.mergePatch(reminderConsumers, key(), { spec: { webhook: null } });
    await eventually(async () =>
      expect(await kubernetes.client.get(deployments, key('worker-webhook'))).toBeUndefined(),
    );
    await eventually(async () =>
      expect(await kubernetes.client.get(networkPolicies, key('worker-webhook'))).toBeUndefined(),
    );
    expect(await kubernetes.client.get(networkPolicies, key())).toBeDefined();
    expect(await workers()).toBe(1);
    await eventually(async () => {
      const consumer = await kubernetes.client.get(reminderConsumers, key());
      expect(consumer?.status).not.toHaveProperty('webhook');
    });
  });

  it('gets another dead-letter topic when it names one, or moves to another cluster, and the topic before stays', async () => {
    await declareCluster(kubernetes, key('others'), 'other.example.org:9092');
    await declare({ replicas: 1 });
    const change = (spec: object) => kubernetes.client.mergePatch(reminderConsumers, key(), { spec });
    const made = async (spec: object) => {
      await eventually(async () =>
        expect((await kubernetes.client.get(eventTopics, key('worker-dead-letters')))?.spec).toMatchObject(spec),
      );
      await setStatus(kubernetes, eventTopics, key('worker-dead-letters'), { partitions: 1, managedTopicId: 'id' });
      return (await kubernetes.client.get(eventTopics, key('worker-dead-letters')))!.metadata.uid;
    };
    const first = await made({ topicName: 'worker-dead-letters', deletionPolicy: 'Retain' });
    await change({ clusterRef: { name: 'events', namespace } });
    await lookAgain('the same cluster in other words');
    expect(await made({ clusterRef: { name: 'events' } })).toBe(first);
    await change({ deadLetterTopic: 'lost' });
    const second = await made({ topicName: 'lost', deletionPolicy: 'Retain' });
    await change({ clusterRef: { name: 'others' } });
    const third = await made({ topicName: 'lost', clusterRef: { name: 'others' } });
    expect(new Set([first, second, third]).size).toBe(3);
    await consumerHas({ type: 'Ready', reason: 'TopicNotReady' });
  });

  it('leaves no user behind on a cluster that it has left', async () => {
    await declareClosedCluster();
    await declare({ clusterRef: { name: 'closed' }, replicas: 1 });
    const user = key('reminder-consumer.worker');
    await eventually(async () => expect(await kubernetes.client.get(eventUsers, user)).toBeDefined());
    await setStatus(kubernetes, eventUsers, user, { principal: 'User:worker' });
    const uid = (await kubernetes.client.get(eventUsers, user))!.metadata.uid;
    const change = (clusterRef: object) =>
      kubernetes.client.mergePatch(reminderConsumers, key(), { spec: { clusterRef } });
    await change({ name: 'closed', namespace });
    await lookAgain('the same cluster in other words');
    await consumerHas({ type: 'Ready', reason: 'UserNotReady' });
    expect((await kubernetes.client.get(eventUsers, user))?.metadata.uid).toBe(uid);
    // Of brokers that somebody else runs, nobody needs one.
    await change({ name: 'events' });
    await eventually(async () => expect(await kubernetes.client.get(eventUsers, user)).toBeUndefined());
  });

  it('gets no webhook that asks for more than pod security allows', async () => {
    const webhook = { url: 'https://hooks.example.org', signingSecretRef: { name: 'hook' } };
    await declare({ replicas: 1, webhook: { ...webhook, podTemplate: { spec: { hostNetwork: true } } } });
    const message = expect.stringMatching(/^spec\.webhook\.podTemplate .*spec\.hostNetwork must be false/);
    await consumerHas({ type: 'Stalled', reason: 'PodSecurityViolation', message });
  });

  it('is let go when its cluster is gone, and says what stays', async () => {
    await declare({ replicas: 1 });
    await workersJoin();
    await kubernetes.client.delete(eventClusters, key('events'));
    await consumerHas({ type: 'Ready', reason: 'ClusterMissing' });
    await kubernetes.client.delete(reminderConsumers, key());
    await gone();
    await told(`GroupLeftBehind: Consumer group ${namespace}.worker stays`);
    expect(answers.deletedGroups).toEqual([]);
  });
});
