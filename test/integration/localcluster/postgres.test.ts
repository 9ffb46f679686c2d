import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, type QueryResultRow } from 'pg';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';

let postgres: Postgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres?.stop());

async function query(uri: string, sql: string): Promise<QueryResultRow[]> {
  const client = new Client({ connectionString: uri });
  client.on('error', () => undefined); // a test that kills the server ends the connection too
  await client.connect();
  try {
    return (await client.query<QueryResultRow>(sql)).rows;
  } finally {
    await client.end();
  }
}

it('answers a query', async () => {
  expect(await query(postgres.uri, 'SELECT 6 * 7 AS answer')).toEqual([{ answer: 42 }]);
});

it('lets nobody in without the password', async () => {
  const uri = new URL(postgres.uri);
  uri.password = 'guessed';
  await expect(query(uri.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
});

it('gives every caller a database of their own', async () => {
  const [one, other] = await Promise.all([postgres.createDatabase(), postgres.createDatabase()]);
  await query(one, 'CREATE TABLE tasks (id int)');
  await expect(query(other, 'SELECT * FROM tasks')).rejects.toMatchObject({ code: '42P01' });
});

describe('what was committed is there again', () => {
  it.each(['kill', 'stop'] as const)('after %s and start', async (end) => {
    const uri = await postgres.createDatabase();
    await query(uri, "CREATE TABLE tasks AS SELECT 'write tests' AS title");
    await postgres.server[end]();
    await expect(query(uri, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await postgres.server.start();
    expect(await query(uri, 'SELECT title FROM tasks')).toEqual([{ title: 'write tests' }]);
  });
});

it('answers nothing while it is paused, and then what it was asked', async () => {
  const client = new Client({ connectionString: postgres.uri });
  const newcomer = new Client({ connectionString: postgres.uri, connectionTimeoutMillis: 500 });
  await client.connect();
  await postgres.server.pause();
  let answered = false;
  const answer = client.query('SELECT 1').finally(() => (answered = true));
  await expect(newcomer.connect()).rejects.toThrow(/timeout/);
  expect(answered).toBe(false);
  await postgres.server.resume();
  expect((await answer).rowCount).toBe(1);
  await client.end();
});
