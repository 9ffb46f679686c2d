import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { canHaveDisks } from '../../../localcluster/parts/disk.ts';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { MemoryPublisher, startChatApi, type RunningChatApi } from '../../support/chat-api.ts';
import { until } from '../../support/until.ts';

let postgres: Postgres;
let databaseUri: string;
let api: RunningChatApi;

beforeAll(async () => {
  postgres = await startPostgres({ diskMegabytes: canHaveDisks ? 256 : undefined });
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  databaseUri = await postgres.createDatabase();
  api = await startChatApi(databaseUri, new MemoryPublisher());
});
afterEach(() => api.stop());

const create = (description = '') => api.ask('/v1/tasks', { method: 'POST', body: { title: 'Pay rent', description } });

async function readyz() {
  const response = await fetch(`${api.metricsUrl}/readyz`);
  type Check = { readonly ok: boolean; readonly message?: string };
  const { checks } = (await response.json()) as { readonly checks: Readonly<Record<string, Check>> };
  return { status: response.status, database: checks['database'], changes: checks['changes'] };
}

const isRefusing = async () =>
  /^chat_api_changes_refused\{.*\} (\d)$/m.exec(await (await fetch(`${api.metricsUrl}/metrics`)).text())?.[1];

/** As on a standby, from the next statement of the API on. */
async function takeNoChanges(isReadOnly: boolean): Promise<void> {
  const client = new Client({ connectionString: databaseUri });
  await client.connect();
  try {
    await client.query('SET default_transaction_read_only = off');
    const { rows } = await client.query<{ name: string }>('SELECT quote_ident(current_database()) AS name');
    await client.query(`ALTER DATABASE ${rows[0]!.name} SET default_transaction_read_only = ${String(isReadOnly)}`);
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
  } finally {
    await client.end();
  }
}

describe('changes that the database refuses', () => {
  it('are answered with the reason while it is a standby, and told by /readyz and a metric; reading goes on', async () => {
    expect((await create()).status).toBe(201);
    expect(await isRefusing()).toBe('0');
    await takeNoChanges(true);
    await until(async () => (await create()).body['detail'] === standbyDetail);
    expect((await api.ask('/v1/tasks')).body['items']).toHaveLength(1);
    const refusing = {
      ok: false,
      message: expect.stringMatching(/^Changes have been refused for \d+ s: The database takes/),
    };
    expect(await readyz()).toEqual({ status: 200, database: { ok: true }, changes: refusing });
    expect(await isRefusing()).toBe('1');
    await takeNoChanges(false);
    await until(async () => (await create()).status === 201);
    expect(await readyz()).toEqual({ status: 200, database: { ok: true }, changes: { ok: true } });
    expect(await isRefusing()).toBe('0');
  });

  (canHaveDisks ? it : it.skip)(
    'are refused while its disk is full, told by /readyz, and taken when it has room',
    async () => {
      const filler = () => randomBytes(3000).toString('base64');
      expect((await create(filler())).status).toBe(201);
      await postgres.disk!.fill();
      await until(async () => (await create(filler())).status === 503);
      // PostgreSQL goes on without a table's next page, and ends without the next part of its log.
      const { database, changes } = await readyz();
      expect([database!.ok, changes!.ok]).toContain(false);
      await postgres.disk!.free();
      await until(async () => {
        await postgres.server.start();
        return (await create(filler())).status === 201;
      });
      expect(await readyz()).toEqual({ status: 200, database: { ok: true }, changes: { ok: true } });
    },
  );
});

const standbyDetail = 'The database takes no changes for the moment; please try again';
