import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumedMessage } from '../../../src/kafka/consumer-options.ts';
import { createConsumer, type Consumer } from '../../../src/kafka/consumer.ts';
import type { KafkaConnection } from '../../../src/kafka/connection.ts';
import { createProducer, type Producer } from '../../../src/kafka/producer.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { silentLogger } from '../../support/running-manager.ts';
import { until } from '../../support/until.ts';

/** What became of the messages that were due while something happened. */
export interface FlowFigures {
  /** Acknowledged by all replicas in sync. */
  readonly sent: number;
  readonly received: number;
  /** Acknowledged, and not received. */
  readonly lost: number;
  /** Written more than once, as a message is sent again when its acknowledgement does not come. */
  readonly duplicated: number;
  /** The longest time from when a message was due until it was acknowledged, in seconds. */
  readonly longestUnsent: number;
  /** The longest time from when a message was due until it was received, in seconds. */
  readonly longestWait: number;
}

const everyMilliseconds = 5;
const retryMilliseconds = 50;
/** Why messages waited. Apart from the figures, which are on stdout. */
const log = createLogger({ name: 'message-flow', level: 'info', destination: process.stderr });
/** How long a message may take until it counts as lost. */
const patience = 60_000;

interface Sent {
  readonly dueAt: number;
  acknowledgedAt?: number;
  receivedAt?: number;
  /** Places in the topic, as partition/offset. */
  readonly places: Set<string>;
}

/** A producer that has a message due every 5 ms, whatever happens, and a consumer that reads them. */
export class MessageFlow {
  readonly #topic: string;
  readonly #groupId: string;
  #producer: Producer;
  #consumer: Consumer;
  readonly #stopping = new AbortController();
  /** By the message's number. */
  readonly #sent: Sent[] = [];
  #sending: Promise<void> | undefined;

  /** @param groupId one that the user of the connection may read with */
  static async start(connection: KafkaConnection, topic: string, groupId: string): Promise<MessageFlow> {
    const flow = new MessageFlow(connection, topic, groupId);
    flow.#sending = flow.#send();
    await until(() => flow.#sent.some(({ receivedAt }) => receivedAt !== undefined), patience);
    return flow;
  }

  private constructor(connection: KafkaConnection, topic: string, groupId: string) {
    this.#topic = topic;
    this.#groupId = groupId;
    this.#producer = createProducer(connection, { logger: silentLogger });
    this.#consumer = this.#startConsumer(connection);
  }

  /** Goes on with another password or authority, as a service does whose pods are replaced one by one. */
  async reconnect(connection: KafkaConnection): Promise<void> {
    const [producer, consumer] = [this.#producer, this.#consumer];
    this.#producer = createProducer(connection, { logger: silentLogger });
    this.#consumer = this.#startConsumer(connection);
    await Promise.all([producer.stop(), consumer.stop()]);
  }

  #startConsumer(connection: KafkaConnection): Consumer {
    const consumer = createConsumer(connection, {
      groupId: this.#groupId,
      topics: [this.#topic],
      logger: log,
      process: (messages) => {
        for (const message of messages) this.#receive(message);
        return Promise.resolve();
      },
    });
    void consumer.start({ signal: this.#stopping.signal, fail: () => {} });
    return consumer;
  }

  /** What became of the messages that were due while `work` went on. */
  async during(work: () => Promise<void>): Promise<FlowFigures> {
    const from = this.#sent.length;
    await work();
    const messages = this.#sent.slice(from);
    await until(() => messages.every(({ receivedAt }) => receivedAt !== undefined), patience).catch(() => {
      // What is missing by now is counted as lost.
    });
    const sent = messages.filter(({ acknowledgedAt }) => acknowledgedAt !== undefined);
    const received = messages.filter(({ receivedAt }) => receivedAt !== undefined);
    tellSlowest(received);
    return {
      sent: sent.length,
      received: received.length,
      lost: sent.filter(({ receivedAt }) => receivedAt === undefined).length,
      duplicated: messages.filter(({ places }) => places.size > 1).length,
      longestUnsent: longestOf(sent, ({ acknowledgedAt }) => acknowledgedAt),
      longestWait: longestOf(received, ({ receivedAt }) => receivedAt),
    };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#sending;
    await this.#consumer.stop();
    await this.#producer.stop();
  }

  async #send(): Promise<void> {
    const since = performance.now();
    for (let next = 0; !this.#stopping.signal.aborted; next = this.#sent.length) {
      const now = performance.now();
      while (since + this.#sent.length * everyMilliseconds <= now)
        this.#sent.push({ dueAt: since + this.#sent.length * everyMilliseconds, places: new Set() });
      const due = this.#sent.slice(next);
      const messages = due.map((_, index) => ({ key: String(next + index), value: String(next + index) }));
      if (due.length > 0) await this.#sendUntilAcknowledged(messages);
      if (this.#stopping.signal.aborted) return;
      for (const message of due) message.acknowledgedAt = performance.now();
      await delay(everyMilliseconds);
    }
  }

  async #sendUntilAcknowledged(messages: Parameters<Producer['send']>[1]): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#producer.send(this.#topic, messages);
        return;
      } catch (error) {
        log.info({ err: error }, 'Not sent; sending again');
        await delay(retryMilliseconds);
      }
    }
  }

  #receive({ value, partition, offset }: ConsumedMessage): void {
    const sent = this.#sent[Number(value)];
    if (!sent) return;
    sent.receivedAt ??= performance.now();
    sent.places.add(`${partition}/${offset}`);
  }
}

/** When the longest wait was, and which part of it was the producer's: what went wrong then is in the lines before. */
function tellSlowest(received: readonly Sent[]): void {
  const [slowest] = received.toSorted((a, b) => waitOf(b) - waitOf(a));
  if (!slowest) return;
  const { dueAt, acknowledgedAt = NaN, places } = slowest;
  const dueTime = new Date(performance.timeOrigin + dueAt);
  const [acknowledged, all] = [acknowledgedAt - dueAt, waitOf(slowest)].map((milliseconds) => milliseconds / 1000);
  log.info({ dueTime, acknowledged, received: all, places: [...places] }, 'The longest wait, in seconds after dueTime');
}

const waitOf = ({ dueAt, receivedAt = dueAt }: Sent) => receivedAt - dueAt;

/** In seconds. */
function longestOf(messages: readonly Sent[], until: (message: Sent) => number | undefined): number {
  return messages.reduce((longest, message) => Math.max(longest, (until(message) ?? 0) - message.dueAt), 0) / 1000;
}
