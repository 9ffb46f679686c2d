import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { QueryConfig } from 'pg';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { withTransaction, type Database } from '../../../src/lib/database.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { applyEvents } from '../../../src/reminder-worker/schedule/apply-events.ts';
import { LeadTimeAdoption } from '../../../src/reminder-worker/schedule/adopt-lead-times.ts';
import { beginning, type DueCursor } from '../../../src/reminder-worker/schedule/due-cursor.ts';
import type { DueReminder } from '../../../src/reminder-worker/schedule/due-reminders.ts';
import { fireDueReminders, type Publish } from '../../../src/reminder-worker/schedule/fire-due-reminders.ts';
import { Forgetting } from '../../../src/reminder-worker/schedule/forget.ts';
import { readLeadTimes, setLeadTimes } from '../../../src/reminder-worker/schedule/lead-times.ts';
import { migrateSchedule } from '../../../src/reminder-worker/schedule/migrate-schedule.ts';
import { claimSchema } from '../../../src/reminder-worker/schedule/claim-schema.ts';
import { openScheduleDatabase } from '../../../src/reminder-worker/schedule/schedule-database.ts';
import { useLeadTimes } from '../../support/lead-times.ts';
import { anyDelivery, taskCreated, taskDeleted, taskHistory, taskUpdated } from '../../support/task-history.ts';

const logger = createLogger({ name: 'test', level: 'warn' });
const minute = 60_000;
let postgres: Postgres;
let uri: string;
let database: Database;

beforeAll(async () => {
  postgres = await startPostgres();
  uri = await postgres.createDatabase();
  database = openScheduleDatabase({ uri, applicationName: 'test', logger });
  await migrateSchedule(database, 'test');
});

afterAll(async () => {
  await database.close();
  await postgres.stop();
});

beforeEach(async () => {
  await database.query('TRUNCATE reminders.reminders, reminders.tasks, reminders.lead_times');
  await useLeadTimes(database, [0]);
});

interface ReminderRow {
  readonly task_id: string;
  readonly due_at: Date;
  readonly lead_time_seconds: number;
  readonly fire_at: Date;
  readonly is_published: boolean;
}

async function schedule(taskId?: string): Promise<ReminderRow[]> {
  const select = `
    SELECT task_id, due_at, lead_time_seconds, fire_at, published_at IS NOT NULL AS is_published
    FROM reminders.reminders WHERE task_id = coalesce($1, task_id)
    ORDER BY task_id, due_at, lead_time_seconds`;
  return (await database.query<ReminderRow>(select, [taskId])).rows;
}

/** A time from now on, by this machine's clock, which is the database's too. */
function inMilliseconds(milliseconds: number): string {
  return new Date(Date.now() + milliseconds).toISOString();
}

/** Notes what it is given, as Kafka would. */
function publisher() {
  const published: DueReminder[] = [];
  const publish = (reminders: readonly DueReminder[]) => {
    published.push(...reminders);
    return Promise.resolve([]);
  };
  return { published, publish };
}

/** Resolves once some transaction waits for another. */
async function waitingForLock(): Promise<void> {
  const select = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await database.query(select)).rowCount === 0);
}

/** As a worker does that has just started. */
const fire = (publish: Publish, cursor: DueCursor = beginning) =>
  fireDueReminders(database, publish, { cursor, limits: { overdue: 300, fresh: 200 } });

describe('events applied to the schedule', () => {
  it('schedule an occurrence for each lead time', async () => {
    await useLeadTimes(database, [0, 60]);
    const taskId = crypto.randomUUID();
    const dueDate = inMilliseconds(10 * minute);
    const earliest = await applyEvents(database, [{ event: taskCreated(taskId, { due_date: dueDate }), version: 1 }]);
    const row = { task_id: taskId, due_at: new Date(dueDate), is_published: false };
    expect(await schedule()).toEqual([
      { ...row, lead_time_seconds: 0, fire_at: new Date(dueDate) },
      { ...row, lead_time_seconds: 60, fire_at: new Date(Date.parse(dueDate) - minute) },
    ]);
    expect(earliest).toEqual(new Date(Date.parse(dueDate) - minute));
  });

  it('schedule an occurrence for each lead time that the task has of its own, and for those of all', async () => {
    await useLeadTimes(database, [0, 60]);
    const taskId = crypto.randomUUID();
    const created = taskCreated(taskId, { due_date: inMilliseconds(48 * 60 * minute), reminders: [60, 3600] });
    await applyEvents(database, [{ event: created, version: 1 }]);
    const leads = async () => (await schedule()).map((row) => row.lead_time_seconds);
    expect(await leads()).toEqual([0, 60, 3600]);
    await applyEvents(database, [{ event: taskUpdated(taskId, { title: 'Pay more rent' }), version: 2 }]);
    expect(await leads()).toEqual([0, 60, 3600]);
    await applyEvents(database, [{ event: taskUpdated(taskId, { reminders: [86_400] }), version: 3 }]);
    expect(await leads()).toEqual([0, 60, 86_400]);
    // Other lead times for all leave its own alone.
    await useLeadTimes(database, [0, 120]);
    expect(await leads()).toEqual([0, 120, 86_400]);
    await applyEvents(database, [{ event: taskUpdated(taskId, { reminders: [] }), version: 4 }]);
    expect(await leads()).toEqual([0, 120]);
  });

  it.each([
    ['reschedule', taskUpdated, { due_date: '2030-01-02T00:00:00.000Z' }, ['2030-01-02T00:00:00.000Z']],
    ['cancel when the task is done', taskUpdated, { status: 'DONE' as const }, []],
    ['cancel when the due date is taken away', taskUpdated, { due_date: null }, []],
    ['cancel when the task is deleted', taskDeleted, {}, []],
    ['leave alone for other fields', taskUpdated, { title: 'Pay more rent' }, ['2030-01-01T00:00:00.000Z']],
  ])('%s', async (_, change, fields, expected) => {
    const taskId = crypto.randomUUID();
    const created = taskCreated(taskId, { due_date: '2030-01-01T00:00:00.000Z' });
    await applyEvents(database, [{ event: created, version: 1 }]);
    await applyEvents(database, [{ event: change(taskId, fields), version: 2 }]);
    expect((await schedule()).map(({ due_at }) => due_at.toISOString())).toEqual(expected);
  });

  it('are kept to the millisecond, at any time that an event can have and under any id', async () => {
    const ids = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    const taskIds = fc.oneof(fc.uuid(), fc.constantFrom(...ids));
    const times = fc.oneof(
      fc.constantFrom('0000-01-01T00:00:00.000Z', '0000-12-31T23:59:59.999Z', '0001-01-01T00:00:00.000Z'),
      fc.constantFrom('0000-02-29T12:00:00.001Z', '0099-07-01T00:00:00.010Z', '9999-12-31T23:59:59.999Z'),
      fc.date({ min: new Date(-62_167_219_200_000), max: new Date(253_402_300_799_999), noInvalidDate: true }),
    );
    const tasks = fc.uniqueArray(fc.tuple(taskIds, times), { minLength: 20, maxLength: 50, selector: ([id]) => id });
    for (const list of fc.sample(tasks, 5)) {
      await database.query('TRUNCATE reminders.reminders, reminders.tasks');
      const expected = list.map(([taskId, time]) => ({ task_id: taskId, due_at: new Date(time) }));
      const events = expected.map(({ task_id: taskId, due_at: dueAt }) => ({
        event: taskCreated(taskId, { due_date: dueAt.toISOString() }),
        version: 1,
      }));
      await applyEvents(database, events);
      const byId = expected.toSorted((one, other) => (one.task_id < other.task_id ? -1 : 1));
      expect(await schedule()).toMatchObject(byId.map((row) => ({ ...row, fire_at: row.due_at })));
      await fire(() => Promise.resolve([]));
      const isPast = ({ due_at: dueAt }: { readonly due_at: Date }) => dueAt.getTime() < Date.now();
      expect(await schedule()).toMatchObject(byId.map((row) => ({ is_published: isPast(row) })));
    }
  });

  it('end in the same schedule in any order, repeated, in any batches, by two workers at once', async () => {
    await useLeadTimes(database, [0, 3600]);
    const deliveries = fc
      .tuple(taskHistory(), taskHistory())
      .map((histories) => histories.flat())
      .chain((history) => fc.tuple(fc.constant(history), anyDelivery(history), fc.integer({ min: 1, max: 6 })));
    await fc.assert(
      fc.asyncProperty(deliveries, async ([history, delivery, size]) => {
        await database.query('TRUNCATE reminders.reminders, reminders.tasks');
        for (const change of history) await applyEvents(database, [change]);
        const expected = await schedule();
        await database.query('TRUNCATE reminders.reminders, reminders.tasks');
        const batches = Array.from({ length: Math.ceil(delivery.length / size) }, (_, index) =>
          delivery.slice(index * size, (index + 1) * size),
        );
        const worker = async (part: number) => {
          for (const batch of batches.filter((_, index) => index % 2 === part)) {
            await applyEvents(database, batch);
          }
        };
        await Promise.all([worker(0), worker(1)]);
        expect(await schedule()).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe('events of a task that somebody else works on at the same time', () => {
  const dueDate = '2030-01-01T00:00:00.000Z';
  const later = '2030-01-02T00:00:00.000Z';
  const dueDates = async () => (await schedule()).map(({ due_at }) => due_at.toISOString());

  it('wait for one that comes to know it, and change what that one knows', async () => {
    const taskId = crypto.randomUUID();
    const other = await database.pool.connect();
    try {
      await other.query('BEGIN; SET LOCAL search_path TO reminders');
      await other.query(`INSERT INTO tasks (task_id, state) VALUES ($1, '{"created":0,"deleted":3,"fields":{}}')`, [
        taskId,
      ]);
      const applied = applyEvents(database, [{ event: taskCreated(taskId, { due_date: dueDate }), version: 1 }]);
      await waitingForLock();
      await other.query('COMMIT');
      await applied;
    } finally {
      other.release();
    }
    expect(await dueDates()).toEqual([]);
  });

  it('count as those of a new task when it is forgotten', async () => {
    const taskId = crypto.randomUUID();
    await applyEvents(database, [{ event: taskDeleted(taskId), version: 2 }]);
    const other = await database.pool.connect();
    try {
      await other.query('BEGIN; SET LOCAL search_path TO reminders');
      await other.query('SELECT FROM tasks WHERE task_id = $1 FOR UPDATE', [taskId]);
      const applied = applyEvents(database, [{ event: taskCreated(taskId, { due_date: later }), version: 3 }]);
      await waitingForLock();
      await other.query('DELETE FROM tasks WHERE task_id = $1', [taskId]);
      await other.query('COMMIT');
      await applied;
    } finally {
      other.release();
    }
    expect(await dueDates()).toEqual([later]);
  });
});

describe('due reminders', () => {
  async function create(fields: Parameters<typeof taskCreated>[1], taskId: string = crypto.randomUUID()) {
    await applyEvents(database, [{ event: taskCreated(taskId, fields), version: 1 }]);
    return taskId;
  }

  it('are published once', async () => {
    const taskId = await create({ due_date: inMilliseconds(-5) });
    const { published, publish } = publisher();
    await fire(publish);
    await fire(publish);
    expect(published.map((reminder) => reminder.taskId)).toEqual([taskId]);
    expect(await schedule()).toEqual([expect.objectContaining({ is_published: true })]);
  });

  it('are not published before their time, and say how long until then', async () => {
    await create({ due_date: inMilliseconds(minute) });
    const { published, publish } = publisher();
    const { outlook } = await fire(publish);
    expect(published).toEqual([]);
    expect(outlook!.held).toBeUndefined();
    expect(outlook!.next!.milliseconds).toBeLessThanOrEqual(minute);
    expect(outlook!.next!.milliseconds).toBeGreaterThan(minute / 2);
  });

  it("are not published before their time when the database's clock is set back", async () => {
    await create({ due_date: inMilliseconds(minute / 2) });
    const { published, publish } = publisher();
    const ahead = new Date(Date.now() + 60_000);
    await fire(publish, { ...beginning, freshSince: ahead });
    expect(published).toEqual([]);
  });

  it('are published once, also on a leap day of the year 0, which PostgreSQL calls 1 BC', async () => {
    const event = taskCreated(crypto.randomUUID(), { due_date: '0000-02-29T12:00:00.000Z' });
    await applyEvents(database, [{ event, version: 1 }]);
    const { published, publish } = publisher();
    await fire(publish);
    await fire(publish);
    expect(published.map(({ dueAt }) => dueAt)).toEqual([new Date('0000-02-29T12:00:00.000Z')]);
  });

  it('stay due when Kafka does not take them', async () => {
    await create({ due_date: inMilliseconds(-5) });
    await expect(fire(() => Promise.reject(new Error('Kafka is away')))).rejects.toThrow('away');
    const { published, publish } = publisher();
    await fire(publish);
    expect(published).toHaveLength(1);
  });

  it('are not published again when the task moves away and back', async () => {
    const dueDate = inMilliseconds(-5);
    const taskId = await create({ due_date: dueDate });
    const { published, publish } = publisher();
    await fire(publish);
    const away = taskUpdated(taskId, { due_date: inMilliseconds(minute) });
    await applyEvents(database, [{ event: away, version: 2 }]);
    await applyEvents(database, [{ event: taskUpdated(taskId, { due_date: dueDate }), version: 3 }]);
    await fire(publish);
    expect(published).toHaveLength(1);
  });

  it('are followed by the next occurrence, missed ones left out', async () => {
    const dueAt = Date.now() - 150 * minute;
    const recurrence = { rule: 'FREQ=HOURLY', time_zone: 'Europe/Berlin' };
    await create({ due_date: new Date(dueAt).toISOString(), recurrence });
    const { published, publish } = publisher();
    await fire(publish);
    await fire(publish);
    expect(published.map((reminder) => reminder.dueAt.getTime())).toEqual([dueAt]);
    const pending = (await schedule()).filter(({ is_published: isPublished }) => !isPublished);
    expect(pending.map(({ due_at }) => due_at.getTime())).toEqual([dueAt + 180 * minute]);
  });

  it('go on where they were when a recurring task is done and then not', async () => {
    const dueAt = Date.now() - 5;
    const recurrence = { rule: 'FREQ=HOURLY', time_zone: 'UTC' };
    const taskId = await create({ due_date: new Date(dueAt).toISOString(), recurrence });
    await fire(publisher().publish);
    const before = await schedule();
    await applyEvents(database, [{ event: taskUpdated(taskId, { status: 'DONE' }), version: 2 }]);
    expect(await schedule()).toHaveLength(1);
    await applyEvents(database, [{ event: taskUpdated(taskId, { status: 'TODO' }), version: 3 }]);
    expect(await schedule()).toEqual(before);
  });

  it('are shared by workers, each published by one', async () => {
    const tasks = Array.from({ length: 1000 }, () =>
      taskCreated(crypto.randomUUID(), { due_date: inMilliseconds(-5) }),
    );
    await applyEvents(
      database,
      tasks.map((event) => ({ event, version: 1 })),
    );
    const { published, publish } = publisher();
    const worker = async () => {
      while ((await fire(publish)).reminders.length > 0);
    };
    await Promise.all([worker(), worker(), worker()]);
    expect(published.map(({ taskId }) => taskId).toSorted()).toEqual(
      tasks.map(({ payload }) => payload.task_id).toSorted(),
    );
  });

  it('are published or cancelled: a cancellation waits for a publication that has begun', async () => {
    const taskId = await create({ due_date: inMilliseconds(-5) });
    const publication = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const firing = fire(async () => {
      begun.resolve();
      await publication.promise;
      return [];
    });
    await begun.promise;
    let isCancelled = false;
    const cancelling = applyEvents(database, [{ event: taskDeleted(taskId), version: 2 }]).then(() => {
      isCancelled = true;
    });
    await waitingForLock();
    expect(isCancelled).toBe(false);
    publication.resolve();
    await Promise.all([firing, cancelling]);
    expect(await schedule()).toEqual([expect.objectContaining({ is_published: true })]);
  });

  it('are published or cancelled: what is being cancelled is not published', async () => {
    const taskId = await create({ due_date: inMilliseconds(-5) });
    const canceller = await database.pool.connect();
    const { published, publish } = publisher();
    try {
      await canceller.query('BEGIN');
      await canceller.query('SELECT FROM reminders.tasks WHERE task_id = $1 FOR UPDATE', [taskId]);
      const { outlook } = await fire(publish);
      expect(outlook).toMatchObject({ held: { taskId } });
      await canceller.query('DELETE FROM reminders.reminders WHERE task_id = $1', [taskId]);
      await canceller.query('COMMIT');
    } finally {
      canceller.release();
    }
    const { outlook } = await fire(publish);
    expect(published).toEqual([]);
    expect(outlook).toMatchObject({ held: undefined, next: undefined });
  });

  it('are given up when Kafka will never take them, and recur all the same', async () => {
    const recurrence = { rule: 'FREQ=HOURLY', time_zone: 'UTC' };
    await create({ due_date: inMilliseconds(-5), recurrence });
    const { refused } = await fire((reminders) =>
      Promise.resolve(reminders.map((reminder) => ({ reminder, error: new Error('too large') }))),
    );
    expect(refused).toHaveLength(1);
    const { rows } = await database.query('SELECT error FROM reminders.reminders ORDER BY due_at');
    expect(rows).toEqual([{ error: 'too large' }, { error: null }]);
    const { published, publish } = publisher();
    await fire(publish);
    expect(published).toEqual([]);
  });
});

describe('other lead times', () => {
  const hour = 60 * minute;
  const times = async () => (await schedule()).map((row) => [row.due_at.getTime(), row.lead_time_seconds]);

  async function create(fields: Parameters<typeof taskCreated>[1]): Promise<string> {
    const event = taskCreated(crypto.randomUUID(), fields);
    await applyEvents(database, [{ event, version: 1 }]);
    return event.payload.task_id;
  }

  /** As a worker does that has just started. */
  const adopt = () => new LeadTimeAdoption(database).step();

  it('replace those of what is scheduled already', async () => {
    const dueAt = Date.now() + 2 * hour;
    await create({ due_date: new Date(dueAt).toISOString() });
    await useLeadTimes(database, [60, 3600]);
    expect(await times()).toEqual([
      [dueAt, 60],
      [dueAt, 3600],
    ]);
  });

  it('bring no reminder that would be late from the beginning', async () => {
    const soon = Date.now() + minute;
    const recurrence = { rule: 'FREQ=DAILY', time_zone: 'UTC' };
    await create({ due_date: new Date(soon).toISOString() });
    await create({ due_date: new Date(soon).toISOString(), recurrence });
    await useLeadTimes(database, [3600]);
    expect(await times()).toEqual([[soon + 24 * hour, 3600]]);
  });

  it("are adopted by the database's clock, though the worker's is hours ahead", async () => {
    const dueAt = Date.now() + 2 * hour;
    await create({ due_date: new Date(dueAt).toISOString() });
    const clock = jest.spyOn(systemClock, 'now').mockReturnValue(new Date(dueAt + hour));
    try {
      await useLeadTimes(database, [60]);
    } finally {
      clock.mockRestore();
    }
    expect(await times()).toEqual([[dueAt, 60]]);
  });

  it('leave what is overdue as it is', async () => {
    const dueAt = Date.now() - minute;
    const recurrence = { rule: 'FREQ=DAILY', time_zone: 'UTC' };
    await create({ due_date: new Date(dueAt).toISOString(), recurrence });
    await useLeadTimes(database, [0, 3600]);
    expect(await times()).toEqual([
      [dueAt, 0],
      [dueAt + 24 * hour, 3600],
    ]);
  });

  it('reach every task, however many there are', async () => {
    const events = Array.from({ length: 1100 }, () =>
      taskCreated(crypto.randomUUID(), { due_date: inMilliseconds(2 * hour) }),
    );
    await applyEvents(
      database,
      events.map((event) => ({ event, version: 1 })),
    );
    await useLeadTimes(database, [60]);
    expect((await times()).filter(([, leadTime]) => leadTime === 60)).toHaveLength(1100);
    expect(await times()).toHaveLength(1100);
  });

  it('of an older revision change nothing', async () => {
    const seconds = async () => (await database.query('SELECT seconds FROM reminders.lead_times')).rows;
    expect(await setLeadTimes(database, { seconds: [60], revision: 2 })).toBe(true);
    expect(await setLeadTimes(database, { seconds: [0], revision: 1 })).toBe(false);
    expect(await seconds()).toEqual([{ seconds: [60] }]);
    expect(await setLeadTimes(database, { seconds: [0], revision: 3 })).toBe(true);
    expect(await seconds()).toEqual([{ seconds: [0] }]);
  });

  it('are adopted in parts, of which each goes on where the last has ended, whoever does it', async () => {
    await createMany(500, 2 * hour);
    await setLeadTimes(database, { seconds: [60], revision: 1 });
    expect(await adopt()).toBe(true);
    expect((await times()).filter(([, leadTime]) => leadTime === 60)).toHaveLength(200);
    // A worker that starts with the same lead times does not begin anew.
    await setLeadTimes(database, { seconds: [60], revision: 1 });
    expect(await adopt()).toBe(true);
    expect((await times()).filter(([, leadTime]) => leadTime === 60)).toHaveLength(400);
    expect(await adopt()).toBe(false);
    expect((await times()).filter(([, leadTime]) => leadTime === 60)).toHaveLength(500);
  });

  /** A worker that freezes when it has done all of a new task but the commit. @returns what lets it go on */
  async function createFrozen(dueAt: number): Promise<() => Promise<unknown>> {
    const event = taskCreated(crypto.randomUUID(), { due_date: new Date(dueAt).toISOString() });
    const [frozen, thawed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const worker = pausingBeforeCommit(database, () => (frozen.resolve(), thawed.promise));
    const applied = applyEvents(worker, [{ event, version: 1 }]);
    await Promise.race([frozen.promise, applied]);
    return () => (thawed.resolve(), applied);
  }

  it('reach the new task that a worker commits late, which has read the lead times of before', async () => {
    const dueAt = Date.now() + 2 * hour;
    await create({ due_date: new Date(dueAt).toISOString() });
    const thaw = await createFrozen(dueAt);
    await setLeadTimes(database, { seconds: [60], revision: 1 });
    const adoption = new LeadTimeAdoption(database);
    // With the one task that is there it would be done at once.
    const isMore = await adoption.step();
    await thaw();
    while (await adoption.step());
    expect(await times()).toEqual([
      [dueAt, 60],
      [dueAt, 60],
    ]);
    expect(isMore).toBe(true);
  });

  it('wait for no worker that has begun since they were adopted in part', async () => {
    const dueAt = Date.now() + 2 * hour;
    const early = await createFrozen(dueAt);
    await setLeadTimes(database, { seconds: [60], revision: 1 });
    const adoption = new LeadTimeAdoption(database);
    const waits = await adoption.step();
    const late = await createFrozen(dueAt);
    await early();
    const isMore = await adoption.step();
    await late();
    expect({ waits, isMore }).toEqual({ waits: true, isMore: false });
    expect((await times()).map(([, leadTime]) => leadTime)).toEqual([60, 60]);
  });
});

/** Seen through this, everything takes its time between the last statement of a transaction and its commit. */
function pausingBeforeCommit(database: Database, pause: () => Promise<void>): Database {
  const connect = async () => {
    const client = await database.pool.connect();
    const query = async (query: QueryConfig) => {
      if (query.text === 'COMMIT') await pause();
      return client.query(query);
    };
    return { query, release: (error?: Error) => client.release(error) };
  };
  return { ...database, pool: { connect } as unknown as Database['pool'] };
}

async function createMany(count: number, dueInMilliseconds: number): Promise<void> {
  const dueDate = inMilliseconds(dueInMilliseconds);
  const events = Array.from({ length: count }, () => taskCreated(crypto.randomUUID(), { due_date: dueDate }));
  await applyEvents(
    database,
    events.map((event) => ({ event, version: 1 })),
  );
}

/** What a step costs, whatever the machine: index entries that were read, from one of the indexes of the reminders. */
async function entriesRead(index: string, step: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    // Each session reports what it has read when it is asked to, or is idle for a while.
    for (let count = 0; count < 10; count++) await database.query('SELECT pg_stat_force_next_flush()');
    const select = 'SELECT idx_tup_read::integer AS count FROM pg_stat_user_indexes WHERE indexrelname = $1';
    return (await database.query<{ count: number }>(select, [index])).rows[0]!.count;
  };
  const before = await read();
  await step();
  return (await read()) - before;
}

describe('however many there are', () => {
  const inOrder = 'reminders_pending_in_order';

  beforeEach(() => database.query('ALTER TABLE reminders.reminders SET (autovacuum_enabled = off)'));
  afterEach(() => database.query('ALTER TABLE reminders.reminders RESET (autovacuum_enabled)'));

  /** Pending reminders of as many tasks, as of a table that nobody has analyzed. */
  async function fill(count: number, dueAt: string): Promise<void> {
    await database.query(
      `INSERT INTO reminders.tasks (task_id, state)
       SELECT gen_random_uuid(), $2 FROM generate_series(1, $1)`,
      [count, JSON.stringify(openState(dueAt))],
    );
    await database.query(
      `INSERT INTO reminders.reminders (task_id, due_at, lead_time_seconds, fire_at)
       SELECT task_id, $1::timestamptz, 0, $1::timestamptz FROM reminders.tasks`,
      [dueAt],
    );
  }

  function openState(dueAt: string) {
    const { payload, correlation_id } = taskCreated(crypto.randomUUID(), { due_date: dueAt });
    const { title, status, due_date, recurrence, user_id } = payload;
    const fields = { title, status, due_date, recurrence, user_id, correlation_id };
    const versioned = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value, version: 1 }]));
    return { created: 1, deleted: 0, fields: versioned };
  }

  it('are due, a claim reads no more than it takes', async () => {
    await fill(60_000, inMilliseconds(-5));
    const { published, publish } = publisher();
    const read = await entriesRead(inOrder, () => fire(publish));
    expect(read).toBeGreaterThanOrEqual(published.length);
    expect(read).toBeLessThan(1000);
    expect(published.length).toBeGreaterThan(100);
  });

  it('are overdue, one that has just come due is in the next batch', async () => {
    await fill(3000, inMilliseconds(-5));
    const { published, publish } = publisher();
    const { cursor } = await fire(publish);
    await createMany(1, -1);
    const before = published.length;
    await fire(publish, cursor);
    const last = published.slice(before).map(({ dueAt }) => dueAt.getTime());
    expect(Math.max(...last)).toBeGreaterThan(Math.min(...last));
  });

  it('were published while a transaction elsewhere stays open, a claim does not pass over them', async () => {
    const elsewhere = await database.pool.connect();
    try {
      await fill(5000, inMilliseconds(-5));
      await elsewhere.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await elsewhere.query('SELECT count(*) FROM reminders.tasks');
      const { published, publish } = publisher();
      let cursor = beginning;
      while (published.length < 5000) cursor = (await fire(publish, cursor)).cursor;
      cursor = (await fire(publish, cursor)).cursor;
      await createMany(1, -1);
      const read = await entriesRead(inOrder, () => fire(publish, cursor));
      expect(read).toBeGreaterThan(0);
      expect(read).toBeLessThan(1000);
      expect(published).toHaveLength(5001);
    } finally {
      await elsewhere.query('ROLLBACK');
      elsewhere.release();
    }
  });

  it('were published of one task, a change of it reads the last', async () => {
    const recurrence = { rule: 'FREQ=HOURLY', time_zone: 'UTC' };
    const event = taskCreated(crypto.randomUUID(), { due_date: '2020-01-01T00:00:00.000Z', recurrence });
    const taskId = event.payload.task_id;
    await applyEvents(database, [{ event, version: 1 }]);
    await database.query(
      `INSERT INTO reminders.reminders (task_id, due_at, lead_time_seconds, fire_at, published_at)
       SELECT $1, at, 0, at, at FROM generate_series(now() - interval '20000 hours', now(), '1 hour') AS at`,
      [taskId],
    );
    const change = { event: taskUpdated(taskId, { recurrence: { ...recurrence, rule: 'FREQ=DAILY' } }), version: 2 };
    const indexes = ['reminders_pkey', 'reminders_published_of_task', 'reminders_pending_of_task'];
    const all = indexes.reduce<() => Promise<unknown>>(
      (step, index) => async () => expect(await entriesRead(index, step)).toBeLessThan(100),
      () => applyEvents(database, [change]),
    );
    await all();
  });
});

describe('what is never needed again', () => {
  const day = 24 * 60 * minute;
  const forgotten = { reminders: 0, tasks: 0 };

  async function forget(): Promise<void> {
    Object.assign(forgotten, { reminders: 0, tasks: 0 });
    const work = new Forgetting(database, {
      deletedTaskDays: 30,
      onForgotten: ({ reminders, tasks }) => {
        forgotten.reminders += reminders;
        forgotten.tasks += tasks;
      },
    });
    while (await work.step());
    while (await work.step()); // it may have begun after some
  }

  it('is removed: published reminders, but for the last of a task and lead time', async () => {
    const recurrence = { rule: 'FREQ=DAILY', time_zone: 'UTC' };
    const event = taskCreated(crypto.randomUUID(), { due_date: inMilliseconds(-day), recurrence });
    await applyEvents(database, [{ event, version: 1 }]);
    const pending = await schedule();
    await database.query(
      `INSERT INTO reminders.reminders (task_id, due_at, lead_time_seconds, fire_at, published_at)
       SELECT $1, at, 0, at, at FROM generate_series(now() - interval '3000 days', now() - interval '2 days', '1 day') AS at`,
      [event.payload.task_id],
    );
    await forget();
    expect(forgotten).toEqual({ reminders: 2998, tasks: 0 });
    expect((await schedule()).filter(({ is_published: isPublished }) => !isPublished)).toEqual(pending);
    expect(await schedule()).toHaveLength(2);
  });

  it('is removed: all that is known of a task, long after it was deleted', async () => {
    const [kept, old, recent] = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const event = taskCreated(crypto.randomUUID(), { title: 'a \u0000 text', due_date: inMilliseconds(-5) });
        await applyEvents(database, [{ event, version: 1 }]);
        return event.payload.task_id;
      }),
    );
    await fire(publisher().publish);
    for (const taskId of [old!, recent!]) await applyEvents(database, [{ event: taskDeleted(taskId), version: 2 }]);
    const age = `UPDATE reminders.tasks SET changed_at = now() - interval '31 days' WHERE task_id = ANY ($1)`;
    await database.query(age, [[kept, old]]);
    await forget();
    expect(forgotten).toEqual({ reminders: 0, tasks: 1 });
    expect((await schedule()).map(({ task_id }) => task_id).toSorted()).toEqual([kept, recent].toSorted());
  });
});

describe('the schema of a consumer group', () => {
  let other: Database;

  beforeEach(async () => {
    other = openScheduleDatabase({ uri: await postgres.createDatabase(), applicationName: 'test', logger });
  });

  afterEach(() => other.close());

  it('is its own, even where many come at once, and stays', async () => {
    const groups = [
      'a.workers',
      'A.workers',
      'a_workers',
      'ä'.repeat(200),
      `${'x'.repeat(248)}1`,
      `${'x'.repeat(248)}2`,
    ];
    const claims = await Promise.all([...groups, ...groups].map((group) => claimSchema(other, group)));
    const [claimed, again] = [claims.slice(0, groups.length), claims.slice(groups.length)];
    expect(again).toEqual(claimed);
    const names = claimed.map(({ name }) => name);
    expect(new Set(names).size).toBe(groups.length);
    expect(new Set(claimed.map(({ id }) => id)).size).toBe(groups.length);
    expect(names).toContain('reminders');
    for (const name of names) expect(name).toMatch(/^reminders(_[a-z0-9_]{1,47})?$/);
    expect(await claimSchema(other, groups[0]!)).toEqual(claimed[0]);
  });

  it('is the one that all groups shared before, for the first that comes', async () => {
    await migrateSchedule(other, 'first');
    await setLeadTimes(other, { seconds: [60], revision: 1 });
    // As the version before left it.
    await other.query('DROP SCHEMA reminder_consumers CASCADE');
    const open = async (group: string) => {
      const id = await migrateSchedule(other, group);
      return { id, leadTimes: await withTransaction(other, readLeadTimes) };
    };
    expect(await open('second')).toEqual({ id: undefined, leadTimes: [60] });
    expect(await open('third')).toEqual({ id: expect.any(String) as unknown, leadTimes: [] });
    expect(await setLeadTimes(other, { seconds: [0], revision: 0 })).toBe(true);
    expect(await open('second')).toEqual({ id: undefined, leadTimes: [60] });
  });
});
