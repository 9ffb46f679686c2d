import type { PoolClient } from 'pg';
import { databaseError } from '../../lib/database-errors.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../../lib/database.ts';
import type { Component } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';

/** Gets the user whose tasks have changed, or undefined when any may have: after a lost connection. */
export type ChangeListener = (userId: string | undefined) => void;

export interface AnnouncementOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly clock: Clock;
}

const channel = 'chat_changes';
const reconnectMilliseconds = 1000;

/**
 * Tells all replicas that a user's tasks have changed, once the change is committed: this one at once, the others by
 * LISTEN/NOTIFY. NOTIFY is not part of the transaction, which would make commits wait for each other; one that is lost
 * with its process is made up for by those who listen, who also look by themselves from time to time.
 */
export class Announcements implements Component {
  readonly name = 'announcements';
  readonly #options: AnnouncementOptions;
  readonly #listeners = new Set<ChangeListener>();
  readonly #stopping = new AbortController();
  readonly #unsent = new Set<string>();
  #sending = Promise.resolve();
  #running = Promise.resolve();

  constructor(options: AnnouncementOptions) {
    this.#options = options;
  }

  /** @returns ends the listening */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** To be called after the commit; returns at once. */
  announce(userId: string): void {
    this.#tell(userId);
    this.#unsent.add(userId);
    // Those who come while a statement is under way share the next one.
    if (this.#unsent.size === 1) this.#sending = this.#sending.then(() => this.#send());
  }

  start(): void {
    this.#running = this.#listen();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#running, this.#sending]);
  }

  #tell(userId: string | undefined): void {
    for (const listener of this.#listeners) listener(userId);
  }

  async #send(): Promise<void> {
    const { database, logger } = this.#options;
    const users = [...this.#unsent];
    this.#unsent.clear();
    await database
      .query('SELECT pg_notify($1, user_id) FROM unnest($2::text[]) AS user_id', [channel, users])
      .catch((error: unknown) => logger.warn({ err: error }, 'Could not announce changes to the other replicas'));
  }

  async #listen(): Promise<void> {
    const { database, logger, clock } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const client = await database.pool.connect();
        await this.#listenOn(client);
      } catch (error) {
        logger.warn({ err: databaseError(error) }, 'Lost the announcements of the other replicas; connecting again');
      }
      await clock.sleep(reconnectMilliseconds, signal);
    }
  }

  /** Returns when the program stops. */
  async #listenOn(client: PoolClient): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('The connection ended')));
      client.on('notification', ({ payload }) => this.#tell(payload));
      this.#stopping.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    try {
      await client.query(`LISTEN ${channel}`);
      this.#tell(undefined);
      await ended;
    } finally {
      ended.catch(() => {});
      client.release(true);
    }
  }
}
