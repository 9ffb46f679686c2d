import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClusterAvailability } from '../../../../../src/kafka/describe-replicas.ts';
import { healthOf } from '../../../../../src/operator/event-cluster/kafka/look.ts';
import { riskOf } from '../../../../../src/operator/event-cluster/kafka/risks.ts';

interface Topic {
  readonly minInSync: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

const voter = (id: number, behindMilliseconds = 0) => ({ id, behindMilliseconds });
const quorum = { leader: 0, voters: [voter(0), voter(1), voter(2)] };

const cluster = (topics: readonly Topic[], rest: Partial<ClusterAvailability> = {}): ClusterAvailability => ({
  brokers: [0, 1, 2, 3].map((id) => ({ id, rack: undefined })),
  topics: topics.map(({ replicas, isr }, index) => ({
    name: `topic-${index}`,
    partitions: [{ partition: 0, leader: isr[0] ?? -1, replicas, isr }],
  })),
  minInSync: new Map(topics.map(({ minInSync }, index) => [`topic-${index}`, minInSync])),
  quorum,
  ...rest,
});
const brokersAtRisk = (availability: ClusterAvailability) =>
  [0, 1, 2, 3].filter((id) => riskOf(id, availability) !== undefined);

describe('what the restart of a Kafka broker would cost', () => {
  it.each<[string, Topic, number[]]>([
    ['all in sync', { minInSync: 2, replicas: [0, 1, 2], isr: [0, 1, 2] }, []],
    ['one lags, and the minimum has none to spare', { minInSync: 2, replicas: [0, 1, 2], isr: [0, 1] }, [0, 1]],
    ['one lags, and the minimum has one to spare', { minInSync: 1, replicas: [0, 1, 2], isr: [0, 1] }, []],
    ['below the minimum already', { minInSync: 2, replicas: [0, 1, 2], isr: [0] }, [0, 1, 2]],
    ['one replica, which nobody can spare', { minInSync: 1, replicas: [3], isr: [3] }, []],
    ['as many in sync as there are, all there', { minInSync: 2, replicas: [0, 1], isr: [0, 1] }, []],
    ['as many in sync as there are, one lags', { minInSync: 2, replicas: [0, 1], isr: [0] }, [0]],
    ['two replicas, of which one lags', { minInSync: 1, replicas: [2, 3], isr: [3] }, [3]],
    ['a minimum that cannot be met', { minInSync: 4, replicas: [0, 1, 2], isr: [0, 1, 2] }, []],
  ])('%s', (_, topic, expected) => {
    expect(brokersAtRisk(cluster([topic]))).toEqual(expected);
  });

  it('says which partition, and how many more', () => {
    const lagging = { minInSync: 2, replicas: [0, 1, 2], isr: [0, 1] };
    expect(riskOf(1, cluster([lagging, lagging]))).toBe(
      'the availability of partition 0 of topic topic-0 and 1 more: 1 of its replicas would stay in sync, min.insync.replicas is 2',
    );
  });

  it.each([
    ['all up to date', [voter(0), voter(1), voter(2)], []],
    ['one is away', [voter(0), voter(1), voter(2, 60_000)], [0, 1]],
    ['one never was there', [voter(0), voter(1, Infinity), voter(2)], [0, 2]],
    ['a single one, missed in any case', [voter(0)], []],
    ['of five, one is away', [voter(0), voter(1), voter(2), voter(3), voter(4, 60_000)], []],
    ['of five, two are away', [voter(0), voter(1), voter(2), voter(3, 9_000), voter(4, 60_000)], [0, 1, 2]],
  ])('keeps the majority of controllers: %s', (_, voters, expected) => {
    expect(brokersAtRisk(cluster([], { quorum: { leader: 0, voters } }))).toEqual(expected);
  });

  it('waits for brokers that recover their log, and for a leader of the controllers', () => {
    expect(healthOf(4, cluster([])).unsettled).toBeUndefined();
    const three = cluster([], { brokers: [0, 1, 3].map((id) => ({ id, rack: undefined })) });
    expect(healthOf(4, three).unsettled).toMatchObject({ reason: 'BrokersJoining' });
    expect(healthOf(4, cluster([], { quorum: undefined })).unsettled).toMatchObject({ reason: 'NoQuorum' });
  });

  it('never lets a partition fall below its minimum that could stay above it', () => {
    const topic = fc
      .record({ replicas: fc.uniqueArray(fc.nat(3), { minLength: 1 }), minInSync: fc.integer({ min: 1, max: 4 }) })
      .chain(({ replicas, minInSync }) =>
        fc.subarray(replicas, { minLength: 1 }).map((isr) => ({ replicas, minInSync, isr })),
      );
    fc.assert(
      fc.property(fc.array(topic, { maxLength: 6 }), fc.nat(3), (topics, id) => {
        if (riskOf(id, cluster(topics)) !== undefined) return;
        for (const { replicas, isr, minInSync } of topics.filter((one) => one.replicas.includes(id))) {
          const left = isr.filter((other) => other !== id).length;
          const others = replicas.length - 1;
          expect(left >= minInSync || (minInSync > others && left === others)).toBe(true);
        }
      }),
    );
  });
});
