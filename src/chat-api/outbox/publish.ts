import { backoffMilliseconds, type Backoff } from '../../lib/backoff.ts';
import { batches } from '../../kafka/batches.ts';
import type { Unsent } from '../../kafka/send-each.ts';
import type { Clock } from '../../lib/clock.ts';
import { errorCode, ExpectedError, toError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import type { OutboxMetrics } from './outbox-metrics.ts';
import type { OutboxRow } from './outbox-rows.ts';
import type { RefusedRow } from './set-aside.ts';

/** The part of Kafka's producer that is needed. */
export interface Publisher {
  /** Does what the first message would have to wait for, as far as that is possible in a few seconds. Never rejects. */
  prepare(): Promise<void>;
  /** Resolves when all replicas have the messages, but for those it returns: their partitions take none now. */
  send(topic: string, messages: readonly PublishedMessage[]): Promise<Unsent<PublishedMessage>>;
  /** How many bytes a batch of the topic may have, as far as is known by now. */
  maximumBytes(topic: string): number;
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
  /** How long a batch may take, in milliseconds. */
  readonly publishMilliseconds?: number;
}

/** What became of rows. Those that are in neither list wait for the next attempt. */
export interface PublishOutcome {
  /** Kafka has acknowledged them. */
  readonly published: readonly OutboxRow[];
  /** Too large for the topic, each by itself. */
  readonly refused: readonly RefusedRow[];
}

const backoff: Backoff = { initial: 250, maximum: 5000, factor: 2, jitter: 'full' };

/** Also where the topic takes more: a batch is to be no megabytes that come at once. */
const batchLimits = { items: 500, weight: 1_000_000 };

interface Failure {
  readonly code: string;
  readonly attempt: number;
  /** By the monotonic clock, in milliseconds. */
  readonly retryAt: number;
  /** Those that wait until then; the whole topic when left out. */
  readonly keys?: ReadonlySet<string>;
}

/** A batch's part in what becomes of rows. */
interface Progress {
  readonly published: OutboxRow[];
  readonly refused: RefusedRow[];
  /** Why those of some keys could not be sent now. */
  readonly unsent: Map<string, Error>;
}

/**
 * Publishes batches topic by topic. A topic that fails rests for a while and holds up no other; so do the keys of a
 * partition that fails.
 */
export class TopicPublisher {
  readonly #options: TopicPublisherOptions;
  readonly #failures = new Map<string, Failure>();
  /** When brokers last took something, or told of a partition that takes nothing. */
  #lastAnswer = -Infinity;

  constructor(options: TopicPublisherOptions) {
    this.#options = options;
  }

  /** The topics that are left alone until their next attempt. */
  resting(): string[] {
    const now = this.#options.clock.monotonic();
    return [...this.#failures].filter(([, { retryAt, keys }]) => retryAt > now && !keys).map(([topic]) => topic);
  }

  /** The keys that are left alone until their next attempt. */
  waiting(): Pick<OutboxRow, 'topic' | 'key'>[] {
    return [...this.#failures.keys()].flatMap((topic) => [...this.#waitingOf(topic)].map((key) => ({ topic, key })));
  }

  #waitingOf(topic: string): ReadonlySet<string> {
    const { retryAt = -Infinity, keys = none } = this.#failures.get(topic) ?? {};
    return retryAt > this.#options.clock.monotonic() ? keys : none;
  }

  /** Milliseconds until a topic that rests may be tried again; undefined when none rests. */
  untilNextAttempt(): number | undefined {
    const now = this.#options.clock.monotonic();
    const times = [...this.#failures.values()].map(({ retryAt }) => retryAt - now).filter((time) => time > 0);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** The code of the topic's last failure; undefined once it takes messages again. */
  failureOf(topic: string): string | undefined {
    return this.#failures.get(topic)?.code;
  }

  /** Whether no broker has answered for the time, to whatever was sent: another replica may reach them. */
  isCutOff(milliseconds: number): boolean {
    const codes = [...this.#failures.values()].map(({ code }) => code);
    const isAway = codes.length > 0 && codes.every((code) => code === 'Timeout' || code === 'BrokerUnreachable');
    return isAway && this.#options.clock.monotonic() - this.#lastAnswer > milliseconds;
  }

  /** Publishes rows of one topic in their order, in batches that the topic takes. Never rejects. */
  async publish(topic: string, rows: readonly OutboxRow[]): Promise<PublishOutcome> {
    const progress: Progress = { published: [], refused: [], unsent: new Map() };
    const limits = {
      ...batchLimits,
      weight: Math.min(batchLimits.weight, this.#options.publisher.maximumBytes(topic)),
    };
    const isWhole = this.#waitingOf(topic).size === 0;
    try {
      for (const batch of batches(rows, limits, bytesOf)) await this.#publishBatch(topic, batch, progress);
      this.#lastAnswer = this.#options.clock.monotonic();
      if (progress.unsent.size > 0) this.#failedPartly(topic, progress.unsent);
      else if (isWhole) this.#succeeded(topic);
    } catch (error) {
      this.#failed(topic, error);
    }
    const { published, refused } = progress;
    return { published, refused };
  }

  /** Halves a batch that is too large until only the rows are left that are too large by themselves. */
  async #publishBatch(topic: string, batch: readonly OutboxRow[], progress: Progress): Promise<void> {
    const { published, refused, unsent } = progress;
    // A row must not overtake an earlier one of its task.
    const behind = new Set([...unsent.keys(), ...refused.map(({ row }) => row.key)]);
    const rows = batch.filter(({ key }) => !behind.has(key));
    if (rows.length === 0) return;
    try {
      for (const [key, error] of await this.#send(topic, rows)) unsent.set(key, error);
    } catch (error) {
      if (errorCode(error) !== 'MessageTooLarge') throw error;
      const [first] = rows;
      if (rows.length === 1 && first) return this.#refuse(topic, first, error, refused);
      const middle = Math.ceil(rows.length / 2);
      await this.#publishBatch(topic, rows.slice(0, middle), progress);
      return this.#publishBatch(topic, rows.slice(middle), progress);
    }
    const acknowledged = rows.filter(({ key }) => !unsent.has(key));
    published.push(...acknowledged);
    this.#observe(topic, acknowledged);
  }

  /** @returns the keys whose rows were not sent, and why */
  async #send(topic: string, rows: readonly OutboxRow[]): Promise<Map<string, Error>> {
    const { publisher, clock, publishMilliseconds = 10_000 } = this.#options;
    const done = new AbortController();
    const messages = rows.map(({ key, value, headers }) => ({ key, value, headers }));
    const tooLate = clock.sleep(publishMilliseconds, done.signal).then((): never => {
      const message = `No broker has acknowledged events within ${publishMilliseconds} ms`;
      throw new ExpectedError('Timeout', message, { retryable: true });
    });
    tooLate.catch(() => {}); // also when the answer came first
    try {
      const unsent = await Promise.race([publisher.send(topic, messages), tooLate]);
      return new Map([...unsent].map(([{ key }, error]) => [key, error]));
    } finally {
      done.abort();
    }
  }

  #refuse(topic: string, row: OutboxRow, error: unknown, refused: RefusedRow[]): void {
    const { metrics, logger } = this.#options;
    const { message } = toError(error);
    const code = errorCode(error);
    metrics.failures.inc({ topic, code });
    const fields = { topic, taskId: row.key, position: row.position, bytes: bytesOf(row), err: error };
    logger.error(fields, 'Set aside an event that its topic does not take');
    refused.push({ row, code, message });
  }

  #observe(topic: string, rows: readonly OutboxRow[]): void {
    const { metrics, clock } = this.#options;
    const now = clock.now().getTime();
    metrics.published.inc({ topic }, rows.length);
    for (const { created_at } of rows) metrics.delay.observe({ topic }, Math.max(0, now - created_at.getTime()) / 1000);
  }

  #failedPartly(topic: string, unsent: ReadonlyMap<string, Error>): void {
    const waiting = this.#waitingOf(topic);
    const keys = new Set([...waiting, ...unsent.keys()]);
    const failure = this.#failures.get(topic);
    // Those that are found out in the meantime are tried again with the others.
    if (failure && waiting.size > 0) this.#failures.set(topic, { ...failure, keys });
    else this.#failed(topic, unsent.values().next().value, keys);
  }

  /** Each outage is told once, and again only when it becomes another one. */
  #failed(topic: string, error: unknown, keys?: ReadonlySet<string>): void {
    const { metrics, logger, clock, random } = this.#options;
    const code = errorCode(error);
    const previous = this.#failures.get(topic);
    const attempt = (previous?.attempt ?? 0) + 1;
    const retryAt = clock.monotonic() + backoffMilliseconds(backoff, attempt, random);
    this.#failures.set(topic, { code, attempt, retryAt, ...(keys && { keys }) });
    metrics.failures.inc({ topic, code });
    if (previous?.code !== code)
      logger.error({ topic, err: error }, 'Could not publish events; they wait in the outbox');
  }

  #succeeded(topic: string): void {
    if (this.#failures.delete(topic)) this.#options.logger.info({ topic }, 'Events are published again');
  }
}

const none: ReadonlySet<string> = new Set();

/** Of a record's own fields, and of the batch around a single one. */
const overheadBytes = 128;

/** What a row takes in Kafka's batch, and a little more. */
function bytesOf({ key, value, headers }: OutboxRow): number {
  const texts = [key, value, ...Object.entries(headers).flat()];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 4, overheadBytes);
}
