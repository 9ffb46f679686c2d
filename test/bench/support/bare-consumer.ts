import { Kafka, logLevel } from 'kafkajs';
import { Pool } from 'pg';
import type { VersionedEvent } from '../../../src/reminder-worker/schedule/apply-events.ts';
import { readEvent } from '../../../src/reminder-worker/read-event.ts';
import { applyEvent, unknownTask } from '../../../src/reminder-worker/task-state.ts';

/*
 * What consuming costs at the least, as a program of its own: kafkajs alone, which decodes each event and writes the
 * rows that the worker would write of tasks that are new, each fetched batch in one transaction. It reads nothing
 * before it writes, and so is right about no task that has changed.
 */

const { KAFKA_BOOTSTRAP_SERVERS = '', DATABASE_URI = '', TOPIC = '', GROUP_ID = '' } = process.env;
const pool = new Pool({ connectionString: DATABASE_URI });
const consumer = new Kafka({ brokers: KAFKA_BOOTSTRAP_SERVERS.split(','), logLevel: logLevel.NOTHING }).consumer({
  groupId: GROUP_ID,
});
await consumer.connect();
await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  partitionsConsumedConcurrently: 16,
  eachBatch: async (payload) => {
    const { batch } = payload;
    const { topic, partition, messages } = batch;
    const events = messages.map(({ offset, key, value, headers = {} }) =>
      readEvent({ topic, partition, offset, key, value, headers }),
    );
    await write(events).catch(end);
    const next = { partition, offset: String(BigInt(batch.lastOffset()) + 1n) };
    await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [next] }] });
  },
});

/** kafkajs would try again, in silence. */
function end(error: unknown): never {
  console.error(error);
  process.exit(1);
}

async function write(events: readonly VersionedEvent[]): Promise<void> {
  const client = await pool.connect();
  const taskIds = events.map(({ event }) => event.payload.task_id);
  const states = events.map(({ event, version }) => JSON.stringify(applyEvent(unknownTask, event, version)));
  const dueDates = events.map(({ event }) => (event.event_type === 'task-created' ? event.payload.due_date : null));
  try {
    await client.query('BEGIN');
    await client.query('INSERT INTO bare.tasks (task_id, state) SELECT * FROM unnest($1::uuid[], $2::json[])', [
      taskIds,
      states,
    ]);
    await client.query(
      `INSERT INTO bare.reminders (task_id, due_at, lead_time_seconds, fire_at)
       SELECT task_id, due_at, 0, due_at FROM unnest($1::uuid[], $2::timestamptz[]) AS new (task_id, due_at)`,
      [taskIds, dueDates],
    );
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
