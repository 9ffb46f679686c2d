import {
  DatabaseError,
  escapeIdentifier,
  Pool,
  type PoolConfig,
  type PoolClient,
  type QueryConfig,
  type QueryResult,
  type QueryResultRow,
} from 'pg';
import { CoalescingSocket } from './coalescing-socket.ts';
import { databaseError } from './database-errors.ts';
import { ExpectedError, toError } from './errors.ts';
import type { Logger } from './log.ts';
import { timeTypes } from './time-parser.ts';

/** What statements are sent to: the pool, or one transaction. Values stand in the text as $1, $2. */
export interface Queryable {
  /** @throws {ExpectedError} with a DatabaseErrorCode */
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

/** Statements that are sent one after another, without each waiting for the answer to the one before. */
export interface Transaction extends Queryable {
  /** Sends a statement whose answer nobody needs. If it fails, so does the next that is asked for, or the commit. */
  send(text: string, values?: readonly unknown[]): void;
}

export interface Database extends Queryable {
  /** For what needs its own connection, such as LISTEN. What it throws is not mapped. */
  readonly pool: Pool;
  /**
   * The PostgreSQL schema of what statements inside transactions name without one. It is set transaction by transaction,
   * so that it holds behind a pooler, too, which gives each transaction another session.
   */
  schema: string | undefined;
  /** As in the options: what a transaction has locked may be another's once it has been idle for so long. */
  readonly idleInTransactionMilliseconds: number;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** postgresql://user:password@host:port/database */
  readonly uri: string;
  /** What the server calls this program in pg_stat_activity. */
  readonly applicationName: string;
  readonly logger: Logger;
  readonly maximumConnections?: number;
  /**
   * How long a statement may take, in milliseconds. A connection whose server no longer answers is given up a second
   * later: there is no other way to notice that packets are lost.
   */
  readonly statementMilliseconds?: number;
  /**
   * How long a transaction may wait for its next statement, in milliseconds, before the server rolls it back: the
   * longest that rows stay locked after this machine has vanished.
   */
  readonly idleInTransactionMilliseconds?: number;
  /** Further settings of the server for each connection, by name. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

const connectMilliseconds = 5000;
/** The client gives up a little later than the server would, so that the server's own error arrives first. */
const graceMilliseconds = 1000;
/** How soon an idle connection is probed by TCP; the server also ends one whose packets nobody acknowledges. */
const keepAliveSeconds = 5;
const lostSeconds = 10;

/** Connects when first asked something, and again whenever the server comes back. */
export function openDatabase(options: DatabaseOptions): Database {
  const { uri, applicationName, logger, maximumConnections = 10, settings = {} } = options;
  const { statementMilliseconds = 8000, idleInTransactionMilliseconds = 15_000 } = options;
  const pool = new Pool({
    connectionString: withSettings(uri, { ...sessionsThatEnd, ...settings }),
    application_name: applicationName,
    max: maximumConnections,
    connectionTimeoutMillis: connectMilliseconds,
    statement_timeout: statementMilliseconds,
    idle_in_transaction_session_timeout: idleInTransactionMilliseconds,
    query_timeout: statementMilliseconds + graceMilliseconds,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveSeconds * 1000,
    types: timeTypes,
    ...pipelined,
  });
  // Without listeners, a connection that breaks would end the program. Its user learns of that from the statement, and
  // an idle one is replaced.
  pool.on('connect', (client) => void client.on('error', () => {}));
  pool.on('error', (error) => logger.warn({ err: databaseError(error) }, 'Lost an idle database connection'));
  return {
    pool,
    schema: undefined,
    idleInTransactionMilliseconds,
    query: <Row extends QueryResultRow>(text: string, values?: readonly unknown[]) =>
      mapped(pool.query<Row>(text, values && [...values])),
    close: () => pool.end(),
  };
}

/** Sends statements before those that were sent earlier are answered, and together. pg's types lack it. */
const pipelined: PoolConfig & { readonly pipeline: boolean } = { pipeline: true, stream: () => new CoalescingSocket() };

/** Makes the server end the sessions of clients that have vanished. */
const sessionsThatEnd = {
  tcp_user_timeout: lostSeconds * 1000,
  tcp_keepalives_idle: keepAliveSeconds,
  tcp_keepalives_interval: 1,
  tcp_keepalives_count: lostSeconds - keepAliveSeconds,
};

/** Those that the URI has itself come last, and count. */
function withSettings(uri: string, settings: Readonly<Record<string, string | number>>): string {
  const url = new URL(uri);
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  url.searchParams.set('options', [...ours, url.searchParams.get('options') ?? ''].join(' ').trim());
  return url.href;
}

export interface TransactionOptions {
  /** How long a statement may take, in milliseconds; as elsewhere when left out. */
  readonly statementMilliseconds?: number;
}

/**
 * Runs the work in one transaction: committed when it resolves, rolled back when it throws.
 *
 * @throws {ExpectedError} with a DatabaseErrorCode, or whatever the work throws
 */
export async function withTransaction<T>(
  database: Database,
  work: (transaction: Transaction) => Promise<T>,
  { statementMilliseconds }: TransactionOptions = {},
): Promise<T> {
  const client = await mapped(database.pool.connect());
  const session = new Session(client, statementMilliseconds);
  try {
    session.send(database.schema === undefined ? 'BEGIN' : `BEGIN; ${useSchema(database.schema)}`);
    if (statementMilliseconds !== undefined) {
      session.send(`SET LOCAL statement_timeout = ${Math.ceil(statementMilliseconds)}`);
    }
    const result = await work(session);
    await session.commit();
    return result;
  } catch (error) {
    // The server rolls back what it cannot be told of any more.
    if (!session.broken) await session.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.release(session.broken);
  }
}

/** A statement for the rest of the transaction. */
const useSchema = (schema: string) => `SET LOCAL search_path TO ${escapeIdentifier(schema)}`;

/** A connection while one transaction has it. */
class Session implements Transaction {
  readonly #client: PoolClient;
  readonly #queryMilliseconds: number | undefined;
  readonly #sent: Promise<unknown>[] = [];
  /** Of the first statement that failed unobserved: those after it fail only because of it. */
  #failure: Error | undefined;
  /** Why it must not be given to anybody else: it has not answered, or is gone. */
  broken: Error | undefined;

  constructor(client: PoolClient, statementMilliseconds: number | undefined) {
    this.#client = client;
    this.#queryMilliseconds = statementMilliseconds && statementMilliseconds + graceMilliseconds;
  }

  async query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>> {
    try {
      return await this.#ask<Row>(text, values);
    } catch (error) {
      const failure = this.#failureOf(error);
      throw this.#failure ?? failure;
    }
  }

  send(text: string, values?: readonly unknown[]): void {
    // Noted at once: the answer to the next statement may have come with this one's.
    const note = (error: unknown) => (this.#failure ??= this.#failureOf(error));
    this.#sent.push(this.#ask(text, values).catch(note));
  }

  #ask<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>> {
    // pg's types lack the limit of a single query.
    const query: QueryConfig & { query_timeout?: number } = {
      text,
      ...(values && { values: [...values] }),
      ...(this.#queryMilliseconds && { query_timeout: this.#queryMilliseconds }),
    };
    return this.#client.query<Row>(query);
  }

  #failureOf(error: unknown): ExpectedError {
    if (!(error instanceof DatabaseError)) this.broken = toError(error);
    return databaseError(error);
  }

  /** @throws {ExpectedError} with a DatabaseErrorCode, of whichever statement failed first */
  async commit(): Promise<void> {
    const { command } = await this.query('COMMIT');
    // The server answers that it has rolled back, which is no error to it.
    await Promise.all(this.#sent);
    if (this.#failure) throw this.#failure;
    if (command !== 'COMMIT') throw rolledBack();
  }
}

/** A statement has failed, and whoever asked for it has gone on. */
const rolledBack = () =>
  new ExpectedError('DatabaseStatementFailed', 'The database has rolled a transaction back instead of committing it');

async function mapped<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw databaseError(error);
  }
}
