import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { openDatabase, type Database } from '../../../src/lib/database.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { listenForAdded } from '../../../src/reminder-worker/schedule/added.ts';
import { Wakeup } from '../../../src/lib/wakeup.ts';
import { DueLoop } from '../../../src/reminder-worker/due-loop.ts';
import { applyEvents } from '../../../src/reminder-worker/schedule/apply-events.ts';
import type { DueReminder } from '../../../src/reminder-worker/schedule/due-reminders.ts';
import type { Publish } from '../../../src/reminder-worker/schedule/fire-due-reminders.ts';
import { adoptLeadTimes } from '../../../src/reminder-worker/schedule/lead-times.ts';
import { migrateSchedule } from '../../../src/reminder-worker/schedule/migrate-schedule.ts';
import { taskCreated } from '../../support/task-history.ts';
import { until } from '../../support/until.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let postgres: Postgres;
let uri: string;
let database: Database;
let stop: (() => Promise<void>)[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  uri = await postgres.createDatabase();
});

beforeEach(async () => {
  database = openDatabase({ uri, applicationName: 'test', logger });
  await migrateSchedule(database);
  await adoptLeadTimes(database, [0], new Date());
  await database.query('TRUNCATE reminders.reminders, reminders.tasks');
});

afterEach(async () => {
  for (const end of stop.toReversed()) await end();
  stop = [];
  await database.close();
});

afterAll(() => postgres.stop());

interface Published extends DueReminder {
  readonly at: number;
}

/** A worker's due loop, with a database connection of its own, in front of a publisher that notes what it is given. */
function startLoop(hold: Publish = () => Promise.resolve()) {
  const published: Published[] = [];
  const loopDatabase = openDatabase({ uri, applicationName: 'loop', logger });
  const wakeup = new Wakeup(systemClock);
  const listener = listenForAdded({ database: loopDatabase, wakeup, clock: systemClock, logger });
  const publish: Publish = async (reminders) => {
    await hold(reminders);
    published.push(...reminders.map((reminder) => ({ ...reminder, at: Date.now() })));
  };
  const loop = new DueLoop({ database: loopDatabase, publish, wakeup, clock: systemClock, logger, onFired: () => {} });
  listener.start();
  loop.start();
  stop.push(async () => {
    await loop.stop();
    await listener.stop();
    await loopDatabase.close();
  });
  return published;
}

async function create(dueInMilliseconds: number): Promise<string> {
  const taskId = crypto.randomUUID();
  const dueDate = new Date(Date.now() + dueInMilliseconds).toISOString();
  await applyEvents(database, [{ event: taskCreated(taskId, { due_date: dueDate }), version: 1 }]);
  return taskId;
}

const listening = `SELECT FROM pg_stat_activity WHERE application_name = 'loop' AND query LIKE 'LISTEN%'`;

describe('the due loop', () => {
  it('wakes for a reminder that another worker adds, and publishes it in time', async () => {
    await create(600_000); // what it sleeps for
    const published = startLoop();
    await until(async () => (await database.query(listening)).rowCount === 1);
    const taskId = await create(300);
    await until(() => published.length > 0);
    expect(published).toMatchObject([{ taskId }]);
    const lateness = published[0]!.at - published[0]!.fireAt.getTime();
    expect(lateness).toBeGreaterThanOrEqual(0);
    expect(lateness).toBeLessThan(250); // the promise
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
    const taskIds = await Promise.all(Array.from({ length: 300 }, (_, index) => create(500 + index)));
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
});
