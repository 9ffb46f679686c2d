import type { ClusterReplicas } from '../../../kafka/describe-replicas.ts';
import type { PartitionReassignment } from '../../../kafka/protocol/list-partition-reassignments.ts';
import type { TopicAssignment, TopicResults } from '../../../kafka/topic-admin.ts';
import type { ReplicaAdmin } from '../../brokers/brokers.ts';

/** Replicas on the move, by topic. */
export type Moves = ReadonlyMap<string, readonly PartitionReassignment[]>;

export interface ReplicaLook {
  readonly replicas: ClusterReplicas;
  readonly moves: Moves;
}

/** Moves at the same time: each is a record of the controller, and can be cancelled quickly. */
export const mostMoves = 100;

export async function lookAtReplicas(admin: ReplicaAdmin): Promise<ReplicaLook> {
  // In this order: a move that ends in between is seen as one that goes on, not as a partition with more replicas.
  const moves = await admin.listReassignments();
  return { replicas: await admin.describeReplicas(), moves };
}

export interface Pace {
  /** Brokers that are running. */
  readonly brokers: readonly number[];
  /** Most bytes a second that moves may take of a broker; 0 for no limit. */
  readonly bytesPerSecond: number;
}

/** Throttles moves, and begins them. */
export async function beginMoves(
  admin: ReplicaAdmin,
  moves: readonly TopicAssignment[],
  { brokers, bytesPerSecond }: Pace,
): Promise<void> {
  if (moves.length === 0) return;
  if (bytesPerSecond > 0) await admin.throttleReplication(moves, brokers, bytesPerSecond);
  throwFailure(await admin.reassignPartitions(moves));
}

/** Takes the throttle from topics that rest. The rates are the brokers', and stay while anything else moves. */
export async function endThrottle(
  admin: ReplicaAdmin,
  { replicas, moves }: ReplicaLook,
  bytesPerSecond: number,
): Promise<void> {
  if (bytesPerSecond === 0) return;
  const resting = replicas.topics.map(({ name }) => name).filter((name) => !moves.has(name));
  const brokers = moves.size === 0 ? replicas.brokers.map(({ id }) => id) : [];
  await admin.unthrottleReplication(resting, brokers, bytesPerSecond);
}

/** @throws {ExpectedError} what kept the first topic from being changed */
export function throwFailure(results: TopicResults): void {
  const failures = [...results.values()].filter((result) => result !== undefined);
  // The broker that was asked for the replicas lags behind: a move has just ended. The next look shows it.
  const failure = failures.find(({ code }) => code !== 'InvalidReplicationFactor');
  if (failure) throw failure;
}
