import type { WireRequest } from 'kafkajs/src/broker/index.js';
import Cluster, { type TopicPartitions } from 'kafkajs/src/cluster/index.js';
import { requests } from 'kafkajs/src/protocol/requests/index.js';
import { changeRequest } from '../change-request.ts';

interface Metadata {
  readonly topicMetadata: readonly {
    readonly partitionMetadata: readonly { readonly partitionErrorCode: number }[];
  }[];
}

/**
 * Has a consumer read the partitions that have a leader, and the others once they have one. kafkajs takes an answer to
 * Metadata for a failure when it names one partition without a leader, and can then neither join nor stay in a group: a
 * broker that is away with the only copy of one partition would stop all partitions of all topics.
 */
export function passLeaderless(): void {
  changeRequest(requests.Metadata, () => true, withoutPartitionErrors);
  const { fetchTopicsOffset } = Cluster.prototype;
  Cluster.prototype.fetchTopicsOffset = async function (topics) {
    const withLeader = topics.map((asked) => ({ ...asked, partitions: led(this, asked) }));
    const found = await fetchTopicsOffset.call(this, withLeader);
    // Whoever asked looks up each topic, and asks again about the partitions that are missing.
    return topics.map(({ topic }) => found.find((answer) => answer.topic === topic) ?? { topic, partitions: [] });
  };
}

/** That a partition has no leader is said again where its leader stands. */
const withoutPartitionErrors = (wire: WireRequest<unknown>): WireRequest<unknown> => ({
  ...wire,
  response: {
    ...wire.response,
    decode: async (answer) => {
      const metadata = (await wire.response.decode(answer)) as Metadata;
      const topicMetadata = metadata.topicMetadata.map((topic) => ({
        ...topic,
        partitionMetadata: topic.partitionMetadata.map((partition) => ({ ...partition, partitionErrorCode: 0 })),
      }));
      return { ...metadata, topicMetadata };
    },
  },
});

function led(cluster: Cluster, { topic, partitions }: TopicPartitions): TopicPartitions['partitions'] {
  const metadata = cluster.findTopicPartitionMetadata(topic);
  const hasLeader = new Set(metadata.filter(({ leader }) => leader >= 0).map(({ partitionId }) => partitionId));
  return partitions.filter(({ partition }) => hasLeader.has(partition));
}
