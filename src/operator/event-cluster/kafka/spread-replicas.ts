import type { ClusterReplicas } from '../../../kafka/describe-replicas.ts';
import type { ReplicaAdmin } from '../../brokers/brokers.ts';
import { indexes } from '../names.ts';
import type { SpreadOrder, SpreadStep } from '../spread.ts';
import { beginMoves, endThrottle, lookAtReplicas } from './move-replicas.ts';
import { planSpread } from './spread.ts';

/**
 * Takes the next step by which replicas are spread over all brokers. Every step can be taken twice.
 *
 * @throws {ExpectedError} with a KafkaErrorCode: then the step is taken once more later
 */
export async function spreadReplicas(admin: ReplicaAdmin, order: SpreadOrder): Promise<SpreadStep> {
  const { bytesPerSecond, wanted, wasMoving } = order;
  const { replicas, moves } = await lookAtReplicas(admin);
  const brokers = indexes(order.brokers);
  const running = new Set(replicas.brokers.map(({ id }) => id));
  if (brokers.some((id) => !running.has(id))) return { step: 'away' };
  if (!wanted && !wasMoving) return { step: 'even', empty: emptyOf(replicas.topics, brokers) };
  // What was begun is completed, even when it is no longer wanted.
  const { left, begin } = wanted
    ? planSpread(replicas, moves, brokers)
    : { left: [...moves.values()].flat().length, begin: [] };
  if (left === 0) {
    await endThrottle(admin, { replicas, moves }, bytesPerSecond);
    await admin.electPreferredLeaders(notPreferred(replicas.topics));
    return { step: 'even', empty: [] };
  }
  await beginMoves(admin, begin, { brokers, bytesPerSecond });
  return { step: 'moving', left };
}

function emptyOf(topics: ClusterReplicas['topics'], brokers: readonly number[]): number[] {
  const used = new Set(topics.flatMap(({ partitions }) => partitions.flatMap(({ replicas }) => replicas)));
  // In a cluster without topics, no broker stands out.
  return used.size === 0 ? [] : brokers.filter((id) => !used.has(id));
}

function notPreferred(topics: ClusterReplicas['topics']) {
  return topics
    .map(({ name, partitions }) => ({
      topic: name,
      partitions: partitions
        .filter(({ leader, replicas, isr }) => leader !== replicas[0] && isr.includes(replicas[0]!))
        .map(({ partition }) => partition),
    }))
    .filter(({ partitions }) => partitions.length > 0);
}
