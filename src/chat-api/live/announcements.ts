import { ChannelListener } from '../../lib/channel-listener.ts';
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

/**
 * Tells all replicas that a user's tasks have changed, once the change is committed: this one at once, the others by
 * LISTEN/NOTIFY. NOTIFY is not part of the transaction, which would make commits wait for each other; one that is lost
 * with its process is made up for by those who listen, who also look by themselves from time to time.
 */
export class Announcements implements Component {
  readonly name = 'announcements';
  readonly #options: AnnouncementOptions;
  readonly #listeners = new Set<ChangeListener>();
  readonly #channelListener: ChannelListener;
  readonly #unsent = new Set<string>();
  #sending = Promise.resolve();

  constructor(options: AnnouncementOptions) {
    this.#options = options;
    this.#channelListener = new ChannelListener({
      ...options,
      channel,
      // Whatever was announced before was not heard.
      onListening: () => this.#tell(undefined),
      onNotification: (userId) => this.#tell(userId),
    });
  }

  /** @returns ends the listening */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** To be called after the commit; returns at once. */
  announce(userId: string): void {
    this.#tell(userId);
    const isSending = this.#unsent.size > 0;
    this.#unsent.add(userId);
    // Those who come while a statement is under way share the next one.
    if (!isSending) this.#sending = this.#sending.then(() => this.#send());
  }

  start(): void {
    this.#channelListener.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#channelListener.stop(), this.#sending]);
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
}
