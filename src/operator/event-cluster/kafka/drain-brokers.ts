import type { ReplicaAdmin } from '../../brokers/brokers.ts';
import type { DrainStep } from '../scale.ts';
import { movesOff, planDrain, type Moves } from './drain.ts';

export interface DrainOrder {
  /** Ids of the brokers that leave. */
  readonly leaving: readonly number[];
  /** How many brokers stay: 0 to this - 1. */
  readonly staying: number;
  /** Most bytes a second that moves may take of a broker; 0 for no limit. */
  readonly bytesPerSecond: number;
}

/**
 * Takes the next step by which brokers are emptied. Every step can be taken twice, and what comes next is decided by what
 * the brokers say: whoever goes on after this process needs to know nothing of it.
 *
 * @throws {ExpectedError} with a KafkaErrorCode: then the step is taken once more later
 */
export async function drainBrokers(admin: ReplicaAdmin, order: DrainOrder): Promise<DrainStep> {
  const { leaving, staying } = order;
  const look = await lookAt(admin);
  const before = planDrain({ ...look, ...order });
  if (before.tooLarge) {
    const { topic, replicationFactor } = before.tooLarge;
    const message =
      `spec.brokers is ${staying}, but topic ${topic} has ${replicationFactor} replicas of each partition, which need as ` +
      `many brokers. Set spec.brokers to ${replicationFactor} or more, or lower the replication factor first.`;
    return { step: 'refused', message };
  }
  const present = look.replicas.brokers.map(({ id }) => id);
  for (const id of leaving) if (present.includes(id)) await admin.setCordon(id, true);
  // What was placed on them before that took effect is seen now.
  const { replicas, moves } = await lookAt(admin);
  const { left, begin, missing } = planDrain({ replicas, moves, leaving, staying });
  // The controller ends a move a moment after the replica is gone.
  if (left === 0 && movesOff(moves, leaving).length === 0) {
    await endThrottle(admin, { replicas, moves }, order);
    return { step: 'empty', from: staying };
  }
  if (order.bytesPerSecond > 0 && begin.length > 0)
    await admin.throttleReplication(begin, present, order.bytesPerSecond);
  const results = await admin.reassignPartitions(begin);
  const failure = [...results.values()].find((result) => result !== undefined);
  if (failure) throw failure;
  return { step: 'moving', message: describeProgress(left, missing) };
}

/**
 * Ends the emptying of brokers that are to stay: what has moved stays where it is, and what moves goes back.
 *
 * @throws {ExpectedError} with a KafkaErrorCode: then it is to be called once more
 */
export async function restoreBrokers(
  admin: ReplicaAdmin,
  brokers: readonly number[],
  bytesPerSecond: number,
): Promise<void> {
  const results = await admin.cancelReassignments(movesOff(await admin.listReassignments(), brokers));
  const failure = [...results.values()].find((result) => result !== undefined);
  if (failure) throw failure;
  for (const id of brokers) await admin.setCordon(id, false);
  await endThrottle(admin, await lookAt(admin), { bytesPerSecond });
}

async function lookAt(admin: ReplicaAdmin) {
  // In this order: a move that ends in between is seen as one that goes on, not as a partition with more replicas.
  const moves = await admin.listReassignments();
  return { replicas: await admin.describeReplicas(), moves };
}

interface Look {
  readonly replicas: Awaited<ReturnType<ReplicaAdmin['describeReplicas']>>;
  readonly moves: Moves;
}

/** Of topics that rest. The rates are the brokers', and stay while anything else moves. */
export async function endThrottle(
  admin: ReplicaAdmin,
  { replicas, moves }: Look,
  { bytesPerSecond }: Pick<DrainOrder, 'bytesPerSecond'>,
): Promise<void> {
  if (bytesPerSecond === 0) return;
  const resting = replicas.topics.map(({ name }) => name).filter((name) => !moves.has(name));
  const brokers = moves.size === 0 ? replicas.brokers.map(({ id }) => id) : [];
  await admin.unthrottleReplication(resting, brokers, bytesPerSecond);
}

function describeProgress(left: number, missing: readonly number[]): string {
  const replicas = left === 1 ? '1 replica is' : `${left} replicas are`;
  const waits =
    missing.length === 0
      ? ''
      : `, and ${missing.length === 1 ? 'broker' : 'brokers'} ${missing.join(', ')} must come back`;
  return `${replicas} still to be moved away${waits}`;
}
