/**
 * How long it takes from a chat message to its event in Kafka, how many messages a replica takes, and how much memory
 * that takes. Limits: 200 ms from the request to the event, 150 MB. The first argument is the program, such as the
 * compiled one; the sources, whose types Node has to strip, take more memory. Run: node test/bench/chat-api.ts
 */
import { startKafka } from '../../localcluster/parts/kafka.ts';
import { startPostgres } from '../../localcluster/parts/postgres.ts';
import { createConsumer } from '../../src/kafka/consumer.ts';
import { createTopicAdmin } from '../../src/kafka/topic-admin.ts';
import { createLogger } from '../../src/lib/log.ts';
import { nodeOptions } from '../../src/operator/workloads/deployment.ts';
import { alice } from '../support/chat-api.ts';
import { startChatApiProcess } from '../support/chat-api-process.ts';
import { until } from '../support/until.ts';

const limitMilliseconds = 200;
const limitMegabytes = 150;
const oneByOne = 300;
const atOnce = { requests: 3000, connections: 32 };

const logger = createLogger({ name: 'bench', level: 'silent' });
const [postgres, kafka] = await Promise.all([startPostgres(), startKafka({ brokers: 3 })]);
const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'bench' };
const admin = createTopicAdmin(connection, { logger });
const names = ['task-events', 'task-updates', 'reminders'];
await admin.createTopics(names.map((name) => ({ name, partitions: 3, replicationFactor: 2, configs: {} })));
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
const api = await startChatApiProcess(postgres.uri, kafka.bootstrapServers, {
  program: process.argv[2],
  nodeOptions,
});

async function say(index: number): Promise<string> {
  const headers = { Authorization: `Bearer ${alice}`, 'Content-Type': 'application/json' };
  const body = JSON.stringify({ message: `Task ${index} tomorrow at 9am #bench !high` });
  const response = await fetch(`${api.url}/v1/chat`, { method: 'POST', headers, body });
  const { task } = (await response.json()) as { task: { id: string } };
  return task.id;
}

const percentile = (values: readonly number[], share: number) =>
  values.toSorted((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

await until(async () => Boolean(await say(0)) && seen.size > 0, 60_000);
const answers: number[] = [];
const arrivals: number[] = [];
for (let index = 0; index < oneByOne; index++) {
  const start = performance.now();
  const id = await say(index);
  answers.push(performance.now() - start);
  await until(() => seen.has(id));
  arrivals.push(seen.get(id)! - start);
}
const line = (name: string, values: readonly number[]) =>
  `${name}: p50 ${percentile(values, 0.5).toFixed(1)} ms, p99 ${percentile(values, 0.99).toFixed(1)} ms`;
console.log(line('request to answer', answers));
const ratio = percentile(arrivals, 0.99) / limitMilliseconds;
console.log(
  `${line('request to event in topic', arrivals)}; p99 is ${ratio.toFixed(2)} of the limit of ${limitMilliseconds} ms`,
);

const before = seen.size;
const start = performance.now();
let next = 0;
await Promise.all(
  Array.from({ length: atOnce.connections }, async () => {
    while (next < atOnce.requests) await say(next++);
  }),
);
const answered = performance.now() - start;
await until(() => seen.size >= before + atOnce.requests, 60_000);
const published = performance.now() - start;
const rate = (milliseconds: number) => Math.round((atOnce.requests / milliseconds) * 1000);
console.log(
  `${atOnce.connections} at once: ${rate(answered)} requests/s answered, ${rate(published)} events/s in the topic`,
);
const metrics = await (await fetch(`${api.metricsUrl}/metrics`)).text();
const memory = Number(/^process_resident_memory_bytes\S* (\S+)$/m.exec(metrics)?.[1]) / 2 ** 20;
const ofLimit = (memory / limitMegabytes).toFixed(2);
console.log(`memory after that: ${memory.toFixed(0)} MB, ${ofLimit} of the limit of ${limitMegabytes}`);

await api.stop();
await consumer.stop();
await kafka.stop();
await postgres.stop();
