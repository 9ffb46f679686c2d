import { BrokerConnections, type BrokerConnectionsOptions } from './client/broker-connections.ts';
import type { KafkaConnection } from './connection.ts';
import { setCordon } from './cordon.ts';
import {
  describeAvailability,
  describeReplicas,
  type ClusterAvailability,
  type ClusterReplicas,
} from './describe-replicas.ts';
import { electPreferredLeaders, type TopicPartitions } from './protocol/elect-leaders.ts';
import { describeBrokers, type RegisteredBroker } from './protocol/describe-brokers.ts';
import { describeDisk, type BrokerDisk } from './protocol/describe-log-dirs.ts';
import { unregisterBroker } from './protocol/unregister-broker.ts';

/** The brokers of one cluster themselves. All methods throw ExpectedErrors with a KafkaErrorCode. */
export interface ClusterAdmin {
  describeReplicas(): Promise<ClusterReplicas>;
  /** What is to be known before a broker may be away. */
  describeAvailability(): Promise<ClusterAvailability>;
  /** All that are registered, those that are away too; undefined from a release that does not tell (before Kafka 4.1). */
  describeBrokers(): Promise<readonly RegisteredBroker[] | undefined>;
  /** Lets the cluster forget a broker that never comes back. One that is not registered counts as forgotten. */
  unregisterBroker(id: number): Promise<void>;
  /**
   * Keeps new replicas off a broker, or lets them on it again. Only the broker itself takes it.
   *
   * @returns false from a release that does not know it (before Kafka 4.3)
   */
  setCordon(id: number, cordoned: boolean): Promise<boolean>;
  /** Undefined from a release that does not tell of the size (before Kafka 3.3). */
  describeDisk(id: number): Promise<BrokerDisk | undefined>;
  /** Gives each partition the leader that comes first among its replicas, where that is in sync. */
  electPreferredLeaders(partitions: readonly TopicPartitions[]): Promise<void>;
  close(): Promise<void>;
}

/** Connects when it is first asked something. */
export function createClusterAdmin(connection: KafkaConnection, options: BrokerConnectionsOptions): ClusterAdmin {
  const brokers = new BrokerConnections(connection, options);
  return {
    describeReplicas: () => brokers.call().withController(describeReplicas),
    describeAvailability: () => brokers.call().withController(describeAvailability),
    describeBrokers: () => brokers.call().withController(describeBrokers),
    unregisterBroker: (id) => brokers.call().withController((broker) => unregisterBroker(broker, id)),
    setCordon: (id, cordoned) => brokers.call().withBroker(id, (broker) => setCordon(broker, id, cordoned)),
    describeDisk: (id) => brokers.call().withBroker(id, describeDisk),
    electPreferredLeaders: (partitions) =>
      brokers.call().withController((broker) => electPreferredLeaders(broker, partitions)),
    close: () => brokers.close(),
  };
}
