/**
 * What TLS, passwords and ACLs cost: three brokers with the configuration that the operator renders for `security: {}`,
 * beside three that are open, in turns on the same machine, measured by Kafka's own tools. Run: node test/bench/broker-security.ts
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { kafkaTools, kafkaToolsJar } from '../../localcluster/artifacts/kafka-tools.ts';
import { ensure } from '../../localcluster/cache.ts';
import { kafkaJava } from '../../localcluster/parts/kafka-java.ts';
import { readSettings } from '../../localcluster/settings.ts';
import type { KafkaConnection } from '../../src/kafka/connection.ts';
import { createProducer } from '../../src/kafka/producer.ts';
import { createTopicAdmin } from '../../src/kafka/topic-admin.ts';
import { createUserAdmin } from '../../src/kafka/user-admin.ts';
import { brokerHosts } from '../../src/operator/event-cluster/security/secrets.ts';
import { rotateCertificates } from '../../src/operator/event-cluster/security/rotate-certificates.ts';
import { clientFiles } from '../../src/operator/event-user/client-files.ts';
import { startRenderedKafka, type RenderedKafka } from '../support/rendered-kafka.ts';
import { anEventCluster } from '../support/resources.ts';
import { silentLogger } from '../support/running-manager.ts';
import { until } from '../support/until.ts';

const rounds = 3;
const topic = 'payload';
const messages = { count: 100_000, bytes: 1000 };
const steady = { perSecond: 500, seconds: 10 };
/** Of which the tool tells nothing: it connects, and its own code is slow at first. */
const warmUp = { messages: 20_000, seconds: 4 };
const connections = 20;
const patience = 60_000;
const spec = { engine: 'Kafka', brokers: 3 };
/** As brokers of an installation run: without the better machine code, ciphers are many times slower. */
const javaOptions = ['-Xmx512m', '-XX:TieredStopAtLevel=4'];

/** Brokers, and how a client of theirs connects. */
interface Subject {
  readonly name: string;
  readonly kafka: RenderedKafka;
  readonly connection: KafkaConnection;
  /** For Kafka's own tools. */
  readonly propertiesFile: string;
}

const [java, folder] = [await javaOfTools(), await mkdtemp(join(tmpdir(), 'broker-security-'))];
const subjects: Subject[] = [];
try {
  subjects.push(await startOpen(), await startSecured());
  for (const subject of subjects) await produce(subject, { count: messages.count, perSecond: -1 }); // brokers are slow at first
  const figures = new Map<string, Map<string, number[]>>();
  for (let round = 0; round < rounds; round++) {
    for (const subject of subjects) {
      const measured = await measure(subject, round);
      console.log(`round ${round + 1}, ${subject.name}: ${JSON.stringify(measured)}`);
      for (const [what, value] of Object.entries(measured)) {
        const byName = figures.get(what) ?? new Map<string, number[]>();
        figures.set(what, byName.set(subject.name, [...(byName.get(subject.name) ?? []), value]));
      }
    }
  }
  console.log(`\n${rounds} rounds in turns, median (least to most)`);
  for (const [what, byName] of figures) tell(what, byName);
} finally {
  await Promise.all(subjects.map(({ kafka }) => kafka.stop()));
  await rm(folder, { recursive: true });
}

async function measure(subject: Subject, round: number): Promise<Record<string, number>> {
  const most = await produce(subject, { count: messages.count, perSecond: -1, ofWarmUp: warmUp.messages });
  const read = await consume(subject, `reader-${round}`);
  const calm = await produce(subject, {
    count: steady.perSecond * (warmUp.seconds + steady.seconds),
    perSecond: steady.perSecond,
    ofWarmUp: steady.perSecond * warmUp.seconds,
  });
  return {
    'written, messages of 1 kB/s': most.perSecond,
    'read, messages of 1 kB/s': read,
    [`at ${steady.perSecond}/s, acknowledged after p50 ms`]: calm.p50,
    [`at ${steady.perSecond}/s, acknowledged after p99 ms`]: calm.p99,
    'connect and send the first message, ms': await connectAnew(subject),
  };
}

interface Load {
  readonly count: number;
  /** -1 for as many as can be. */
  readonly perSecond: number;
  /** How many of them come before what is measured. */
  readonly ofWarmUp?: number;
}

async function produce({ propertiesFile }: Subject, { count, perSecond, ofWarmUp = 0 }: Load) {
  const output = await runTool('ProducerPerformance', [
    ...['--topic', topic, '--command-config', propertiesFile, '--command-property', 'acks=all'],
    ...[`--num-records=${count}`, `--record-size=${messages.bytes}`, `--throughput=${perSecond}`],
    ...(ofWarmUp > 0 ? [`--warmup-records=${ofWarmUp}`] : []),
  ]);
  // With a warm-up, the line of what came after it follows that of all.
  const total = lineOf(output, (line) => line.includes('ms 99.9th'));
  const figure = (pattern: RegExp) => Number(pattern.exec(total)?.[1]);
  return {
    perSecond: figure(/([\d.]+) records\/sec/),
    p50: figure(/([\d.]+) ms 50th/),
    p99: figure(/([\d.]+) ms 99th/),
  };
}

/** @returns messages a second, from the beginning of the topic; what joining the group takes is left out */
async function consume({ kafka, propertiesFile }: Subject, group: string): Promise<number> {
  const output = await runTool('ConsumerPerformance', [
    ...['--bootstrap-server', kafka.bootstrapServers.join(','), '--command-config', propertiesFile],
    ...['--topic', topic, '--group', group, '--hide-header', `--num-records=${messages.count}`],
  ]);
  // Ten figures, of which the last is of the time that fetching took.
  return Number(
    lineOf(output, (line) => line.split(', ').length === 10)
      .split(', ')
      .at(-1),
  );
}

/** The last line of that kind: the tools log, too. */
function lineOf(output: string, isWanted: (line: string) => boolean): string {
  const line = output.split('\n').findLast(isWanted);
  if (line === undefined) throw new Error(`The tool did not print its figures:\n${output}`);
  return line;
}

/** @returns the mean of several clients, one after another, in milliseconds */
async function connectAnew({ connection }: Subject): Promise<number> {
  const since = performance.now();
  for (let index = 0; index < connections; index++) {
    const producer = createProducer(connection, { logger: silentLogger });
    await producer.send(topic, [{ key: null, value: 'first' }]);
    await producer.stop();
  }
  return (performance.now() - since) / connections;
}

async function startOpen(): Promise<Subject> {
  const kafka = await startRenderedKafka(anEventCluster(spec), undefined, undefined, { javaOptions });
  const connection = { bootstrapServers: kafka.bootstrapServers, clientId: 'bench' };
  await createTopic(connection);
  return subject('open', kafka, connection, `bootstrap.servers=${kafka.bootstrapServers.join(',')}`);
}

async function startSecured(): Promise<Subject> {
  const cluster = anEventCluster({ ...spec, security: {} });
  const hosts = brokerHosts(cluster.metadata, cluster.spec);
  const certificates = await rotateCertificates({}, { hosts, settled: true, now: new Date(), rotation: '' });
  const kafka = await startRenderedKafka(cluster, certificates, undefined, { javaOptions });
  const tls = { ca: certificates.trusted.join('\n') };
  const asOperator = {
    bootstrapServers: [kafka.addresses.brokers],
    clientId: 'bench',
    tls: { ...tls, clientCertificate: certificates.operator },
  };
  await createTopic(asOperator);
  const [username, password] = ['bench', 'of-the-bench'];
  await createUser(asOperator, username, password);
  const { bootstrapServers } = kafka;
  const connection: KafkaConnection = {
    ...{ bootstrapServers, clientId: 'bench', tls },
    sasl: { mechanism: 'SCRAM-SHA-512', username, password },
  };
  const listener = { bootstrapServers: bootstrapServers.join(','), tls, hasPasswords: true, hasCertificates: false };
  const properties = clientFiles(listener, username, password)['client.properties']!;
  return subject('TLS, SCRAM and ACLs', kafka, connection, properties);
}

async function subject(name: string, kafka: RenderedKafka, connection: KafkaConnection, properties: string) {
  const propertiesFile = join(folder, `${kafka.addresses.clients}.properties`);
  await writeFile(propertiesFile, properties);
  return { name, kafka, connection, propertiesFile };
}

async function createTopic(connection: KafkaConnection): Promise<void> {
  const admin = createTopicAdmin(connection, { logger: silentLogger });
  try {
    await until(async () => (await admin.describeCluster()).brokers.length === spec.brokers, patience);
    const configs = { 'min.insync.replicas': '2' };
    const results = await admin.createTopics([{ name: topic, partitions: 6, replicationFactor: 3, configs }]);
    const failure = results.get(topic);
    if (failure) throw failure;
  } finally {
    await admin.close();
  }
}

/** With an entry for all that it does, as an EventUser would have. */
async function createUser(connection: KafkaConnection, user: string, password: string): Promise<void> {
  const admin = createUserAdmin(connection, { logger: silentLogger });
  try {
    const entry = { principal: `User:${user}`, host: '*', permission: 'Allow', patternType: 'Literal' } as const;
    const results = [
      ...(await admin.setPasswords([{ user, password, mechanism: 'SCRAM-SHA-512', iterations: 4096 }])).values(),
      ...(await admin.createAcls([
        { ...entry, resourceType: 'Topic', resourceName: topic, operation: 'Read' },
        { ...entry, resourceType: 'Topic', resourceName: topic, operation: 'Write' },
        { ...entry, resourceType: 'Group', resourceName: '*', operation: 'Read' },
      ])),
    ];
    for (const failure of results) if (failure) throw failure;
  } finally {
    await admin.close();
  }
}

/** @returns what it prints */
async function runTool(name: string, args: readonly string[]): Promise<string> {
  const [command, ...options] = java;
  const { stdout } = await execa(command!, [...options, `org.apache.kafka.tools.${name}`, ...args]);
  return stdout;
}

/** Clients run as long as they are measured: they too have the better machine code. */
async function javaOfTools(): Promise<readonly string[]> {
  const settings = readSettings();
  const [command, tools] = await Promise.all([kafkaJava(settings, javaOptions), ensure(settings, kafkaTools)]);
  return [...command.slice(0, -1), `${command.at(-1)}:${kafkaToolsJar(tools)}`];
}

function tell(what: string, byName: ReadonlyMap<string, readonly number[]>): void {
  const [open, closed] = [...byName.values()].map((values) => values.toSorted((one, other) => one - other));
  const middle = (values: readonly number[]) => values[Math.floor(values.length / 2)]!;
  console.log(what);
  for (const [name, values] of byName) {
    const sorted = values.toSorted((one, other) => one - other);
    const range = `${sorted[0]!.toFixed(1)} to ${sorted.at(-1)!.toFixed(1)}`;
    console.log(`  ${name.padEnd(24)} ${middle(sorted).toFixed(1).padStart(9)}  (${range})`);
  }
  console.log(`  ${'ratio'.padEnd(24)} ${(middle(closed!) / middle(open!)).toFixed(2).padStart(9)}`);
}
