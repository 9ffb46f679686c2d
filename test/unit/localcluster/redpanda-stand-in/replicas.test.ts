import { describe, expect, it } from '@jest/globals';
import {
  loadReclaimed,
  movesFrom,
  risksOf,
  type Partition,
} from '../../../../localcluster/redpanda-stand-in/replicas.ts';

const partition = (replicas: number[], inSync = replicas, number = 0): Partition => ({
  ...{ topic: 'tasks', partition: number, leader: inSync[0] ?? -1, replicas, inSync },
});

describe('what the stand-in for Redpanda says of the replicas beneath', () => {
  it.each<[string, Partition, object]>([
    ['nothing where all are in sync', partition([1, 2, 3]), {}],
    ['a topic of one replica', partition([1]), { rf1_offline: ['kafka/tasks/0'] }],
    [
      'a majority that would be gone',
      partition([1, 2, 3], [1, 2]),
      { unavailable: ['kafka/tasks/0'], full_acks_produce_unavailable: ['kafka/tasks/0'] },
    ],
    [
      'messages that only it has',
      partition([1, 2, 3], [1]),
      {
        unavailable: ['kafka/tasks/0'],
        full_acks_produce_unavailable: ['kafka/tasks/0'],
        acks1_data_loss: ['kafka/tasks/0'],
      },
    ],
  ])('as a risk: %s', (_what, one, risks) => {
    const none = { rf1_offline: [], unavailable: [], full_acks_produce_unavailable: [], acks1_data_loss: [] };
    expect(risksOf(1, [one])).toEqual({ ...none, ...risks });
    expect(risksOf(4, [one])).toEqual(none);
  });

  it('is how much of its load a broker has taken back', () => {
    expect(loadReclaimed(1, [])).toBe(100);
    expect(loadReclaimed(1, [partition([1, 2]), partition([1, 2], [2], 1), partition([2, 3])])).toBe(50);
  });

  it('moves the replicas of a broker that leaves to those with the fewest, and keeps what has no other place', () => {
    const partitions = [partition([1, 2, 3]), partition([1, 2, 3], undefined, 1), partition([2, 3, 4], undefined, 2)];
    expect(movesFrom(1, partitions, [2, 3, 4, 5]).map(({ replicas }) => replicas)).toEqual([
      [5, 2, 3],
      [4, 2, 3],
    ]);
    expect(movesFrom(1, partitions, [2, 3])).toEqual([]);
  });
});
