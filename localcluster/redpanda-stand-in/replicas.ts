import { connect } from 'node:net';
import { Kafka, logLevel, type Admin, type ISocketFactory } from 'kafkajs';
import type { Risks } from './admin-api.ts';
import type { Address } from './redpanda-yaml.ts';

/** A partition of the Kafka beneath, with the ids of brokers. */
export interface Partition {
  readonly topic: string;
  readonly partition: number;
  /** -1 for none. */
  readonly leader: number;
  readonly replicas: readonly number[];
  /** Those of them that go when it has moved. */
  readonly removing?: readonly number[];
  readonly inSync: readonly number[];
}

/** As kafkajs gives them: its types have other names. */
interface Reassignments {
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly { readonly partition: number; readonly removingReplicas: readonly number[] }[];
  }[];
}

/** Asks the Kafka beneath, by a listener that tells the truth. */
export class Replicas {
  readonly #admin: Admin;

  constructor({ address, port }: Address) {
    // Whichever broker the client wants: this one answers for all, and the others may be dead.
    const socketFactory: ISocketFactory = ({ onConnect }) => connect(port, address, onConnect);
    const brokers = [`${address}:${port}`];
    this.#admin = new Kafka({ clientId: 'stand-in', brokers, socketFactory, logLevel: logLevel.NOTHING }).admin();
  }

  async list(): Promise<Partition[]> {
    await this.#admin.connect();
    const [{ topics }, moving] = await Promise.all([this.#admin.fetchTopicMetadata(), this.#removing()]);
    return topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionId, leader, replicas, isr }) => ({
        ...{ topic: name, partition: partitionId, leader, replicas, inSync: isr },
        removing: moving.get(keyOf(name, partitionId)) ?? [],
      })),
    );
  }

  async #removing(): Promise<ReadonlyMap<string, readonly number[]>> {
    const { topics } = (await this.#admin.listPartitionReassignments({})) as unknown as Reassignments;
    return new Map(
      topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partition, removingReplicas }) => [keyOf(name, partition), removingReplicas] as const),
      ),
    );
  }

  /** Moves the replicas of partitions, each to these brokers. */
  async move(partitions: readonly Pick<Partition, 'topic' | 'partition' | 'replicas'>[]): Promise<void> {
    const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
    const topics = [...byTopic].map(([topic, moves]) => ({
      topic,
      partitionAssignment: moves.map(({ partition, replicas }) => ({ partition, replicas: [...replicas] })),
    }));
    await this.#admin.alterPartitionReassignments({ topics });
  }

  async close(): Promise<void> {
    await this.#admin.disconnect();
  }
}

const keyOf = (topic: string, partition: number) => `${topic}/${partition}`;

/** The replicas that a partition has when it has moved. Until then it also has those that go. */
const planned = ({ replicas, removing = [] }: Partition) => replicas.filter((id) => !removing.includes(id));

/**
 * Where the replicas of a broker that leaves go: each to the broker with the fewest that has none of that partition. One
 * for which there is no such broker stays.
 */
export function movesFrom(leaving: number, partitions: readonly Partition[], staying: readonly number[]): Partition[] {
  const counts = new Map(staying.map((id) => [id, 0]));
  for (const id of partitions.flatMap(({ replicas }) => replicas)) {
    if (counts.has(id)) counts.set(id, counts.get(id)! + 1);
  }
  return partitions.flatMap((partition) => {
    const replicas = planned(partition);
    if (!replicas.includes(leaving)) return [];
    const free = staying.filter((id) => !replicas.includes(id));
    const [target] = free.toSorted((one, other) => counts.get(one)! - counts.get(other)!);
    if (target === undefined) return [];
    counts.set(target, counts.get(target)! + 1);
    return [{ ...partition, replicas: replicas.map((id) => (id === leaving ? target : id)) }];
  });
}

/**
 * What a broker that has just joined takes over, so that it holds its share: each time a replica of the broker that has the
 * most. Redpanda's `partition_autobalancing_mode` does so, unless it is off.
 */
export function movesOnto(joined: number, partitions: readonly Partition[], others: readonly number[]): Partition[] {
  const held = new Map(others.map((id) => [id, partitions.filter(({ replicas }) => replicas.includes(id)).length]));
  const share = Math.floor([...held.values()].reduce((sum, count) => sum + count, 0) / (others.length + 1));
  const moves: Partition[] = [];
  for (const partition of partitions.filter(({ replicas }) => !replicas.includes(joined))) {
    if (moves.length >= share) break;
    const replicas = planned(partition);
    const [source] = replicas.filter((id) => held.has(id)).toSorted((one, other) => held.get(other)! - held.get(one)!);
    if (source === undefined) continue;
    held.set(source, held.get(source)! - 1);
    moves.push({ ...partition, replicas: replicas.map((id) => (id === source ? joined : id)) });
  }
  return moves;
}

const nameOf = ({ topic, partition }: Partition) => `kafka/${topic}/${partition}`;

/** What the absence of a broker would do, by Redpanda's rule: a partition needs a majority of its replicas. */
export function risksOf(nodeId: number, partitions: readonly Partition[]): Risks {
  const held = partitions.filter(({ replicas }) => replicas.includes(nodeId));
  const several = held.filter(({ replicas }) => replicas.length > 1);
  const without = ({ inSync }: Partition) => inSync.filter((id) => id !== nodeId).length;
  const unavailable = several.filter((one) => without(one) <= one.replicas.length / 2).map(nameOf);
  return {
    rf1_offline: held.filter(({ replicas }) => replicas.length === 1).map(nameOf),
    full_acks_produce_unavailable: unavailable,
    unavailable,
    acks1_data_loss: several.filter((one) => one.leader === nodeId && without(one) === 0).map(nameOf),
  };
}

/** How many of a broker's replicas are in sync, in percent. */
export function loadReclaimed(nodeId: number, partitions: readonly Partition[]): number {
  const held = partitions.filter(({ replicas }) => replicas.includes(nodeId));
  const inSync = held.filter((partition) => partition.inSync.includes(nodeId));
  return held.length === 0 ? 100 : Math.floor((100 * inSync.length) / held.length);
}
