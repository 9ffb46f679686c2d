import type { KafkaConnection } from '../../../kafka/connection.ts';
import type { Clock } from '../../../lib/clock.ts';

/** Something that keeps sockets open to a cluster. */
export interface Closable {
  close(): Promise<void>;
}

interface Entry<T> {
  readonly client: T;
  usedAt: number;
}

const idleMilliseconds = 10 * 60_000;

/**
 * One lasting client for each cluster and credentials, instead of new sockets at every look. Those that nobody has used
 * for ten minutes, because the cluster is gone or its password has changed, are closed.
 */
export class ConnectionPool<T extends Closable> {
  readonly #create: (connection: KafkaConnection) => T;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(create: (connection: KafkaConnection) => T, clock: Clock) {
    this.#create = create;
    this.#clock = clock;
  }

  get(connection: KafkaConnection): T {
    const now = this.#clock.now().getTime();
    this.#closeIdle(now);
    const key = JSON.stringify(connection);
    const entry = this.#entries.get(key) ?? { client: this.#create(connection), usedAt: now };
    entry.usedAt = now;
    this.#entries.set(key, entry);
    return entry.client;
  }

  async close(): Promise<void> {
    const clients = [...this.#entries.values()].map(({ client }) => client);
    this.#entries.clear();
    await Promise.all(clients.map((client) => client.close()));
  }

  #closeIdle(now: number): void {
    for (const [key, { client, usedAt }] of this.#entries) {
      if (now - usedAt < idleMilliseconds) continue;
      this.#entries.delete(key);
      // Nobody waits for it, and a socket that fails to close is closed.
      void client.close().catch(() => {});
    }
  }
}
