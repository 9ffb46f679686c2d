import type { ClusterReplicas } from '../../../kafka/describe-replicas.ts';
import type { PartitionMetadata } from '../../../kafka/protocol/metadata.ts';
import type { PartitionAssignment, TopicAssignment } from '../../../kafka/topic-admin.ts';
import { chooseBrokers, count, type Choice } from '../../brokers/choose-brokers.ts';
import { indexes } from '../names.ts';
import type { DrainOrder, TooLarge } from '../scale.ts';
import { mostMoves, type Moves, type ReplicaLook } from './move-replicas.ts';

/** What is to be done next so that brokers become empty. */
export interface DrainPlan {
  /** A topic that needs more brokers than stay. */
  readonly tooLarge: TooLarge | undefined;
  /** Replicas that are on the brokers that leave, and those that are about to be. */
  readonly left: number;
  /** Moves to begin; what moves already goes on. */
  readonly begin: readonly TopicAssignment[];
  /** Brokers that are away, and that replicas are moving to, or have to. */
  readonly missing: readonly number[];
}

/**
 * A replica on a broker that leaves goes to one that stays and is running: if possible to another rack than the others of
 * its partition, and there to the broker with the fewest. It takes the old one's place in the list, so that the preferred
 * leaders stay as evenly spread as they were.
 */
export function planDrain({
  replicas: { brokers, topics },
  moves,
  leaving,
  staying,
}: ReplicaLook & DrainOrder): DrainPlan {
  const leaves = new Set(leaving);
  const present = brokers.map(({ id }) => id).filter((id) => id < staying);
  const racks = new Map(brokers.map(({ id, rack }) => [id, rack]));
  const cluster = { loads: loadsOf(topics), rackOf: (id: number) => racks.get(id) ?? id };
  const begin: TopicAssignment[] = [];
  const moving = [...moves.values()].flat();
  let room = mostMoves - moving.length;
  let [left, unplaced] = [0, 0];
  let tooLarge: DrainPlan['tooLarge'];
  for (const { name, partitions } of topics) {
    const isMoving = new Map(moves.get(name)?.map((move) => [move.partition, move]));
    const toMove: { readonly partition: PartitionMetadata; readonly choice: Choice }[] = [];
    for (const partition of partitions) {
      const move = isMoving.get(partition.partition);
      const target = partition.replicas.filter((id) => !move?.removing.includes(id));
      left += partition.replicas.filter((id) => leaves.has(id)).length;
      // To a broker that lags behind, a move that has just ended shows what it brought beside what it took away. It ended
      // when the last one was in sync, so that until then, one is not.
      const mayBeMoving = target.some((id) => present.includes(id) && !partition.isr.includes(id));
      if (target.length > staying && !mayBeMoving) tooLarge ??= { topic: name, replicationFactor: target.length };
      if (move || !target.some((id) => leaves.has(id))) continue;
      const choice = choiceFor(target, leaves, present);
      if (choice.candidates.length < choice.number) unplaced += 1;
      else if (toMove.length < room) toMove.push({ partition, choice });
    }
    room -= toMove.length;
    if (toMove.length === 0) continue;
    const chosen = chooseBrokers(
      toMove.map(({ choice }) => choice),
      cluster,
    );
    const assignments = toMove.map(({ partition }, index) => replace(partition, leaves, chosen[index]!));
    for (const [index, { replicas }] of assignments.entries()) {
      for (const id of toMove[index]!.partition.replicas) count(cluster.loads, id, -1);
      for (const id of replicas) count(cluster.loads, id, 1);
    }
    begin.push({ topic: name, partitions: assignments });
  }
  const there = new Set(brokers.map(({ id }) => id));
  const targets = moving.flatMap(({ adding }) => adding).filter((id) => !there.has(id));
  const away = unplaced === 0 ? [] : indexes(staying).filter((id) => !there.has(id));
  return { tooLarge, left, begin, missing: [...new Set([...targets, ...away])].toSorted((a, b) => a - b) };
}

function loadsOf(topics: ClusterReplicas['topics']): Map<number, number> {
  const loads = new Map<number, number>();
  for (const { partitions } of topics)
    for (const { replicas } of partitions) for (const id of replicas) count(loads, id, 1);
  return loads;
}

function choiceFor(target: readonly number[], leaves: ReadonlySet<number>, present: readonly number[]): Choice {
  const staying = target.filter((id) => !leaves.has(id));
  const candidates = present.filter((id) => !target.includes(id));
  return { staying, candidates, number: target.length - staying.length, merit: () => 0 };
}

function replace(
  { partition, replicas }: PartitionMetadata,
  leaves: ReadonlySet<number>,
  chosen: ReadonlySet<number>,
): PartitionAssignment {
  const successors = [...chosen];
  return { partition, replicas: replicas.map((id) => (leaves.has(id) ? successors.shift()! : id)) };
}

/** The moves by which replicas leave brokers, or come to them, by topic. */
export function movesOf(moves: Moves, what: 'adding' | 'removing', brokers: readonly number[]) {
  return [...moves]
    .map(([topic, its]) => ({
      topic,
      partitions: its.filter((move) => move[what].some((id) => brokers.includes(id))).map(({ partition }) => partition),
    }))
    .filter(({ partitions }) => partitions.length > 0);
}
