/**
 * How long the grammar takes to read a message; how long it takes from a chat message to its event in Kafka, from the
 * first one after a start on; how many messages a replica takes from many users at once; how long events wait at a
 * steady rate, with a replica that does not lead; how much the outbox grows, also over a great many events
 * (OUTBOX_EVENTS, 100,000 by default); how much memory that takes; and what a thousand open pages cost. Each figure is
 * beside its limit. The first argument is the program, such as the compiled one; the sources, whose types Node has to
 * strip, take more memory.
 * Run: node test/bench/chat-api.ts
 */
import { resolve } from 'node:path';
import { Client } from 'pg';
import { startKafka } from '../../localcluster/parts/kafka.ts';
import { startPostgres } from '../../localcluster/parts/postgres.ts';
import { readCommand } from '../../src/chat-api/quick-add/command.ts';
import { createConsumer } from '../../src/kafka/consumer.ts';
import { createTopicAdmin } from '../../src/kafka/topic-admin.ts';
import { createLogger } from '../../src/lib/log.ts';
import { nodeOptions } from '../../src/operator/workloads/deployment.ts';
import { startChatApiProcess } from '../support/chat-api-process.ts';
import { asPeopleWrite } from '../unit/chat-api/quick-add/sentences/as-people-write.ts';
import { commands } from '../unit/chat-api/quick-add/sentences/commands.ts';
import { shorthand } from '../unit/chat-api/quick-add/sentences/shorthand.ts';
import { openEventStream } from '../support/event-stream.ts';
import { until } from '../support/until.ts';
import { measureOutboxGrowth, outboxBytes } from './support/outbox-growth.ts';
import { postJson } from './support/post-json.ts';
import { memory } from './support/process-usage.ts';

const limits = {
  grammarMilliseconds: 2,
  eventMilliseconds: 200,
  messagesPerSecond: 300,
  acknowledgedMilliseconds: 25,
  megabytes: 150,
};
const oneByOne = 300;
const atOnce = { requests: 3000, connections: 32 };
const steady = { perSecond: 500, seconds: 10 };
const streaming = { users: 50, streamsEach: 20 };
const everybody = Array.from({ length: Math.max(atOnce.connections, streaming.users) }, (_, index) => `user-${index}`);
const users = everybody.slice(0, atOnce.connections);
const tokenOf = (user: string) => `token-of-${user}`;

const logger = createLogger({ name: 'bench', level: 'silent' });
const [postgres, kafka] = await Promise.all([
  startPostgres(),
  startKafka({ brokers: 3, properties: { 'log.retention.check.interval.ms': 10_000 } }),
]);
const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'bench' };
const admin = createTopicAdmin(connection, { logger });
const manyEvents = Number(process.env['OUTBOX_EVENTS'] || 100_000);
const names = ['task-events', 'task-updates', 'reminders'];
await admin.createTopics(names.map((name) => ({ name, partitions: 3, replicationFactor: 2, configs: {} })));
// However many are sent, they must not fill the disk.
const littleKept = { 'retention.bytes': '33554432', 'segment.bytes': '16777216' };
await admin.createTopics([{ name: 'many', partitions: 3, replicationFactor: 2, configs: littleKept }]);
await admin.close();

/** When the event of a task was read from the topic. */
const seen = new Map<string, number>();
const consumer = createConsumer(connection, {
  groupId: 'bench',
  topics: ['task-events'],
  logger,
  process: (messages) => {
    for (const { key } of messages) seen.set(String(key), performance.now());
    return Promise.resolve();
  },
});
await consumer.start({ signal: new AbortController().signal, fail: () => {} });
// A group takes a moment until its first member has its partitions.
await until(() => {
  consumer.check();
  return true;
}, 60_000);
const start = () =>
  startChatApiProcess(postgres.uri, kafka.bootstrapServers, {
    program: process.argv[2] && resolve(process.argv[2]),
    nodeOptions,
    tokens: Object.fromEntries(everybody.map((user) => [user, tokenOf(user)])),
  });
let api = await start();

async function say(index: number, { url } = api, user = users[index % users.length]!): Promise<string> {
  const headers = { Authorization: `Bearer ${tokenOf(user)}` };
  const body = { message: `Task ${index} tomorrow at 9am #bench !high` };
  const { task } = (await postJson(`${url}/v1/chat`, headers, body)) as { task: { id: string } };
  return task.id;
}

const percentile = (values: readonly number[], share: number) =>
  values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))]!;
const line = (name: string, values: readonly number[]) =>
  `${name}: p50 ${percentile(values, 0.5).toFixed(2)} ms, p99 ${percentile(values, 0.99).toFixed(2)} ms`;
const ofLimit = (value: number, limit: number) => `${(value / limit).toFixed(2)} of the limit of ${limit}`;

const reading = { now: new Date(), zone: 'Europe/Berlin' };
const sentences = [...asPeopleWrite, ...shorthand, ...commands].map(([sentence]) => sentence);
const readAll = () =>
  sentences.map((sentence) => {
    const begun = performance.now();
    readCommand(sentence, reading);
    return performance.now() - begun;
  });
// The fastest of several: the first also compiles, and whatever else the machine does is not the grammar's.
const readings = Array.from({ length: 6 }, readAll).reduce((fastest, more) =>
  fastest.map((milliseconds, index) => Math.min(milliseconds, more[index]!)),
);
const grammarP99 = percentile(readings, 0.99);
console.log(
  `${line('the grammar, on a sentence of the tests', readings)}; p99 is ${ofLimit(grammarP99, limits.grammarMilliseconds)} ms`,
);

// Brokers, database and consumer have taken an event before: it is the API's own start that is measured.
const warmed = await say(0);
await until(() => seen.has(warmed), 60_000);
await api.stop();
api = await start();

const answers: number[] = [];
const arrivals: number[] = [];
for (let index = 0; index < oneByOne; index++) {
  const begun = performance.now();
  const id = await say(index);
  answers.push(performance.now() - begun);
  await until(() => seen.has(id));
  arrivals.push(seen.get(id)! - begun);
}
console.log(`first request to its event: ${arrivals[0]!.toFixed(0)} ms; the hundredth: ${arrivals[99]!.toFixed(0)} ms`);
console.log(line('request to answer', answers));
const p99 = percentile(arrivals, 0.99);
console.log(`${line('request to event in topic', arrivals)}; p99 is ${ofLimit(p99, limits.eventMilliseconds)} ms`);

const before = seen.size;
const begun = performance.now();
let next = 0;
await Promise.all(
  Array.from({ length: atOnce.connections }, async () => {
    while (next < atOnce.requests) await say(next++);
  }),
);
const answered = performance.now() - begun;
await until(() => seen.size >= before + atOnce.requests, 60_000);
const published = performance.now() - begun;
const rate = (milliseconds: number) => Math.round((atOnce.requests / milliseconds) * 1000);
console.log(
  `${users.length} users at once: ${rate(answered)} messages/s answered, ${ofLimit(rate(answered), limits.messagesPerSecond)}; ` +
    `${rate(published)} events/s in the topic`,
);

/** Changes at a steady rate, as another replica makes them: rows, and one announcement of each. */
const client = new Client({ connectionString: postgres.uri });
await client.connect();
const delays = async () => {
  const text = await (await fetch(`${api.metricsUrl}/metrics`)).text();
  const buckets = text.matchAll(
    /^outbox_publish_delay_seconds_bucket\{le="([^"]+)"[^}]*topic="task-events"[^}]*\} (\d+)$/gm,
  );
  return new Map([...buckets].map(([, edge, count]) => [edge, Number(count)]));
};
const [delaysBefore, bytesBefore] = [await delays(), await outboxBytes(client)];
const tickMilliseconds = 10;
const begunSteady = performance.now();
for (let tick = 0; tick < (steady.seconds * 1000) / tickMilliseconds; tick++) {
  const due = begunSteady + tick * tickMilliseconds;
  await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())));
  await client.query(
    `INSERT INTO chat.outbox (id, aggregatetype, aggregateid, type, payload, topic, headers, sequence, created_at)
     SELECT gen_random_uuid(), 'task', gen_random_uuid(), 'task-created', to_json(repeat('x', 600)), 'task-events',
       '{}', 1, clock_timestamp() FROM generate_series(1, $1)`,
    [(steady.perSecond * tickMilliseconds) / 1000],
  );
  await client.query(`SELECT pg_notify('chat_changes', 'bench')`);
}
const count = steady.perSecond * steady.seconds;
await until(async () => ((await delays()).get('+Inf') ?? 0) >= (delaysBefore.get('+Inf') ?? 0) + count);
const delaysAfter = await delays();
const inTime = ['0.01', '0.025', '0.05', '0.1'].map((edge) => {
  const share = ((delaysAfter.get(edge) ?? 0) - (delaysBefore.get(edge) ?? 0)) / count;
  return `${(share * 100).toFixed(1)} % within ${Number(edge) * 1000} ms`;
});
console.log(
  `${steady.perSecond} changes/s from another connection, commit to acknowledgement: ${inTime.join(', ')}; ` +
    `the limit is 99 % within ${limits.acknowledgedMilliseconds} ms`,
);
const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
console.log(
  `outbox: ${megabytes(bytesBefore)} before, ${megabytes(await outboxBytes(client))} after ${count} more events`,
);

const { sizes, perSecond } = await measureOutboxGrowth({
  ...{ client, topic: 'many', count: manyEvents },
  published: async () => {
    const text = await (await fetch(`${api.metricsUrl}/metrics`)).text();
    return Number(/^outbox_published_total\{[^}]*topic="many"[^}]*\} (\d+)$/m.exec(text)?.[1] ?? 0);
  },
});
console.log(
  `outbox, after each tenth of ${manyEvents} events at ${perSecond}/s: ${sizes.map((bytes) => megabytes(bytes)).join(', ')}`,
);
await client.end();

const { now: held } = await memory(api.pid);
console.log(`memory after that: ${held.toFixed(0)} MB, ${ofLimit(held, limits.megabytes)} MB`);

/** Pages that are open: a change of each of their users has to reach each of them. */
const pages = await Promise.all(
  everybody
    .slice(0, streaming.users)
    .flatMap((user) =>
      Array.from({ length: streaming.streamsEach }, () => openEventStream(api.url, undefined, tokenOf(user))),
    ),
);
await Promise.all(pages.map((page) => page.next('ready')));
const { now: heldOpen } = await memory(api.pid);
const told: number[] = [];
for (const [index, user] of everybody.slice(0, streaming.users).entries()) {
  const itsPages = pages.slice(index * streaming.streamsEach, (index + 1) * streaming.streamsEach);
  const asked = performance.now();
  const heard = itsPages.map((page) => page.next('task').then(() => told.push(performance.now() - asked)));
  await Promise.all([say(index, api, user), ...heard]);
}
console.log(
  `${pages.length} open pages: ${heldOpen.toFixed(0)} MB, ${(((heldOpen - held) * 1024) / pages.length).toFixed(0)} kB each; ` +
    line('request to all pages of its user', told),
);
for (const page of pages) page.close();

const other = await start();
await until(async () => Boolean(await say(0, other)));
const killed = performance.now();
await api.kill();
const id = await say(1, other);
await until(() => seen.has(id));
console.log(`the leading replica killed: the next event ${(seen.get(id)! - killed).toFixed(0)} ms later`);

await other.stop();
await consumer.stop();
await kafka.stop();
await postgres.stop();
