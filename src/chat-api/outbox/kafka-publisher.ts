import type { KafkaConnection } from '../../kafka/connection.ts';
import { createProducer, type Producer } from '../../kafka/producer.ts';
import { createTopicAdmin } from '../../kafka/topic-admin.ts';
import { defaultMaxMessageBytes } from '../../kafka/topic-limits.ts';
import type { Clock } from '../../lib/clock.ts';
import { errorCode } from '../../lib/errors.ts';
import type { Component } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import type { PublishedMessage, Publisher } from './publish.ts';

export interface KafkaPublisherOptions {
  readonly connection: KafkaConnection;
  /** Topics to be prepared for at the start; others are prepared for when they come. */
  readonly topics: readonly string[];
  readonly logger: Logger;
  readonly clock: Clock;
}

const limitName = 'max.message.bytes';
/** How long an answer counts. */
const freshMilliseconds = 10_000;

/** Shorter than the time for a batch, so that a request that hangs ends before the next attempt. */
const times = { requestMilliseconds: 8_000 };

/** How long the start waits for the brokers. Without them, events wait, and all else is as ever. */
const prepareMilliseconds = 3_000;

/**
 * Publishes to Kafka by a producer for each topic: a topic that is missing, or whose brokers hang, costs the others
 * neither their connections nor their turn.
 */
export class KafkaPublisher implements Publisher, Component {
  readonly name = 'publisher';
  readonly #options: KafkaPublisherOptions;
  readonly #producers = new Map<string, Producer>();
  readonly #limits = new Map<string, { readonly bytes: number; readonly askedAt: number }>();
  readonly #admin: ReturnType<typeof createTopicAdmin>;

  constructor(options: KafkaPublisherOptions) {
    this.#options = options;
    this.#admin = createTopicAdmin(options.connection, { logger: options.logger });
  }

  start(): void {}

  /** Connects, and asks for leaders and limits. */
  async prepare(): Promise<void> {
    const { topics, clock } = this.#options;
    const done = new AbortController();
    const prepared = topics.map(async (topic) => {
      this.maximumBytes(topic);
      await this.#producer(topic)
        .rehearse(topic)
        .catch(() => {}); // the first event fails in the same way, and tells
    });
    await Promise.race([Promise.all(prepared), clock.sleep(prepareMilliseconds, done.signal)]);
    done.abort();
  }

  async stop(): Promise<void> {
    const producers = [...this.#producers.values()];
    await Promise.all([this.#admin.close(), ...producers.map((producer) => producer.stop())]);
  }

  async send(...[topic, messages]: Parameters<Publisher['send']>): ReturnType<Publisher['send']> {
    try {
      return await this.#producer(topic).sendEach(topic, messages);
    } catch (error) {
      if (errorCode(error) === 'MessageTooLarge') this.#learnRefusal(topic, messages);
      throw error;
    }
  }

  /** The topic takes less than was known. Where it does not say how much, it is less than what it has refused. */
  #learnRefusal(topic: string, messages: readonly PublishedMessage[]): void {
    const bytes = messages.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0);
    const known = this.#limits.get(topic)?.bytes ?? defaultMaxMessageBytes;
    this.#limits.set(topic, { bytes: Math.min(known, bytes), askedAt: this.#options.clock.monotonic() });
    void this.#ask(topic);
  }

  maximumBytes(topic: string): number {
    const { clock } = this.#options;
    const known = this.#limits.get(topic) ?? { bytes: defaultMaxMessageBytes, askedAt: -Infinity };
    if (clock.monotonic() - known.askedAt >= freshMilliseconds) {
      this.#limits.set(topic, { ...known, askedAt: clock.monotonic() });
      void this.#ask(topic);
    }
    return known.bytes;
  }

  #producer(topic: string): Producer {
    const { connection, logger } = this.#options;
    const known = this.#producers.get(topic) ?? createProducer(connection, { logger, times });
    this.#producers.set(topic, known);
    return known;
  }

  async #ask(topic: string): Promise<void> {
    const { clock, logger } = this.#options;
    try {
      const described = await this.#admin.describeTopics([topic], { configNames: [limitName] });
      const bytes = Number(described.get(topic)?.configs.get(limitName)?.value);
      if (bytes > 0) this.#limits.set(topic, { bytes, askedAt: clock.monotonic() });
    } catch (error) {
      // Batches that are too large are halved: it only takes longer.
      logger.debug({ topic, err: error }, 'Could not ask a topic for its limit');
    }
  }
}
