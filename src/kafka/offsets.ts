import { ExpectedError } from '../lib/errors.ts';
import type { BrokerConnections } from './client/broker-connections.ts';
import { brokerError, type KafkaErrorCode } from './errors.ts';
import { ask } from './protocol/kafkajs-requests.ts';
import { fetchMetadata } from './protocol/metadata.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
  /** The node id of its leader. */
  readonly leader: number;
}

/** The offset of the first message that is there, or the one that the next message will have. */
export type Position = 'first' | 'next';

const timestamps: Readonly<Record<Position, number>> = { first: -2, next: -1 };
const readUncommitted = 0;
const unknownTopic = 3;

/** All partitions of the topics that exist. @throws {ExpectedError} when one has no leader, which could not answer */
export async function findPartitions(brokers: BrokerConnections, topics: readonly string[]): Promise<TopicPartition[]> {
  if (topics.length === 0) return [];
  const metadata = await brokers.withController((broker) => fetchMetadata(broker, topics));
  return metadata.topics.flatMap(({ name, errorCode, partitions }) => {
    if (errorCode === unknownTopic) return [];
    const error = brokerError(errorCode);
    if (error) throw error;
    return partitions.map(({ partition, leader }) => {
      if (leader < 0) throw leaderless(name, partition);
      return { topic: name, partition, leader };
    });
  });
}

function leaderless(topic: string, partition: number) {
  const message = `Partition ${partition} of ${topic} has no leader at the moment`;
  return new ExpectedError<KafkaErrorCode>('BrokerUnreachable', message, { retryable: true });
}

/** Asks each leader once, for all of its partitions. */
export async function listOffsets(
  brokers: BrokerConnections,
  partitions: readonly TopicPartition[],
  position: Position,
): Promise<Map<TopicPartition, bigint>> {
  const byLeader = Map.groupBy(partitions, ({ leader }) => leader);
  const answers = await Promise.all(
    [...byLeader].map(([leader, itsPartitions]) => listOffsetsOfLeader(brokers, leader, itsPartitions, position)),
  );
  return new Map(answers.flat());
}

async function listOffsetsOfLeader(
  brokers: BrokerConnections,
  leader: number,
  partitions: readonly TopicPartition[],
  position: Position,
): Promise<[TopicPartition, bigint][]> {
  const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, list]) => ({
    topic,
    partitions: list.map(({ partition }) => ({ partition, timestamp: timestamps[position] })),
  }));
  const values = { isolationLevel: readUncommitted, topics };
  const { responses } = await brokers.withBroker(leader, (broker) => ask(broker, 'ListOffsets', values));
  return responses.flatMap(({ topic, partitions: answered }) =>
    answered.map(({ partition, errorCode, offset }): [TopicPartition, bigint] => {
      const error = brokerError(errorCode);
      if (error) throw error;
      const asked = partitions.find((candidate) => candidate.topic === topic && candidate.partition === partition);
      return [asked!, BigInt(offset)];
    }),
  );
}
