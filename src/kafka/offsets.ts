import { ExpectedError } from '../lib/errors.ts';
import type { BrokerAccess } from './client/broker-connections.ts';
import { brokerError, incompleteAnswer, type KafkaErrorCode } from './errors.ts';
import { ask } from './protocol/kafkajs-requests.ts';
import { fetchMetadata, topicError } from './protocol/metadata.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
  /** The node id of its leader; -1 while it has none. */
  readonly leader: number;
  /** Of its topic; undefined from a broker that has no topic ids. */
  readonly topicId: string | undefined;
}

/** The offset of the first message that is there, or the one that the next message will have. */
export type Position = 'first' | 'next';

const timestamps: Readonly<Record<Position, number>> = { first: -2, next: -1 };
const readUncommitted = 0;

/** All partitions of the topics that exist. @throws {ExpectedError} when one has no leader, which could not answer */
export async function findPartitions(brokers: BrokerAccess, topics: readonly string[]): Promise<TopicPartition[]> {
  const partitions = await listPartitions(brokers, topics);
  const leaderless = partitions.find(({ leader }) => leader < 0);
  if (leaderless) throw withoutLeader(leaderless);
  return partitions;
}

/** All partitions of the topics that exist, also those without a leader. @throws {ExpectedError} with a KafkaErrorCode */
export async function listPartitions(brokers: BrokerAccess, topics: readonly string[]): Promise<TopicPartition[]> {
  if (topics.length === 0) return [];
  const metadata = await brokers.withController((broker) => fetchMetadata(broker, topics));
  return metadata.topics.flatMap((topic) => {
    const { name, topicId, partitions } = topic;
    const error = topicError(topic);
    if (error?.code === 'UnknownTopic') return [];
    if (error) throw error;
    return partitions.map(({ partition, leader }) => ({ topic: name, partition, leader, topicId }));
  });
}

export function withoutLeader({ topic, partition }: Pick<TopicPartition, 'topic' | 'partition'>): ExpectedError {
  const message = `Partition ${partition} of ${topic} has no leader at the moment`;
  return new ExpectedError<KafkaErrorCode>('BrokerUnreachable', message, { retryable: true });
}

/** Of each partition. Asks each leader once, for all that it leads. */
export async function listOffsets(
  brokers: BrokerAccess,
  partitions: readonly TopicPartition[],
  position: Position,
): Promise<Map<TopicPartition, bigint>> {
  const byLeader = Map.groupBy(partitions, ({ leader }) => leader);
  const answers = await Promise.all(
    [...byLeader].map(([leader, itsPartitions]) => listOffsetsOfLeader(brokers, leader, itsPartitions, position)),
  );
  return new Map(answers.flatMap((offsets) => [...offsets]));
}

async function listOffsetsOfLeader(
  brokers: BrokerAccess,
  leader: number,
  partitions: readonly TopicPartition[],
  position: Position,
): Promise<Map<TopicPartition, bigint>> {
  const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, list]) => ({
    topic,
    partitions: list.map(({ partition }) => ({ partition, timestamp: timestamps[position] })),
  }));
  const values = { isolationLevel: readUncommitted, topics };
  const { responses } = await brokers.withBroker(leader, (broker) => ask(broker, 'ListOffsets', values));
  const answered = answersOf(partitions, 'ListOffsets', responses);
  return new Map([...answered].map(([partition, { offset }]) => [partition, BigInt(offset)]));
}

/** What a group has committed for a partition. */
export interface CommittedPosition {
  /** -1 when it has committed nothing. */
  readonly offset: bigint;
  /** What was committed with it. */
  readonly metadata: string | null;
}

/** Of each of the partitions. @throws {ExpectedError} when the broker does not tell of one */
export async function committedPositions(
  brokers: BrokerAccess,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<Map<TopicPartition, CommittedPosition>> {
  // No topics would ask for all.
  if (partitions.length === 0) return new Map();
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
  const topics = [...byTopic].map(([topic, list]) => ({
    topic,
    partitions: list.map(({ partition }) => ({ partition })),
  }));
  const answer = await brokers.withCoordinator(groupId, (broker) => ask(broker, 'OffsetFetch', { groupId, topics }));
  const error = brokerError(answer.errorCode ?? 0);
  if (error) throw error;
  const answered = answersOf(partitions, 'OffsetFetch', answer.responses);
  return new Map(
    [...answered].map(([partition, { offset, metadata }]) => [partition, { offset: BigInt(offset), metadata }]),
  );
}

interface PartitionAnswer {
  readonly partition: number;
  readonly errorCode: number;
}

/** Of each of the partitions that were asked for. @throws {ExpectedError} of one that has an error, or is not told of */
function answersOf<Answer extends PartitionAnswer>(
  partitions: readonly TopicPartition[],
  apiName: string,
  answers: readonly { readonly topic: string; readonly partitions: readonly Answer[] }[],
): Map<TopicPartition, Answer> {
  const key = (topic: string, partition: number) => JSON.stringify([topic, partition]);
  const answered = new Map(
    answers.flatMap(({ topic, partitions: its }) => its.map((answer) => [key(topic, answer.partition), answer])),
  );
  return new Map(
    partitions.map((wanted) => {
      const answer = answered.get(key(wanted.topic, wanted.partition));
      if (!answer) throw incompleteAnswer(apiName, `partition ${wanted.partition} of ${wanted.topic}`);
      const error = brokerError(answer.errorCode);
      if (error) throw error;
      return [wanted, answer];
    }),
  );
}
