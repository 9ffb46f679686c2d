import type { KafkaConnection } from '../../kafka/connection.ts';
import type { ClusterDescription } from '../../kafka/describe-cluster.ts';
import type { AdminClients } from './admin-clients.ts';

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

/** The brokers that are there, through the clients that all controllers share. */
export function createBrokers(clients: AdminClients): Brokers {
  return {
    describeCluster: (connection) => clients.topicAdmin(connection).describeCluster(),
    missingTopics: async (connection, topics) => {
      const found = await clients.topicAdmin(connection).describeTopics(topics, { configNames: [] });
      return topics.filter((topic) => !found.has(topic));
    },
    groupProgress: async (connection, groupId, topics) => {
      const groups = clients.groupAdmin(connection);
      const [group, lagByTopic, found] = await Promise.all([
        groups.describeGroup(groupId),
        groups.lag(groupId, topics),
        clients.topicAdmin(connection).describeTopics(topics, { configNames: [] }),
      ]);
      const partitions = [...found.values()].reduce((sum, topic) => sum + topic.partitions, 0);
      return { state: group.state, lagByTopic, partitions };
    },
    messageCount: async (connection, topic) => {
      const counts = await clients.groupAdmin(connection).messageCounts([topic]);
      return counts.get(topic) ?? 0;
    },
    deleteGroup: (connection, groupId) => clients.groupAdmin(connection).deleteGroup(groupId),
  };
}
