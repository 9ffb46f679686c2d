import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { startKafka } from '../../localcluster/parts/kafka.ts';
import { startPostgres } from '../../localcluster/parts/postgres.ts';
import { nodeOptions } from '../../src/operator/workloads/deployment.ts';
import { startReminderWorker, type ReminderWorkerProcess } from '../support/reminder-worker.ts';
import { taskCreated } from '../support/task-history.ts';
import { openTaskStream, type TaskStream } from '../support/task-stream.ts';
import { until } from '../support/until.ts';

/*
 * The reminder worker on a real Kafka (one broker) and PostgreSQL, as a process of its own, against its promises:
 * event to schedule within 200 ms, reminders within 250 ms of their due time, 150 MB of memory. The first argument is
 * the program, such as the compiled one; the sources, whose types Node has to strip, take more memory.
 */

const limits = { scheduleMilliseconds: 200, latenessMilliseconds: 250, memoryMegabytes: 150 };

async function main(): Promise<void> {
  const [kafka, postgres] = await Promise.all([startKafka(), startPostgres()]);
  const client = new Client({ connectionString: postgres.uri });
  const stream = await openTaskStream(kafka.bootstrapServers);
  const worker = await startReminderWorker(
    {
      KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers,
      DATABASE_URI: postgres.uri,
      TOPICS: `${stream.topics.events},${stream.topics.updates}`,
      REMINDERS_TOPIC: stream.topics.reminders,
      DEAD_LETTER_TOPIC: stream.topics.deadLetters,
      GROUP_ID: 'bench',
      NODE_OPTIONS: nodeOptions,
    },
    process.argv[2],
  );
  try {
    await client.connect();
    await memory(worker);
    await scheduleLatency(stream, client);
    await lateness(stream, client);
    await replay(stream, client);
    await memory(worker);
  } finally {
    await worker.leave();
    await stream.close();
    await client.end();
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

/** From before an event is sent to the commit of the reminder it leads to, one event after another. */
async function scheduleLatency(stream: TaskStream, client: Client): Promise<void> {
  await client.query('LISTEN reminders_added');
  const milliseconds: number[] = [];
  for (let count = 0; count < 300; count += 1) {
    const scheduled = new Promise((resolve) => client.once('notification', resolve));
    const begun = performance.now();
    await stream.send(createdTask('2035-01-01T00:00:00Z'));
    await scheduled;
    milliseconds.push(performance.now() - begun);
  }
  await client.query('UNLISTEN reminders_added');
  report('event to schedule, 300 one by one', milliseconds, limits.scheduleMilliseconds);
}

/** From the due time to the broker's time of the reminder. */
async function lateness(stream: TaskStream, client: Client): Promise<void> {
  const begin = Date.now() + 5000;
  const tasks = Array.from({ length: 1000 }, (_, index) => createdTask(new Date(begin + index * 5).toISOString()));
  await stream.send(...tasks);
  await until(() => stream.reminders().length >= tasks.length);
  report('lateness, 1,000 due within 5 s', latenesses(stream), limits.latenessMilliseconds);
  const same = new Date(Date.now() + 5000).toISOString();
  await stream.send(...Array.from({ length: 1000 }, () => createdTask(same)));
  await until(() => stream.reminders().length >= 2 * tasks.length);
  report('lateness, 1,000 due at once', latenesses(stream).slice(tasks.length), limits.latenessMilliseconds);
  await untilScheduled(client, 0);
}

function latenesses(stream: TaskStream): number[] {
  return stream.reminders().map(({ event, at }) => {
    if (event.event_type !== 'reminder-due') throw new Error(`unexpected ${event.event_type}`);
    return at - Date.parse(event.payload.due_date);
  });
}

/** How fast a worker gets through what has piled up. */
async function replay(stream: TaskStream, client: Client): Promise<void> {
  const count = 10_000;
  const begun = performance.now();
  const chunk = 1000; // a request holds 1 MB
  for (let sent = 0; sent < count; sent += chunk) {
    await stream.send(...Array.from({ length: chunk }, () => createdTask('2035-06-01T00:00:00Z')));
  }
  const sent = performance.now();
  await untilScheduled(client, count);
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `${count} events piled up (sent in ${Math.round(sent - begun)} ms): ${Math.round(count / seconds)} a second`,
  );
}

async function untilScheduled(client: Client, count: number): Promise<void> {
  const select = "SELECT count(*)::integer AS count FROM reminders.reminders WHERE due_at = '2035-06-01T00:00:00Z'";
  await until(async () => (await client.query<{ count: number }>(select)).rows[0]!.count >= count);
}

async function memory(worker: ReminderWorkerProcess): Promise<void> {
  const status = await readFile(`/proc/${worker.process.pid}/status`, 'utf8');
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  const now = of('VmRSS');
  console.log(`memory ${now.toFixed(0)} MB (peak ${of('VmHWM').toFixed(0)}): ${ratio(now, limits.memoryMegabytes)}`);
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
