import type { Broker } from './client/brokers.ts';
import { fetchMetadata } from './protocol/metadata.ts';

export interface ClusterDescription {
  readonly clusterId: string | undefined;
  /** Undefined while there is none. */
  readonly controllerId: number | undefined;
  /** The brokers that are there at the moment. */
  readonly brokers: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  /** Of all topics, internal ones too: how many partitions have fewer replicas in sync than they should. */
  readonly underReplicatedPartitions: number;
  /** Of all topics: how many partitions can neither be written nor read, as they have no leader. */
  readonly leaderlessPartitions: number;
}

/** @throws {KafkaEventsError} with a KafkaErrorCode */
export async function describeCluster(broker: Broker): Promise<ClusterDescription> {
  const { clusterId, controllerId, brokers, topics } = await fetchMetadata(broker);
  const partitions = topics.flatMap((topic) => topic.partitions);
  return {
    clusterId,
    controllerId: controllerId < 0 ? undefined : controllerId,
    brokers: brokers.map(({ nodeId, host, port }) => ({ id: nodeId, host, port })),
    underReplicatedPartitions: partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length,
    leaderlessPartitions: partitions.filter(({ leader }) => leader < 0).length,
  };
}
