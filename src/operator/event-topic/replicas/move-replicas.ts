import { kafkaError } from '../../../kafka/errors.ts';
import type { PartitionReassignment } from '../../../kafka/protocol/list-partition-reassignments.ts';
import type { TopicResults } from '../../../kafka/topic-admin.ts';
import { ExpectedError } from '../../../lib/errors.ts';
import type { TopicBrokers } from '../topic-brokers.ts';
import { topicName } from '../topic-index.ts';
import type { ActedTopic, Move } from '../topic-work.ts';
import { missingBrokers, placeReplicas, type TopicToPlace } from './place-replicas.ts';

/**
 * Begins to move replicas of topics that have too few or too many; what is on the move already goes on, unless it leads
 * to another number than the one that is wanted now: then it is ended, and the next look begins anew.
 *
 * @returns of each topic the error that it met, in the broker's words; none when its replicas move
 */
export async function moveReplicas(brokers: TopicBrokers, topics: readonly TopicToPlace[]): Promise<TopicResults> {
  if (topics.length === 0) return new Map();
  const { admin } = brokers;
  try {
    const moves = await admin.listReassignments();
    const astray = topics.flatMap((topic) => {
      const partitions = movesAstray(topic, moves.get(topic.topic) ?? []);
      return partitions.length === 0 ? [] : [{ topic: topic.topic, partitions }];
    });
    const resting = topics.filter(({ topic }) => !moves.has(topic));
    const [cancelled, begun] = [await admin.cancelReassignments(astray), await begin(brokers, resting)];
    return new Map([...cancelled, ...begun]);
  } catch (error) {
    return new Map(topics.map(({ topic }) => [topic, kafkaError(error)]));
  }
}

async function begin(
  { admin, moveBytesPerSecond }: TopicBrokers,
  topics: readonly TopicToPlace[],
): Promise<TopicResults> {
  if (topics.length === 0) return new Map();
  const brokers = await admin.describeLoad();
  const assignments = placeReplicas(topics, brokers);
  if (moveBytesPerSecond > 0 && assignments.length > 0) {
    const ids = brokers.map(({ id }) => id);
    await admin.throttleReplication(assignments, ids, moveBytesPerSecond);
  }
  const results = await admin.reassignPartitions(assignments);
  for (const topic of topics) {
    if (missingBrokers(topic, brokers) > 0) results.set(topic.topic, tooFewBrokers(topic, brokers.length));
  }
  return results;
}

function movesAstray({ replicationFactor }: TopicToPlace, moves: readonly PartitionReassignment[]): number[] {
  const astray = moves.filter(({ replicas, removing }) => replicas.length - removing.length !== replicationFactor);
  return astray.map(({ partition }) => partition);
}

function tooFewBrokers({ replicationFactor }: TopicToPlace, brokers: number): ExpectedError {
  const message = `a replication factor of ${replicationFactor} needs as many brokers, but the cluster has ${brokers}`;
  return new ExpectedError('InvalidReplicationFactor', message);
}

/**
 * What is moving, by topic; asked only when something may be. Of moves that have ended, the throttle is taken away.
 *
 * @throws {ExpectedError} when brokers do not answer: then the throttle is seen to the next time
 */
export async function lookAtMoves(
  { admin, moveBytesPerSecond }: TopicBrokers,
  works: readonly ActedTopic[],
): Promise<Map<string, Move>> {
  if (!works.some(mayMove)) return new Map();
  const moves = await admin.listReassignments();
  const { brokers } = await admin.describeCluster();
  const present = new Set(brokers.map(({ id }) => id));
  const ended = works.filter((work) => wasMoving(work) && !moves.has(topicName(work.topic)));
  if (ended.length > 0) {
    const names = ended.map(({ topic }) => topicName(topic));
    // Rates are the brokers': they stay while anything else moves.
    await admin.unthrottleReplication(names, moves.size === 0 ? [...present] : [], moveBytesPerSecond);
  }
  return new Map(
    [...moves].map(([topic, partitions]) => {
      const missing = partitions.flatMap(({ adding }) => adding).filter((id) => !present.has(id));
      return [topic, { partitions: partitions.length, missingBrokers: [...new Set(missing)].toSorted() }];
    }),
  );
}

/** While replicas come, their number is right already: that they move is known from the last status. */
const wasMoving = ({ topic }: ActedTopic) => topic.status?.reassignment !== undefined;
const mayMove = (work: ActedTopic) =>
  work.topic.spec.managementPolicy === 'Manage' && (work.plan.move !== undefined || wasMoving(work));
