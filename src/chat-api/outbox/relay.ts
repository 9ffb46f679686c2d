import { once } from 'node:events';
import type { PoolClient } from 'pg';
import { databaseError } from '../../lib/database-errors.ts';
import type { Database } from '../../lib/database.ts';
import { errorCode } from '../../lib/errors.ts';
import type { Component } from '../../lib/lifecycle.ts';
import { Wakeup } from '../../lib/wakeup.ts';
import { deleteFromOutbox, readOutbox } from './outbox-rows.ts';
import { TopicPublisher, type TopicPublisherOptions } from './publish.ts';

export interface RelayOptions extends TopicPublisherOptions {
  readonly database: Database;
  readonly batchSize?: number;
  /** How often to look without being woken, and for a leader that is gone. */
  readonly pollMilliseconds?: number;
}

/**
 * Moves events from the outbox to Kafka.
 *
 * Of all replicas, the one that holds the advisory lock leads: it reads the first rows in order, sends them, and
 * deletes them when Kafka has acknowledged them. A crash at any point leaves rows that are sent again, so each event
 * arrives at least once, and those of one task in their order. The lock is the connection's: it ends with the process.
 */
export class Relay implements Component {
  readonly name = 'outbox relay';
  readonly #options: RelayOptions;
  readonly #topics: TopicPublisher;
  readonly #wakeup: Wakeup;
  readonly #stopping = new AbortController();
  #running = Promise.resolve();
  /** The last failure that was told of, so that each is told once. */
  #failure: string | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#topics = new TopicPublisher(options);
    this.#wakeup = new Wakeup(options.clock);
  }

  /** There may be something in the outbox. */
  wake(): void {
    this.#wakeup.wake();
  }

  start(): void {
    this.#running = this.#run();
  }

  /** What Kafka has not acknowledged by now stays in the outbox. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#tryToLead().catch((error: unknown) => this.#tellFailure(databaseError(error)));
      await this.#wakeup.sleep(this.#pollMilliseconds, { signal });
    }
  }

  get #pollMilliseconds(): number {
    return this.#options.pollMilliseconds ?? 1000;
  }

  async #tryToLead(): Promise<void> {
    const client = await this.#options.database.pool.connect();
    // Without a listener, a connection that breaks while it idles would end the program; the next query fails anyway.
    client.on('error', () => this.wake());
    try {
      await client.query(keepAlive);
      const { rows } = await client.query<{ leads: boolean }>(lock);
      this.#failure = undefined;
      while (rows[0]!.leads && !this.#stopping.signal.aborted) await this.#drainAndWait(client);
    } finally {
      client.release(true); // closes the connection, and so gives up the lock
    }
  }

  async #drainAndWait(client: PoolClient): Promise<void> {
    const { batchSize = 500 } = this.#options;
    const { signal } = this.#stopping;
    let read = batchSize;
    while (read === batchSize && !signal.aborted) {
      const rows = await readOutbox(client, { limit: batchSize, except: this.#topics.resting() });
      const published = await unlessAborted(this.#topics.publish(rows), signal);
      if (published.length > 0) await deleteFromOutbox(client, published);
      read = rows.length;
    }
    const wait = Math.min(this.#pollMilliseconds, this.#topics.untilNextAttempt() ?? Infinity);
    await this.#wakeup.sleep(wait, { signal });
  }

  #tellFailure(error: unknown): void {
    const code = errorCode(error);
    if (code !== this.#failure) this.#options.logger.error({ err: error }, 'Could not read the outbox; trying again');
    this.#failure = code;
  }
}

const lock = `SELECT pg_try_advisory_lock(hashtextextended('kafka-events chat outbox', 0)) AS leads`;

/** The server notices within half a minute that a machine is gone, and gives its lock to another replica. */
const keepAlive = `SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3`;

/** The result, or nothing once the signal aborts: a broker that does not answer holds up no program's end. */
async function unlessAborted<T>(result: Promise<T[]>, signal: AbortSignal): Promise<T[]> {
  const done = new AbortController();
  const aborted = once(signal, 'abort', { signal: done.signal }).then(
    () => [],
    () => [],
  );
  try {
    return await Promise.race([result, aborted]);
  } finally {
    done.abort();
  }
}
