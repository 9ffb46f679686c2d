import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BrokerLoad } from '../../../../../src/kafka/describe-cluster.ts';
import type { PartitionMetadata } from '../../../../../src/kafka/protocol/metadata.ts';
import {
  missingBrokers,
  placeReplicas,
  type TopicToPlace,
} from '../../../../../src/operator/event-topic/replicas/place-replicas.ts';

const broker = (id: number, replicas = 0, rack?: string): BrokerLoad => ({ id, replicas, rack });

/** A partition whose leader is its first replica, and all are in sync, where nothing else is said. */
const partition = (
  number: number,
  replicas: number[],
  changes: Partial<PartitionMetadata> = {},
): PartitionMetadata => ({
  partition: number,
  leader: replicas[0] ?? -1,
  replicas,
  isr: replicas,
  ...changes,
});

const topic = (replicationFactor: number, ...partitions: PartitionMetadata[]): TopicToPlace => ({
  topic: 'tasks',
  replicationFactor,
  partitions,
});

/** The replicas of the partitions that change. */
const place = (wanted: TopicToPlace, ...brokers: BrokerLoad[]) =>
  placeReplicas([wanted], brokers).flatMap(({ partitions }) => partitions.map(({ replicas }) => replicas));

describe('more replicas', () => {
  it('come to the brokers that have least', () => {
    expect(place(topic(2, partition(0, [1])), broker(1), broker(2, 9), broker(3, 8))).toEqual([[1, 3]]);
  });

  it('are spread evenly over the partitions of a topic', () => {
    const partitions = [partition(0, [1]), partition(1, [2]), partition(2, [3])];
    const placed = place(topic(2, ...partitions), broker(1), broker(2), broker(3));
    expect(placed.map((replicas) => replicas[1]).toSorted()).toEqual([1, 2, 3]);
  });

  it('come to racks that have none', () => {
    const brokers = [broker(1, 9, 'a'), broker(2, 0, 'a'), broker(3, 9, 'b'), broker(4, 9, 'c'), broker(5, 8, 'b')];
    expect(place(topic(3, partition(0, [1])), ...brokers)).toEqual([[1, 5, 4]]);
  });

  it('leave those on a broker that is away where they are', () => {
    const lost = partition(0, [7, 1], { leader: 1, isr: [1] });
    expect(place(topic(3, lost), broker(1), broker(2))).toEqual([[7, 1, 2]]);
  });

  it('reckon with the topics before', () => {
    const topics = ['a', 'b', 'c'].map((name) => ({ ...topic(2, partition(0, [1])), topic: name }));
    const placed = placeReplicas(topics, [broker(1), broker(2), broker(3), broker(4)]);
    expect(placed.map(({ partitions }) => partitions[0]?.replicas)).toEqual([
      [1, 2],
      [1, 3],
      [1, 4],
    ]);
  });
});

describe('fewer replicas', () => {
  it('are taken from the brokers that have most', () => {
    expect(place(topic(2, partition(0, [1, 2, 3])), broker(1, 9), broker(2, 5), broker(3, 4))).toEqual([[1, 3]]);
  });

  it('are first those that are not in sync, wherever they are', () => {
    const lagging = partition(0, [1, 2, 3], { isr: [1, 2] });
    expect(place(topic(2, lagging), broker(1), broker(2, 9), broker(3))).toEqual([[1, 2]]);
    const lost = partition(0, [7, 1, 2], { leader: 1, isr: [1, 2] });
    expect(place(topic(2, lost), broker(1), broker(2))).toEqual([[1, 2]]);
  });

  it('are neither the leader nor the one that should lead', () => {
    const moved = partition(0, [1, 2, 3], { leader: 3 });
    expect(place(topic(2, moved), broker(1, 9), broker(2), broker(3, 9))).toEqual([[1, 3]]);
    expect(place(topic(1, moved), broker(1), broker(2), broker(3))).toEqual([[3]]);
  });

  it('leave one that was last in sync, when there is no leader', () => {
    const dead = partition(0, [1, 2, 3], { leader: -1, isr: [2] });
    expect(place(topic(1, dead), broker(1), broker(3))).toEqual([[2]]);
  });

  it('are taken from racks that have several', () => {
    const brokers = [broker(1, 0, 'a'), broker(2, 0, 'b'), broker(3, 9, 'c'), broker(4, 0, 'b')];
    expect(place(topic(3, partition(0, [1, 2, 3, 4])), ...brokers)).toEqual([[1, 2, 3]]);
  });
});

describe('brokers that a topic lacks', () => {
  it('are counted, and nothing is done', () => {
    const wanted = topic(4, partition(0, [1]), partition(1, [7]));
    expect(missingBrokers(wanted, [broker(1), broker(2)])).toBe(2);
    expect(placeReplicas([wanted], [broker(1), broker(2)])).toEqual([]);
    expect(missingBrokers(topic(2, partition(0, [1])), [broker(1), broker(2)])).toBe(0);
  });
});

interface Case {
  readonly wanted: TopicToPlace;
  readonly brokers: readonly BrokerLoad[];
}

interface CaseLimits {
  readonly partitions: number;
  readonly racks: readonly (string | undefined)[];
  /** Whether leaders move, replicas lag and brokers are away. */
  readonly troubled: boolean;
}

/** Topics that have a replica somewhere for each partition, and brokers enough for what is wanted. */
function anyCase({ partitions, racks, troubled }: CaseLimits): fc.Arbitrary<Case> {
  const anyBrokers = fc
    .uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })
    .chain((ids) =>
      fc.tuple(
        ...ids.map((id) => fc.record({ id: fc.constant(id), replicas: fc.nat(20), rack: fc.constantFrom(...racks) })),
      ),
    );
  return anyBrokers.chain((brokers) => {
    const places = [...brokers.map(({ id }) => id), ...(troubled ? [100, 101] : [])];
    const anyReplicas = fc.shuffledSubarray(places, { minLength: 1, maxLength: places.length });
    const anyPartitions = fc.array(anyReplicas.chain(troubled ? anyState : fine), {
      minLength: 1,
      maxLength: partitions,
    });
    return fc.record({
      brokers: fc.constant(brokers),
      wanted: fc.record({
        topic: fc.constant('tasks'),
        replicationFactor: fc.integer({ min: 1, max: brokers.length }),
        partitions: anyPartitions.map((list) => list.map((state, index) => ({ ...state, partition: index }))),
      }),
    });
  });
}

const fine = (replicas: number[]) => fc.constant(partition(0, replicas));

const anyState = (replicas: number[]) =>
  fc
    .subarray(replicas, { minLength: 1 })
    .chain((isr) => fc.record({ isr: fc.constant(isr), leader: fc.constantFrom(...isr) }))
    .map((state) => partition(0, replicas, state));

const troubled = anyCase({ partitions: 6, racks: [undefined, 'a', 'b', 'c'], troubled: true });

/** All partitions with their replicas before and after. */
function outcome({ wanted, brokers }: Case) {
  const changed = placeReplicas([wanted], brokers).flatMap(({ partitions }) => partitions);
  return wanted.partitions.map((before) => ({
    before,
    after: changed.find(({ partition: number }) => number === before.partition)?.replicas ?? before.replicas,
  }));
}

const numRuns = 2000;

describe('whatever there is, replicas', () => {
  it('are as many as wanted, none twice on a broker', () => {
    fc.assert(
      fc.property(troubled, (given) => {
        for (const { after } of outcome(given)) {
          expect(after).toHaveLength(given.wanted.replicationFactor);
          expect(new Set(after).size).toBe(after.length);
        }
      }),
      { numRuns },
    );
  });

  it('are only added, or only taken away, and only come to brokers that are there', () => {
    fc.assert(
      fc.property(troubled, (given) => {
        const there = given.brokers.map(({ id }) => id);
        for (const { before, after } of outcome(given)) {
          const added = after.filter((id) => !before.replicas.includes(id));
          const removed = before.replicas.filter((id) => !after.includes(id));
          expect(Math.min(added.length, removed.length)).toBe(0);
          expect(there).toEqual(expect.arrayContaining(added));
        }
      }),
      { numRuns },
    );
  });

  it('keep their order and their leader, and lose what is in sync last', () => {
    fc.assert(
      fc.property(troubled, (given) => {
        for (const { before, after } of outcome(given)) {
          const kept = before.replicas.filter((id) => after.includes(id));
          expect(after.slice(0, kept.length)).toEqual(kept);
          expect(after).toContain(before.leader);
          const removed = before.replicas.filter((id) => !after.includes(id));
          const lostInSync = removed.some((id) => before.isr.includes(id));
          if (lostInSync) expect(before.isr).toEqual(expect.arrayContaining([...after]));
        }
      }),
      { numRuns },
    );
  });

  it('are placed the same in whatever order brokers and partitions are told', () => {
    const shuffled = troubled.chain((given) =>
      fc.tuple(
        fc.constant(given),
        fc.shuffledSubarray([...given.brokers], { minLength: given.brokers.length }),
        fc.shuffledSubarray([...given.wanted.partitions], { minLength: given.wanted.partitions.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([{ wanted, brokers }, otherBrokers, partitions]) => {
        expect(placeReplicas([{ ...wanted, partitions }], otherBrokers)).toEqual(placeReplicas([wanted], brokers));
      }),
      { numRuns },
    );
  });

  it('are in as many racks as they can be, when added', () => {
    fc.assert(
      fc.property(troubled, (given) => {
        const rackOf = (id: number) => given.brokers.find((broker) => broker.id === id)?.rack ?? id;
        const racksOf = (ids: readonly number[]) => new Set(ids.map(rackOf)).size;
        for (const { before, after } of outcome(given)) {
          const added = after.length - before.replicas.length;
          if (added < 0) continue;
          const racksInReach = racksOf([...before.replicas, ...given.brokers.map(({ id }) => id)]);
          expect(racksOf(after)).toBe(Math.min(racksInReach, racksOf(before.replicas) + added));
        }
      }),
      { numRuns },
    );
  });

  it('are spread over brokers as evenly as any choice could spread them', () => {
    const small = anyCase({ partitions: 4, racks: [undefined], troubled: false });
    fc.assert(
      fc.property(small, (given) => {
        const placed = outcome(given).map(({ after }) => after);
        expect(unevenness(placed)).toBe(Math.min(...allChoices(given).map(unevenness)));
      }),
      { numRuns },
    );
  });

  it('are within one of one another, where those that were there leave room for it', () => {
    const anyLeaders = fc.record({
      brokers: fc.integer({ min: 2, max: 8 }),
      partitions: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(anyLeaders, fc.nat(7), (size, extra) => {
        const brokers = Array.from({ length: size.brokers }, (_, id) => broker(id));
        const partitions = Array.from({ length: size.partitions }, (_, number) =>
          partition(number, [number % size.brokers]),
        );
        const replicationFactor = 1 + (extra % size.brokers);
        const counts = replicaCounts(
          outcome({ wanted: topic(replicationFactor, ...partitions), brokers }).map(({ after }) => after),
        );
        const ofEach = brokers.map(({ id }) => counts.get(id) ?? 0);
        expect(Math.max(...ofEach) - Math.min(...ofEach)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

function replicaCounts(partitions: readonly (readonly number[])[]): Map<number, number> {
  return new Map([...Map.groupBy(partitions.flat(), (id) => id)].map(([id, list]) => [id, list.length]));
}

/** The sum of squares: least where numbers are as close to one another as can be. */
const unevenness = (partitions: readonly (readonly number[])[]) =>
  [...replicaCounts(partitions).values()].reduce((sum, count) => sum + count ** 2, 0);

/** Every way to place replicas that moves no more than needed, for partitions of which all replicas are in sync. */
function allChoices({ wanted, brokers }: Case): number[][][] {
  const ofEach = wanted.partitions.map(({ replicas, leader }) => {
    const missing = wanted.replicationFactor - replicas.length;
    const others = brokers.map(({ id }) => id).filter((id) => !replicas.includes(id));
    if (missing >= 0) return subsets(others, missing).map((added) => [...replicas, ...added]);
    const followers = replicas.filter((id) => id !== leader);
    return subsets(followers, wanted.replicationFactor - 1).map((kept) => [leader, ...kept]);
  });
  return ofEach.reduce<number[][][]>(
    (all, options) => all.flatMap((one) => options.map((option) => [...one, option])),
    [[]],
  );
}

function subsets(items: readonly number[], size: number): number[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => subsets(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}
