import { Client } from 'pg';
import { startKafka } from '../../localcluster/parts/kafka.ts';
import { startPostgres } from '../../localcluster/parts/postgres.ts';
import { workerNodeOptions } from '../../src/operator/workloads/deployment.ts';
import { startReminderWorker, type ReminderWorkerProcess } from '../support/reminder-worker.ts';
import { taskCreated } from '../support/task-history.ts';
import { openTaskStream, type TaskStream } from '../support/task-stream.ts';
import { until } from '../support/until.ts';
import { measureConsuming, type ConsumingOptions } from './support/consuming.ts';
import { startGraphileWorker, startPgBoss, type Peer } from './support/peers.ts';
import { AtScale, fill } from './support/due-at-scale.ts';
import { readReminders } from './support/due-load.ts';
import { memory } from './support/process-usage.ts';
import { ratio, report } from './support/report.ts';

/*
 * The reminder worker on a real Kafka (one broker) and PostgreSQL, as a process of its own, against its promises:
 * event to schedule within 200 ms, reminders within 250 ms of their due time, 5,000 a second when a great many are due
 * at once, a backlog consumed at 0.6 of the speed of a bare consumer, 150 MB of memory; and the same reminders beside
 * graphile-worker and pg-boss. The first argument is the program, such as the compiled one; the sources, whose types
 * Node has to strip, take more memory. PENDING says how many reminders are pending while the due loop is measured
 * (1,000,000; ten times as many take some minutes to put there, and 5 GB), HERD how many are due at once.
 */

/** One for all workers, so that they have one schedule, in the PostgreSQL schema `reminders`. */
const groupId = 'bench';

const limits = {
  scheduleMilliseconds: 200,
  latenessMilliseconds: 250,
  herdPerSecond: 5000,
  consumingShare: 0.6,
  memoryMegabytes: 150,
};

async function main(): Promise<void> {
  const [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
  const client = new Client({ connectionString: postgres.uri });
  const stream = await openTaskStream(kafka.bootstrapServers);
  const program = process.argv[2];
  const environment = (stream: TaskStream) => ({
    KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers,
    DATABASE_URI: postgres.uri,
    TOPICS: `${stream.topics.events},${stream.topics.updates}`,
    REMINDERS_TOPIC: stream.topics.reminders,
    DEAD_LETTER_TOPIC: stream.topics.deadLetters,
    GROUP_ID: groupId,
    NODE_OPTIONS: workerNodeOptions,
  });
  const worker = await startReminderWorker(environment(stream), program);
  try {
    await client.connect();
    await reportMemory(worker);
    await scheduleLatency(stream, client);
    await lateness(stream);
    await reportMemory(worker);
    await worker.leave();
    await stream.close();
    for (const start of [startGraphileWorker, startPgBoss]) await beside(await start(await postgres.createDatabase()));
    await consuming({ bootstrapServers: kafka.bootstrapServers, databaseUri: postgres.uri, program });
    // Its topics only: they are read afterwards.
    const atScale = await openTaskStream(kafka.bootstrapServers);
    await atScale.close();
    await fill(client, numberFrom('PENDING', 1_000_000));
    const workers = await new AtScale({
      ...{ client, databaseUri: postgres.uri, limits, herd: numberFrom('HERD', 100_000) },
      startWorker: () => startReminderWorker(environment(atScale), program),
      read: (count) => readReminders(kafka.bootstrapServers, atScale.topics.reminders, count),
    }).run();
    for (const loaded of workers) {
      await reportMemory(loaded);
      await loaded.leave();
    }
  } finally {
    await client.end();
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

/** From before an event is sent to the commit of the reminder it leads to, one event after another. */
async function scheduleLatency(stream: TaskStream, client: Client): Promise<void> {
  await client.query(`CREATE FUNCTION reminders.note() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN NOTIFY scheduled; RETURN NULL; END $$`);
  await client.query(`CREATE TRIGGER note AFTER INSERT ON reminders.reminders EXECUTE FUNCTION reminders.note()`);
  await client.query('LISTEN scheduled');
  const milliseconds: number[] = [];
  for (let count = 0; count < 300; count += 1) {
    const scheduled = new Promise((resolve) => client.once('notification', resolve));
    const begun = performance.now();
    await stream.send(createdTask('2035-01-01T00:00:00Z'));
    await scheduled;
    milliseconds.push(performance.now() - begun);
  }
  await client.query('UNLISTEN scheduled');
  await client.query('DROP FUNCTION reminders.note CASCADE');
  report('event to schedule, 300 one by one', milliseconds, limits.scheduleMilliseconds);
}

/** From the due time to the broker's time of the reminder. */
async function lateness(stream: TaskStream): Promise<void> {
  const begin = Date.now() + 5000;
  const tasks = Array.from({ length: 1000 }, (_, index) => createdTask(new Date(begin + index * 5).toISOString()));
  await stream.send(...tasks);
  await until(() => stream.reminders().length >= tasks.length);
  report('lateness, 1,000 due within 5 s', latenesses(stream), limits.latenessMilliseconds);
  const same = new Date(Date.now() + 5000).toISOString();
  await stream.send(...Array.from({ length: 1000 }, () => createdTask(same)));
  await until(() => stream.reminders().length >= 2 * tasks.length);
  report('lateness, 1,000 due at once', latenesses(stream).slice(tasks.length), limits.latenessMilliseconds);
}

/** The same load, and a herd, with one of those that people run for this; its jobs publish nothing. */
async function beside(peer: Peer): Promise<void> {
  const begin = Date.now() + 5000;
  const spread = await peer.fire(Array.from({ length: 1000 }, (_, index) => begin + index * 5));
  report(`${peer.name}: lateness, 1,000 due within 5 s`, spread, limits.latenessMilliseconds);
  const at = (count: number) => Array.from({ length: count }, () => Date.now() + 5000);
  report(`${peer.name}: lateness, 1,000 due at once`, await peer.fire(at(1000)), limits.latenessMilliseconds);
  const herd = 20_000;
  const last = Math.max(...(await peer.fire(at(herd))));
  console.log(`${peer.name}: ${herd} due at once, ${Math.round(herd / (last / 1000))} a second`);
  await peer.stop();
}

function latenesses(stream: TaskStream): number[] {
  return stream.reminders().map(({ event, at }) => {
    if (event.event_type !== 'reminder-due') throw new Error(`unexpected ${event.event_type}`);
    return at - Date.parse(event.payload.due_date);
  });
}

/** How fast a worker gets through what has piled up, beside a bare consumer. */
async function consuming(parts: Omit<ConsumingOptions, 'environment' | 'groupId' | 'count'>): Promise<void> {
  const count = 100_000;
  const { bare, worker } = await measureConsuming({
    ...parts,
    environment: { NODE_OPTIONS: workerNodeOptions },
    groupId,
    count,
  });
  const share = `${(worker.perSecond / bare.perSecond).toFixed(2)} of it (goal ${limits.consumingShare})`;
  console.log(
    `${count} events piled up: bare consumer ${bare.perSecond} a second, worker ${worker.perSecond}, ${share}`,
  );
  const { most } = worker.megabytes;
  console.log(`memory meanwhile ${most.toFixed(0)} MB at most: ${ratio(most, limits.memoryMegabytes)}`);
}

async function reportMemory(worker: ReminderWorkerProcess): Promise<void> {
  const { now, most } = await memory(worker.process.pid!);
  console.log(`memory ${now.toFixed(0)} MB (peak ${most.toFixed(0)}): ${ratio(now, limits.memoryMegabytes)}`);
}

function numberFrom(variable: string, otherwise: number): number {
  const text = process.env[variable] ?? '';
  if (!/^\d*$/.test(text)) throw new Error(`${variable} is "${text}": it must be a whole number`);
  return text === '' ? otherwise : Number(text);
}

function createdTask(dueDate: string) {
  return { event: taskCreated(crypto.randomUUID(), { due_date: dueDate }), version: 1 };
}

await main();
