import { once } from 'node:events';
import { backoffMilliseconds } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import type { Database } from '../lib/database.ts';
import { toError } from '../lib/errors.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import type { Alarm } from './alarm.ts';
import { addedChannel } from './schedule/reminders.ts';

export interface AddedListenerOptions {
  readonly database: Database;
  readonly alarm: Alarm;
  readonly clock: Clock;
  readonly logger: Logger;
}

const failureBackoff = { initial: 200, maximum: 5000, factor: 2, jitter: 'full' } as const;

/** Hears of the reminders that other workers add, and wakes the due loop for them. Connects again when it must. */
export class AddedListener implements Component {
  readonly name = 'listener';
  readonly #options: AddedListenerOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(options: AddedListenerOptions) {
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
    const { alarm, clock, logger } = this.#options;
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.#listen(() => {
          failures = 0;
          alarm.ring(); // for what was added before
        });
      } catch (error) {
        failures += 1;
        logger.warn({ err: toError(error) }, 'Cannot hear of reminders that other workers add; polling goes on');
        await clock.sleep(backoffMilliseconds(failureBackoff, failures), signal);
      }
    }
  }

  /** Listens until the program stops; rejects when the connection breaks. */
  async #listen(onListening: () => void): Promise<void> {
    const { database, alarm } = this.#options;
    const { signal } = this.#stopping;
    const client = await database.pool.connect();
    try {
      client.on('error', () => {}); // it also ends then, which is what we wait for
      client.on('notification', ({ payload }) => alarm.ring(new Date(Number(payload))));
      const ended = once(client, 'end', { signal });
      await Promise.all([ended, client.query(`LISTEN ${addedChannel}`).then(onListening)]);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      client.release(true); // closed, since it still listens
    }
  }
}
