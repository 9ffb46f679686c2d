import type { KafkaClients } from '../../kafka/kafka-clients.ts';
import type { Brokers } from './brokers.ts';

/** The brokers that are there, through the clients that all controllers share. */
export function createBrokers(clients: KafkaClients): Brokers {
  return {
    describeCluster: (connection) => clients.topicAdmin(connection).describeCluster(),
    missingTopics: async (connection, topics) => {
      const found = await clients.topicAdmin(connection).describeTopics(topics, { configNames: [] });
      return topics.filter((topic) => !found.has(topic));
    },
    groupProgress: () => Promise.reject(new Error('not yet')),
    messageCount: () => Promise.reject(new Error('not yet')),
    deleteGroup: () => Promise.reject(new Error('not yet')),
  };
}
