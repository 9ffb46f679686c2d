import { describe, expect, it } from '@jest/globals';
import type { EventTopic } from '../../../../src/api/event-topic.ts';
import type { TopicDescription } from '../../../../src/kafka/describe-topics.ts';
import { planTopic } from '../../../../src/operator/event-topic/plan.ts';

const topic = (spec: object, status: object = {}): EventTopic => ({
  apiVersion: 'kafka-events.dev/v1alpha1',
  kind: 'EventTopic',
  metadata: { name: 'orders', namespace: 'shop', uid: 'u', resourceVersion: '1', creationTimestamp: '1' },
  spec: { clusterRef: { name: 'events' }, deletionPolicy: 'Delete', managementPolicy: 'Manage', ...spec },
  status,
});

/** @param replicas brokers with a replica of the only partition; those before `inSync` are in sync */
const found = (replicas: readonly number[], inSync = replicas.length): TopicDescription => ({
  ...{ name: 'orders', topicId: 'id', partitions: 1, replicationFactor: replicas.length },
  ...{ underReplicatedPartitions: 0, leaderlessPartitions: 0, isInternal: false, configsError: undefined },
  assignment: [{ partition: 0, leader: replicas[0]!, replicas: [...replicas], isr: replicas.slice(0, inSync) }],
  configs: new Map([['min.insync.replicas', { value: '1', source: 'Default' as const }]]),
});

const inSync = (number: number) => ({ config: { 'min.insync.replicas': number } });
const field = "spec.config['min.insync.replicas']";
const setTo = (number: number) => ({ topic: 'orders', configs: { 'min.insync.replicas': String(number) } });

describe('replicas that have to be in sync', () => {
  it('are refused beyond those that the topic has now, whatever it had before, and not set', () => {
    const asked = topic({ ...inSync(2), partitions: 2 }, { replicationFactor: 3 });
    const plan = planTopic(asked, found([1]));
    expect(plan.refusals).toMatchObject([{ reason: 'InvalidConfig', fields: [field] }]);
    expect(plan.configure).toBeUndefined();
    expect(plan.grow).toEqual({ name: 'orders', partitions: 2 });
  });

  it('are set once somebody else has added replicas', () => {
    const plan = planTopic(topic(inSync(2), { replicationFactor: 1 }), found([1, 2, 3]));
    expect(plan).toMatchObject({ refusals: [], configure: setTo(2) });
  });

  it('are refused for a topic that would be created with fewer', () => {
    const plan = planTopic(
      topic({ config: { 'min.insync.replicas': '00000000002' }, replicationFactor: 1 }),
      undefined,
    );
    expect(plan).toMatchObject({ refusals: [{ reason: 'InvalidConfig' }] });
    expect(plan.create).toBeUndefined();
    expect(planTopic(topic(inSync(2)), undefined).create).toBeDefined();
  });

  it('are raised only when the replicas that come are in sync', () => {
    const asked = { ...inSync(2), replicationFactor: 3 };
    const first = planTopic(topic(asked), found([1]));
    expect(first).toMatchObject({ move: { replicationFactor: 3 }, afterMove: [field], refusals: [] });
    expect(first.configure).toBeUndefined();
    const moving = topic(asked, { reassignment: { remainingPartitions: 1 } });
    expect(planTopic(moving, found([1, 2, 3], 1)).configure).toBeUndefined();
    expect(planTopic(moving, found([1, 2, 3], 2))).toMatchObject({ configure: setTo(2), afterMove: [] });
  });

  it('do not wait where nothing moves, though a broker is away', () => {
    const plan = planTopic(topic({ ...inSync(2), replicationFactor: 3 }), found([1, 2, 3], 1));
    expect(plan).toMatchObject({ configure: setTo(2), afterMove: [] });
  });
});
