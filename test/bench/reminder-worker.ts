import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { startKafka } from '../../localcluster/parts/kafka.ts';
import { startPostgres } from '../../localcluster/parts/postgres.ts';
import { nodeOptions } from '../../src/operator/workloads/deployment.ts';
import { startReminderWorker, type ReminderWorkerProcess } from '../support/reminder-worker.ts';
import { taskCreated } from '../support/task-history.ts';
import { openTaskStream, type TaskStream } from '../support/task-stream.ts';
import { until } from '../support/until.ts';
import { measureConsuming, type ConsumingOptions } from './support/consuming.ts';
import { startGraphileWorker, startPgBoss, type Peer } from './support/peers.ts';
import { memory } from './support/process-usage.ts';
import { addPending, readReminders, type Reminded } from './support/due-load.ts';

/*
 * The reminder worker on a real Kafka (one broker) and PostgreSQL, as a process of its own, against its promises:
 * event to schedule within 200 ms, reminders within 250 ms of their due time, 5,000 a second when a great many are due
 * at once, a backlog consumed at 0.6 of the speed of a bare consumer, 150 MB of memory; and the same reminders beside
 * graphile-worker and pg-boss. The first argument is the program, such as the compiled one; the sources, whose types
 * Node has to strip, take more memory. The second is how many reminders are pending while the due loop is measured.
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
    NODE_OPTIONS: nodeOptions,
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
    await fill(client, Number(process.argv[3] ?? 1_000_000));
    const loaded = await startReminderWorker(environment(atScale), program);
    await steadily(client, loaded, (count) => readReminders(kafka.bootstrapServers, atScale.topics.reminders, count));
    await reportMemory(loaded);
    await loaded.leave();
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

async function fill(client: Client, count: number): Promise<void> {
  const begun = performance.now();
  await addPending(client, count, `now() + interval '1 day' + n * interval '1 second'`);
  const size = `SELECT pg_size_pretty(sum(pg_total_relation_size(oid)::numeric)) AS size FROM pg_class
    WHERE relname IN ('tasks', 'reminders') AND relkind = 'r'`;
  const { rows } = await client.query<{ size: string }>(size);
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(`${count} pending, put there in ${seconds} s: ${rows[0]!.size} with indexes`);
}

/** With a great many pending: 1,000 due per second, then 100,000 at once, and others one by one meanwhile. */
async function steadily(
  client: Client,
  worker: ReminderWorkerProcess,
  read: (count: number) => Promise<readonly Reminded[]>,
): Promise<void> {
  const steady = 20_000;
  await addPending(client, steady, `'${inSeconds(8)}'::timestamptz + n * interval '1 millisecond'`);
  await until(async () => (await firedCount(worker)) >= steady, 60_000);
  const early = await read(steady);
  report(`lateness, 1,000 a second for ${steady / 1000} s`, milliseconds(early), limits.latenessMilliseconds);

  const herd = 100_000;
  const others = 190;
  const begin = inSeconds(20);
  await addPending(client, herd, `'${begin}'::timestamptz`);
  const apart = new Set(await addPending(client, others, `'${begin}'::timestamptz + n * interval '100 milliseconds'`));
  await until(() => Date.now() >= Date.parse(begin), 60_000);
  const rates: number[] = [];
  for (let before = steady, begun = performance.now(); before < steady + herd;) {
    await delay(1000);
    const [fired, now] = [await firedCount(worker), performance.now()];
    rates.push(Math.round((fired - before) / ((now - begun) / 1000)));
    [before, begun] = [fired, now];
  }
  console.log(`${herd} due at once, published each second: ${rates.join(' ')}`);
  const all = steady + herd + others;
  await until(async () => (await firedCount(worker)) >= all, 60_000);
  const read2 = await read(all);
  const last = Math.max(
    ...read2
      .slice(steady)
      .filter(({ taskId }) => !apart.has(taskId))
      .map((one) => one.milliseconds),
  );
  const rate = Math.round(herd / (last / 1000));
  console.log(`${rate} a second in all: ${ratio(rate, limits.herdPerSecond)}`);
  const meanwhile = milliseconds(read2.filter(({ taskId }) => apart.has(taskId)));
  report(`lateness of ${others} others meanwhile`, meanwhile, limits.latenessMilliseconds);
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const milliseconds = (reminded: readonly Reminded[]) => reminded.map((one) => one.milliseconds);

async function firedCount(worker: ReminderWorkerProcess): Promise<number> {
  const { body } = await worker.get('/metrics');
  return Number(/^reminder_worker_reminder_lateness_seconds_count\S* (\d+)$/m.exec(body)?.[1]);
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
    environment: { NODE_OPTIONS: nodeOptions },
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

function createdTask(dueDate: string) {
  return { event: taskCreated(crypto.randomUUID(), { due_date: dueDate }), version: 1 };
}

function report(what: string, milliseconds: readonly number[], limit: number): void {
  const sorted = milliseconds.toSorted((one, other) => one - other);
  const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1]!;
  const figures = `p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, maximum ${at(1).toFixed(1)} ms`;
  console.log(`${what}: ${figures}, earliest ${sorted[0]!.toFixed(1)} ms: p99 is ${ratio(at(0.99), limit)}`);
}

const ratio = (value: number, limit: number) => `${(value / limit).toFixed(2)} of the limit of ${limit}`;

await main();
