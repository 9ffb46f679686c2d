import type { ClusterAdmin } from '../../kafka/cluster-admin.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { ClusterDescription } from '../../kafka/describe-cluster.ts';
import type { ClusterAvailability } from '../../kafka/describe-replicas.ts';
import type { KafkaErrorCode } from '../../kafka/errors.ts';
import type { GroupLook } from '../../kafka/look-at-group.ts';
import type { TopicAdmin } from '../../kafka/topic-admin.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { AdminClients } from './admin-clients.ts';

/** How far a consumer group is behind. */
export interface GroupLag {
  /** Unread messages by topic; topics that do not exist are left out. */
  readonly byTopic: ReadonlyMap<string, number>;
  /** Of all the topics together. */
  readonly partitions: number;
}

/** Unread messages of all topics. */
export const totalLag = ({ byTopic }: GroupLag): number => [...byTopic.values()].reduce((sum, lag) => sum + lag, 0);

/**
 * What the controllers of clusters and workloads ask brokers. Every call ends in seconds, whatever becomes of the
 * brokers, and throws a ExpectedError with a KafkaErrorCode.
 */
export interface Brokers {
  describeCluster(connection: KafkaConnection): Promise<ClusterDescription>;
  /** What has to be known before a broker may be away. */
  describeAvailability(connection: KafkaConnection): Promise<ClusterAvailability>;
  /** Shows where replicas are, and moves them. */
  replicas(connection: KafkaConnection): ReplicaAdmin;
  /** Those of the topics that do not exist. */
  missingTopics(connection: KafkaConnection, topics: readonly string[]): Promise<string[]>;
  lookAtGroup(connection: KafkaConnection, groupId: string): Promise<GroupLook>;
  /** It is told of all topics, or not at all: where one cannot be read, the error is thrown. */
  groupLag(connection: KafkaConnection, groupId: string, topics: readonly string[]): Promise<GroupLag>;
  /** Messages that lie in a topic; 0 where it does not exist. */
  messageCount(connection: KafkaConnection, topic: string): Promise<number>;
  /** Removes an empty group, and is content when there is none. */
  deleteGroup(connection: KafkaConnection, groupId: string): Promise<void>;
  /** Removes a user's password and what it may do, and is content when there is none. */
  removeUser(connection: KafkaConnection, user: string): Promise<void>;
}

/** Shows where replicas are, moves them, and looks after the brokers that hold them. */
export type ReplicaAdmin = Omit<ClusterAdmin, 'close' | 'describeAvailability'> &
  Pick<
    TopicAdmin,
    'reassignPartitions' | 'cancelReassignments' | 'listReassignments' | 'throttleReplication' | 'unthrottleReplication'
  >;

function replicaAdmin(topics: TopicAdmin, cluster: ClusterAdmin): ReplicaAdmin {
  return {
    ...cluster,
    // To a broker that lags behind, a partition that has just moved seems to have more replicas than it has.
    reassignPartitions: (assignments) => topics.reassignPartitions(assignments, { keepReplicationFactor: true }),
    cancelReassignments: (partitions) => topics.cancelReassignments(partitions),
    listReassignments: () => topics.listReassignments(),
    throttleReplication: (...throttle) => topics.throttleReplication(...throttle),
    unthrottleReplication: (...throttle) => topics.unthrottleReplication(...throttle),
  };
}

/** The brokers that are there, through the clients that all controllers share. */
export function createBrokers(clients: AdminClients): Brokers {
  return {
    describeCluster: (connection) => clients.topicAdmin(connection).describeCluster(),
    describeAvailability: (connection) => clients.clusterAdmin(connection).describeAvailability(),
    replicas: (connection) => replicaAdmin(clients.topicAdmin(connection), clients.clusterAdmin(connection)),
    missingTopics: async (connection, topics) => {
      const found = await clients.topicAdmin(connection).describeTopics(topics, { configNames: [] });
      return topics.filter((topic) => !found.has(topic));
    },
    lookAtGroup: (connection, groupId) => clients.groupAdmin(connection).lookAtGroup(groupId),
    groupLag: async (connection, groupId, topics) => {
      const [byTopic, found] = await Promise.all([
        clients.groupAdmin(connection).lag(groupId, topics),
        clients.topicAdmin(connection).describeTopics(topics, { configNames: [] }),
      ]);
      const unknown = [...found.keys()].find((topic) => !byTopic.has(topic));
      if (unknown !== undefined) throw lagUnknown(unknown);
      const partitions = [...found.values()].reduce((sum, topic) => sum + topic.partitions, 0);
      return { byTopic, partitions };
    },
    messageCount: async (connection, topic) => {
      const counts = await clients.groupAdmin(connection).messageCounts([topic]);
      return counts.get(topic) ?? 0;
    },
    deleteGroup: (connection, groupId) => clients.groupAdmin(connection).deleteGroup(groupId),
    removeUser: async (connection, user) => {
      const users = clients.userAdmin(connection);
      const removed = await users.removePasswords([{ user, mechanism: 'SCRAM-SHA-512' }]);
      const [acls = []] = (await users.describeAcls([`User:${user}`])).values();
      if (acls instanceof Error) throw acls;
      const failure = [...removed.values(), ...(await users.deleteAcls(acls))].find((error) => error !== undefined);
      if (failure) throw failure;
    },
  };
}

/** A topic that is new to the brokers, of which one knows and another does not yet. */
function lagUnknown(topic: string) {
  return new ExpectedError<KafkaErrorCode>('UnknownTopic', `The lag of topic ${topic} is not known yet`, {
    retryable: true,
  });
}
