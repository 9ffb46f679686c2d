import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Hono } from 'hono';
import { Client } from 'pg';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import type { RequestEnvironment } from '../../../src/chat-api/http/request-context.ts';
import { createSchema } from '../../../src/chat-api/schema.ts';
import { createWarmUp } from '../../../src/chat-api/warm-up.ts';
import { systemClock as clock } from '../../../src/lib/clock.ts';
import { openDatabase } from '../../../src/lib/database.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { MemoryPublisher, startChatApi } from '../../support/chat-api.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const context = { signal: new AbortController().signal, fail: () => {} };
let postgres: Postgres;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

it('asks what nobody else may ask, on a port that is closed afterwards', async () => {
  const database = openDatabase({ uri: await postgres.createDatabase(), applicationName: 'test', logger });
  await createSchema(database, clock, logger).start(context);
  const asked: { url: string; user: string | undefined; stranger: string | undefined }[] = [];
  const warmUp = createWarmUp({
    ...{ database, publisher: new MemoryPublisher(), clock, logger },
    topics: { events: 'task-events', updates: 'task-updates' },
    appFor: (tokens) =>
      new Hono<RequestEnvironment>().post('/v1/chat', async (context) => {
        const user = await tokens.authenticate(context.req.header('Authorization')!.replace('Bearer ', ''));
        asked.push({ url: context.req.url, user, stranger: await tokens.authenticate('guessed') });
        return context.json({});
      }),
  });

  await warmUp.start(context);

  expect(asked).toHaveLength(56);
  expect(new Set(asked.map(({ user }) => user))).toEqual(new Set(['warm-up']));
  expect(new Set(asked.map(({ stranger }) => stranger))).toEqual(new Set([undefined]));
  await expect(fetch(asked[0]!.url)).rejects.toThrow('fetch failed');
  await database.close();
});

it('makes changes and answers requests of which nothing stays', async () => {
  const uri = await postgres.createDatabase();
  const publisher = new MemoryPublisher();
  const client = new Client({ connectionString: uri });
  await client.connect();
  // With the schema and what the program keeps of itself.
  await (await startChatApi(uri, publisher)).stop();
  const before = await countWriters(client);
  const api = await startChatApi(uri, publisher);
  try {
    const tables = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'migrations'`,
    );
    expect(tables.rows.length).toBeGreaterThan(5);
    const kept = tables.rows.map(({ name }) => `SELECT '${name}' AS name WHERE EXISTS (SELECT FROM ${name})`);
    expect((await client.query(kept.join(' UNION ALL '))).rows).toEqual([{ name: 'chat.installation' }]);
    expect(publisher.sent).toEqual([]);
    // 20 changes, and four times each sentence but the question and the two about a task that there is not.
    expect(await countWriters(client)).toBeGreaterThanOrEqual(before + 64);
  } finally {
    await client.end();
    await api.stop();
  }
});

/** Transactions that have written something, from the server's start; asking is one. */
async function countWriters(client: Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>('SELECT pg_current_xact_id()::text AS count');
  return Number(rows[0]!.count);
}
