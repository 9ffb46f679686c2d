import type { ClusterReplicas } from '../../../kafka/describe-replicas.ts';
import type { TopicAssignment } from '../../../kafka/topic-admin.ts';
import { count } from '../../brokers/choose-brokers.ts';
import { mostMoves, type Moves } from './move-replicas.ts';

/** What is to be done next so that each broker has about as many replicas as any other. */
export interface SpreadPlan {
  /** How many replicas have yet to move, those on the move included. */
  readonly left: number;
  readonly begin: readonly TopicAssignment[];
}

interface Partition {
  readonly topic: string;
  readonly partition: number;
  readonly replicas: number[];
}

/**
 * From the broker with the most to the one with the fewest, until no two differ by more than 1. A partition moves into no
 * rack that it is in already, unless it leaves that one; the new replica takes the place of the old one, so that new
 * brokers become preferred leaders, too. The same cluster always gives the same plan, so that whoever goes on half way
 * comes to the same end.
 *
 * @param ids brokers to spread over, all of which are running
 */
export function planSpread({ brokers, topics }: ClusterReplicas, moves: Moves, ids: readonly number[]): SpreadPlan {
  const racks = new Map(brokers.map(({ id, rack }) => [id, rack ?? String(id)]));
  const partitions = toPartitions(topics, moves);
  const loads = new Map(ids.map((id) => [id, 0]));
  for (const { replicas } of partitions) for (const id of replicas) if (loads.has(id)) count(loads, id, 1);
  const resting = partitions.filter(({ topic, partition }) => !moves.get(topic)?.some(isOf(partition)));
  const movable = new Map(ids.map((id) => [id, new Set(resting.filter(({ replicas }) => replicas.includes(id)))]));
  const changed = new Set<Partition>();
  for (let step = findStep(); step; step = findStep()) {
    const { moved, from, to } = step;
    moved.replicas[moved.replicas.indexOf(from)] = to;
    count(loads, from, -1);
    count(loads, to, 1);
    // Each partition moves once, so that there is an end.
    for (const its of movable.values()) its.delete(moved);
    changed.add(moved);
  }
  const moving = [...moves.values()].flat().length;
  const begin = [...changed].slice(0, Math.max(0, mostMoves - moving));
  return { left: changed.size + moving, begin: toAssignments(begin) };

  function findStep() {
    const fewestFirst = [...loads].toSorted(([a, few], [b, many]) => few - many || a - b);
    for (const [from, most] of fewestFirst.toReversed()) {
      for (const [to, fewest] of fewestFirst) {
        if (most - fewest < 2) break;
        for (const moved of movable.get(from)!) if (fits(moved, from, to)) return { moved, from, to };
      }
    }
    return undefined;
  }

  function fits({ replicas }: Partition, from: number, to: number): boolean {
    if (replicas.includes(to)) return false;
    const isInRackOfTo = (id: number) => racks.get(id) === racks.get(to);
    return isInRackOfTo(from) || !replicas.some(isInRackOfTo);
  }
}

const isOf = (number: number) => (move: { readonly partition: number }) => move.partition === number;

/** Of each partition, where its replicas are, or are on their way to. */
function toPartitions(topics: ClusterReplicas['topics'], moves: Moves): Partition[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partition, replicas }) => {
      const removing = moves.get(name)?.find(isOf(partition))?.removing ?? [];
      return { topic: name, partition, replicas: replicas.filter((id) => !removing.includes(id)) };
    }),
  );
}

function toAssignments(changed: readonly Partition[]): TopicAssignment[] {
  const byTopic = Map.groupBy(changed, ({ topic }) => topic);
  return [...byTopic].map(([topic, its]) => ({
    topic,
    partitions: its.map(({ partition, replicas }) => ({ partition, replicas })),
  }));
}
