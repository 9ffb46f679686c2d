import type { Clock } from '../lib/clock.ts';
import type { ExpectedError } from '../lib/errors.ts';
import { createChoosePartition } from './choose-partition.ts';
import { brokerError, type KafkaErrorCode } from './errors.ts';
import { withoutLeader, type TopicPartition } from './offsets.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** Why messages are not known to have arrived, by message: those of one partition all have, or none of them is. */
export type Unsent<Message> = ReadonlyMap<Message, ExpectedError>;

export interface Part {
  /** Those of the keys when left out. */
  readonly partition?: number;
  readonly messages: readonly OutgoingMessage[];
}

/** Sends parts of a topic's messages, side by side. @returns why each was not sent; undefined for one that was */
export type SendParts = (topic: string, parts: readonly Part[]) => Promise<readonly (ExpectedError | undefined)[]>;

export interface SendEachOptions {
  readonly sendParts: SendParts;
  /** All of the topic, as they are now. @throws {ExpectedError} with a KafkaErrorCode */
  readonly partitionsOf: (topic: string) => Promise<readonly TopicPartition[]>;
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** For how long after a partition has failed messages are sent by partition: others would arrive again and again. */
const apartMilliseconds = 10_000;

/**
 * Sends messages to a topic of which one partition may take none, as when it has no leader, or too few replicas in sync:
 * the others get theirs. All are sent together; only when that fails, and for some time after it, those of each partition
 * by themselves.
 */
export class EachPartition {
  readonly #options: SendEachOptions;
  readonly #choosePartition = createChoosePartition();
  /** By topic. */
  readonly #apartUntil = new Map<string, number>();

  constructor(options: SendEachOptions) {
    this.#options = options;
  }

  /**
   * @returns what partitions have not taken, where that is known of single ones
   * @throws {ExpectedError} when nothing is known to have arrived; MessageTooLarge, also when some has
   */
  async send<Message extends OutgoingMessage>(topic: string, messages: readonly Message[]): Promise<Unsent<Message>> {
    const { sendParts, partitionsOf, clock } = this.#options;
    let failure: ExpectedError | undefined;
    if (clock.monotonic() >= (this.#apartUntil.get(topic) ?? -Infinity)) {
      [failure] = await sendParts(topic, [{ messages }]);
      if (!failure) return new Map();
      if (!mayBeOfOnePartition(failure)) throw failure;
    }
    const places = await partitionsOf(topic).catch((error: unknown) => {
      throw failure ?? error;
    });
    if (places.length === 0) throw failure ?? brokerError(unknownTopic)!;
    const unsent = await this.#sendApart(topic, messages, places);
    if (unsent.size === 0) this.#apartUntil.delete(topic);
    else this.#apartUntil.set(topic, clock.monotonic() + apartMilliseconds);
    return unsent;
  }

  async #sendApart<Message extends OutgoingMessage>(
    topic: string,
    messages: readonly Message[],
    places: readonly TopicPartition[],
  ): Promise<Unsent<Message>> {
    const byPartition = Map.groupBy(messages, (message) => this.#choosePartition(topic, message, places));
    const parts = [...byPartition].map(([partition, its]) => ({ partition, messages: its }));
    const withLeader = new Set(places.filter(({ leader }) => leader >= 0).map(({ partition }) => partition));
    const sendable = parts.filter(({ partition }) => withLeader.has(partition));
    const failures = await this.#options.sendParts(topic, sendable);
    const tooLarge = failures.find((failure) => failure?.code === 'MessageTooLarge');
    if (tooLarge) throw tooLarge;
    const failureOf = (part: (typeof parts)[number]) => {
      const index = sendable.indexOf(part);
      return index < 0 ? withoutLeader({ ...part, topic }) : failures[index];
    };
    return new Map(
      parts.flatMap((part) => {
        const failure = failureOf(part);
        return failure ? part.messages.map((message) => [message, failure] as const) : [];
      }),
    );
  }
}

/** Where brokers hang, asking them again for each partition would only take longer. */
function mayBeOfOnePartition({ code, retryable }: ExpectedError): boolean {
  const ofAll: readonly KafkaErrorCode[] = ['Timeout', 'UnknownTopic'];
  return retryable && !ofAll.some((other) => other === code);
}

const unknownTopic = 3;
