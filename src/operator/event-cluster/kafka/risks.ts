import type { ClusterAvailability } from '../../../kafka/describe-replicas.ts';
import type { PartitionMetadata } from '../../../kafka/protocol/metadata.ts';

/** As Kafka's own limit for voters, `controller.quorum.fetch.timeout.ms`. */
const caughtUpMilliseconds = 2_000;

/**
 * What the absence of a broker would cost at this moment, in words; undefined where it would cost nothing. Only the
 * partitions that have a replica on it count, and its vote as a controller.
 */
export function riskOf(broker: number, availability: ClusterAvailability): string | undefined {
  return riskToQuorum(broker, availability) ?? riskToPartitions(broker, availability);
}

/** A single controller is away in any case; of several, a majority has to stay. */
function riskToQuorum(broker: number, { quorum }: ClusterAvailability): string | undefined {
  const voters = quorum?.voters ?? [];
  if (!voters.some(({ id }) => id === broker)) return undefined;
  const majority = Math.floor(voters.length / 2) + 1;
  const needed = Math.min(majority, voters.length - 1);
  const left = voters.filter(
    ({ id, behindMilliseconds }) => id !== broker && behindMilliseconds < caughtUpMilliseconds,
  );
  if (left.length >= needed) return undefined;
  return `the majority of the controllers: only ${left.length} of the other ${voters.length - 1} would be up to date`;
}

function riskToPartitions(broker: number, { topics, minInSync }: ClusterAvailability): string | undefined {
  const endangered = topics.flatMap(({ name, partitions }) =>
    partitions
      .filter((partition) => wouldFallBelow(broker, partition, minInSync.get(name) ?? 1))
      .map(({ partition, isr }) => ({ name, partition, left: isr.filter((id) => id !== broker).length })),
  );
  const first = endangered[0];
  if (!first) return undefined;
  const others = endangered.length === 1 ? '' : ` and ${endangered.length - 1} more`;
  return (
    `the availability of partition ${first.partition} of topic ${first.name}${others}: ` +
    `${first.left} of its replicas would stay in sync, min.insync.replicas is ${minInSync.get(first.name)}`
  );
}

/**
 * Where all replicas have to be in sync, the partition cannot be written during any restart: then it is enough that all
 * others are in sync. So a topic of one replica delays nothing.
 */
function wouldFallBelow(broker: number, { replicas, isr }: PartitionMetadata, minInSync: number): boolean {
  if (!replicas.includes(broker)) return false;
  const left = isr.filter((id) => id !== broker).length;
  return left < Math.min(minInSync, replicas.length - 1);
}
