import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { createSchema } from '../../../src/chat-api/schema.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { openDatabase } from '../../../src/lib/database.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { until } from '../../support/until.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const context = { signal: new AbortController().signal, fail: () => {} };
let postgres: Postgres;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());

it('is ready once the migrations have run, and not while it waits for those of another replica', async () => {
  const uri = await postgres.createDatabase();
  const database = openDatabase({ uri, applicationName: 'test', logger });
  const replica = new Client({ connectionString: uri });
  await replica.connect();
  await replica.query(`SELECT pg_advisory_lock(hashtextextended('migrations of chat', 0))`);

  const schema = createSchema(database, systemClock, logger);
  const started = schema.start(context);
  await until(async () => (await replica.query('SELECT FROM pg_locks WHERE NOT granted')).rowCount === 1);
  expect(() => schema.check()).toThrow('the database schema is not up to date yet');
  await replica.query('SELECT pg_advisory_unlock_all()');
  await started;
  expect(() => schema.check()).not.toThrow();

  await replica.end();
  await database.close();
});
