import type { BrokerConnections } from './client/broker-connections.ts';
import { committedPositions, listPartitions, type CommittedPosition, type TopicPartition } from './offsets.ts';
import { fetchMetadata, topicError } from './protocol/metadata.ts';

export interface TopicIdentityOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  /** See ConsumerOptions. */
  readonly state?: () => string | undefined;
  /** Told once of each topic that was deleted and created again: offsets from before mean nothing in it. */
  readonly onRecreated: (topic: string) => void;
}

export interface ResumedPosition extends Pick<TopicPartition, 'topic' | 'partition'> {
  /** The one that is committed; -1 when none is. */
  readonly offset: bigint;
  /** Whether it was committed for a topic, or a state, that is gone. */
  readonly isStale: boolean;
}

/**
 * Recognises topics that were deleted and created again, by their ids: while they are read, and by the id that each
 * committed offset carries. Brokers without topic ids (before Kafka 2.8) give no chance to.
 */
export class TopicIdentity {
  readonly #brokers: BrokerConnections;
  readonly #options: TopicIdentityOptions;
  readonly #ids = new Map<string, string>();
  /** By topic, the id of the one that it was told of. */
  readonly #recreated = new Map<string, string>();

  constructor(brokers: BrokerConnections, options: TopicIdentityOptions) {
    this.#brokers = brokers;
    this.#options = options;
  }

  /** To be committed with each offset. */
  commitMetadata(topic: string): string | null {
    const [state, topicId] = [this.#options.state?.(), this.#ids.get(topic)];
    // In this order: versions that know of no state take what begins with a topic's id for all there is.
    const notes = [...noteOf('state', state), ...noteOf('topic-id', topicId)];
    return notes.length === 0 ? null : notes.join(' ');
  }

  /** Whether it was created again since this consumer, or its group, has known it. */
  isRecreated(topic: string): boolean {
    return this.#recreated.has(topic);
  }

  /** @returns whether one of the topics is another one now. @throws {ExpectedError} with a KafkaErrorCode */
  async refresh(): Promise<boolean> {
    const { topics } = await this.#brokers
      .call()
      .withController((broker) => fetchMetadata(broker, this.#options.topics));
    let hasChanged = false;
    for (const topic of topics) {
      const { name, topicId } = topic;
      if (topicId === undefined || topicError(topic)) continue;
      const before = this.#ids.get(name);
      this.#ids.set(name, topicId);
      if (before === undefined || before === topicId) continue;
      hasChanged = true;
      this.#tell(name, topicId);
    }
    return hasChanged;
  }

  /**
   * Where the group goes on in each of these partitions that exists.
   *
   * @throws {ExpectedError} with a KafkaErrorCode
   */
  async resumedPositions(assigned: Readonly<Record<string, readonly number[]>>): Promise<readonly ResumedPosition[]> {
    const brokers = this.#brokers.call();
    const partitions = (await listPartitions(brokers, Object.keys(assigned))).filter(({ topic, partition }) =>
      assigned[topic]?.includes(partition),
    );
    const committed = await committedPositions(brokers, this.#options.groupId, partitions);
    const state = this.#options.state?.();
    return partitions.map((found) => {
      const { topic, partition, topicId } = found;
      const position = committed.get(found)!;
      if (topicId !== undefined && isStale(position, topicId)) this.#tell(topic, topicId);
      return { topic, partition, offset: position.offset, isStale: isStale(position, topicId, state) };
    });
  }

  #tell(topic: string, topicId: string): void {
    if (this.#recreated.get(topic) === topicId) return;
    this.#recreated.set(topic, topicId);
    this.#options.onRecreated(topic);
  }
}

type NoteName = 'state' | 'topic-id';

const noteOf = (name: NoteName, value: string | undefined) => (value === undefined ? [] : [`${name}=${value}`]);

function noted(metadata: string | null, name: NoteName): string | undefined {
  const note = metadata?.split(' ').find((candidate) => candidate.startsWith(`${name}=`));
  return note?.slice(name.length + 1);
}

/**
 * Whether an offset was committed for a topic of another id, or for another state than this one, if there is any. One that
 * a person has set, which comes without a note, holds.
 */
export function isStale({ offset, metadata }: CommittedPosition, topicId: string | undefined, state?: string): boolean {
  if (offset < 0n || !metadata) return false;
  const committedFor = noted(metadata, 'topic-id');
  const isOtherTopic = topicId !== undefined && committedFor !== undefined && committedFor !== topicId;
  return isOtherTopic || (state !== undefined && noted(metadata, 'state') !== state);
}
