import { once } from 'node:events';
import { backoffMilliseconds } from './backoff.ts';
import type { Clock } from './clock.ts';
import { databaseError } from './database-errors.ts';
import type { Database } from './database.ts';
import type { Component } from './lifecycle.ts';
import type { Logger } from './log.ts';

export interface ChannelListenerOptions {
  readonly database: Database;
  /** As NOTIFY names it; a plain identifier. */
  readonly channel: string;
  /** Called whenever listening has begun, also anew: what was said before was not heard. */
  readonly onListening: () => void;
  readonly onNotification: (payload: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

const failureBackoff = { initial: 200, maximum: 5000, factor: 2, jitter: 'full' } as const;

/** Hears what is said on a channel of PostgreSQL (LISTEN), on a connection of its own; connects again when it must. */
export class ChannelListener implements Component {
  readonly name = 'channel listener';
  readonly #options: ChannelListenerOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: ChannelListenerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { channel, clock, logger, onListening } = this.#options;
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.#listen(() => {
          failures = 0;
          onListening();
        });
      } catch (error) {
        failures += 1;
        logger.warn({ channel, err: databaseError(error) }, 'Cannot hear a channel of the database; connecting again');
        await clock.sleep(backoffMilliseconds(failureBackoff, failures), signal);
      }
    }
  }

  /** Listens until the program stops; rejects when the connection breaks. */
  async #listen(onListening: () => void): Promise<void> {
    const { database, channel, onNotification } = this.#options;
    const { signal } = this.#stopping;
    const client = await database.pool.connect();
    try {
      client.on('error', () => {}); // it also ends then, which is what we wait for
      client.on('notification', ({ payload }) => onNotification(payload ?? ''));
      const ended = once(client, 'end', { signal }).then(() => {
        throw new Error('The connection ended');
      });
      await Promise.all([ended, client.query(`LISTEN ${channel}`).then(onListening)]);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      client.release(true); // closed, since it still listens
    }
  }
}
