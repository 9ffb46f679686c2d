import type { PoolClient, QueryResultRow } from 'pg';
import { backoffMilliseconds } from '../../lib/backoff.ts';
import { databaseError } from '../../lib/database-errors.ts';
import type { Database, Queryable } from '../../lib/database.ts';
import { errorCode } from '../../lib/errors.ts';
import type { Component } from '../../lib/lifecycle.ts';
import { Wakeup } from '../../lib/wakeup.ts';
import { deleteFromOutbox, readOutbox, type OutboxRow, type ReadLimits } from './outbox-rows.ts';
import { TopicPublisher, type PublishOutcome, type TopicPublisherOptions } from './publish.ts';
import { holdBack, releaseFitting, releaseHeld, setAside, topicsWithTooLarge } from './set-aside.ts';

export interface RelayOptions extends TopicPublisherOptions {
  readonly database: Database;
  readonly limits?: ReadLimits;
  /** How often to look without being woken, and for a leader that is gone. */
  readonly pollMilliseconds?: number;
  /** After how long without a statement of the leader PostgreSQL gives its place to another. */
  readonly silenceMilliseconds?: number;
}

type Statements = Pick<Queryable, 'query'>;

/** A batch that is no longer under way. */
interface Finished {
  readonly topic: string;
  readonly outcome: PublishOutcome;
}

/** How often to look at what is set aside. */
const sweepMilliseconds = 5_000;

/** While a batch is under way, new rows of its topic have to wait anyway: no need to look at each. */
const busyPauseMilliseconds = 5;

/** How long batches that are under way are waited for when the program stops. */
const stopMilliseconds = 2_000;

/** What could not be deleted is published again by whoever leads next: a database that stays like that is left alone. */
const unsettledBackoff = { maximum: 30_000, factor: 2 };

/** For how long no broker may answer the leader until another replica gets the chance. */
const cutOffMilliseconds = 3_000;

/**
 * Moves events from the outbox to Kafka.
 *
 * Of all replicas, the one that holds the advisory lock leads: it reads the first rows of each topic in order, sends
 * them, and deletes them when Kafka has acknowledged them. A crash at any point leaves rows that are sent again, so
 * each event arrives at least once, and those of one task in their order. One batch of a topic is under way at a time,
 * and no topic waits for another.
 *
 * The lock is the connection's: it ends with the process, and when the leader says nothing for too long, as one does
 * whose machine is gone. A leader that reaches no broker gives it up by itself.
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
  /** How many times in a row the database has not taken what became of rows. */
  #unsettled = 0;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#topics = new TopicPublisher(options);
    this.#wakeup = new Wakeup(options.clock);
  }

  /** There may be something in the outbox. */
  wake(): void {
    this.#wakeup.wake();
  }

  /** The code of a topic's last failure, if it fails now and this replica leads. */
  failureOf(topic: string): string | undefined {
    return this.#topics.failureOf(topic);
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
      await this.#standAndLead().catch((error: unknown) => this.#tellFailure(databaseError(error)));
      // Those who stand by look more often than that: they come first.
      const backoff = { ...unsettledBackoff, initial: 2 * this.#pollMilliseconds };
      await this.#options.clock.sleep(backoffMilliseconds(backoff, Math.max(1, this.#unsettled)), signal);
    }
  }

  get #pollMilliseconds(): number {
    return this.#options.pollMilliseconds ?? 500;
  }

  /** Stands by until the lock is free, then leads until something breaks. */
  async #standAndLead(): Promise<void> {
    const { database, clock, silenceMilliseconds = 20_000 } = this.#options;
    const { signal } = this.#stopping;
    const client = await database.pool.connect();
    // Without a listener, a connection that breaks while it idles would end the program; the next query fails anyway.
    client.on('error', () => this.wake());
    const statements = within(client, silenceMilliseconds / 2);
    try {
      await client.query(sessionSettings(silenceMilliseconds));
      while (!signal.aborted && !(await tryLock(statements))) await clock.sleep(this.#pollMilliseconds, signal);
      this.#failure = undefined;
      if (!signal.aborted) await this.#lead(statements);
    } finally {
      client.release(true); // closes the connection, and so gives up the lock
    }
  }

  async #lead(database: Statements): Promise<void> {
    const { clock, limits = { rows: 500, bytes: 4_000_000 } } = this.#options;
    const { signal } = this.#stopping;
    const underWay = new Map<string, Promise<void>>();
    let finished: Finished[] = [];
    let anyFinished = new AbortController();
    let sweptAt = -Infinity;
    let hasTried = false;
    const publish = async (topic: string, rows: readonly OutboxRow[]) => {
      const outcome = await this.#topics.publish(topic, rows);
      finished.push({ topic, outcome });
      anyFinished.abort();
      this.wake();
    };
    while (!signal.aborted) {
      if (clock.monotonic() - sweptAt >= sweepMilliseconds) {
        await this.#sweep(database);
        sweptAt = clock.monotonic();
      }
      const settled = finished;
      finished = [];
      anyFinished = new AbortController();
      for (const { topic } of settled) underWay.delete(topic);
      hasTried ||= settled.length > 0;
      const isCutOff = hasTried && underWay.size === 0 && this.#topics.isCutOff(cutOffMilliseconds);
      // In one round trip, and in this order, so that no row is read again that was published.
      const settling = this.#settle(database, settled);
      const except = { topics: [...this.#topics.resting(), ...underWay.keys()], keys: this.#topics.waiting() };
      const reading = readOutbox(database, { limits, except });
      const [rows] = await Promise.all([reading, settling]);
      if (isCutOff) return;
      const held = rows.filter((row) => row.held);
      if (held.length > 0) await holdBack(database, held, clock.now());
      const free = Map.groupBy(
        rows.filter((row) => !row.held),
        ({ topic }) => topic,
      );
      for (const [topic, itsRows] of free) underWay.set(topic, publish(topic, itsRows));
      if (held.length > 0) continue;
      const wait = Math.min(this.#pollMilliseconds, this.#topics.untilNextAttempt() ?? Infinity);
      await this.#wakeup.sleep(wait, { signal });
      if (underWay.size > 0) {
        await clock.sleep(busyPauseMilliseconds, AbortSignal.any([anyFinished.signal, signal]));
      }
    }
    // What is acknowledged now need not be sent again. A broker that does not answer holds up no program's end.
    const done = new AbortController();
    await Promise.race([Promise.all(underWay.values()), clock.sleep(stopMilliseconds, done.signal)]);
    done.abort();
    await this.#settle(database, finished);
  }

  /** Sends all its statements at once. */
  async #settle(database: Statements, finished: readonly Finished[]): Promise<void> {
    const published = finished.flatMap(({ outcome }) => outcome.published);
    const refused = finished.flatMap(({ outcome }) => outcome.refused);
    if (published.length + refused.length === 0) return;
    this.#unsettled++;
    await Promise.all([
      published.length > 0 && deleteFromOutbox(database, published),
      refused.length > 0 && setAside(database, refused, this.#options.clock.now()),
    ]);
    this.#unsettled = 0;
  }

  /** Has those rows read again that need no longer be set aside. */
  async #sweep(database: Statements): Promise<void> {
    const { publisher } = this.#options;
    for (const topic of await topicsWithTooLarge(database)) {
      await releaseFitting(database, topic, publisher.maximumBytes(topic));
    }
    await releaseHeld(database);
  }

  #tellFailure(error: unknown): void {
    const code = errorCode(error);
    if (code !== this.#failure) this.#options.logger.error({ err: error }, 'Could not read the outbox; trying again');
    this.#failure = code;
  }
}

async function tryLock(database: Statements): Promise<boolean> {
  const { rows } = await database.query<{ leads: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended('kafka-events chat outbox', 0)) AS leads`,
  );
  return rows[0]!.leads;
}

/**
 * PostgreSQL ends the session, and with it the lock, when nothing more comes: from a machine that is gone, between
 * statements or in the middle of one. `transaction_timeout` came with version 17, the other with 14. The plan never
 * depends on statistics, which say little of a table whose rows come and go: the indices are in the order asked for.
 */
function sessionSettings(silenceMilliseconds: number): string {
  return `
    SELECT set_config(name, '${silenceMilliseconds}', false) FROM pg_settings
    WHERE name IN ('idle_session_timeout', 'transaction_timeout');
    SET statement_timeout = ${silenceMilliseconds / 2};
    SET tcp_user_timeout = ${silenceMilliseconds};
    SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
    SET enable_seqscan = off; SET enable_bitmapscan = off; SET jit = off; SET plan_cache_mode = force_generic_plan`;
}

/** Prepared statements of one connection, which fail when the server does not answer in time. */
function within(client: PoolClient, milliseconds: number): Statements {
  const names = new Map<string, string>();
  return {
    query: <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) => {
      const name = names.get(text) ?? `outbox ${names.size}`;
      names.set(text, name);
      const query = { name, text, values: [...values], query_timeout: milliseconds };
      return client.query<Row>(query);
    },
  };
}
