import type { KafkaConnection } from '../../../kafka/connection.ts';

/** Who is in a cluster, and how well. */
export interface ClusterDescription {
  readonly clusterId: string;
  readonly controllerId: number | undefined;
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly underReplicatedPartitions: number;
}

/** How far a consumer group is. */
export interface GroupProgress {
  readonly state: string;
  /** Unread messages by topic; topics that do not exist are left out. */
  readonly lagByTopic: ReadonlyMap<string, number>;
  /** Of all the topics together. */
  readonly partitions: number;
}

/**
 * What the controllers of clusters and workloads ask brokers. Every call ends in seconds, whatever becomes of the
 * brokers, and throws a KafkaEventsError of src/kafka.
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
