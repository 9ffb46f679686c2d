import { ChannelListener } from '../../lib/channel-listener.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../../lib/database.ts';
import { toError } from '../../lib/errors.ts';
import type { Component } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';

export interface AddedRemindersOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called with when the earliest reminder that somebody added fires; without a time when some may have been missed. */
  readonly onAdded: (fireAt?: Date) => void;
}

/**
 * Where workers of a schedule tell each other when the earliest reminder that was added is to be published, in epoch
 * milliseconds. All of the database share the names of channels.
 */
const channelOf = ({ schema }: Database) => `${schema}_added`;
/** All workers look at the schedule more often than this, and find by themselves what comes up later. */
const soonMilliseconds = 10_000;

/**
 * Tells the due loops of all workers of reminders that fire soon, once they are committed: this worker's at once, the
 * others' by LISTEN/NOTIFY. NOTIFY is not part of the transaction, which would make commits wait for each other; one
 * that is lost with its process is made up for by those who listen, who also look by themselves.
 */
export class AddedReminders implements Component {
  readonly name = 'added reminders';
  readonly #options: AddedRemindersOptions;
  #listener: ChannelListener | undefined;
  #unsent: Date | undefined;
  #sending = Promise.resolve();

  constructor(options: AddedRemindersOptions) {
    this.#options = options;
  }

  /** To be called after the commit; returns at once. */
  announce(fireAt: Date): void {
    const { clock, onAdded } = this.#options;
    onAdded(fireAt);
    if (fireAt.getTime() - clock.now().getTime() > soonMilliseconds) return;
    const isSending = this.#unsent !== undefined;
    this.#unsent = this.#unsent && this.#unsent < fireAt ? this.#unsent : fireAt;
    // Those that come while a statement is under way share the next one.
    if (!isSending) this.#sending = this.#sending.then(() => this.#send());
  }

  /** Once the schedule's schema is known. */
  start(): void {
    const { database, onAdded } = this.#options;
    this.#listener = new ChannelListener({
      ...this.#options,
      channel: channelOf(database),
      onListening: () => onAdded(),
      onNotification: (fireAt) => onAdded(new Date(Number(fireAt))),
    });
    this.#listener.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#listener?.stop(), this.#sending]);
  }

  async #send(): Promise<void> {
    const { database, logger } = this.#options;
    const earliest = this.#unsent;
    this.#unsent = undefined;
    await database
      .query('SELECT pg_notify($1, $2)', [channelOf(database), String(earliest?.getTime())])
      .catch((error: unknown) => logger.warn({ err: toError(error) }, 'Could not tell other workers of new reminders'));
  }
}
