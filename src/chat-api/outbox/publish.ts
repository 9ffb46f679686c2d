import { backoffMilliseconds, type Backoff } from '../../lib/backoff.ts';
import type { Clock } from '../../lib/clock.ts';
import { errorCode } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import type { OutboxMetrics } from './outbox-metrics.ts';
import type { OutboxRow } from './outbox-rows.ts';

/** The part of Kafka's producer that is needed: resolves when all replicas have the messages. */
export interface Publisher {
  send(topic: string, messages: readonly PublishedMessage[]): Promise<void>;
}

export interface PublishedMessage {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TopicPublisherOptions {
  readonly publisher: Publisher;
  readonly metrics: OutboxMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
}

const backoff: Backoff = { initial: 250, maximum: 5000, factor: 2, jitter: 'full' };

interface Failure {
  readonly code: string;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly retryAt: number;
}

/** Publishes batches topic by topic; a topic that fails rests for a while and holds up no other. */
export class TopicPublisher {
  readonly #options: TopicPublisherOptions;
  readonly #failures = new Map<string, Failure>();

  constructor(options: TopicPublisherOptions) {
    this.#options = options;
  }

  /** The topics that are left alone until their next attempt. */
  resting(): string[] {
    const now = this.#options.clock.now().getTime();
    return [...this.#failures].filter(([, { retryAt }]) => retryAt > now).map(([topic]) => topic);
  }

  /** Milliseconds until a topic is tried again; undefined when none rests. */
  untilNextAttempt(): number | undefined {
    const now = this.#options.clock.now().getTime();
    const times = [...this.#failures.values()].map(({ retryAt }) => Math.max(0, retryAt - now));
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** @returns the rows that Kafka has acknowledged; those of one topic are sent together, so in their order */
  async publish(rows: readonly OutboxRow[]): Promise<OutboxRow[]> {
    const byTopic = Map.groupBy(rows, ({ topic }) => topic);
    const published = await Promise.all([...byTopic].map(([topic, batch]) => this.#publishTo(topic, batch)));
    return published.flat();
  }

  async #publishTo(topic: string, batch: readonly OutboxRow[]): Promise<readonly OutboxRow[]> {
    const { publisher, metrics, clock } = this.#options;
    try {
      await publisher.send(
        topic,
        batch.map(({ key, value, headers }) => ({ key, value, headers })),
      );
    } catch (error) {
      this.#failed(topic, error);
      return [];
    }
    this.#succeeded(topic);
    const now = clock.now().getTime();
    metrics.published.inc({ topic }, batch.length);
    for (const { created_at } of batch)
      metrics.delay.observe({ topic }, Math.max(0, now - created_at.getTime()) / 1000);
    return batch;
  }

  /** Each outage is told once, and again only when it becomes another one. */
  #failed(topic: string, error: unknown): void {
    const { metrics, logger, clock, random } = this.#options;
    const code = errorCode(error);
    const previous = this.#failures.get(topic);
    const attempt = (previous?.attempt ?? 0) + 1;
    const retryAt = clock.now().getTime() + backoffMilliseconds(backoff, attempt, random);
    this.#failures.set(topic, { code, attempt, retryAt });
    metrics.failures.inc({ topic, code });
    if (previous?.code !== code)
      logger.error({ topic, err: error }, 'Could not publish events; they wait in the outbox');
  }

  #succeeded(topic: string): void {
    if (this.#failures.delete(topic)) this.#options.logger.info({ topic }, 'Events are published again');
  }
}
