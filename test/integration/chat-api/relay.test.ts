import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { createOutboxMetrics } from '../../../src/chat-api/outbox/outbox-metrics.ts';
import { Relay } from '../../../src/chat-api/outbox/relay.ts';
import { migrateChat } from '../../../src/chat-api/schema.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { openDatabase, type Database } from '../../../src/lib/database.ts';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { createRegistry } from '../../../src/lib/metrics.ts';
import { MemoryPublisher } from '../../support/chat-api.ts';
import { startSilentProxy, type SilentProxy } from '../../support/silent-proxy.ts';
import { until } from '../../support/until.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
/** A tenth of what programs allow. */
const silenceMilliseconds = 2_000;

let postgres: Postgres;
let proxy: SilentProxy;
let uri: string;
let database: Database;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres?.stop());
beforeEach(async () => {
  uri = await postgres.createDatabase();
  database = openDatabase({ uri, applicationName: 'test', logger });
  await migrateChat(database);
  proxy = await startSilentProxy(Number(new URL(uri).port));
  ends.push(
    () => database.close(),
    () => proxy.stop(),
  );
});
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** A relay of another replica, whose way to the database leads through the proxy if it is given. */
function startRelay(publisher: MemoryPublisher, port?: number): Relay {
  const address = new URL(uri);
  if (port) address.port = String(port);
  const own = openDatabase({ uri: address.href, applicationName: 'relay', logger });
  const metrics = createOutboxMetrics(createRegistry('test'));
  const times = { pollMilliseconds: 100, silenceMilliseconds, publishMilliseconds: 500 };
  const options = { database: own, publisher, metrics, logger, clock: systemClock, random: Math.random };
  const relay = new Relay({ ...options, ...times });
  relay.start();
  ends.push(async () => {
    await relay.stop();
    await own.close();
  });
  return relay;
}

async function insert(topic = 'task-events'): Promise<void> {
  await database.query(
    `INSERT INTO chat.outbox (id, aggregatetype, aggregateid, type, payload, topic, headers, sequence, created_at)
     VALUES ($1, 'task', 'a', 'task-created', '{}', $2, '{}', 1, now())`,
    [randomUUID(), topic],
  );
}

it('is replaced when its machine is gone, whose packets just stop', async () => {
  const [lost, next] = [new MemoryPublisher(), new MemoryPublisher()];
  startRelay(lost, proxy.port);
  await insert();
  await until(() => lost.sent.length === 1);
  startRelay(next);
  proxy.silenceAll();
  const start = performance.now();
  await insert();
  // The first one comes again when the silence fell before it was deleted.
  await until(() => next.sent.length >= 1);
  // The limits that every connection has, of 8 s and more, would have ended it as well, but later.
  expect(performance.now() - start).toBeLessThan(3 * silenceMilliseconds);
});

it('gives way when no broker answers it, and another replica reaches them', async () => {
  class Hanging extends MemoryPublisher {
    override send(): ReturnType<MemoryPublisher['send']> {
      return new Promise(() => {});
    }
  }
  const hanging = startRelay(new Hanging());
  await insert();
  await until(() => hanging.failureOf('task-events') === 'Timeout');
  const next = new MemoryPublisher();
  startRelay(next);
  await until(() => next.sent.length === 1);
});

it('goes on with other topics while one hangs', async () => {
  class HangingUpdates extends MemoryPublisher {
    override send(...[topic, messages]: Parameters<MemoryPublisher['send']>): ReturnType<MemoryPublisher['send']> {
      return topic === 'task-updates' ? new Promise(() => {}) : super.send(topic, messages);
    }
  }
  const publisher = new HangingUpdates();
  const relay = startRelay(publisher);
  await insert('task-updates');
  await until(() => relay.failureOf('task-updates') === 'Timeout');
  for (let count = 1; count <= 30; count++) {
    await insert();
    relay.wake();
    await until(() => publisher.sent.length === count);
  }
});

it('lets the tasks of a partition that takes nothing hold up no others, however many they are, and keeps their order', async () => {
  const isBlocked = { now: true };
  const error = new ExpectedError('BrokerUnreachable', 'no leader', { retryable: true });
  class PartlyBlocked extends MemoryPublisher {
    override async send(...[topic, messages]: Parameters<MemoryPublisher['send']>) {
      const blocked = messages.filter(({ key }) => isBlocked.now && key.startsWith('blocked'));
      await super.send(
        topic,
        messages.filter((message) => !blocked.includes(message)),
      );
      return new Map(blocked.map((message) => [message, error]));
    }
  }
  const add = (key: string, count: number, topic = 'task-events') =>
    database.query(
      `INSERT INTO chat.outbox (id, aggregatetype, aggregateid, type, payload, topic, headers, sequence, created_at)
       SELECT gen_random_uuid(), 'task', $1 || '-' || number % 1000, 'task-created', to_json(number), $2, '{}', 1, now()
       FROM generate_series(1, $3) AS number`,
      [key, topic, count],
    );
  await add('blocked', 3000);
  const publisher = new PartlyBlocked();
  const relay = startRelay(publisher);
  for (let count = 1; count <= 30; count++) {
    await add(`free-${count}`, 1);
    relay.wake();
    await until(() => publisher.sent.length === count);
  }
  expect(relay.failureOf('task-events')).toBe('BrokerUnreachable');
  await add('blocked', 1);
  isBlocked.now = false;
  await until(() => publisher.sent.length === 3031);
  expect(relay.failureOf('task-events')).toBeUndefined();
  const blocked = publisher.sent.slice(30).map(({ message }) => message);
  for (const [key, its] of Map.groupBy(blocked, (message) => message.key)) {
    const numbers = its.map(({ value }) => Number(value));
    expect(numbers.slice(0, 3)).toEqual(numbers.slice(0, 3).toSorted((one, other) => one - other));
    expect(numbers).toHaveLength(key === 'blocked-1' ? 4 : 3);
    if (key === 'blocked-1') expect(numbers.at(-1)).toBe(1);
  }
});

it('sends an event again that a person releases, before those that wait for it', async () => {
  const publisher = new MemoryPublisher();
  publisher.limit = 100;
  const key = randomUUID();
  for (const size of [1, 200, 2, 3]) {
    await database.query(
      `INSERT INTO chat.outbox (id, aggregatetype, aggregateid, type, payload, topic, headers, sequence, created_at)
       VALUES ($1, 'task', $2, 'task-updated', to_json(repeat('x', $3)), 'task-updates', '{}', 1, now())`,
      [randomUUID(), key, size],
    );
  }
  startRelay(publisher);
  const waiting = async () =>
    (await database.query('SELECT FROM chat.outbox WHERE error_code IS NOT NULL')).rowCount ?? 0;
  await until(async () => (await waiting()) === 3);
  await database.query(`DELETE FROM chat.outbox WHERE error_code = 'MessageTooLarge'`);
  await until(async () => (await waiting()) === 0 && publisher.sent.length === 3);
  expect(publisher.sent.map(({ message }) => message.value.length)).toEqual([3, 4, 5]);
});

it('publishes ever less often what it cannot delete, and goes on once it can', async () => {
  await database.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'full' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER refuse BEFORE DELETE ON chat.outbox EXECUTE FUNCTION refuse()`);
  const publisher = new MemoryPublisher();
  const send = publisher.send.bind(publisher);
  const times: number[] = [];
  publisher.send = (topic, messages) => {
    times.push(performance.now());
    return send(topic, messages);
  };
  startRelay(publisher);
  await insert();
  await until(() => times.length >= 4);
  // 200 and 400 ms before.
  expect(times[3]! - times[2]!).toBeGreaterThanOrEqual(800);
  await database.query('DROP TRIGGER refuse ON chat.outbox');
  await until(async () => (await database.query('SELECT FROM chat.outbox')).rowCount === 0);
});
