import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClusterReplicas } from '../../../../../src/kafka/describe-replicas.ts';
import { planSpread } from '../../../../../src/operator/event-cluster/kafka/spread.ts';

const cluster = (partitions: readonly number[][], racks: readonly string[] = []): ClusterReplicas => ({
  brokers: [0, 1, 2, 3, 4].map((id) => ({ id, rack: racks[id] })),
  topics: [
    {
      name: 'tasks',
      partitions: partitions.map((replicas, partition) => ({
        partition,
        leader: replicas[0]!,
        replicas,
        isr: replicas,
      })),
    },
  ],
});
const ids = [0, 1, 2, 3, 4];
const loads = (partitions: readonly number[][]) =>
  ids.map((id) => partitions.filter((replicas) => replicas.includes(id)).length);

/** One round: all moves that are begun come to their end. */
function round(partitions: readonly number[][], racks?: readonly string[]): number[][] {
  const after = partitions.map((replicas) => [...replicas]);
  for (const topic of planSpread(cluster(partitions, racks), new Map(), ids).begin)
    for (const { partition, replicas } of topic.partitions) after[partition] = [...replicas];
  return after;
}

describe('spreading replicas', () => {
  it('gives new brokers their share, and leaves all else where it is', () => {
    const partitions = Array.from({ length: 10 }, (_, index) => [index % 3, (index + 1) % 3]);
    const after = round(partitions);
    expect(loads(after)).toEqual([4, 4, 4, 4, 4]);
    const moved = after.filter((replicas, index) => String(replicas) !== String(partitions[index]));
    expect(moved).toHaveLength(8);
  });

  it('moves nothing where all have about as many', () => {
    const even = [
      [0, 1],
      [2, 3],
      [4, 0],
      [1, 2],
      [3, 4],
    ];
    expect(planSpread(cluster(even), new Map(), ids)).toEqual({ left: 0, begin: [] });
  });

  it('keeps the replicas of a partition in racks of their own', () => {
    const racks = ['a', 'b', 'a', 'b', 'a'];
    const partitions = Array.from({ length: 8 }, () => [0, 1]);
    const after = round(partitions, racks);
    for (const replicas of after) expect(new Set(replicas.map((id) => racks[id])).size).toBe(2);
    expect(loads(after)[3]).toBe(4);
  });

  it('leaves what moves already alone', () => {
    const partitions = [[0], [0], [0]];
    const moves = new Map([['tasks', [{ partition: 0, replicas: [0, 1], adding: [1], removing: [0] }]]]);
    const { begin, left } = planSpread(cluster([[1, 0], ...partitions.slice(1)]), moves, ids);
    expect(begin).toEqual([{ topic: 'tasks', partitions: [{ partition: 1, replicas: [2] }] }]);
    expect(left).toBe(2);
  });

  it('comes to an end from everywhere, with all replicas, and with no broker far from another', () => {
    const partition = fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(partition, { minLength: 1, maxLength: 40 }), (partitions) => {
        let state = partitions;
        let rounds = 0;
        while (planSpread(cluster(state), new Map(), ids).left > 0) {
          state = round(state);
          expect(state.map((replicas) => new Set(replicas).size)).toEqual(partitions.map(({ length }) => length));
          rounds += 1;
          expect(rounds).toBeLessThan(20);
        }
        const all = loads(state);
        expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
