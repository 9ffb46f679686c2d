import { Pool, type PoolClient, type QueryResult, type QueryResultRow } from 'pg';
import { databaseError } from './database-errors.ts';
import type { Logger } from './log.ts';

/** What statements are sent to: the pool, or one transaction. Values stand in the text as $1, $2. */
export interface Queryable {
  /** @throws {ExpectedError} with a DatabaseErrorCode */
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

export interface Database extends Queryable {
  /** For what needs a connection of its own, such as LISTEN. What it throws is not mapped. */
  readonly pool: Pool;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** postgresql://user:password@host:port/database */
  readonly uri: string;
  /** What the server calls this program in pg_stat_activity. */
  readonly applicationName: string;
  readonly logger: Logger;
  readonly maximumConnections?: number;
  /** How long a statement may take, in milliseconds; also ends the wait for a server that no longer answers. */
  readonly statementMilliseconds?: number;
}

const connectMilliseconds = 5000;

/** Connects when first asked something, and again whenever the server comes back. */
export function openDatabase(options: DatabaseOptions): Database {
  const { uri, applicationName, logger, maximumConnections = 10, statementMilliseconds = 30_000 } = options;
  const pool = new Pool({
    connectionString: uri,
    application_name: applicationName,
    max: maximumConnections,
    connectionTimeoutMillis: connectMilliseconds,
    statement_timeout: statementMilliseconds,
    // The client gives up a little later than the server would, so that the server's own error arrives first.
    query_timeout: statementMilliseconds + 1000,
    keepAlive: true,
  });
  // Without listeners, a connection that breaks would end the program. Who uses it learns it from his statement, and
  // an idle one is replaced.
  pool.on('connect', (client) => void client.on('error', () => {}));
  pool.on('error', (error) => logger.warn({ err: databaseError(error) }, 'Lost an idle database connection'));
  return {
    pool,
    query: <Row extends QueryResultRow>(text: string, values?: readonly unknown[]) =>
      mapped(pool.query<Row>(text, values && [...values])),
    close: () => pool.end(),
  };
}

/**
 * Runs the work in one transaction: committed when it resolves, rolled back when it throws.
 *
 * @throws {ExpectedError} with a DatabaseErrorCode, or whatever the work throws
 */
export async function withTransaction<T>(database: Database, work: (transaction: Queryable) => Promise<T>): Promise<T> {
  const client = await mapped(database.pool.connect());
  let broken: Error | undefined;
  try {
    await mapped(client.query('BEGIN'));
    const result = await work(transactionOn(client));
    await mapped(client.query('COMMIT'));
    return result;
  } catch (error) {
    // A connection that cannot even roll back is not given to anybody else.
    await client.query('ROLLBACK').catch((rollbackError: Error) => (broken = rollbackError));
    throw error;
  } finally {
    client.release(broken);
  }
}

function transactionOn(client: PoolClient): Queryable {
  return {
    query: <Row extends QueryResultRow>(text: string, values?: readonly unknown[]) =>
      mapped(client.query<Row>(text, values && [...values])),
  };
}

async function mapped<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw databaseError(error);
  }
}
