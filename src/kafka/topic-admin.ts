import { ExpectedError } from '../lib/errors.ts';
import { BrokerConnections, type BrokerConnectionsOptions } from './client/broker-connections.ts';
import type { KafkaConnection } from './connection.ts';
import { describeCluster, describeLoad, type BrokerLoad, type ClusterDescription } from './describe-cluster.ts';
import { describeEachTopic, type DescribeTopicsOptions, type TopicDescription } from './describe-topics.ts';
import { kafkaError, type KafkaErrorCode } from './errors.ts';
import type { TopicDeletion } from './protocol/delete-topics.ts';
import type { ConfigChange } from './protocol/incremental-alter-configs.ts';
import { listPartitionReassignments, type PartitionReassignment } from './protocol/list-partition-reassignments.ts';
import { throttleReplication, unthrottleReplication, type ThrottleOutcome } from './replication-throttle.ts';
import type { ReassignmentOptions } from './protocol/alter-partition-reassignments.ts';
import {
  configAlteration,
  makeChange,
  partitionGrowth,
  reassignment,
  topicCreation,
  topicDeletion,
  type TopicResults,
  type TopicSpec,
} from './topic-changes.ts';

export type { TopicResults, TopicSpec };

/** Where the replicas of some partitions of a topic are to be. */
export interface TopicAssignment {
  readonly topic: string;
  readonly partitions: readonly PartitionAssignment[];
}

export interface PartitionAssignment {
  readonly partition: number;
  /** Broker ids; the first is the preferred leader. */
  readonly replicas: readonly number[];
}

export interface ChangeOptions {
  /** Only says what would happen. */
  readonly validateOnly?: boolean;
}

export interface CreationOptions extends ChangeOptions {
  /** Told of the id of each topic that was created, by brokers that know ids (Kafka 2.8). */
  readonly onCreated?: (topic: string, topicId: string) => void;
}

/**
 * Topics of one cluster, in batches. Changes never throw: when no answer comes, every topic of the batch has that
 * error as its result, and what the broker has done by then is to be looked up. A change is acknowledged when the
 * controller has it; brokers and leaders follow. Every call ends within `ClientTimes.callMilliseconds`.
 */
export interface TopicAdmin {
  /**
   * The topics that exist, by name; one that cannot be told of, as its error. Where all are more than an answer may hold,
   * they are asked for in halves.
   *
   * @throws {ExpectedError} with a KafkaErrorCode, when no answer comes
   */
  describeEach(
    names: readonly string[],
    options?: DescribeTopicsOptions,
  ): Promise<Map<string, TopicDescription | ExpectedError>>;
  /**
   * The topics that exist, by name.
   *
   * @throws {ExpectedError} with a KafkaErrorCode, also when it is about one only, or about configs that were asked for
   */
  describeTopics(names: readonly string[], options?: DescribeTopicsOptions): Promise<Map<string, TopicDescription>>;
  createTopics(specs: readonly TopicSpec[], options?: CreationOptions): Promise<TopicResults>;
  /** Raises the number of partitions to `partitions`, the total, by `mostNewPartitions` at the most. */
  createPartitions(
    specs: readonly { readonly name: string; readonly partitions: number }[],
    options?: ChangeOptions,
  ): Promise<TopicResults>;
  /** Sets and takes back the named configs, and leaves all others alone. */
  alterConfigs(changes: readonly ConfigChange[], options?: ChangeOptions): Promise<TopicResults>;
  /**
   * By id where one is given and brokers know ids (Kafka 2.8): then UnknownTopic is the result of a topic that has
   * another id by now. Else by name.
   */
  deleteTopics(topics: readonly TopicDeletion[]): Promise<TopicResults>;
  /**
   * Begins to move replicas to where they are to be; partitions that are not named stay. Of a topic whose result is an
   * error, some may be on the move. What is on the move already is to be cancelled first: Kafka 4.3 goes on waiting for
   * replicas that are no longer wanted.
   */
  reassignPartitions(assignments: readonly TopicAssignment[], options?: ReassignmentOptions): Promise<TopicResults>;
  /** Ends moves, and takes back what they have brought. Partitions that are not on the move stay as they are. */
  cancelReassignments(
    topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
  ): Promise<TopicResults>;
  /**
   * Limits what moves may take of brokers, in bytes per second. Call it before `reassignPartitions`; once more changes
   * nothing. A rate that somebody else has set stays. Brokers that know no throttle are no error.
   *
   * @param brokers those that the moves go from and to
   * @throws {ExpectedError} with a KafkaErrorCode
   */
  throttleReplication(
    assignments: readonly TopicAssignment[],
    brokers: readonly number[],
    bytesPerSecond: number,
  ): Promise<ThrottleOutcome>;
  /**
   * Takes the throttle back when moves are over: of the topics, and of the brokers that have this rate.
   *
   * @throws {ExpectedError} with a KafkaErrorCode
   */
  unthrottleReplication(
    topics: readonly string[],
    brokers: readonly number[],
    bytesPerSecond: number,
  ): Promise<ThrottleOutcome>;
  /** What is on the move in the whole cluster, by topic. @throws {ExpectedError} with a KafkaErrorCode */
  listReassignments(): Promise<Map<string, readonly PartitionReassignment[]>>;
  /** @throws {ExpectedError} with a KafkaErrorCode */
  describeCluster(): Promise<ClusterDescription>;
  /** The brokers that are there, and how much they have. @throws {ExpectedError} with a KafkaErrorCode */
  describeLoad(): Promise<BrokerLoad[]>;
  close(): Promise<void>;
}

/** Connects when it is first asked something. */
export function createTopicAdmin(connection: KafkaConnection, options: BrokerConnectionsOptions): TopicAdmin {
  const brokers = new BrokerConnections(connection, options);
  const describeEach: TopicAdmin['describeEach'] = async (names, described) => {
    try {
      return await brokers.call().withController((broker) => describeEachTopic(broker, names, described));
    } catch (thrown) {
      const error = kafkaError(thrown);
      if (error.code !== ('AnswerTooLarge' satisfies KafkaErrorCode)) throw error;
      const [name] = names;
      if (names.length < 2) return new Map(name === undefined ? [] : [[name, error]]);
      const middle = Math.ceil(names.length / 2);
      // One after the other: an answer that is too large ends the connection, with whatever else is asked on it.
      const first = await describeEach(names.slice(0, middle), described);
      return new Map([...first, ...(await describeEach(names.slice(middle), described))]);
    }
  };
  return {
    describeEach,
    describeTopics: async (names, described) => orThrow(await describeEach(names, described)),
    createTopics: (specs, { onCreated, ...change } = {}) =>
      makeChange(brokers.call(), topicCreation(onCreated), specs, change),
    createPartitions: (specs, change) => makeChange(brokers.call(), partitionGrowth, specs, change),
    alterConfigs: (changes, change) => makeChange(brokers.call(), configAlteration, changes, change),
    deleteTopics: (topics) => makeChange(brokers.call(), topicDeletion, topics),
    reassignPartitions: (assignments, options) => makeChange(brokers.call(), reassignment(options), assignments),
    cancelReassignments: (topics) => makeChange(brokers.call(), reassignment(), topics.map(toCancellation)),
    throttleReplication: (assignments, nodeIds, bytesPerSecond) =>
      throttleReplication(brokers.call(), assignments, nodeIds, bytesPerSecond),
    unthrottleReplication: (topics, nodeIds, bytesPerSecond) =>
      unthrottleReplication(brokers.call(), topics, nodeIds, bytesPerSecond),
    listReassignments: () => brokers.call().withController(listPartitionReassignments),
    describeCluster: () => brokers.call().withController(describeCluster),
    describeLoad: () => brokers.call().withController(describeLoad),
    close: () => brokers.close(),
  };
}

function orThrow(topics: Map<string, TopicDescription | ExpectedError>): Map<string, TopicDescription> {
  for (const topic of topics.values()) {
    const failure = topic instanceof ExpectedError ? topic : topic.configsError;
    if (failure) throw failure;
  }
  return topics as Map<string, TopicDescription>;
}

function toCancellation({ topic, partitions }: { readonly topic: string; readonly partitions: readonly number[] }) {
  return { topic, partitions: partitions.map((partition) => ({ partition, replicas: null })) };
}
