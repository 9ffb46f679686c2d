import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { bob, MemoryPublisher, startChatApi, type RunningChatApi } from '../../support/chat-api.ts';
import { until } from '../../support/until.ts';

const publisher = new MemoryPublisher();
let postgres: Postgres;
let api: RunningChatApi;
let frozen: Client;

beforeAll(async () => {
  postgres = await startPostgres();
  const uri = await postgres.createDatabase();
  api = await startChatApi(uri, publisher);
  frozen = new Client({ connectionString: uri });
  await frozen.connect();
});
afterAll(async () => {
  await frozen?.end();
  await api?.stop();
  await postgres?.stop();
});

const create = (title: string, headers = {}) => api.ask('/v1/tasks', { method: 'POST', headers, body: { title } });

it('answers and publishes for others while all changes of one user wait for a replica that is frozen', async () => {
  const task = (await create('Pay rent')).body as { id: string };
  await frozen.query('BEGIN');
  await frozen.query('SELECT FROM chat.tasks WHERE id = $1 FOR UPDATE', [task.id]);
  const changed = Array.from({ length: 20 }, (_, index) =>
    api.ask(`/v1/tasks/${task.id}`, { method: 'PATCH', body: { title: `Pay rent ${index}` } }),
  );
  const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
  await until(async () => (await frozen.query(waiting)).rowCount! >= 4);

  const begun = performance.now();
  const { status, body } = await create('Call mum', { Authorization: `Bearer ${bob}` });
  expect(status).toBe(201);
  await until(() => publisher.sent.some(({ message }) => message.key === body.id));
  expect(performance.now() - begun).toBeLessThan(2000);

  // In their turn once the replica is gone; those for whom that is too late are told to come again.
  await frozen.query('ROLLBACK');
  const statuses = (await Promise.all(changed)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(4);
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
});
