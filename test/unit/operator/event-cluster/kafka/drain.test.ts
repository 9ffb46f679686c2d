import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ClusterReplicas } from '../../../../../src/kafka/describe-replicas.ts';
import { movesOf, planDrain, type DrainPlan } from '../../../../../src/operator/event-cluster/kafka/drain.ts';

const cluster = (topics: Readonly<Record<string, readonly number[][]>>, ids = [0, 1, 2, 3, 4]): ClusterReplicas => ({
  brokers: ids.map((id) => ({ id, rack: undefined })),
  topics: Object.entries(topics).map(([name, partitions]) => ({
    name,
    partitions: partitions.map((replicas, partition) => ({ partition, leader: replicas[0]!, replicas, isr: replicas })),
  })),
});
const drain = (replicas: ClusterReplicas, moves = new Map(), order = { leaving: [3, 4], staying: 3 }) =>
  planDrain({ replicas, moves, ...order });
const begun = ({ begin }: DrainPlan) =>
  Object.fromEntries(begin.map(({ topic, partitions }) => [topic, partitions.map(({ replicas }) => replicas)]));

describe('emptying brokers', () => {
  it('moves what is on them to those that stay, in its place, and leaves all else alone', () => {
    const plan = drain(
      cluster({
        a: [
          [3, 0],
          [0, 1],
        ],
        b: [[1, 4, 0]],
      }),
    );
    expect(begun(plan)).toEqual({ a: [[expect.any(Number), 0]], b: [[1, 2, 0]] });
    expect(plan).toMatchObject({ left: 2, tooLarge: undefined, missing: [] });
  });

  it('refuses where a topic needs them', () => {
    expect(drain(cluster({ a: [[0, 1]], b: [[0, 1, 2, 3]] })).tooLarge).toEqual({ topic: 'b', replicationFactor: 4 });
  });

  it.each([
    [
      [3, 0, 1, 2],
      [3, 0, 1],
    ],
    [
      [3, 4, 0, 1, 2],
      [3, 4, 0, 1],
    ],
  ])(
    'refuses nothing for replicas that are seen beside those whose place they have just taken: %j',
    (replicas, isr) => {
      const partitions = [{ partition: 0, leader: 0, replicas, isr }];
      const seen = { ...cluster({}), topics: [{ name: 'a', partitions }] };
      expect(drain(seen)).toMatchObject({ tooLarge: undefined, begin: [] });
    },
  );

  it('refuses where a replica too many is on a broker that is away', () => {
    const partitions = [{ partition: 0, leader: 0, replicas: [0, 1, 2, 3], isr: [0, 1, 2] }];
    const seen = { ...cluster({}, [0, 1, 2, 4]), topics: [{ name: 'a', partitions }] };
    expect(drain(seen).tooLarge).toEqual({ topic: 'a', replicationFactor: 4 });
  });

  it('waits for a broker that is away, where no other can take a replica', () => {
    const plan = drain(cluster({ a: [[3, 0, 1]] }, [0, 1, 3, 4]));
    expect(plan).toMatchObject({ begin: [], left: 1, missing: [2] });
  });

  it('leaves what moves already alone, whoever moves it, and counts it until it is gone', () => {
    const moves = new Map([['a', [{ partition: 0, replicas: [3, 0, 1], adding: [1], removing: [3] }]]]);
    const plan = drain(cluster({ a: [[3, 0, 1]] }), moves);
    expect(plan).toMatchObject({ begin: [], left: 1 });
    expect(movesOf(moves, 'removing', [3])).toEqual([{ topic: 'a', partitions: [0] }]);
    expect(movesOf(moves, 'adding', [1, 4])).toEqual([{ topic: 'a', partitions: [0] }]);
    expect(movesOf(moves, 'removing', [1, 4])).toEqual([]);
  });

  it('moves a hundred partitions at a time', () => {
    const partitions = Array.from({ length: 250 }, () => [3, 0]);
    const plan = drain(cluster({ a: partitions }));
    expect(plan.begin.flatMap((topic) => topic.partitions)).toHaveLength(100);
    expect(plan.left).toBe(250);
  });

  it('ends with empty brokers and all replicas, wherever it is interrupted and begun anew', () => {
    const partition = fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 });
    const topics = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.array(partition, { minLength: 1, maxLength: 5 }));
    fc.assert(
      fc.property(topics, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (placed, completes) => {
        const state: Record<string, number[][]> = structuredClone(placed);
        let moving: { topic: string; partition: number; replicas: readonly number[] }[] = [];
        const turns = [...completes, ...Array<boolean>(40).fill(true)];
        for (const complete of turns) {
          const moves = new Map(
            Object.entries(Object.groupBy(moving, ({ topic }) => topic)).map(([topic, its = []]) => [
              topic,
              its.map((move) => {
                const old = state[topic]![move.partition]!;
                const adding = move.replicas.filter((id) => !old.includes(id));
                const removing = old.filter((id) => !move.replicas.includes(id));
                return { partition: move.partition, replicas: [...move.replicas, ...removing], adding, removing };
              }),
            ]),
          );
          const plan = drain(cluster(state), moves);
          for (const { topic, partitions } of plan.begin)
            for (const { partition: number, replicas } of partitions) {
              expect(replicas.filter((id) => id > 2)).toEqual([]);
              expect(new Set(replicas).size).toBe(state[topic]![number]!.length);
              moving.push({ topic, partition: number, replicas });
            }
          const [done, ...others] = moving;
          if (!complete || !done) continue;
          state[done.topic]![done.partition] = [...done.replicas];
          moving = others;
        }
        const replicas = Object.values(state).flat(2);
        expect(replicas.filter((id) => id > 2)).toEqual([]);
        expect(drain(cluster(state)).left).toBe(0);
      }),
    );
  });
});
