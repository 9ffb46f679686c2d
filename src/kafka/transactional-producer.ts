import { systemClock, type Clock } from '../lib/clock.ts';
import { errorCode } from '../lib/errors.ts';
import { outlast } from '../lib/outlast.ts';
import type { Broker, BrokerAccess } from './client/broker-connections.ts';
import { createChoosePartition } from './choose-partition.ts';
import { brokerError, incompleteAnswer } from './errors.ts';
import { findPartitions, type TopicPartition } from './offsets.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { ask, type ProducerIdentity } from './protocol/kafkajs-requests.ts';

/** A message and the topic it goes to. */
export interface Sending {
  readonly topic: string;
  readonly message: OutgoingMessage;
}

/** How far a group has come in a partition, with a note of its own. */
export interface CommittedOffset {
  readonly partition: number;
  /** Of the next message to read. */
  readonly offset: bigint;
  /** Up to 4096 bytes, unless the brokers are told otherwise. */
  readonly metadata: string;
}

export interface Transaction {
  readonly sendings: readonly Sending[];
  readonly groupId: string;
  /** The topic that was read. */
  readonly topic: string;
  readonly offsets: readonly CommittedOffset[];
}

export interface TransactionalProducerOptions {
  /** Makes the brokers of one call. */
  readonly brokers: () => BrokerAccess;
  readonly transactionalId: string;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

const allReplicas = -1;
/** Readers of committed messages wait for so long where a producer dies and nobody takes over. */
const transactionMilliseconds = 20_000;
const produceMilliseconds = 15_000;
const noIdentity: ProducerIdentity = { producerId: '-1', producerEpoch: -1 };

/** A transaction before this one takes some milliseconds to end on all partitions. */
const pendingBackoff = { initial: 5, maximum: 500, factor: 2 };
const pendingMilliseconds = 30_000;

/**
 * Sends messages, and commits what was read for them, together or not at all. There is one at a time of each
 * transactional id: whoever takes over ends what is left of the one before, and shuts it out.
 *
 * Nothing is sent again. After any error, the outcome is unknown until `takeOver`; the committed offsets show it then.
 * kafkajs's own producer of transactions sends again, and loses messages by that (see producer.ts).
 */
export class TransactionalProducer {
  readonly #options: TransactionalProducerOptions;
  readonly #clock: Clock;
  readonly #choosePartition = createChoosePartition();
  #identity = noIdentity;
  /** By topic and partition, what the next message has; brokers refuse any other. */
  #sequences = new Map<string, number>();

  constructor(options: TransactionalProducerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Ends what an earlier producer of the same id has left, and shuts it out. To be called first, and after each error.
   *
   * @throws {ExpectedError} with a KafkaErrorCode
   */
  async takeOver(): Promise<void> {
    const values = { transactionalId: this.#options.transactionalId, transactionTimeout: transactionMilliseconds };
    const answer = await this.#whenSettled(() =>
      this.#atCoordinator((broker) => ask(broker, 'InitProducerId', values), ownCode),
    );
    const { producerId, producerEpoch } = answer;
    this.#identity = { producerId, producerEpoch };
    this.#sequences = new Map();
  }

  /** @throws {ExpectedError} with a KafkaErrorCode; ProducerFenced when another has taken over */
  async commit({ sendings, groupId, topic, offsets }: Transaction): Promise<void> {
    const values = { ...this.#identity, transactionalId: this.#options.transactionalId };
    if (sendings.length > 0) await this.#send(sendings);
    await this.#whenSettled(() =>
      this.#atCoordinator((broker) => ask(broker, 'AddOffsetsToTxn', { ...values, groupId }), ownCode),
    );
    await this.#commitOffsets(groupId, topic, offsets);
    await this.#atCoordinator((broker) => ask(broker, 'EndTxn', { ...values, transactionResult: true }), ownCode);
  }

  async #send(sendings: readonly Sending[]): Promise<void> {
    const { brokers, transactionalId } = this.#options;
    const parts = await this.#divide(sendings);
    const topics = [...Map.groupBy(parts, ({ place }) => place.topic)].map(([topic, its]) => ({
      topic,
      partitions: its.map(({ place }) => place.partition),
    }));
    const values = { ...this.#identity, transactionalId, topics };
    await this.#whenSettled(() =>
      this.#atCoordinator(
        (broker) => ask(broker, 'AddPartitionsToTxn', values),
        ({ errors }) => errors.flatMap(({ partitionErrors }) => partitionErrors.map(({ errorCode: code }) => code)),
      ),
    );
    const byLeader = Map.groupBy(parts, ({ place }) => place.leader);
    const outcomes = await Promise.allSettled(
      [...byLeader].map(([leader, its]) => this.#produce(brokers(), leader, its)),
    );
    // All have ended before a transaction is given up, so that nothing of it is still on its way.
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #divide(sendings: readonly Sending[]): Promise<Part[]> {
    const names = [...new Set(sendings.map(({ topic }) => topic))];
    const places = await findPartitions(this.#options.brokers(), names);
    const byTopic = Map.groupBy(places, ({ topic }) => topic);
    const parts = new Map<TopicPartition, OutgoingMessage[]>();
    for (const { topic, message } of sendings) {
      const place = this.#placeOf(topic, message, byTopic.get(topic) ?? []);
      const messages = parts.get(place) ?? [];
      parts.set(place, [...messages, message]);
    }
    return [...parts].map(([place, messages]) => ({ place, messages }));
  }

  #placeOf(topic: string, message: OutgoingMessage, places: readonly TopicPartition[]): TopicPartition {
    const partition = this.#choosePartition(topic, message, places);
    const place = places.find((candidate) => candidate.partition === partition);
    if (!place) throw brokerError(unknownTopic, `There is no topic ${topic}`)!;
    return place;
  }

  async #produce(brokers: BrokerAccess, leader: number, parts: readonly Part[]): Promise<void> {
    const topicData = [...Map.groupBy(parts, ({ place }) => place.topic)].map(([topic, its]) => ({
      topic,
      partitions: its.map(({ place, messages }) => ({
        partition: place.partition,
        firstSequence: this.#nextSequence(place, messages.length),
        messages: messages.map(({ key, value, headers = {} }) => ({ key, value, headers })),
      })),
    }));
    const { transactionalId } = this.#options;
    const values = { ...this.#identity, transactionalId, acks: allReplicas, timeout: produceMilliseconds, topicData };
    const { topics } = await brokers.withBroker(leader, (broker) => ask(broker, 'Produce', values));
    for (const { place } of parts) {
      const told = topics
        .find(({ topicName }) => topicName === place.topic)
        ?.partitions.find(({ partition }) => partition === place.partition);
      if (!told) throw incompleteAnswer('Produce', `partition ${place.partition} of ${place.topic}`);
      throwFirst([told.errorCode]);
    }
  }

  #nextSequence({ topic, partition }: TopicPartition, messages: number): number {
    const key = JSON.stringify([topic, partition]);
    const first = this.#sequences.get(key) ?? 0;
    // Sequences are 32-bit numbers that begin again at 0.
    this.#sequences.set(key, (first + messages) % 2 ** 31);
    return first;
  }

  async #commitOffsets(groupId: string, topic: string, offsets: readonly CommittedOffset[]): Promise<void> {
    const { brokers, transactionalId } = this.#options;
    const partitions = offsets.map(({ offset, ...rest }) => ({ ...rest, offset: String(offset) }));
    const values = { ...this.#identity, transactionalId, groupId, topics: [{ topic, partitions }] };
    const answer = await brokers().withCoordinator(groupId, (broker) => ask(broker, 'TxnOffsetCommit', values));
    throwFirst(answer.topics.flatMap((told) => told.partitions.map(({ errorCode: code }) => code)));
  }

  async #atCoordinator<Answer>(
    send: (broker: Broker) => Promise<Answer>,
    codesOf: (answer: Answer) => readonly number[],
  ): Promise<Answer> {
    const { brokers, transactionalId } = this.#options;
    const answer = await brokers().withTransactionCoordinator(transactionalId, send);
    throwFirst(codesOf(answer));
    return answer;
  }

  async #whenSettled<T>(work: () => Promise<T>): Promise<T> {
    const until = this.#clock.monotonic() + pendingMilliseconds;
    const isToOutlast = (error: unknown) =>
      errorCode(error) === 'TransactionPending' && this.#clock.monotonic() < until;
    const { signal } = this.#options;
    return outlast(work, { clock: this.#clock, backoff: pendingBackoff, signal, isToOutlast, onFailure: () => {} });
  }
}

interface Part {
  readonly place: TopicPartition;
  readonly messages: readonly OutgoingMessage[];
}

const unknownTopic = 3;

const ownCode = ({ errorCode: code }: { readonly errorCode: number }) => [code];

function throwFirst(codes: readonly number[]): void {
  for (const code of codes) {
    const error = brokerError(code);
    if (error) throw error;
  }
}
