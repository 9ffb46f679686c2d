import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { setImmediate as turn } from 'node:timers/promises';
import type { PoolClient, QueryConfig } from 'pg';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { systemClock, type Clock } from '../../../src/lib/clock.ts';
import type { Database, DatabaseOptions } from '../../../src/lib/database.ts';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { DueLoop } from '../../../src/reminder-worker/due-loop.ts';
import { AddedReminders } from '../../../src/reminder-worker/schedule/added.ts';
import { applyEvents } from '../../../src/reminder-worker/schedule/apply-events.ts';
import type { DueReminder } from '../../../src/reminder-worker/schedule/due-reminders.ts';
import type { Publish } from '../../../src/reminder-worker/schedule/fire-due-reminders.ts';
import { migrateSchedule } from '../../../src/reminder-worker/schedule/migrate-schedule.ts';
import { openScheduleDatabase } from '../../../src/reminder-worker/schedule/schedule-database.ts';
import { startSilentProxy, type SilentProxy } from '../../support/silent-proxy.ts';
import { useLeadTimes } from '../../support/lead-times.ts';
import { taskCreated, taskDeleted } from '../../support/task-history.ts';
import { until } from '../../support/until.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let postgres: Postgres;
let uri: string;
let database: Database;
let stop: (() => Promise<void>)[] = [];
let releases: (() => void)[] = [];
/** Of another worker, which adds reminders. */
let announcer: AddedReminders | undefined;

beforeAll(async () => {
  postgres = await startPostgres();
  uri = await postgres.createDatabase();
});

beforeEach(async () => {
  database = openScheduleDatabase({ uri, applicationName: 'test', logger });
  await migrateSchedule(database, 'test');
  await useLeadTimes(database, [0]);
  await database.query('TRUNCATE reminders.reminders, reminders.tasks');
  announcer = new AddedReminders({ database, clock: systemClock, logger, onAdded: () => {} });
});

afterEach(async () => {
  for (const release of releases) release();
  releases = [];
  await announcer?.stop();
  for (const end of stop.toReversed()) await end();
  stop = [];
  await database.close();
});

afterAll(() => postgres.stop());

interface Published extends DueReminder {
  readonly at: number;
}

interface Worker {
  readonly published: Published[];
  readonly loop: DueLoop;
  readonly database: Database;
  /** How often it has asked the database for a connection. */
  readonly looks: () => number;
}

interface WorkerOptions {
  readonly hold?: Hold;
  /** Whether Kafka does not take a reminder at the moment, though it takes others. */
  readonly isBlocked?: (reminder: DueReminder) => boolean;
  readonly databaseUri?: string;
  /** Short, so that a test need not wait as long as the real ones are. */
  readonly clock?: Clock;
  readonly times?: Pick<DatabaseOptions, 'statementMilliseconds' | 'idleInTransactionMilliseconds'>;
}

/** A worker's due loop, with its own database connections, in front of a publisher that notes what it is given. */
function startWorker({
  hold = () => Promise.resolve(),
  isBlocked = () => false,
  databaseUri = uri,
  clock = systemClock,
  times,
}: WorkerOptions = {}): Worker {
  const published: Published[] = [];
  const loopDatabase = openScheduleDatabase({ uri: databaseUri, applicationName: 'loop', logger, ...times });
  loopDatabase.schema = database.schema;
  let looks = 0;
  loopDatabase.pool.on('acquire', () => looks++);
  const publish: Publish = async (reminders) => {
    await hold(reminders);
    const [waiting, sent] = [reminders.filter(isBlocked), reminders.filter((reminder) => !isBlocked(reminder))];
    published.push(...sent.map((reminder) => ({ ...reminder, at: Date.now() })));
    const error = new ExpectedError('NotEnoughReplicas', 'too few', { retryable: true });
    return waiting.map((reminder) => ({ reminder, error, isPassing: true }));
  };
  const loop = new DueLoop({ database: loopDatabase, publish, clock, logger, onFired: () => {} });
  const added = new AddedReminders({
    database: loopDatabase,
    clock: systemClock,
    logger,
    onAdded: (fireAt) => loop.added(fireAt),
  });
  added.start();
  loop.start();
  stop.push(async () => {
    await loop.stop();
    await added.stop();
    await loopDatabase.close();
  });
  return { published, loop, database: loopDatabase, looks: () => looks };
}

type Hold = (reminders: readonly DueReminder[]) => Promise<void>;

const startLoop = (hold?: Hold) => startWorker(hold && { hold }).published;

async function create(dueInMilliseconds: number): Promise<string> {
  const taskId = crypto.randomUUID();
  const dueDate = new Date(Date.now() + dueInMilliseconds).toISOString();
  const earliest = await applyEvents(database, [{ event: taskCreated(taskId, { due_date: dueDate }), version: 1 }]);
  if (earliest) announcer?.announce(earliest);
  return taskId;
}

const listening = `SELECT FROM pg_stat_activity WHERE application_name = 'loop' AND query LIKE 'LISTEN%'`;

describe('the due loop', () => {
  it('says for how long reminders have been late, and what they wait for', async () => {
    let later = 0;
    const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + later };
    let areBrokersAway = true;
    const asks = jest.fn();
    const hold = () => {
      asks();
      return areBrokersAway ? Promise.reject(new ExpectedError('BrokerUnreachable', 'away')) : Promise.resolve();
    };
    const { loop, published } = startWorker({ hold, clock });
    await until(() => (loop.secondsBehind() ?? 0) < 5);
    await create(-10);
    await until(() => asks.mock.calls.length > 0);
    expect(loop.stuckAt()).toBeUndefined();
    later = 60_000;
    await until(() => loop.stuckAt() === 'brokers');
    expect(loop.secondsBehind()).toBeGreaterThanOrEqual(60);
    areBrokersAway = false;
    await until(() => published.length > 0);
    await until(() => loop.stuckAt() === undefined && loop.secondsBehind()! < 5);
  });

  it('wakes for a reminder that another worker adds, and publishes it in time', async () => {
    await create(600_000); // what it sleeps for
    const published = startLoop();
    await until(async () => (await database.query(listening)).rowCount === 1);
    const lateness: number[] = [];
    while (lateness.length < 5) {
      const taskId = await create(300);
      await until(() => published.length > lateness.length);
      expect(published[lateness.length]).toMatchObject({ taskId });
      lateness.push(published.at(-1)!.at - published.at(-1)!.fireAt.getTime());
    }
    expect(Math.min(...lateness)).toBeGreaterThanOrEqual(0);
    // The promise. Of the latest ones, who knows what else the machine did.
    expect(lateness.toSorted((one, other) => one - other)[1]).toBeLessThan(250);
  });

  it('publishes at once, once, what was due while no worker ran', async () => {
    const taskIds = [await create(-60_000), await create(-5)];
    const published = startLoop();
    const marker = await create(200);
    await until(() => published.length > 2);
    expect(published.map((reminder) => reminder.taskId)).toEqual([...taskIds, marker]);
  });

  it('shares the work with other workers', async () => {
    const loops = [startLoop(), startLoop(), startLoop()];
    const taskIds: string[] = [];
    while (taskIds.length < 300) {
      taskIds.push(...(await Promise.all(Array.from({ length: 50 }, (_, index) => create(500 + index)))));
    }
    await until(() => loops.flat().length >= 300);
    expect(
      loops
        .flat()
        .map(({ taskId }) => taskId)
        .toSorted(),
    ).toEqual(taskIds.toSorted());
    for (const { at, fireAt } of loops.flat()) expect(at).toBeGreaterThanOrEqual(fireAt.getTime());
  });

  it('goes on when Kafka is back', async () => {
    let failures = 3;
    const published = startLoop(() => (failures-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve()));
    const taskId = await create(-5);
    await until(() => published.length > 0);
    expect(published).toMatchObject([{ taskId }]);
  });

  it('lets what comes due while Kafka is away wait no longer than what was overdue before', async () => {
    const overdue = Array.from({ length: 3000 }, () =>
      taskCreated(crypto.randomUUID(), { due_date: new Date().toISOString() }),
    );
    await applyEvents(
      database,
      overdue.map((event) => ({ event, version: 1 })),
    );
    let taskId = '';
    let batches = 0;
    const published = startLoop(async () => {
      batches += 1;
      if (batches !== 2) return;
      taskId = await create(20);
      const due = Date.now() + 30;
      await until(() => Date.now() > due);
      throw new Error('away');
    });
    await until(() => published.some((reminder) => reminder.taskId === taskId));
    expect(published.findIndex((reminder) => reminder.taskId === taskId)).toBeLessThan(1500);
    await until(() => published.length === 3001);
  });

  it('goes on when the database is back, which was lost in the middle of a publication', async () => {
    const begun = Promise.withResolvers<void>();
    const lost = Promise.withResolvers<void>();
    const published = startLoop(() => {
      begun.resolve();
      return lost.promise;
    });
    const taskId = await create(-5);
    await begun.promise;
    await postgres.server.kill();
    await turn();
    await postgres.server.start();
    lost.resolve();
    await until(() => published.length > 1);
    // Kafka had taken it when the database was lost: it comes again, and is recognised by what it is for.
    expect(published).toMatchObject([{ taskId }, { taskId, dueAt: published[0]!.dueAt }]);
  });

  it('waits for another whose publication hangs, without asking all the time, and takes over what comes due', async () => {
    const { hold, begun: held, release } = hanging();
    const first = startWorker({ hold });
    const taskId = await create(-5);
    await held;
    const second = startWorker();
    const begun = performance.now();
    const meanwhile = await create(1500);
    await until(() => second.published.length > 0);
    expect(second.published).toMatchObject([{ taskId: meanwhile }]);
    const seconds = (performance.now() - begun) / 1000;
    expect(second.looks() / seconds).toBeLessThan(20);
    release();
    await until(() => first.published.length > 0);
    expect(first.published).toMatchObject([{ taskId }]);
  });

  it('does not publish what it has claimed when it was frozen meanwhile, for it may be moved or deleted by now', async () => {
    const worker = startWorker({ times: { idleInTransactionMilliseconds: 1000 } });
    await until(() => worker.looks() > 0);
    const lost = freezeOnce(worker.database, 'SET published_at');
    const taskId = await create(-5);
    await lost;
    const noted = 'SELECT FROM reminders.reminders WHERE published_at IS NOT NULL';
    await until(async () => (await database.query(noted)).rowCount === 1);
    expect(worker.published).toMatchObject([{ taskId }]);
  });

  it('lets what one partition does not take hold up no others, for as long as that lasts, and publishes it then', async () => {
    let blocked = '';
    const worker = startWorker({ isBlocked: ({ taskId }) => taskId === blocked });
    const taskId = crypto.randomUUID();
    blocked = taskId;
    const monday = new Date(Date.now() - 60_000).toISOString();
    const recurring = taskCreated(taskId, { due_date: monday, recurrence: { rule: 'FREQ=DAILY', time_zone: 'UTC' } });
    await applyEvents(database, [{ event: recurring, version: 1 }]);
    worker.loop.added();
    const others: string[] = [];
    for (let index = 0; index < 10; index += 1) {
      others.push(await create(200));
      await until(() => worker.published.length > index);
    }
    expect(worker.published.map((reminder) => reminder.taskId)).toEqual(others);
    for (const { at, fireAt } of worker.published) expect(at - fireAt.getTime()).toBeLessThan(1000);
    expect(worker.loop.secondsBehind()).toBeGreaterThan(1);
    const rows = () => database.query('SELECT published_at FROM reminders.reminders WHERE task_id = $1', [taskId]);
    expect((await rows()).rows).toEqual([{ published_at: null }]);
    blocked = '';
    await until(() => worker.published.length > others.length);
    expect(worker.published.at(-1)).toMatchObject({ taskId });
    await until(async () => (await rows()).rowCount === 2);
    await until(() => worker.loop.secondsBehind()! < 1);
    expect(worker.published).toHaveLength(11);
  });

  it('gets to what is due behind a great many that their partition does not take', async () => {
    const blocked = new Set<string>();
    const overdue = Array.from({ length: 3000 }, () =>
      taskCreated(crypto.randomUUID(), { due_date: new Date(Date.now() - 60_000).toISOString() }),
    );
    for (const { payload } of overdue) blocked.add(payload.task_id);
    await applyEvents(
      database,
      overdue.map((event) => ({ event, version: 1 })),
    );
    const behind = await create(-1000);
    const worker = startWorker({ isBlocked: (reminder) => blocked.has(reminder.taskId) });
    await until(() => worker.published.length > 0);
    expect(worker.published).toMatchObject([{ taskId: behind }]);
    await until(() => worker.looks() > 10);
    expect(worker.loop.stuckAt()).toBeUndefined();
    blocked.clear();
    await until(() => worker.published.length === 3001);
    expect(new Set(worker.published.map((reminder) => reminder.taskId)).size).toBe(3001);
  });

  it('says that it is stuck when others hold what is due for long', async () => {
    const monotonic = jest.spyOn(systemClock, 'monotonic');
    const { hold, begun, release } = hanging();
    startWorker({ hold });
    await create(-5);
    await begun;
    const second = startWorker();
    await until(() => second.looks() > 3);
    expect(() => second.loop.check()).not.toThrow();
    const now = performance.now();
    monotonic.mockReturnValue(now + 31_000);
    expect(() => second.loop.check()).toThrow('stuck: no reminder could be published for 3');
    monotonic.mockRestore();
    release();
    await until(() => isWell(second));
  });
});

const isWell = ({ loop }: Worker) => {
  loop.check();
  return true;
};

/**
 * Freezes this process, as SIGSTOP does, when a statement is sent that has this text, until the server has ended its
 * session, however long that takes.
 *
 * @returns resolves afterwards
 */
function freezeOnce({ pool }: Database, text: string): Promise<void> {
  const lost = Promise.withResolvers<void>();
  pool.once('acquire', (client: PoolClient & { readonly processID?: number }) => {
    client.once('error', () => lost.resolve());
    const program = ['--input-type=module', '--eval', waitForEnd, uri, String(client.processID)];
    const freeze = () => execFileSync(process.execPath, program, { timeout: 60_000 });
    const query = client.query.bind(client);
    const asking = jest.spyOn(client, 'query') as unknown as jest.SpiedFunction<(config: QueryConfig) => unknown>;
    asking.mockImplementation((config) => {
      if (config.text.includes(text)) setImmediate(freeze);
      return query(config);
    });
  });
  return lost.promise;
}

/** A program, given a database and one of its sessions. */
const waitForEnd = `
  import { Client } from 'pg';
  const [connectionString, session] = process.argv.slice(1);
  const client = new Client({ connectionString });
  await client.connect();
  while ((await client.query('SELECT FROM pg_stat_activity WHERE pid = $1', [session])).rowCount > 0);
  await client.end();`;

/** A publication that hangs until it is released, or the test ends. */
function hanging() {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const release = () => end.resolve();
  releases.push(release);
  const hold = () => {
    begun.resolve();
    return end.promise;
  };
  return { hold, begun: begun.promise, release };
}

describe('a worker whose packets are lost', () => {
  let proxy: SilentProxy;
  let proxyUri: string;

  beforeEach(async () => {
    const url = new URL(uri);
    proxy = await startSilentProxy(Number(url.port));
    url.port = String(proxy.port);
    proxyUri = url.href;
  });
  afterEach(() => proxy.stop());

  it('connects anew, and publishes what has come due meanwhile', async () => {
    const { published } = startWorker({ databaseUri: proxyUri, times: { statementMilliseconds: 1000 } });
    await until(async () => (await database.query(listening)).rowCount === 1);
    proxy.silence();
    const taskId = await create(500);
    await until(() => published.length > 0);
    expect(published).toMatchObject([{ taskId }]);
  });

  it('loses what it has claimed to another', async () => {
    const times = { statementMilliseconds: 1000, idleInTransactionMilliseconds: 1000 };
    const { hold, begun, release } = hanging();
    const first = startWorker({ hold, databaseUri: proxyUri, times });
    const taskId = await create(-5);
    await begun;
    proxy.silenceAll();
    const second = startWorker();
    await until(() => second.published.length > 0);
    expect(second.published).toMatchObject([{ taskId }]);
    // A change of the task need not wait either.
    await applyEvents(database, [{ event: taskDeleted(taskId), version: 2 }]);
    proxy.speak();
    release();
    await until(() => first.published.length > 0);
  });
});
