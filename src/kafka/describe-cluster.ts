import type { Broker } from './client/broker-connections.ts';
import { fetchQuorumLeader, hasQuorum } from './protocol/describe-quorum.ts';
import { fetchMetadata, topicError, type Metadata, type TopicMetadata } from './protocol/metadata.ts';

export interface ClusterDescription {
  readonly clusterId: string | undefined;
  /** Undefined while there is none. */
  readonly controllerId: number | undefined;
  /** The brokers that are there at the moment. */
  readonly brokers: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  /** How many there are, internal ones too. */
  readonly topics: number;
  /** Of all topics. */
  readonly partitions: number;
  /** Of all topics, internal ones too: how many partitions have fewer replicas in sync than they should. */
  readonly underReplicatedPartitions: number;
  /** Of all topics: how many partitions can neither be written nor read, as they have no leader. */
  readonly leaderlessPartitions: number;
}

const noController = -1;

/** @throws {ExpectedError} with a KafkaErrorCode */
export async function describeCluster(broker: Broker): Promise<ClusterDescription> {
  // Metadata can be large, and is not kept while the broker is asked something else.
  const { controllerId, ...description } = summarize(await fetchMetadata(broker));
  const controller = hasQuorum(broker) ? await fetchQuorumLeader(broker) : controllerId;
  return { ...description, controllerId: controller === noController ? undefined : controller };
}

function summarize({ clusterId, controllerId, brokers, topics }: Metadata): ClusterDescription {
  const present = existing(topics);
  const partitions = present.flatMap((topic) => topic.partitions);
  return {
    clusterId,
    controllerId,
    brokers: brokers.map(({ nodeId, host, port }) => ({ id: nodeId, host, port })),
    topics: present.length,
    partitions: partitions.length,
    underReplicatedPartitions: partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length,
    leaderlessPartitions: partitions.filter(({ leader }) => leader < 0).length,
  };
}

/** @throws {ExpectedError} when one cannot be told of: without it, every sum is wrong */
function existing(topics: readonly TopicMetadata[]): TopicMetadata[] {
  return topics.filter((topic) => {
    const error = topicError(topic);
    if (error && error.code !== 'UnknownTopic') throw error;
    return !error;
  });
}

/** A broker that is there, as somebody sees it who looks for a place for replicas. */
export interface BrokerLoad {
  readonly id: number;
  /** Undefined where `broker.rack` is not set. */
  readonly rack: string | undefined;
  /** How many replicas of all topics it has, and is about to have. */
  readonly replicas: number;
}

/** @throws {ExpectedError} with a KafkaErrorCode */
export async function describeLoad(broker: Broker): Promise<BrokerLoad[]> {
  const { brokers, topics } = await fetchMetadata(broker);
  const counts = new Map<number, number>();
  for (const { partitions } of existing(topics))
    for (const { replicas } of partitions) for (const id of replicas) counts.set(id, (counts.get(id) ?? 0) + 1);
  return brokers.map(({ nodeId, rack }) => ({
    id: nodeId,
    rack: rack ?? undefined,
    replicas: counts.get(nodeId) ?? 0,
  }));
}
