import type { ClusterReplicas } from '../../../kafka/describe-replicas.ts';
import type { TopicAssignment } from '../../../kafka/topic-admin.ts';
import { count } from '../../brokers/choose-brokers.ts';
import type { Moves } from './drain.ts';

/** Moves at the same time. What comes next is decided anew when they are over. */
const mostMoves = 100;

/** What is to be done next so that each broker has about as many replicas as any other. */
export interface SpreadPlan {
  /** How many replicas have yet to move, those that are on the move among them. */
  readonly left: number;
  readonly begin: readonly TopicAssignment[];
}

interface Replica {
  readonly topic: string;
  readonly partition: number;
  readonly replicas: number[];
}

/**
 * From the broker with the most to the one with the fewest, until no two are further apart than 1. A partition comes
 * into no rack that it is in already, unless it leaves that one; the replica that comes takes the place of the one that
 * goes, so that the new brokers become preferred leaders, too. The same cluster always gives the same plan, so that
 * whoever goes on half way comes to the same end.
 *
 * @param ids brokers to spread over, all of which are there
 */
export function planSpread({ brokers, topics }: ClusterReplicas, moves: Moves, ids: readonly number[]): SpreadPlan {
  const racks = new Map(brokers.map(({ id, rack }) => [id, rack ?? String(id)]));
  const moving = [...moves.values()].flat().length;
  const replicas = toReplicas({ brokers, topics }, moves);
  const loads = new Map(ids.map((id) => [id, 0]));
  for (const { replicas: all } of replicas) for (const id of all) if (loads.has(id)) count(loads, id, 1);
  const isMoving = (one: Replica) =>
    moves.get(one.topic)?.some(({ partition }) => partition === one.partition) ?? false;
  const movable = replicas.filter((one) => !isMoving(one));
  const byBroker = new Map(ids.map((id) => [id, movable.filter((one) => one.replicas.includes(id))]));
  const changed = new Map<Replica, [number, number][]>();
  for (let step = findStep(); step; step = findStep()) {
    const { replica, from, to } = step;
    replica.replicas[replica.replicas.indexOf(from)] = to;
    count(loads, from, -1);
    count(loads, to, 1);
    // Each partition moves once, so that there is an end.
    for (const list of byBroker.values()) if (list.includes(replica)) list.splice(list.indexOf(replica), 1);
    changed.set(replica, [[from, to]]);
  }
  const begin = [...changed.keys()].slice(0, Math.max(0, mostMoves - moving));
  return { left: changed.size + moving, begin: toAssignments(begin) };

  function findStep() {
    const order = [...loads].toSorted(([a, few], [b, many]) => few - many || a - b);
    for (const [from, most] of order.toReversed()) {
      for (const [to, fewest] of order) {
        if (most - fewest < 2) break;
        const replica = byBroker.get(from)!.find((one) => fits(one, from, to));
        if (replica) return { replica, from, to };
      }
    }
    return undefined;
  }

  function fits({ replicas: all }: Replica, from: number, to: number): boolean {
    const others = all.filter((id) => id !== from);
    return (
      !all.includes(to) && (racks.get(from) === racks.get(to) || others.every((id) => racks.get(id) !== racks.get(to)))
    );
  }
}

/** Of each partition, where its replicas are, or are on their way to. */
function toReplicas({ topics }: ClusterReplicas, moves: Moves): Replica[] {
  return topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partition, replicas }) => {
      const removing = moves.get(name)?.find((move) => move.partition === partition)?.removing ?? [];
      return { topic: name, partition, replicas: replicas.filter((id) => !removing.includes(id)) };
    }),
  );
}

function toAssignments(changed: readonly Replica[]): TopicAssignment[] {
  const byTopic = Map.groupBy(changed, ({ topic }) => topic);
  return [...byTopic].map(([topic, its]) => ({
    topic,
    partitions: its.map(({ partition, replicas }) => ({ partition, replicas })),
  }));
}
