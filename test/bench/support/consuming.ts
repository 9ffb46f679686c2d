import { join } from 'node:path';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Client } from 'pg';
import { Part } from '../../../localcluster/parts/part.ts';
import { findPlace } from '../../../localcluster/parts/place.ts';
import { startReminderWorker } from '../../support/reminder-worker.ts';
import { taskCreated } from '../../support/task-history.ts';
import { openTaskStream } from '../../support/task-stream.ts';
import { until } from '../../support/until.ts';
import { memory } from './process-usage.ts';

export interface ConsumingOptions {
  readonly bootstrapServers: string;
  readonly databaseUri: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly program: string | undefined;
  readonly count: number;
}

export interface Consuming {
  /** Events a second, from the first offset that is committed to the last one. */
  readonly perSecond: number;
  readonly megabytes: { readonly now: number; readonly most: number };
}

/** How fast what has piled up is consumed: by a bare consumer that writes the same rows (bare-consumer.ts), and by the worker. */
export async function measureConsuming(options: ConsumingOptions): Promise<Record<'bare' | 'worker', Consuming>> {
  const { bootstrapServers, databaseUri, count } = options;
  const stream = await openTaskStream(bootstrapServers);
  await fill(stream, count);
  await stream.close();
  const { topics } = stream;
  const admin = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const worker = await startReminderWorker(
      {
        KAFKA_BOOTSTRAP_SERVERS: bootstrapServers,
        DATABASE_URI: databaseUri,
        ...options.environment,
        TOPICS: `${topics.events},${topics.updates}`,
        REMINDERS_TOPIC: topics.reminders,
        DEAD_LETTER_TOPIC: topics.deadLetters,
        GROUP_ID: 'consuming',
      },
      options.program,
    );
    const perSecond = await rate(admin, { groupId: 'consuming', topic: topics.events, count });
    const ofWorker = { perSecond, megabytes: await memory(worker.process.pid!) };
    await worker.leave();
    await createTables(databaseUri);
    const bare = await startBareConsumer(options, topics.events);
    const barePerSecond = await rate(admin, { groupId: 'bare', topic: topics.events, count });
    const ofBare = { perSecond: barePerSecond, megabytes: await memory(bare.part.pid!) };
    await bare.leave();
    return { bare: ofBare, worker: ofWorker };
  } finally {
    await admin.disconnect();
  }
}

async function fill(stream: Awaited<ReturnType<typeof openTaskStream>>, count: number): Promise<void> {
  const chunk = 1000; // a request holds 1 MB
  for (let sent = 0; sent < count; sent += chunk) {
    const dueDate = new Date(Date.UTC(2035, 0, 1) + sent * 1000).toISOString();
    const created = () => ({ event: taskCreated(crypto.randomUUID(), { due_date: dueDate }), version: 1 });
    await stream.send(...Array.from({ length: Math.min(chunk, count - sent) }, created));
  }
}

/** Of the same shape as the worker's, with the same indexes. */
async function createTables(databaseUri: string): Promise<void> {
  const client = new Client({ connectionString: databaseUri });
  await client.connect();
  await client.query('CREATE SCHEMA bare');
  for (const table of ['tasks', 'reminders']) {
    await client.query(`CREATE TABLE bare.${table} (LIKE reminders.${table} INCLUDING ALL)`);
  }
  await client.end();
}

async function startBareConsumer({ bootstrapServers, databaseUri }: ConsumingOptions, topic: string) {
  const place = await findPlace('bare-consumer', 1);
  const part = new Part({
    name: 'bare-consumer',
    command: [process.execPath, join(import.meta.dirname, 'bare-consumer.ts')],
    environment: {
      KAFKA_BOOTSTRAP_SERVERS: bootstrapServers,
      DATABASE_URI: databaseUri,
      TOPIC: topic,
      GROUP_ID: 'bare',
    },
    folder: place.folder,
    isReady: () => Promise.resolve(true),
  });
  await part.start();
  return { part, leave: () => place.leave([part]) };
}

interface Group {
  readonly groupId: string;
  readonly topic: string;
  readonly count: number;
}

async function rate(admin: Admin, { groupId, topic, count }: Group): Promise<number> {
  const committed = async () => {
    const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
    return answer!.partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  };
  let first = 0;
  await until(async () => (first = await committed().catch(() => 0)) > 0, 60_000);
  const begun = performance.now();
  await until(async () => (await committed()) >= count, 300_000);
  return Math.round((count - first) / ((performance.now() - begun) / 1000));
}
