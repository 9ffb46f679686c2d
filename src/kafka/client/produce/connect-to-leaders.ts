import Cluster from 'kafkajs/src/cluster/index.js';

/**
 * Has a send without messages connect to the leaders of its topic. kafkajs does so with the first message for each,
 * which waits for TLS and the login then.
 */
export function connectToLeaders(): void {
  const { prototype } = Cluster;
  const find = prototype.findLeaderForPartitions;
  prototype.findLeaderForPartitions = function (topic, partitions) {
    if (partitions.length === 0) {
      for (const nodeId of leadersOf(this, topic)) {
        this.findBroker({ nodeId }).catch(() => {}); // the first message fails in the same way, and tells
      }
    }
    return find.call(this, topic, partitions);
  };
}

function leadersOf(cluster: Cluster, topic: string): ReadonlySet<number> {
  const leaders = cluster.findTopicPartitionMetadata(topic).map(({ leader }) => leader);
  return new Set(leaders.filter((leader) => leader >= 0));
}
