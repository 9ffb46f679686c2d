import { Kafka, Partitioners, type IHeaders, type Producer as KafkajsProducer } from 'kafkajs';
import { systemClock } from '../lib/clock.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { BrokerConnections } from './client/broker-connections.ts';
import { clientOptions, patience, type ClientTimes } from './client/options.ts';
import { rehearsedMessages } from './client/produce/fast-produce.ts';
import type { KafkaConnection } from './connection.ts';
import { kafkaError } from './errors.ts';
import { listPartitions } from './offsets.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { EachPartition, type Part, type SendParts, type Unsent } from './send-each.ts';

export interface Producer extends Component {
  /**
   * Resolves when all replicas in sync have the messages; those of one partition are in their order. When it rejects,
   * some may have arrived.
   *
   * @throws {ExpectedError} with a KafkaErrorCode
   */
  send(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  /**
   * As `send`, but what one partition does not take keeps no other from its messages.
   *
   * @returns which messages partitions have not taken, and why
   * @throws {ExpectedError} with a KafkaErrorCode, when it is no matter of single partitions
   */
  sendEach<Message extends OutgoingMessage>(topic: string, messages: readonly Message[]): Promise<Unsent<Message>>;
  /**
   * Does all that the first message would have to wait for: connects to the topic's leaders, and sends them requests
   * without messages.
   *
   * @throws {ExpectedError} with a KafkaErrorCode
   */
  rehearse(topic: string): Promise<void>;
}

export interface ProducerOptions {
  readonly logger: Logger;
  readonly times?: Partial<ClientTimes>;
}

const allReplicas = -1;
/** After so many, a request takes about as long as after a hundred. */
const rehearsals = 10;

/**
 * A producer. It begins to connect when it starts, so that the first message need not wait for that, and connects anew
 * after a failure.
 *
 * It sends once, and leaves sending again to the caller. kafkajs's own retries, and with them its idempotent producer,
 * lose messages: they skip every broker that has answered before, although it may have become the leader of a
 * partition whose messages nobody has taken yet (tulios/kafkajs issue 1303).
 */
export function createProducer(connection: KafkaConnection, { logger, times }: ProducerOptions): Producer {
  const kafka = new Kafka(clientOptions(connection, logger, times));
  // Only asked when a partition may have failed, by whoever waits for what is sent.
  const callMilliseconds = times?.requestMilliseconds ?? patience.requestMilliseconds;
  const brokers = new BrokerConnections(connection, { logger, times: { ...times, callMilliseconds } });
  let connected: Promise<KafkajsProducer> | undefined;

  /** A connection that hangs would hang again. */
  const dropAfterFailure = (failed: Promise<KafkajsProducer>) => {
    if (connected === failed) connected = undefined;
    void failed.then((producer) => producer.disconnect()).catch(() => {});
  };

  /** The parts share a connection, which is dropped when all of them have ended. Never rejects. */
  const sendParts: SendParts = async (topic, parts) => {
    connected ??= connect(kafka);
    const current = connected;
    const sendOne = async ({ partition, messages }: Part) => {
      const values = messages.map(toKafkajs);
      const placed = partition === undefined ? values : values.map((value) => ({ ...value, partition }));
      await (await current).send({ topic, acks: allReplicas, messages: placed });
    };
    const outcomes = await Promise.all(parts.map((part) => sendOne(part).then(() => undefined, kafkaError)));
    if (outcomes.some((failure) => failure)) dropAfterFailure(current);
    return outcomes;
  };

  const send = async (topic: string, messages: readonly OutgoingMessage[]) => {
    const [failure] = await sendParts(topic, [{ messages }]);
    if (failure) throw failure;
  };

  const eachPartition = new EachPartition({
    sendParts,
    partitionsOf: (topic) => listPartitions(brokers.call(), [topic]),
    clock: systemClock,
  });

  return {
    name: 'producer',
    start: () => {
      const first = connect(kafka);
      connected = first;
      first.catch(() => dropAfterFailure(first)); // whoever sends first tries again, and is told of a failure
    },
    send,
    sendEach: (topic, messages) => eachPartition.send(topic, messages),
    rehearse: async (topic) => {
      connected ??= connect(kafka);
      const current = connected;
      // A producer that is stopped meanwhile is not to connect again.
      for (let done = 0; done < rehearsals && connected === current; done++) await send(topic, rehearsedMessages);
    },
    stop: async () => {
      const producer = await connected?.catch(() => undefined);
      connected = undefined;
      await Promise.all([producer?.disconnect(), brokers.close()]);
    },
  };
}

async function connect(kafka: Kafka): Promise<KafkajsProducer> {
  const producer = kafka.producer({
    // Requests on their way at once would arrive in another order when the first of them fails.
    maxInFlightRequests: 1,
    retry: { retries: 0 },
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  return producer;
}

function toKafkajs({ key, value, headers }: OutgoingMessage) {
  return { key, value, ...(headers && { headers: headers as IHeaders }) };
}
