import { BrokerConnections, type BrokerConnectionsOptions } from './client/broker-connections.ts';
import type { KafkaConnection } from './connection.ts';
import { setCordon, type CordonOutcome } from './cordon.ts';
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

/** Looks after the brokers of one cluster. All methods throw ExpectedErrors with a KafkaErrorCode. */
export interface ClusterAdmin {
  describeReplicas(): Promise<ClusterReplicas>;
  /** What has to be known before a broker may be away. */
  describeAvailability(): Promise<ClusterAvailability>;
  /** All registered brokers, running or not; undefined from a release that lists only those running (before Kafka 4.1). */
  describeBrokers(): Promise<readonly RegisteredBroker[] | undefined>;
  /** Removes a broker that never comes back from the cluster. One that is not registered counts as removed. */
  unregisterBroker(id: number): Promise<void>;
  /** Keeps new replicas off a broker, or lets them on it again. Only the broker itself takes it. */
  setCordon(id: number, cordoned: boolean): Promise<CordonOutcome>;
  /** Undefined from a release that does not report sizes (before Kafka 3.3). */
  describeDisk(id: number): Promise<BrokerDisk | undefined>;
  /** Gives each partition the leader that comes first among its replicas, where that is in sync. */
  electPreferredLeaders(partitions: readonly TopicPartitions[]): Promise<void>;
  close(): Promise<void>;
}

/** Connects at the first request. */
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
