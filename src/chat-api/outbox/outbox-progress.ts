import type { Clock } from '../../lib/clock.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { OutboxHead } from './outbox-status.ts';

export interface OutboxProgressOptions {
  readonly readHeads: () => Promise<readonly OutboxHead[]>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** What this replica knows of a topic that fails. */
  readonly failureOf: (topic: string) => string | undefined;
}

/** For how long the same event may be the next of its topic. A broker that restarts takes less. */
const patienceMilliseconds = 60_000;

interface Seen {
  readonly position: string;
  /** By the monotonic clock, in milliseconds. */
  readonly since: number;
}

/**
 * Whether the outbox is stuck: events wait, and the first of them does not get away. A backlog that shrinks is not
 * stuck, however old it is. Every replica sees this in the table, also one that does not lead; it looks when asked.
 */
export class OutboxProgress {
  readonly #options: OutboxProgressOptions;
  #seen = new Map<string, Seen>();

  constructor(options: OutboxProgressOptions) {
    this.#options = options;
  }

  /** The topics whose first event has not moved, with the seconds; empty while all is well. */
  async stuckTopics(): Promise<Map<string, number>> {
    const { readHeads, clock } = this.#options;
    const heads = await readHeads();
    const now = clock.monotonic();
    this.#seen = new Map(
      heads.map(({ topic, position }) => {
        const before = this.#seen.get(topic);
        return [topic, before?.position === position ? before : { position, since: now }];
      }),
    );
    const ages = [...this.#seen].map(([topic, { since }]) => [topic, now - since] as const);
    return new Map(
      ages.filter(([, age]) => age >= patienceMilliseconds).map(([topic, age]) => [topic, Math.round(age / 1000)]),
    );
  }

  /** @throws {ExpectedError} OutboxStuck, with the topics and what is known of each */
  async check(): Promise<void> {
    const topics = await this.stuckTopics();
    if (topics.size === 0) return;
    const words = [...topics].map(([topic, seconds]) => {
      const failure = this.#options.failureOf(topic);
      return `the first event of ${topic} has waited for ${seconds} s${failure ? ` (${failure})` : ''}`;
    });
    throw new ExpectedError('OutboxStuck', `stuck: ${words.join('; ')}`, { retryable: true });
  }
}
