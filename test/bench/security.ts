/**
 * What TLS and SCRAM cost: throughput, latency and the time to connect, of brokers that are open and of brokers that are
 * closed as the operator closes them, side by side. Both run all the time, and are measured in turns, so that whatever
 * else the machine does meets both alike. Run: node test/bench/security.ts
 */
import { Kafka, Partitioners, type Consumer } from 'kafkajs';
import { clientOptions } from '../../src/kafka/client/options.ts';
import type { KafkaConnection } from '../../src/kafka/connection.ts';
import type { Acl } from '../../src/kafka/protocol/acls.ts';
import { createTopicAdmin } from '../../src/kafka/topic-admin.ts';
import { createUserAdmin } from '../../src/kafka/user-admin.ts';
import { rotateCertificates } from '../../src/operator/event-cluster/security/rotate-certificates.ts';
import { brokerHosts } from '../../src/operator/event-cluster/security/secrets.ts';
import { startRenderedKafka, type RenderedKafka } from '../support/rendered-kafka.ts';
import { anEventCluster } from '../support/resources.ts';
import { silentLogger } from '../support/running-manager.ts';
import { until } from '../support/until.ts';

const rounds = 5;
const topic = { name: 'bench', partitions: 4, replicationFactor: 2 };
const value = Buffer.alloc(1024, 'x');
const messagesOfBatch = 200;
const batches = 100;
const batchesAtOnce = 4;
const singleMessages = 300;
const connects = 10;
const patience = 60_000;

/** What one round measured. */
interface Figures {
  readonly producedPerSecond: number;
  readonly consumedPerSecond: number;
  /** Of messages that are sent one after another, in milliseconds. */
  readonly latencies: readonly number[];
  /** To the answer to a first request, in milliseconds. */
  readonly connecting: readonly number[];
}

interface Side {
  readonly name: string;
  readonly kafka: RenderedKafka;
  readonly connection: KafkaConnection;
  readonly rounds: Figures[];
}

const cluster = anEventCluster({
  ...{ engine: 'Kafka', brokers: 2, security: {} },
  config: { 'offsets.topic.num.partitions': 1, 'group.initial.rebalance.delay.ms': 0 },
});
const sides: Side[] = [];
try {
  sides.push(await startOpen());
  sides.push(await startClosed());
  for (const { connection } of sides) await measure(connection); // the brokers' Java is slow at first
  for (let round = 0; round < rounds; round += 1)
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) side.rounds.push(await measure(side.connection));
  for (const side of sides) report(side);
  compare(sides[0]!, sides[1]!);
} finally {
  await Promise.all(sides.map(({ kafka }) => kafka.stop()));
}

async function startOpen(): Promise<Side> {
  const kafka = await startRenderedKafka(cluster);
  const connection = { bootstrapServers: [kafka.addresses.clients], clientId: 'bench' };
  await createTopic(connection);
  return { name: 'open', kafka, connection, rounds: [] };
}

async function startClosed(): Promise<Side> {
  const hosts = brokerHosts(cluster.metadata, cluster.spec);
  const made = await rotateCertificates({}, { hosts, now: new Date(), settled: false, rotation: '' });
  const kafka = await startRenderedKafka(cluster, made);
  const ca = made.trusted.join('\n');
  const operator = {
    ...{ bootstrapServers: [kafka.addresses.brokers], clientId: 'operator' },
    tls: { ca, clientCertificate: made.operator },
  };
  await createTopic(operator);
  const credentials = { username: 'bench', password: 'bench' };
  await createUser(operator, credentials);
  const connection = {
    ...{ bootstrapServers: [kafka.addresses.clients], clientId: 'bench', tls: { ca } },
    sasl: { mechanism: 'SCRAM-SHA-512' as const, ...credentials },
  };
  return { name: 'TLS and SCRAM', kafka, connection, rounds: [] };
}

async function createTopic(connection: KafkaConnection): Promise<void> {
  const admin = createTopicAdmin(connection, { logger: silentLogger });
  try {
    await until(async () => (await admin.describeCluster()).brokers.length === 2, patience);
    await admin.createTopics([topic]);
    await until(async () => {
      const found = (await admin.describeTopics([topic.name], { configNames: [] })).get(topic.name);
      return found?.leaderlessPartitions === 0;
    }, patience);
  } finally {
    await admin.close();
  }
}

async function createUser(
  operator: KafkaConnection,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<void> {
  const users = createUserAdmin(operator, { logger: silentLogger });
  const allowed = [
    ['Topic', topic.name, 'Write'],
    ['Topic', topic.name, 'Read'],
    ['Group', topic.name, 'Read'],
  ] as const;
  const acls = allowed.map(([resourceType, resourceName, operation]): Acl => {
    const who = { principal: `User:${username}`, host: '*', permission: 'Allow' } as const;
    return { ...who, resourceType, resourceName, operation, patternType: 'Prefixed' };
  });
  try {
    const set = { user: username, password, mechanism: 'SCRAM-SHA-512', iterations: 4096 } as const;
    const [error] = [...(await users.setPasswords([set])).values(), ...(await users.createAcls(acls))].filter(Boolean);
    if (error) throw error;
  } finally {
    await users.close();
  }
}

async function measure(connection: KafkaConnection): Promise<Figures> {
  const kafka = new Kafka(clientOptions(connection, silentLogger));
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const consumer = kafka.consumer({ groupId: `${topic.name}-${Date.now()}`, maxWaitTimeInMs: 100 });
  try {
    const connecting = [];
    for (let count = 0; count < connects; count += 1) connecting.push(await timeOf(() => describe(connection)));
    await Promise.all([producer.connect(), consumer.connect()]);
    const send = (messages: number) =>
      producer.send({ topic: topic.name, acks: -1, messages: Array.from({ length: messages }, () => ({ value })) });
    let left = batches;
    const produce = async () => {
      while (left-- > 0) await send(messagesOfBatch);
    };
    const producing = await timeOf(() => Promise.all(Array.from({ length: batchesAtOnce }, produce)));
    const latencies = [];
    for (let count = 0; count < singleMessages; count += 1) latencies.push(await timeOf(() => send(1)));
    const consumed = batches * messagesOfBatch;
    return {
      producedPerSecond: (consumed / producing) * 1000,
      consumedPerSecond: (consumed / (await consume(consumer, consumed))) * 1000,
      ...{ latencies, connecting },
    };
  } finally {
    await Promise.all([producer.disconnect(), consumer.disconnect()]);
  }
}

async function describe(connection: KafkaConnection): Promise<void> {
  const admin = createTopicAdmin(connection, { logger: silentLogger });
  try {
    await admin.describeTopics([topic.name], { configNames: [] });
  } finally {
    await admin.close();
  }
}

/** @returns milliseconds from the first batch to the one that completes as many messages */
async function consume(consumer: Consumer, messages: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let since: number | undefined;
  let seen = 0;
  await consumer.subscribe({ topic: topic.name, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch }) => {
      since ??= performance.now();
      seen += batch.messages.length;
      if (seen >= messages) resolve(performance.now() - since);
      return Promise.resolve();
    },
  });
  return promise;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

const at = (part: number, values: readonly number[]) =>
  values.toSorted((one, other) => one - other)[Math.ceil(values.length * part) - 1]!;
const median = (side: Side, figure: 'producedPerSecond' | 'consumedPerSecond') =>
  at(
    0.5,
    side.rounds.map((round) => round[figure]),
  );
const all = (side: Side, figure: 'latencies' | 'connecting') => side.rounds.flatMap((round) => round[figure]);

function report(side: Side): void {
  const ms = (figure: 'latencies' | 'connecting') =>
    [0.5, 0.99].map((part) => at(part, all(side, figure)).toFixed(1)).join(' / ');
  console.log(
    `${side.name}: ${Math.round(median(side, 'producedPerSecond'))} messages/s produced, ` +
      `${Math.round(median(side, 'consumedPerSecond'))} messages/s consumed, one at a time ${ms('latencies')} ms ` +
      `(p50 / p99), connecting ${ms('connecting')} ms`,
  );
}

function compare(open: Side, closed: Side): void {
  const part = (figure: 'producedPerSecond' | 'consumedPerSecond') =>
    `${Math.round((median(closed, figure) / median(open, figure)) * 100)} %`;
  const more = at(0.5, all(closed, 'latencies')) - at(0.5, all(open, 'latencies'));
  console.log(
    `With TLS and SCRAM: ${part('producedPerSecond')} of the messages produced, ${part('consumedPerSecond')} of those ` +
      `consumed, ${more.toFixed(1)} ms more for one message (p50)`,
  );
}
