import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { openDatabase, type Database } from '../../../src/lib/database.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { applyEvents } from '../../../src/reminder-worker/schedule/apply-events.ts';
import type { DueReminder } from '../../../src/reminder-worker/schedule/due-reminders.ts';
import { fireDueReminders } from '../../../src/reminder-worker/schedule/fire-due-reminders.ts';
import { adoptLeadTimes } from '../../../src/reminder-worker/schedule/lead-times.ts';
import { migrateSchedule } from '../../../src/reminder-worker/schedule/migrate-schedule.ts';
import { anyDelivery, taskCreated, taskDeleted, taskHistory, taskUpdated } from '../../support/task-history.ts';

const logger = createLogger({ name: 'test', level: 'warn' });
const minute = 60_000;
let postgres: Postgres;
let database: Database;

beforeAll(async () => {
  postgres = await startPostgres();
  database = openDatabase({ uri: await postgres.createDatabase(), applicationName: 'test', logger });
  await migrateSchedule(database);
});

afterAll(async () => {
  await database.close();
  await postgres.stop();
});

beforeEach(async () => {
  await database.query('TRUNCATE reminders.reminders, reminders.tasks');
  await adoptLeadTimes(database, [0], new Date());
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
    return Promise.resolve();
  };
  return { published, publish };
}

describe('events applied to the schedule', () => {
  it('schedule an occurrence for each lead time', async () => {
    await adoptLeadTimes(database, [0, 60], new Date());
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

  it('end in the same schedule in any order, repeated, in any batches, by two workers at once', async () => {
    await adoptLeadTimes(database, [0, 3600], new Date());
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

describe('due reminders', () => {
  async function create(fields: Parameters<typeof taskCreated>[1], taskId: string = crypto.randomUUID()) {
    await applyEvents(database, [{ event: taskCreated(taskId, fields), version: 1 }]);
    return taskId;
  }

  it('are published once', async () => {
    const taskId = await create({ due_date: inMilliseconds(-5) });
    const { published, publish } = publisher();
    await fireDueReminders(database, publish);
    await fireDueReminders(database, publish);
    expect(published.map((reminder) => reminder.taskId)).toEqual([taskId]);
    expect(await schedule()).toEqual([expect.objectContaining({ is_published: true })]);
  });

  it('are not published before their time, and say how long until then', async () => {
    await create({ due_date: inMilliseconds(minute) });
    const { published, publish } = publisher();
    const { next } = await fireDueReminders(database, publish);
    expect(published).toEqual([]);
    expect(next).toMatchObject({ isHeld: false });
    expect(next!.milliseconds).toBeLessThanOrEqual(minute);
    expect(next!.milliseconds).toBeGreaterThan(minute / 2);
  });

  it('stay due when Kafka does not take them', async () => {
    await create({ due_date: inMilliseconds(-5) });
    await expect(fireDueReminders(database, () => Promise.reject(new Error('Kafka is away')))).rejects.toThrow('away');
    const { published, publish } = publisher();
    await fireDueReminders(database, publish);
    expect(published).toHaveLength(1);
  });

  it('are not published again when the task moves away and back', async () => {
    const dueDate = inMilliseconds(-5);
    const taskId = await create({ due_date: dueDate });
    const { published, publish } = publisher();
    await fireDueReminders(database, publish);
    const away = taskUpdated(taskId, { due_date: inMilliseconds(minute) });
    await applyEvents(database, [{ event: away, version: 2 }]);
    await applyEvents(database, [{ event: taskUpdated(taskId, { due_date: dueDate }), version: 3 }]);
    await fireDueReminders(database, publish);
    expect(published).toHaveLength(1);
  });

  it('are followed by the next occurrence, missed ones left out', async () => {
    const dueAt = Date.now() - 150 * minute;
    const recurrence = { rule: 'FREQ=HOURLY', time_zone: 'Europe/Berlin' };
    await create({ due_date: new Date(dueAt).toISOString(), recurrence });
    const { published, publish } = publisher();
    await fireDueReminders(database, publish);
    await fireDueReminders(database, publish);
    expect(published.map((reminder) => reminder.dueAt.getTime())).toEqual([dueAt]);
    const pending = (await schedule()).filter(({ is_published: isPublished }) => !isPublished);
    expect(pending.map(({ due_at }) => due_at.getTime())).toEqual([dueAt + 180 * minute]);
  });

  it('go on where they were when a recurring task is done and then not', async () => {
    const dueAt = Date.now() - 5;
    const recurrence = { rule: 'FREQ=HOURLY', time_zone: 'UTC' };
    const taskId = await create({ due_date: new Date(dueAt).toISOString(), recurrence });
    await fireDueReminders(database, publisher().publish);
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
      while ((await fireDueReminders(database, publish)).reminders.length > 0);
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
    const firing = fireDueReminders(database, () => {
      begun.resolve();
      return publication.promise;
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
      const { next } = await fireDueReminders(database, publish);
      expect(next).toMatchObject({ isHeld: true });
      await canceller.query('DELETE FROM reminders.reminders WHERE task_id = $1', [taskId]);
      await canceller.query('COMMIT');
    } finally {
      canceller.release();
    }
    const { next } = await fireDueReminders(database, publish);
    expect({ published, next }).toEqual({ published: [], next: undefined });
  });

  /** Resolves once some transaction waits for another. */
  async function waitingForLock(): Promise<void> {
    const select = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await database.query(select)).rowCount === 0);
  }
});

describe('other lead times', () => {
  const hour = 60 * minute;
  const times = async () => (await schedule()).map((row) => [row.due_at.getTime(), row.lead_time_seconds]);

  async function create(fields: Parameters<typeof taskCreated>[1]): Promise<string> {
    const event = taskCreated(crypto.randomUUID(), fields);
    await applyEvents(database, [{ event, version: 1 }]);
    return event.payload.task_id;
  }

  it('replace those of what is scheduled already', async () => {
    const dueAt = Date.now() + 2 * hour;
    await create({ due_date: new Date(dueAt).toISOString() });
    await adoptLeadTimes(database, [60, 3600], new Date());
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
    await adoptLeadTimes(database, [3600], new Date());
    expect(await times()).toEqual([[soon + 24 * hour, 3600]]);
  });

  it('leave what is overdue as it is', async () => {
    const dueAt = Date.now() - minute;
    const recurrence = { rule: 'FREQ=DAILY', time_zone: 'UTC' };
    await create({ due_date: new Date(dueAt).toISOString(), recurrence });
    await adoptLeadTimes(database, [0, 3600], new Date());
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
    await adoptLeadTimes(database, [60], new Date());
    expect((await times()).filter(([, leadTime]) => leadTime === 60)).toHaveLength(1100);
    expect(await times()).toHaveLength(1100);
  });
});
