import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import { Client } from 'pg';
import { Temporal } from 'temporal-polyfill';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import type { ReminderDue, TaskEvent } from '../../../src/events/catalogue.ts';
import { encodeEvent } from '../../../src/events/encode.ts';
import { openDatabase, type Database } from '../../../src/lib/database.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { applyEvent, unknownTask } from '../../../src/reminder-worker/task-state.ts';
import { startReminderWorker, type ReminderWorkerProcess } from '../../support/reminder-worker.ts';
import { taskCreated, taskDeleted, taskUpdated } from '../../support/task-history.ts';
import { openTaskStream, type TaskStream } from '../../support/task-stream.ts';
import { until } from '../../support/until.ts';

let kafka: KafkaCluster;
let postgres: Postgres;
let stream: TaskStream;
let database: Database;
let databaseUri: string;
let workers: ReminderWorkerProcess[];

beforeAll(async () => {
  [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
});

afterAll(() => Promise.all([kafka.stop(), postgres.stop()]));

beforeEach(async () => {
  workers = [];
  databaseUri = await postgres.createDatabase();
  database = openDatabase({
    uri: databaseUri,
    applicationName: 'test',
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  stream = await openTaskStream(kafka.bootstrapServers);
});

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.leave()));
  await stream.close();
  await database.close();
});

async function startWorker(settings: Readonly<Record<string, string>> = {}): Promise<ReminderWorkerProcess> {
  const { topics } = stream;
  const worker = await startReminderWorker({
    KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers,
    DATABASE_URI: databaseUri,
    TOPICS: `${topics.events},${topics.updates}`,
    REMINDERS_TOPIC: topics.reminders,
    DEAD_LETTER_TOPIC: topics.deadLetters,
    GROUP_ID: topics.reminders,
    RETRY_INITIAL_DELAY_MILLISECONDS: '50',
    RETRY_MAX_DELAY_MILLISECONDS: '500',
    ...settings,
  });
  workers.push(worker);
  return worker;
}

/** How soon a task is due that must be scheduled first, and a worker be stopped; on a slow machine both take seconds. */
const soon = 6000;
const inMilliseconds = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

function create(dueDate: string, taskId: string = crypto.randomUUID()) {
  return { event: taskCreated(taskId, { due_date: dueDate }), version: 1 };
}

/** The due times of the pending reminders. */
async function pending(): Promise<string[]> {
  const select = 'SELECT due_at FROM reminders.reminders WHERE published_at IS NULL ORDER BY due_at';
  const { rows } = await database.query<{ due_at: Date }>(select);
  return rows.map(({ due_at: dueAt }) => dueAt.toISOString());
}

/** The pending reminders of one of several groups. */
async function pendingOf(groupId: string) {
  const find = 'SELECT schema_name FROM reminder_consumers.schedules WHERE group_id = $1';
  const { rows: schemas } = await database.query<{ schema_name: string }>(find, [groupId]);
  const select = `SELECT task_id, lead_time_seconds FROM "${schemas[0]?.schema_name}".reminders WHERE published_at IS NULL`;
  return (await database.query<{ task_id: string; lead_time_seconds: number }>(select)).rows;
}

const isPending = async (...dueDates: string[]) => (await pending()).join() === dueDates.join();

/** The reminders that were read, as task id and due date. */
const reminded = () => stream.reminders().map(({ event }) => (event as ReminderDue).payload);

describe('the reminder worker', () => {
  it('reminds of a task when it is due, once', async () => {
    await startWorker();
    const task = create(inMilliseconds(2000));
    await stream.send(task, task);
    await until(() => stream.reminders().length > 0);
    const { event, version, at } = stream.reminders()[0]!;
    expect(event).toMatchObject({
      event_type: 'reminder-due',
      producer: 'reminder-worker',
      correlation_id: task.event.correlation_id,
      payload: { due_date: task.event.payload.due_date, title: 'Pay rent', lead_time_seconds: 0 },
    });
    expect(version).toBe(1);
    expect(at).toBeGreaterThanOrEqual(Date.parse(task.event.payload.due_date!));
    const marker = create(inMilliseconds(200));
    await stream.send(marker);
    await until(() => stream.reminders().length > 1);
    expect(reminded().map(({ task_id: taskId }) => taskId)).toEqual([
      task.event.payload.task_id,
      marker.event.payload.task_id,
    ]);
  });

  it('reminds within a quarter of a second', async () => {
    await startWorker();
    const tasks = Array.from({ length: 10 }, (_, index) => create(inMilliseconds(4000 + index * 100)));
    await stream.send(...tasks);
    await until(() => stream.reminders().length === tasks.length);
    const lateness = stream
      .reminders()
      .map(({ event, at }) => at - Date.parse((event as ReminderDue).payload.due_date));
    // Of the latest ones, who knows what else the machine did.
    expect(lateness.toSorted((one, other) => one - other)[5]).toBeLessThan(250);
  });

  it('tells what it does as metrics', async () => {
    const worker = await startWorker();
    await stream.send(create(inMilliseconds(-5)));
    await stream.sendRaw(stream.topics.updates, { key: null, value: Buffer.from('?') });
    const expected = [
      `reminder_worker_events_total{topic="${stream.topics.events}",event_type="task-created",program="reminder-worker"} 1`,
      `reminder_worker_dead_letters_total{topic="${stream.topics.updates}",code="SchemaInvalid",program="reminder-worker"} 1`,
      'reminder_worker_reminder_lateness_seconds_count{program="reminder-worker"} 1',
      'reminder_worker_event_delay_seconds_count{program="reminder-worker"} 1',
      `kafka_consumergroup_lag_sum{consumergroup="${stream.topics.reminders}",topic="${stream.topics.events}",program="reminder-worker"} 0`,
    ];
    await until(async () => {
      const lines = (await worker.get('/metrics')).body.split('\n');
      return expected.every((line) => lines.includes(line));
    });
    const status: unknown = JSON.parse((await worker.get('/status')).body);
    expect(status).toEqual({ reminders: { behindSeconds: expect.any(Number) as unknown }, stuckPartitions: [] });
  });

  it('reminds on time while events of many partitions wait for a worker that is frozen', async () => {
    const kafkaClient = new Kafka({ brokers: kafka.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
    const [admin, producer] = [kafkaClient.admin(), kafkaClient.producer()];
    await Promise.all([admin.connect(), producer.connect()]);
    const topic = `of-many-partitions-${stream.topics.events}`;
    const partitions = Array.from({ length: 14 }, (_, partition) => partition);
    await admin.createTopics({ topics: [{ topic, numPartitions: partitions.length }], waitForLeaders: true });
    const tasks = partitions.map(() => create('2035-01-01T00:00:00.000Z'));
    const taskIds = tasks.map(({ event }) => event.payload.task_id);
    const sendEach = (eventOf: (taskId: string) => TaskEvent, version: number) =>
      producer.send({
        topic,
        messages: taskIds.map((taskId, partition) => ({ ...encodeEvent(eventOf(taskId), version), partition })),
      });
    await startWorker({ TOPICS: `${stream.topics.events},${topic}` });
    await sendEach((taskId) => tasks[taskIds.indexOf(taskId)]!.event, 1);
    await until(async () => (await pending()).length === tasks.length);

    const frozen = new Client({ connectionString: databaseUri });
    await frozen.connect();
    try {
      await frozen.query('BEGIN');
      await frozen.query('SELECT FROM reminders.tasks WHERE task_id = ANY ($1) FOR UPDATE', [taskIds]);
      await sendEach((taskId) => taskDeleted(taskId), 2);
      const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
      await until(async () => (await database.query(waiting)).rowCount! >= 8);
      const due = create(inMilliseconds(2000));
      const reminder = `
        INSERT INTO reminders.reminders (task_id, due_at, lead_time_seconds, fire_at) VALUES ($1, $2, 0, $2)`;
      await database.query(`INSERT INTO reminders.tasks (task_id, state) VALUES ($1, $2)`, [
        due.event.payload.task_id,
        applyEvent(unknownTask, due.event, 1),
      ]);
      await database.query(reminder, [due.event.payload.task_id, due.event.payload.due_date]);
      await database.query(`SELECT pg_notify('reminders_added', $1)`, [
        String(Date.parse(due.event.payload.due_date!)),
      ]);
      await until(() => stream.reminders().length > 0);
      expect(stream.reminders()[0]!.at - Date.parse(due.event.payload.due_date!)).toBeLessThan(2000);
    } finally {
      await Promise.all([frozen.end(), admin.disconnect(), producer.disconnect()]);
    }
    await until(async () => (await pending()).length === 0);
  });

  it('follows a task that moves, and forgets one that is deleted', async () => {
    await startWorker();
    const [first, second, third] = ['2030-01-01', '2030-01-02', '2030-01-03'].map((day) => `${day}T09:00:00.000Z`);
    const taskId = crypto.randomUUID();
    await stream.send(create(first!, taskId), create(third!));
    await until(() => isPending(first!, third!));
    await stream.send({ event: taskUpdated(taskId, { due_date: second! }), version: 2 });
    await until(() => isPending(second!, third!));
    await stream.send({ event: taskDeleted(taskId), version: 3 });
    await until(() => isPending(third!));
  });

  it('keeps out of the schedules of other groups in the same database', async () => {
    const { reminders: name } = stream.topics;
    const [plain, early] = [`${name}-plain`, `${name}-early`];
    await Promise.all([
      startWorker({ GROUP_ID: plain, LEAD_TIMES_SECONDS: '0' }),
      startWorker({ GROUP_ID: early, LEAD_TIMES_SECONDS: '1' }),
    ]);
    const [task, later] = [create(inMilliseconds(4000)), create('2030-01-01T09:00:00.000Z')];
    await stream.send(task, later);
    const taskIds = async (groupId: string) => (await pendingOf(groupId)).map(({ task_id: taskId }) => taskId);
    const laterId = later.event.payload.task_id;
    await until(() => reminded().length === 2);
    const leadTimes = (reminders: readonly { readonly lead_time_seconds: number }[]) =>
      reminders.map(({ lead_time_seconds: seconds }) => seconds).toSorted();
    expect(leadTimes(reminded())).toEqual([0, 1]);
    for (const group of [plain, early]) await until(async () => (await taskIds(group)).includes(laterId));
    expect(leadTimes(await pendingOf(plain))).toEqual([0]);
    expect(leadTimes(await pendingOf(early))).toEqual([1]);
    await stream.send({ event: taskDeleted(laterId), version: 2 });
    for (const group of [plain, early]) await until(async () => (await taskIds(group)).length === 0);
  });

  it('reads all events again when its schedule begins anew, as in a new database', async () => {
    const first = await startWorker();
    const dueDate = '2030-01-01T09:00:00.000Z';
    await stream.send(create(dueDate));
    await until(() => isPending(dueDate));
    await first.process.stop();
    await database.query('DROP SCHEMA reminders CASCADE');
    await database.query('DROP SCHEMA reminder_consumers CASCADE');
    const second = await startWorker();
    await until(() => isPending(dueDate));
    await second.process.stop();
    expect(await second.process.readLog()).toContain('Reading from the beginning');
    const third = await startWorker();
    await until(async () =>
      (await third.get('/metrics')).body.includes(`topic="${stream.topics.events}",program="reminder-worker"} 0`),
    );
    await third.process.stop();
    expect(await third.process.readLog()).not.toContain('Reading from the beginning');
  });

  it('takes the topics in whatever order they come', async () => {
    await startWorker();
    const taskId = crypto.randomUUID();
    await stream.send({ event: taskUpdated(taskId, { due_date: '2030-01-02T09:00:00.000Z' }), version: 2 });
    const known = 'SELECT FROM reminders.tasks WHERE task_id = $1';
    await until(async () => (await database.query(known, [taskId])).rowCount === 1);
    await stream.send(create('2030-01-01T09:00:00.000Z', taskId));
    await until(() => isPending('2030-01-02T09:00:00.000Z'));
  });

  it('gives up what it cannot read, as it was, and goes on', async () => {
    await startWorker();
    const key = crypto.randomUUID();
    const value = Buffer.from('{"event_type": "task-created"');
    await stream.sendRaw(stream.topics.events, { key, value, headers: { traceparent: '00-1-2-03' } });
    await stream.send(create('2030-01-01T09:00:00.000Z', key));
    await until(() => isPending('2030-01-01T09:00:00.000Z'));
    await until(() => stream.deadLetters().length > 0);
    expect(stream.deadLetters()).toEqual([
      expect.objectContaining({
        key,
        value,
        headers: {
          traceparent: '00-1-2-03',
          '__dlq.errors.topic': stream.topics.events,
          '__dlq.errors.partition': expect.stringMatching(/^[0-2]$/),
          '__dlq.errors.offset': '0',
          '__dlq.errors.group': stream.topics.reminders,
          '__dlq.errors.delivery.count': '1',
          '__dlq.errors.code': 'SchemaInvalid',
          '__dlq.errors.message': expect.stringContaining('must be JSON'),
        },
      }),
    ]);
  });

  it('reminds at once, once, of what was due while it did not run', async () => {
    const first = await startWorker();
    const dueDate = inMilliseconds(soon);
    await stream.send(create(dueDate));
    await until(() => isPending(dueDate));
    await first.process.stop();
    expect(await first.process.readLog()).toContain('"Stopped"');
    await until(() => Date.now() > Date.parse(dueDate));
    await startWorker();
    await until(() => reminded().length > 0);
    const marker = create(inMilliseconds(100));
    await stream.send(marker);
    await until(() => reminded().length > 1);
    expect(reminded().map((reminder) => reminder.due_date)).toEqual([dueDate, marker.event.payload.due_date]);
  });

  it('does not remind of what was moved or deleted while it did not run', async () => {
    const first = await startWorker();
    const dueDate = inMilliseconds(soon);
    const [moved, deleted, kept] = [create(dueDate), create(dueDate), create(dueDate)];
    await stream.send(moved, deleted, kept);
    await until(async () => (await pending()).length === 3);
    await first.process.stop();
    await stream.send(
      { event: taskUpdated(moved.event.payload.task_id, { due_date: '2030-01-01T09:00:00.000Z' }), version: 2 },
      { event: taskDeleted(deleted.event.payload.task_id), version: 2 },
    );
    await until(() => Date.now() > Date.parse(dueDate));
    await startWorker();
    await until(() => isPending('2030-01-01T09:00:00.000Z'));
    await until(() => reminded().length > 0);
    expect(reminded().map(({ task_id: taskId }) => taskId)).toEqual([kept.event.payload.task_id]);
  });

  it('keeps a daily task at its hour over a change of the clocks', async () => {
    await startWorker();
    const zone = 'Europe/Berlin';
    const nine = Temporal.Now.zonedDateTimeISO(zone).with({
      hour: 9,
      minute: 0,
      second: 0,
      millisecond: 0,
      microsecond: 0,
      nanosecond: 0,
    });
    const halfAYearAgo = nine.subtract({ days: 183 });
    const next =
      Temporal.ZonedDateTime.compare(nine, Temporal.Now.zonedDateTimeISO(zone)) > 0 ? nine : nine.add({ days: 1 });
    const asText = (time: Temporal.ZonedDateTime) => new Date(time.epochMilliseconds).toISOString();
    const recurrence = { rule: 'FREQ=DAILY', time_zone: zone };
    const event = taskCreated(crypto.randomUUID(), { due_date: asText(halfAYearAgo), recurrence });
    await stream.send({ event, version: 1 });
    await until(() => isPending(asText(next)));
    await until(() => reminded().length > 0);
    expect(reminded().map(({ due_date: dueDate }) => dueDate)).toEqual([asText(halfAYearAgo)]);
  });

  it('loses nothing and gives nothing up while the database is away', async () => {
    const worker = await startWorker();
    await postgres.server.stop();
    const dueDate = '2030-01-01T09:00:00.000Z';
    await stream.send(create(dueDate));
    await until(async () => (await worker.get('/readyz')).body.includes('"database":{"ok":false'));
    await until(async () => (await worker.process.readLog()).includes('Waiting until events can be processed again'));
    await postgres.server.start();
    await until(() => isPending(dueDate));
    await until(async () => (await worker.get('/readyz')).status === 200);
    expect(stream.deadLetters()).toEqual([]);
  });

  it('reminds when Kafka is back, once', async () => {
    await startWorker();
    const dueDate = inMilliseconds(soon);
    await stream.send(create(dueDate));
    await until(() => isPending(dueDate));
    await kafka.brokers[0]!.pause();
    await until(() => Date.now() > Date.parse(dueDate) + 1500);
    expect(await pending()).toEqual([dueDate]);
    await kafka.brokers[0]!.resume();
    await until(() => reminded().length > 0);
    await until(() => isPending());
    expect(new Set(stream.reminders().map(({ event }) => event.event_id)).size).toBe(1);
  });

  it('shares the work, and loses nothing when one of two is killed in the middle of it', async () => {
    const [first] = await Promise.all([startWorker(), startWorker()]);
    const tasks = Array.from({ length: 400 }, (_, index) => create(inMilliseconds(4000 + index * 10)));
    await stream.send(...tasks);
    await until(() => reminded().length > 100);
    await first.process.kill();
    const ids = tasks.map(({ event }) => event.payload.task_id).toSorted();
    // What the killed one had not read goes to the other after 15 s, when the group has missed it.
    await until(() => new Set(reminded().map(({ task_id: taskId }) => taskId)).size === ids.length);
    await until(async () => (await pending()).length === 0);
    const eventIds = new Set(stream.reminders().map(({ event }) => event.event_id));
    expect(eventIds.size).toBe(ids.length);
    for (const { event, at } of stream.reminders()) {
      expect(at).toBeGreaterThanOrEqual(Date.parse((event as ReminderDue).payload.due_date));
    }
  });
});
