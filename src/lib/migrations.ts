import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { escapeIdentifier } from 'pg';
import { withTransaction, type Database, type Queryable } from './database.ts';
import { ExpectedError } from './errors.ts';

export interface MigrationOptions {
  /** The PostgreSQL schema that the tables live in; made if it is missing, and first in the search path. */
  readonly schema: string;
  /** Where the files are: `0001-create-tasks.sql`, `0002-...`, numbered without a gap. */
  readonly directory: string;
}

interface Migration {
  readonly number: number;
  readonly file: string;
}

/**
 * Brings a schema up to date: runs the files that have not run yet, all of them in one transaction. Replicas that
 * start at once wait for each other. A schema that is newer than the files is left as it is, since a replica of the
 * version before runs on it during a rollout.
 *
 * @returns the files that ran
 * @throws {ExpectedError} InvalidMigration for a wrong file name or a gap, else with a DatabaseErrorCode
 */
export async function migrate(database: Database, { schema, directory }: MigrationOptions): Promise<string[]> {
  const migrations = await readMigrations(directory);
  const name = escapeIdentifier(schema);
  const work = async (transaction: Queryable) => {
    await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`migrations of ${schema}`]);
    await transaction.query(`CREATE SCHEMA IF NOT EXISTS ${name}`);
    await transaction.query(`SET LOCAL search_path TO ${name}, public`);
    await transaction.query(createTable);
    const applied = await appliedNumbers(transaction);
    const missing = migrations.filter(({ number }) => !applied.has(number));
    for (const migration of missing) await apply(transaction, directory, migration);
    return missing.map(({ file }) => file);
  };
  return withTransaction(database, work, { statementMilliseconds });
}

/** An index over ten million rows takes most of a minute, and other replicas wait for the one that makes it. */
const statementMilliseconds = 15 * 60_000;

const createTable = `
  CREATE TABLE IF NOT EXISTS migrations (
    number integer PRIMARY KEY,
    file text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`;

async function appliedNumbers(transaction: Queryable): Promise<Set<number>> {
  const { rows } = await transaction.query<{ number: number }>('SELECT number FROM migrations');
  return new Set(rows.map(({ number }) => number));
}

async function apply(transaction: Queryable, directory: string, { number, file }: Migration): Promise<void> {
  await transaction.query(await readFile(join(directory, file), 'utf8'));
  await transaction.query('INSERT INTO migrations (number, file) VALUES ($1, $2)', [number, file]);
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).toSorted();
  return files.map((file, index) => {
    const number = Number(/^(\d{4})-/.exec(basename(file))?.[1]);
    if (number === index + 1) return { number, file };
    const expected = String(index + 1).padStart(4, '0');
    throw new ExpectedError('InvalidMigration', `${join(directory, file)}: its name must begin with ${expected}-`);
  });
}
