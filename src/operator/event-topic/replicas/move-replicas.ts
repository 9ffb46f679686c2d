import { kafkaError } from '../../../kafka/errors.ts';
import type { PartitionReassignment } from '../../../kafka/protocol/list-partition-reassignments.ts';
import type { TopicAdmin, TopicResults } from '../../../kafka/topic-admin.ts';
import { ExpectedError } from '../../../lib/errors.ts';
import type { ActedTopic, Move } from '../topic-work.ts';
import { missingBrokers, placeReplicas, type TopicToPlace } from './place-replicas.ts';

/**
 * Begins to move replicas of topics that have too few or too many; what is on the move already goes on, unless it leads
 * to another number than the one that is wanted now: then it is ended, and the next look begins anew.
 *
 * @returns of each topic the error that it met, in the broker's words; none when its replicas move
 */
export async function moveReplicas(admin: TopicAdmin, topics: readonly TopicToPlace[]): Promise<TopicResults> {
  if (topics.length === 0) return new Map();
  try {
    const moves = await admin.listReassignments();
    const astray = topics.flatMap((topic) => {
      const partitions = movesAstray(topic, moves.get(topic.topic) ?? []);
      return partitions.length === 0 ? [] : [{ topic: topic.topic, partitions }];
    });
    const resting = topics.filter(({ topic }) => !moves.has(topic));
    const [cancelled, begun] = [await admin.cancelReassignments(astray), await begin(admin, resting)];
    return new Map([...cancelled, ...begun]);
  } catch (error) {
    return new Map(topics.map(({ topic }) => [topic, kafkaError(error)]));
  }
}

async function begin(admin: TopicAdmin, topics: readonly TopicToPlace[]): Promise<TopicResults> {
  if (topics.length === 0) return new Map();
  const brokers = await admin.describeLoad();
  const results = await admin.reassignPartitions(placeReplicas(topics, brokers));
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
  const message = `a replication factor of ${replicationFactor} needs as many brokers, and ${brokers} are there`;
  return new ExpectedError('InvalidReplicationFactor', message);
}

/** What is moving, by topic; asked only when something may be. @throws {ExpectedError} when brokers do not answer */
export async function lookAtMoves(admin: TopicAdmin, works: readonly ActedTopic[]): Promise<Map<string, Move>> {
  if (!works.some(mayMove)) return new Map();
  const moves = await admin.listReassignments();
  if (moves.size === 0) return new Map();
  const { brokers } = await admin.describeCluster();
  const present = new Set(brokers.map(({ id }) => id));
  return new Map(
    [...moves].map(([topic, partitions]) => {
      const missing = partitions.flatMap(({ adding }) => adding).filter((id) => !present.has(id));
      return [topic, { partitions: partitions.length, missingBrokers: [...new Set(missing)].toSorted() }];
    }),
  );
}

/** While replicas come, their number is right already: that they move is known from the last status. */
const mayMove = ({ topic, plan }: ActedTopic) =>
  topic.spec.managementPolicy === 'Manage' && (plan.move !== undefined || topic.status?.reassignment !== undefined);
