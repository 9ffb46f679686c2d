import type { KafkaClients } from './admin-clients.ts';
import type { Brokers } from './brokers.ts';

/** The brokers that are there, through the clients that all controllers share. */
export function createBrokers(clients: KafkaClients): Brokers {
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
