import type { Broker } from './client/brokers.ts';
import { fetchQuorumLeader, hasQuorum } from './protocol/describe-quorum.ts';
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

const noController = -1;

/** @throws {KafkaEventsError} with a KafkaErrorCode */
export async function describeCluster(broker: Broker): Promise<ClusterDescription> {
  const { clusterId, controllerId, brokers, topics } = await fetchMetadata(broker);
  const controller = hasQuorum(broker) ? await fetchQuorumLeader(broker) : controllerId;
  const partitions = topics.flatMap((topic) => topic.partitions);
  return {
    clusterId,
    controllerId: controller === noController ? undefined : controller,
    brokers: brokers.map(({ nodeId, host, port }) => ({ id: nodeId, host, port })),
    underReplicatedPartitions: partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length,
    leaderlessPartitions: partitions.filter(({ leader }) => leader < 0).length,
  };
}
