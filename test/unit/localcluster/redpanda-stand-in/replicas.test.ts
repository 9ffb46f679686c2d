import { describe, expect, it } from '@jest/globals';
import {
  loadReclaimed,
  movesFrom,
  movesOnto,
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

  it('takes a partition that is being moved for what it will be: each has as many replicas as before', () => {
    // From broker 3 to broker 5, which then dies.
    const moving = { ...partition([5, 1, 2, 3], [1, 2, 3]), removing: [3] };
    expect(movesFrom(5, [moving], [1, 2, 3, 6]).map(({ replicas }) => replicas)).toEqual([[6, 1, 2]]);
    expect(movesFrom(3, [moving], [1, 2, 6])).toEqual([]);
    expect(movesOnto(6, [moving, moving, moving], [1, 2, 5])[0]?.replicas).toHaveLength(3);
  });

  it('gives a broker that joins its share, from those that have the most', () => {
    const partitions = [0, 1, 2, 3].map((number) => partition(number < 3 ? [1, 2] : [1, 3], undefined, number));
    // Eight replicas on four brokers.
    const moves = movesOnto(4, partitions, [1, 2, 3]);
    expect(moves.map(({ partition: number, replicas }) => [number, replicas])).toEqual([
      [0, [4, 2]],
      [1, [4, 2]],
    ]);
    const after = partitions.map((one) => moves.find((move) => move.partition === one.partition) ?? one);
    expect(movesOnto(5, after, [1, 2, 3, 4])).toHaveLength(1);
    expect(movesOnto(5, [], [1, 2, 3, 4])).toEqual([]);
  });
});
