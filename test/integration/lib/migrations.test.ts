import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { openDatabase, type Database } from '../../../src/lib/database.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { migrate } from '../../../src/lib/migrations.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let postgres: Postgres;
let database: Database;
let directory: string;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  database = openDatabase({ uri: await postgres.createDatabase(), applicationName: 'test', logger });
  directory = await mkdtemp(join(tmpdir(), 'kafka-events-migrations-'));
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true });
});

const write = (file: string, sql: string) => writeFile(join(directory, file), sql);
const run = () => migrate(database, { schema: 'chat', directory });

describe('migrate', () => {
  it('runs each file once, in order, in its schema', async () => {
    await write('0001-create-tasks.sql', 'CREATE TABLE tasks (id integer)');
    await write('0002-add-title.sql', 'ALTER TABLE tasks ADD title text; CREATE INDEX ON tasks (title)');
    await write('README.md', 'not SQL');
    expect(await run()).toEqual(['0001-create-tasks.sql', '0002-add-title.sql']);
    expect(await run()).toEqual([]);
    await write('0003-add-note.sql', 'ALTER TABLE tasks ADD note text');
    expect(await run()).toEqual(['0003-add-note.sql']);
    await database.query(`INSERT INTO chat.tasks (id, title, note) VALUES (1, 'a', 'b')`);
  });

  it('runs each file once when replicas start at once', async () => {
    await write('0001-create-tasks.sql', 'SELECT pg_sleep(0.1); CREATE TABLE tasks (id integer)');
    const ran = await Promise.all([run(), run(), run(), run()]);
    expect(ran.flat()).toEqual(['0001-create-tasks.sql']);
  });

  it('leaves everything as it was when one file fails', async () => {
    await write('0001-create-tasks.sql', 'CREATE TABLE tasks (id integer)');
    await write('0002-broken.sql', 'ALTER TABEL tasks ADD title text');
    await expect(run()).rejects.toMatchObject({ code: 'DatabaseStatementFailed' });
    await write('0002-broken.sql', 'ALTER TABLE tasks ADD title text');
    expect(await run()).toHaveLength(2);
  });

  it('leaves a schema alone that a newer version has brought further', async () => {
    await write('0001-create-tasks.sql', 'CREATE TABLE tasks (id integer)');
    await write('0002-add-title.sql', 'ALTER TABLE tasks ADD title text');
    await run();
    await rm(join(directory, '0002-add-title.sql'));
    expect(await run()).toEqual([]);
  });

  it.each([['0002-late.sql'], ['1-short.sql'], ['create.sql']])('refuses a file called %s', async (file) => {
    await write(file, 'SELECT 1');
    await expect(run()).rejects.toMatchObject({ code: 'InvalidMigration', message: expect.stringContaining(file) });
  });

  it('keeps schemas apart, whatever their names', async () => {
    await write('0001-create-tasks.sql', 'CREATE TABLE tasks (id integer)');
    await migrate(database, { schema: 'a"b', directory });
    await run();
    const { rows } = await database.query('SELECT 1 FROM "a""b".tasks UNION ALL SELECT 1 FROM chat.tasks');
    expect(rows).toEqual([]);
  });
});
