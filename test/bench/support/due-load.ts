import { Kafka, logLevel } from 'kafkajs';
import type { Client } from 'pg';
import { taskCreated } from '../../support/task-history.ts';
import { until } from '../../support/until.ts';

const perStatement = 100_000;

/**
 * Puts tasks with pending reminders into the worker's tables, as events would have: which is not what is measured.
 *
 * @param dueAt SQL for when the reminder number `n` is due, counted from 1
 * @returns the ids of the tasks, in that order
 */
export async function addPending(client: Client, count: number, dueAt: string): Promise<string[]> {
  const insert = `${insertPending(dueAt)} SELECT task_id FROM new ORDER BY n`;
  const { rows } = await client.query<{ task_id: string }>(insert, [1, count, openState]);
  return rows.map(({ task_id: taskId }) => taskId);
}

export interface FillOptions {
  /** Whether each task is another user's; all are of one user otherwise. */
  readonly isOfMany?: boolean;
}

/** The same, however many. */
export async function fillPending(
  client: Client,
  count: number,
  dueAt: string,
  { isOfMany = false }: FillOptions = {},
): Promise<void> {
  for (let first = 1; first <= count; first += perStatement) {
    const values = [first, Math.min(count, first + perStatement - 1), openState];
    await client.query(`${insertPending(dueAt, isOfMany)} SELECT`, values);
  }
}

const insertPending = (dueAt: string, isOfMany = false) => `
  WITH new AS MATERIALIZED (
    SELECT gen_random_uuid() AS task_id, n, (${dueAt})::timestamptz(3) AS due_at FROM generate_series($1::int, $2::int) AS n
  ), task AS (
    INSERT INTO reminders.tasks (task_id, state) SELECT task_id, ${isOfMany ? stateOfAnother : '$3'} FROM new
  ), reminder AS (
    INSERT INTO reminders.reminders (task_id, due_at, lead_time_seconds, fire_at) SELECT task_id, due_at, 0, due_at FROM new
  )`;

const { payload, correlation_id } = taskCreated(crypto.randomUUID(), { due_date: '2035-01-01T00:00:00Z' });
const { title, status, due_date, recurrence, user_id } = payload;
const fields = { title, status, due_date, recurrence, user_id, correlation_id };
const openState = JSON.stringify({
  created: 1,
  deleted: 0,
  fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value, version: 1 }])),
});

/** A task's id does for a user's. */
const stateOfAnother = `replace($3, '${user_id}', task_id::text)::json`;

export interface Reminded {
  readonly taskId: string;
  /** In milliseconds since 1970. */
  readonly dueAt: number;
  /** From the due time to the broker's time. */
  readonly milliseconds: number;
}

/** Reads what is in a topic of reminders, once all is there, so that reading takes nothing from what is measured. */
export async function readReminders(bootstrapServers: string, topic: string, count: number): Promise<Reminded[]> {
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `reader-${crypto.randomUUID()}` });
  const read: Reminded[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message: { key, value, timestamp } }) => {
      const { payload } = JSON.parse(String(value)) as { payload: { due_date: string } };
      const dueAt = Date.parse(payload.due_date);
      read.push({ taskId: String(key), dueAt, milliseconds: Number(timestamp) - dueAt });
      return Promise.resolve();
    },
  });
  await until(() => read.length >= count, 120_000);
  await consumer.disconnect();
  return read;
}
