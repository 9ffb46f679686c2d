import { once } from 'node:events';
import { escapeIdentifier, type PoolClient } from 'pg';
import { backoffMilliseconds } from './backoff.ts';
import type { Clock } from './clock.ts';
import { databaseError } from './database-errors.ts';
import type { Database } from './database.ts';
import type { Component } from './lifecycle.ts';
import type { Logger } from './log.ts';

export interface ChannelListenerOptions {
  readonly database: Database;
  /** As NOTIFY names it; all of the database share one set of names, of at most 63 bytes. */
  readonly channel: string;
  /** Called whenever listening has begun, also anew: what was said before was not heard. */
  readonly onListening: () => void;
  readonly onNotification: (payload: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly proof?: ListeningProof;
}

/** How a connection shows that it still hears something: silence alone says nothing. */
export interface ListeningProof {
  /** How often the server is asked, in milliseconds. */
  readonly everyMilliseconds: number;
  /** How long its answer may take. */
  readonly limitMilliseconds: number;
}

const usualProof: ListeningProof = { everyMilliseconds: 5000, limitMilliseconds: 4000 };
const failureBackoff = { initial: 200, maximum: 5000, factor: 2, jitter: 'full' } as const;

/** Hears what is said on a channel of PostgreSQL (LISTEN), on its own connection; connects again when it must. */
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

  /** Listens until the program stops; rejects when the connection breaks, or no longer answers. */
  async #listen(onListening: () => void): Promise<void> {
    const { database, channel, onNotification } = this.#options;
    const { signal } = this.#stopping;
    const client = await database.pool.connect();
    const left = new AbortController();
    try {
      client.on('error', () => {}); // it also ends then, which is what we wait for
      client.on('notification', ({ payload }) => onNotification(payload ?? ''));
      const ended = once(client, 'end', { signal }).then(() => {
        throw new Error('The connection ended');
      });
      const listening = client.query(`LISTEN ${escapeIdentifier(channel)}`).then(() => {
        onListening();
        return this.#prove(client, left.signal);
      });
      await Promise.all([ended, listening]);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      left.abort();
      client.release(true); // closed, since it still listens
    }
  }

  /** Asks the server something from time to time; rejects when it does not answer. */
  async #prove(client: PoolClient, signal: AbortSignal): Promise<void> {
    const { clock, proof = usualProof } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(proof.everyMilliseconds, signal);
      if (!signal.aborted) await answers(client, proof.limitMilliseconds, clock);
    }
  }
}

async function answers(client: PoolClient, limitMilliseconds: number, clock: Clock): Promise<void> {
  const answered = new AbortController();
  const late = clock.sleep(limitMilliseconds, answered.signal).then(() => {
    if (!answered.signal.aborted) throw new Error(`The server has not answered for ${limitMilliseconds} ms`);
  });
  try {
    await Promise.race([client.query('SELECT 1'), late]);
  } finally {
    answered.abort();
  }
}
