import type { ReplicaAdmin } from '../../brokers/brokers.ts';
import { indexes } from '../names.ts';
import type { SpreadOrder, SpreadStep } from '../spread.ts';
import { endThrottle } from './drain-brokers.ts';
import { planSpread } from './spread.ts';

/**
 * Takes the next step by which replicas are spread over all brokers. Every step can be taken twice.
 *
 * @throws {ExpectedError} with a KafkaErrorCode: then the step is taken once more later
 */
export async function spreadReplicas(admin: ReplicaAdmin, order: SpreadOrder): Promise<SpreadStep> {
  const { brokers, bytesPerSecond, wanted, wasMoving } = order;
  // In this order: a move that ends in between is seen as one that goes on, not as a partition with more replicas.
  const moves = wanted || wasMoving ? await admin.listReassignments() : new Map<string, never>();
  const replicas = await admin.describeReplicas();
  const ids = indexes(brokers);
  const present = new Set(replicas.brokers.map(({ id }) => id));
  if (ids.some((id) => !present.has(id))) return { step: 'away' };
  if (!wanted && !wasMoving) return { step: 'even', empty: emptyOf(replicas.topics, ids) };
  // What was begun comes to its end, also where it is no longer wanted.
  const { left, begin } = wanted
    ? planSpread(replicas, moves, ids)
    : { left: [...moves.values()].flat().length, begin: [] };
  if (left === 0) {
    await endThrottle(admin, { replicas, moves }, { bytesPerSecond });
    await admin.electPreferredLeaders(notPreferred(replicas.topics));
    return { step: 'even', empty: [] };
  }
  if (bytesPerSecond > 0 && begin.length > 0) await admin.throttleReplication(begin, ids, bytesPerSecond);
  const results = await admin.reassignPartitions(begin);
  const failure = [...results.values()].find((result) => result !== undefined);
  if (failure) throw failure;
  return { step: 'moving', left };
}

type Topics = Awaited<ReturnType<ReplicaAdmin['describeReplicas']>>['topics'];

function emptyOf(topics: Topics, ids: readonly number[]): number[] {
  const all = topics.flatMap(({ partitions }) => partitions.flatMap(({ replicas }) => replicas));
  const used = new Set(all);
  // In a cluster without topics, nobody is empty for being new.
  return used.size === 0 ? [] : ids.filter((id) => !used.has(id));
}

function notPreferred(topics: Topics) {
  return topics
    .map(({ name, partitions }) => ({
      topic: name,
      partitions: partitions
        .filter(({ leader, replicas, isr }) => leader !== replicas[0] && isr.includes(replicas[0]!))
        .map(({ partition }) => partition),
    }))
    .filter(({ partitions }) => partitions.length > 0);
}
