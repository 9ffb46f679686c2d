import type { BrokerLoad } from '../../../kafka/describe-cluster.ts';
import type { PartitionMetadata } from '../../../kafka/protocol/metadata.ts';
import type { PartitionAssignment, TopicAssignment } from '../../../kafka/topic-admin.ts';
import { chooseBrokers, count, type Choice, type Cluster } from '../../brokers/choose-brokers.ts';

/** A topic, and how many replicas each of its partitions is to have. */
export interface TopicToPlace {
  readonly topic: string;
  readonly replicationFactor: number;
  readonly partitions: readonly PartitionMetadata[];
}

/**
 * Finds places for replicas, and tells the partitions that have to change. As little is moved as can be: a replica that
 * is there stays or is taken away, and never goes elsewhere. New ones come to brokers that are there. What is taken
 * away is first what is not in sync, and never the leader; the preferred leader stays as long as it is in sync. Then a
 * partition is spread over racks, a topic over brokers, and what is left of freedom goes by all that brokers have.
 *
 * @param topics each reckons with those before it; one that lacks brokers is left out
 */
export function placeReplicas(topics: readonly TopicToPlace[], brokers: readonly BrokerLoad[]): TopicAssignment[] {
  const cluster = toCluster(brokers);
  return topics
    .filter((topic) => missingBrokers(topic, brokers) === 0)
    .map((topic) => ({ topic: topic.topic, partitions: placeTopic(topic, brokers, cluster) }))
    .filter(({ partitions }) => partitions.length > 0);
}

/** How many brokers a topic lacks, 0 when there are enough. One that is away counts where it has a replica already. */
export function missingBrokers(
  { partitions, replicationFactor }: TopicToPlace,
  brokers: readonly BrokerLoad[],
): number {
  const ids = brokers.map(({ id }) => id);
  const places = partitions.map(({ replicas }) => new Set([...replicas, ...ids]).size);
  return Math.max(0, replicationFactor - Math.min(...places));
}

function toCluster(brokers: readonly BrokerLoad[]): Cluster {
  const racks = new Map(brokers.map(({ id, rack }) => [id, rack]));
  return {
    loads: new Map(brokers.map(({ id, replicas }) => [id, replicas])),
    // A broker of which no rack is known shares it with none.
    rackOf: (id) => racks.get(id) ?? id,
  };
}

function placeTopic(
  { partitions, replicationFactor }: TopicToPlace,
  brokers: readonly BrokerLoad[],
  cluster: Cluster,
): PartitionAssignment[] {
  const inOrder = partitions.toSorted((one, other) => one.partition - other.partition);
  const choices = inOrder.map((partition) => toChoice(partition, replicationFactor, brokers));
  const chosen = chooseBrokers(choices, cluster);
  return inOrder.flatMap(({ partition, replicas: before }, index) => {
    if (before.length === replicationFactor) return [];
    const { staying } = choices[index]!;
    const kept = before.filter((id) => staying.includes(id) || chosen[index]!.has(id));
    const replicas = [...new Set([...kept, ...chosen[index]!])];
    for (const id of before) count(cluster.loads, id, -1);
    for (const id of replicas) count(cluster.loads, id, 1);
    return [{ partition, replicas }];
  });
}

function toChoice(
  { leader, replicas, isr }: PartitionMetadata,
  replicationFactor: number,
  brokers: readonly BrokerLoad[],
): Choice {
  if (replicas.length <= replicationFactor) {
    const candidates = brokers.map(({ id }) => id).filter((id) => !replicas.includes(id));
    return { staying: replicas, candidates, number: replicationFactor - replicas.length, merit: () => 0 };
  }
  const staying = replicas.filter((id) => id === leader);
  return {
    staying,
    candidates: replicas.filter((id) => id !== leader),
    number: replicationFactor - staying.length,
    merit: (id) => (isr.includes(id) ? 2 : 0) + (id === replicas[0] ? 1 : 0),
  };
}
