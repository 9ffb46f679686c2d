import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deadLetterReplays, eventClusters, jobs, pods, reminderConsumers } from '../../../../src/operator/kinds.ts';
import { createDeadLetterReplayController } from '../../../../src/operator/workloads/dead-letter-replay/controller.ts';
import { keyOf } from '../../../../src/operator/runtime/objects.ts';
import { fakeBrokers, someAnswers, type FakeAnswers } from '../../../support/fake-brokers.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { runController, type RunningManager } from '../../../support/running-manager.ts';
import { setStatus } from '../../../support/set-status.ts';
import { declareCluster } from '../../../support/topics.ts';
import { hasCondition } from '../../../support/workloads.ts';

let kubernetes: Kubernetes;
let namespace: string;
let running: RunningManager;
let answers: FakeAnswers;

beforeAll(async () => {
  kubernetes = await startKubernetes();
  answers = someAnswers();
  const options = {
    brokers: fakeBrokers(answers),
    defaultImage: 'kafka-events:1',
    podSecurity: 'restricted' as const,
    readPodStatus: () => Promise.reject(new Error('nobody there')),
  };
  running = runController(kubernetes, createDeadLetterReplayController(options));
});
afterAll(async () => {
  await running?.stop();
  await kubernetes?.stop();
});
beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
});

const key = (name = 'again') => ({ namespace, name });
const replayHas = (condition: object) => hasCondition(kubernetes, deadLetterReplays, key(), condition);
const declare = (spec: object = {}) =>
  kubernetes.client.create(deadLetterReplays, {
    metadata: { ...key() },
    spec: { consumerRef: { name: 'worker' }, ...spec },
  } as object);
const change = (spec: object) => kubernetes.client.mergePatch(deadLetterReplays, key(), { spec });
const declareConsumer = (clusterRef: object = { name: 'events' }) =>
  kubernetes.client.create(reminderConsumers, {
    metadata: { ...key('worker') },
    spec: { clusterRef, databaseSecretRef: { name: 'database' }, replicas: 1, topics: ['a', 'b'] },
  } as object);

async function theJob() {
  return eventually(async () => {
    const job = await kubernetes.client.get(jobs, key());
    expect(job).toBeDefined();
    return job!;
  });
}

async function thePod(count = 1) {
  return eventually(async () => {
    const { items } = await kubernetes.client.list(pods, namespace);
    expect(items).toHaveLength(count);
    return items[0]!;
  });
}

/** As if a kubelet had run the program, which left these last words. */
async function podEnds(exitCode: number, words: object): Promise<void> {
  const pod = await thePod();
  const terminated = { exitCode, message: JSON.stringify(words), finishedAt: new Date().toISOString() };
  await setStatus(kubernetes, pods, keyOf(pod), {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    containerStatuses: [
      {
        ...{ name: 'dead-letter-replay', image: 'kafka-events:1', imageID: '', ready: false, restartCount: 0 },
        state: { terminated },
      },
    ],
  });
}

const counts = { read: 5, matched: 4, replayed: 3, kept: 1, remaining: 0 };

describe('a DeadLetterReplay', () => {
  it('reads the dead letters of a webhook where it is told to, which go back to the reminders', async () => {
    await declareCluster(kubernetes, key('events'), 'kafka.example.org:9092');
    await declareConsumer();
    await declare({ source: 'Webhook' });
    const job = await theJob();
    expect(job.spec?.template.spec?.containers[0]?.env).toEqual(
      expect.arrayContaining([
        { name: 'DEAD_LETTER_TOPIC', value: 'worker-webhook-dead-letters' },
        { name: 'TOPICS', value: 'reminders' },
      ]),
    );
    await expect(change({ source: 'Workers' })).rejects.toThrow('source cannot be changed');
  });

  it('has a Job, and the counts of its pod when that has ended', async () => {
    await declareCluster(kubernetes, key('events'), 'kafka.example.org:9092');
    await declareConsumer();
    await declare({ filter: { keys: ['x'] }, limit: 10 });
    const job = await theJob();
    expect(job.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'DeadLetterReplay', name: 'again' });
    expect(job.spec?.template.spec?.containers[0]?.env).toEqual(
      expect.arrayContaining([
        { name: 'KAFKA_BOOTSTRAP_SERVERS', value: 'kafka.example.org:9092' },
        { name: 'DEAD_LETTER_TOPIC', value: 'worker-dead-letters' },
        { name: 'TOPICS', value: 'a,b' },
        { name: 'FILTER', value: '{"keys":["x"]}' },
        { name: 'LIMIT', value: '10' },
      ]),
    );
    await replayHas({ type: 'Ready', status: 'False', reason: 'Replaying' });
    await podEnds(0, { counts });
    const { status } = await replayHas({ type: 'Complete', status: 'True', reason: 'Complete' });
    expect(status).toMatchObject(counts);
    await replayHas({
      type: 'Ready',
      status: 'True',
      message: expect.stringContaining('3 letters went back') as unknown,
    });

    await kubernetes.client.delete(deadLetterReplays, key());
    await eventually(async () => expect(await kubernetes.client.get(deadLetterReplays, key())).toBeUndefined());
    expect(await kubernetes.client.get(jobs, key())).toBeUndefined();
    expect(answers.deletedGroups).toEqual([expect.stringMatching(`^${namespace}.again.replay.`)]);
  });

  it('is paused and slowed down by editing, and nothing else of it can change', async () => {
    await declareCluster(kubernetes, key('events'), 'kafka.example.org:9092');
    await declareConsumer();
    await declare({ paused: true });
    expect((await theJob()).spec?.suspend).toBe(true);
    await replayHas({ type: 'Ready', status: 'False', reason: 'Paused' });
    await change({ paused: false });
    const pod = await thePod();
    await change({ throttle: 50 });
    await eventually(async () => {
      const { spec } = await theJob();
      expect(spec?.template.spec?.containers[0]?.env).toContainEqual({ name: 'THROTTLE', value: '50' });
      expect((await thePod()).metadata.uid).not.toBe(pod.metadata.uid);
    });
    await expect(change({ limit: 1 })).rejects.toThrow('limit cannot be changed');
    await expect(change({ filter: { keys: ['x'] } })).rejects.toThrow('filter cannot be changed');
    await expect(change({ consumerRef: { name: 'other' } })).rejects.toThrow('consumerRef cannot be changed');
  });

  it('has failed, with the reason, when its program says that it would fail again', async () => {
    await declareCluster(kubernetes, key('events'), 'kafka.example.org:9092');
    await declareConsumer();
    await declare();
    await podEnds(3, { counts, trouble: { message: 'Topic authorization failed' } });
    const { status } = await replayHas({ type: 'Failed', status: 'True', reason: 'Failed' });
    expect(status).toMatchObject(counts);
    const message = expect.stringContaining('Topic authorization failed. 3 letters went back') as unknown;
    await replayHas({ type: 'Stalled', status: 'True', message });
  });

  it('gets nothing without a consumer, nor from a cluster that does not allow its namespace', async () => {
    const home = await kubernetes.createNamespace();
    const cluster = { namespace: home, name: 'events' };
    await declareCluster(kubernetes, cluster, 'brokers:9092');
    await declare();
    await replayHas({ type: 'Ready', status: 'False', reason: 'ConsumerMissing' });
    await declareConsumer(cluster);
    await replayHas({ type: 'Stalled', status: 'True', reason: 'ClusterMissing' });
    expect(await kubernetes.client.get(jobs, key())).toBeUndefined();
    await kubernetes.client.mergePatch(eventClusters, cluster, { spec: { allowedNamespaces: { names: [namespace] } } });
    await theJob();
  });
});
