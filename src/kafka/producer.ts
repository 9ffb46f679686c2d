import { Kafka, Partitioners, type IHeaders, type Message, type Producer as KafkajsProducer } from 'kafkajs';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { clientOptions, type ClientTimes } from './client/options.ts';
import { rehearsedMessages } from './client/produce/fast-produce.ts';
import type { KafkaConnection } from './connection.ts';
import { kafkaError } from './errors.ts';
import type { MessageHeaders } from './message-headers.ts';

/** A message to be sent. Its key chooses the partition, as Kafka's own clients do it. */
export interface OutgoingMessage {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: MessageHeaders | undefined;
}

export interface Producer extends Component {
  /**
   * Resolves when all replicas in sync have the messages; those of one partition are in their order. When it rejects,
   * some may have arrived.
   *
   * @throws {ExpectedError} with a KafkaErrorCode
   */
  send(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
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
  let connected: Promise<KafkajsProducer> | undefined;

  /** A connection that hangs would hang again. */
  const dropAfterFailure = (failed: Promise<KafkajsProducer>) => {
    if (connected === failed) connected = undefined;
    void failed.then((producer) => producer.disconnect()).catch(() => {});
  };

  const send = async (topic: string, messages: readonly Message[]) => {
    connected ??= connect(kafka);
    const current = connected;
    try {
      const producer = await current;
      await producer.send({ topic, acks: allReplicas, messages: [...messages] });
    } catch (error) {
      dropAfterFailure(current);
      throw kafkaError(error);
    }
  };

  return {
    name: 'producer',
    start: () => {
      const first = connect(kafka);
      connected = first;
      first.catch(() => dropAfterFailure(first)); // whoever sends first tries again, and is told of a failure
    },
    send: (topic, messages) => send(topic, messages.map(toKafkajs)),
    rehearse: async (topic) => {
      connected ??= connect(kafka);
      const current = connected;
      // A producer that is stopped meanwhile is not to connect again.
      for (let done = 0; done < rehearsals && connected === current; done++) await send(topic, rehearsedMessages);
    },
    stop: async () => {
      const producer = await connected?.catch(() => undefined);
      connected = undefined;
      await producer?.disconnect();
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
