import type { KafkaConnection } from '../../kafka/connection.ts';
import type { ClusterDescription } from '../../kafka/describe-cluster.ts';

/** How far a consumer group is. */
export interface GroupProgress {
  /** Kafka's word: Stable, Empty, Dead where there is no such group. */
  readonly state: string;
  /** Unread messages by topic; topics that do not exist are left out. */
  readonly lagByTopic: ReadonlyMap<string, number>;
  /** Of all the topics together. */
  readonly partitions: number;
}

/**
 * What the controllers of clusters and workloads ask brokers. Every call ends in seconds, whatever becomes of the
 * brokers, and throws a ExpectedError with a KafkaErrorCode.
 */
export interface Brokers {
  describeCluster(connection: KafkaConnection): Promise<ClusterDescription>;
  /** Those of the topics that do not exist. */
  missingTopics(connection: KafkaConnection, topics: readonly string[]): Promise<string[]>;
  groupProgress(connection: KafkaConnection, groupId: string, topics: readonly string[]): Promise<GroupProgress>;
  /** Messages that lie in a topic; 0 where it does not exist. */
  messageCount(connection: KafkaConnection, topic: string): Promise<number>;
  /** Removes an empty group, and is content when there is none. */
  deleteGroup(connection: KafkaConnection, groupId: string): Promise<void>;
}
