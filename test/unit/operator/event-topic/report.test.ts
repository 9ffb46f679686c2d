import { describe, expect, it } from '@jest/globals';
import type { EventTopic } from '../../../../src/api/event-topic.ts';
import { report } from '../../../../src/operator/event-topic/report.ts';
import type { Refusal } from '../../../../src/operator/event-topic/refusals.ts';
import type { Move, SeenTopic, TopicContext } from '../../../../src/operator/event-topic/topic-work.ts';
import type { TopicDescription } from '../../../../src/kafka/describe-topics.ts';
import type { Outcome } from '../../../../src/operator/runtime/reconcile/controller.ts';
import { ManualClock } from '../../../../src/operator/runtime/testing/manual-clock.ts';

const found: TopicDescription = {
  name: 'orders',
  topicId: 'id',
  partitions: 3,
  replicationFactor: 2,
  underReplicatedPartitions: 1,
  leaderlessPartitions: 0,
  isInternal: false,
  assignment: [],
  configs: new Map(),
  configsError: undefined,
};

const eventTopic = (status: object): EventTopic => ({
  apiVersion: 'kafka-events.dev/v1alpha1',
  kind: 'EventTopic',
  metadata: { name: 'orders', namespace: 'shop', uid: 'u', resourceVersion: '1', creationTimestamp: '1' },
  spec: { clusterRef: { name: 'events' }, deletionPolicy: 'Delete', managementPolicy: 'Manage' },
  status,
});

const nothingPlanned = { afterMove: [], differences: [], refusals: [] };

function workOn(topic: EventTopic): SeenTopic {
  const clock = new ManualClock('2026-05-01T12:00:00.5Z');
  const context = { object: topic, clock } as unknown as TopicContext;
  return {
    ...{ context, topic, found, plan: nothingPlanned, refusals: [], failure: undefined },
    ...{ wasCreated: false, createdId: undefined },
    ...{ seen: found, move: undefined },
  };
}

/** What the status says of a topic whose replicas move. */
const reportOn = (move: Move | undefined, status: object = {}, refusals: readonly Refusal[] = []) =>
  report({ ...workOn(eventTopic(status)), refusals, move }) as Outcome<EventTopic>;

describe('a topic that was not created', () => {
  const refused = (failed: boolean): readonly Refusal[] => [{ reason: 'No', message: 'no', failed, fields: [] }];

  it('is asked for again soon while brokers are on their way, and with the others once a person has to do something', () => {
    expect(reportOn(undefined, {}, refused(false)).requeueAfterMilliseconds).toBe(1000);
    expect(reportOn(undefined, {}, refused(true)).requeueAfterMilliseconds).toBeGreaterThan(10_000);
  });
});

describe('a move of replicas', () => {
  it('is reported while it goes on', () => {
    const { readiness, status } = reportOn({ partitions: 2, missingBrokers: [] });
    expect(readiness).toMatchObject({ ready: false, failed: false, reason: 'ReplicasMoving' });
    expect(status.reassignment).toEqual({ remainingPartitions: 2 });
  });

  it('that waits for a broker says for which, since when, and what to do', () => {
    const { readiness, status, requeueAfterMilliseconds } = reportOn({ partitions: 2, missingBrokers: [3] });
    expect(readiness).toMatchObject({ ready: false, failed: false, reason: 'ReplicasWaiting', needsPerson: true });
    expect(readiness.message).toMatch(/2 of 3 partitions wait for broker 3.*bring it back, or set spec\.replication/);
    expect(status.reassignment).toEqual({
      remainingPartitions: 2,
      missingBrokers: [3],
      waitingSince: '2026-05-01T12:00:00Z',
    });
    expect(requeueAfterMilliseconds).toBe(15_000);
  });

  it('keeps the time since when it waits', () => {
    const before = {
      reassignment: { remainingPartitions: 3, missingBrokers: [3], waitingSince: '2026-04-30T00:00:00Z' },
    };
    const { status } = reportOn({ partitions: 2, missingBrokers: [3] }, before);
    expect(status.reassignment?.waitingSince).toBe('2026-04-30T00:00:00Z');
  });

  it('that has ended leaves nothing behind', () => {
    const { readiness, status } = reportOn(undefined, { reassignment: { remainingPartitions: 1 } });
    expect(readiness).toMatchObject({ ready: true, reason: 'TopicReady' });
    expect(status.reassignment).toBeUndefined();
  });
});

describe('a value that the broker shows otherwise after it was set', () => {
  const field = 'max.message.bytes';
  const shows = (value: string): TopicDescription => ({
    ...found,
    configs: new Map([[field, { value, source: 'Topic' }]]),
  });

  /** What the status says after 500000 was set, or was not, though all had been well. */
  function configsAfter(before: string, after: string, status: object, isSet = true): object {
    const topic = { ...eventTopic(status), spec: { ...eventTopic({}).spec, config: { [field]: '500000' } } };
    const plan = isSet
      ? {
          ...nothingPlanned,
          configure: { topic: 'orders', configs: { [field]: '500000' } },
        }
      : nothingPlanned;
    const work = { ...workOn(topic), found: shows(before), plan, seen: shows(after) };
    const { config, configShownAs } = (report(work) as Outcome<EventTopic>).status;
    return { config, configShownAs };
  }

  const set = { [field]: '500000' };

  it('is not taken for its form of it at once: it may be one that came late, or that others have set', () => {
    expect(configsAfter('600000', '700000', {})).toEqual({ config: set });
    expect(configsAfter('700000', '700000', {})).toEqual({ config: set });
    expect(configsAfter('600000', '700000', { config: set })).toEqual({ config: set });
    expect(configsAfter('700000', '700000', { config: { [field]: '400000' } })).toEqual({ config: set });
  });

  it('is the form that it has there if setting it again changed nothing', () => {
    const known = { config: set, configShownAs: { [field]: '700000' } };
    expect(configsAfter('700000', '700000', { config: set })).toEqual(known);
    expect(configsAfter('700000', '700000', known, false)).toEqual(known);
    expect(configsAfter('500000', '500000', known, false)).toEqual({ config: set });
  });
});
