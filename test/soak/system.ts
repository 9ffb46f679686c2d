import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { startKafka, type KafkaCluster } from '../../localcluster/parts/kafka.ts';
import { Part } from '../../localcluster/parts/part.ts';
import { findPlace, type Place } from '../../localcluster/parts/place.ts';
import { startPostgres, type Postgres } from '../../localcluster/parts/postgres.ts';
import { nodeOptions } from '../../src/operator/workloads/deployment.ts';
import { startSilentProxy, type SilentProxy } from '../support/silent-proxy.ts';
import { until } from '../support/until.ts';

/** A program of ours, with a way to its database that can fall silent. */
export interface RunningProgram {
  readonly name: string;
  readonly process: Part;
  readonly database: SilentProxy;
}

export interface ChatApi extends RunningProgram {
  readonly url: string;
}

export const topics = { events: 'task-events', updates: 'task-updates', reminders: 'reminders', deadLetters: 'dead' };

/** Two replicas of each program, three brokers and a database, all of them processes of this machine. */
export interface System {
  readonly kafka: KafkaCluster;
  readonly postgres: Postgres;
  readonly apis: readonly ChatApi[];
  readonly workers: readonly RunningProgram[];
  readonly client: Kafka;
  /** The resident memory of each program in MB, by name; of those that run. */
  memory(): Promise<Record<string, number>>;
  /** Adds a partition to a topic. */
  grow(topic: string): Promise<void>;
  stop(): Promise<void>;
}

export const tokenOf = (user: string) => `token-of-${user}`;

/** What is started, to be ended in the opposite order, also when the rest does not come up. */
class Started {
  readonly #stops: (() => Promise<unknown>)[] = [];

  add<T>(part: T, stop: () => Promise<unknown>): T {
    this.#stops.unshift(stop);
    return part;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) await stop();
  }
}

export async function startSystem(users: readonly string[]): Promise<System> {
  const started = new Started();
  try {
    const kafka = await startKafka({ brokers: 3, properties: { 'min.insync.replicas': 2 } });
    started.add(kafka, () => kafka.stop());
    const postgres = await startPostgres();
    started.add(postgres, () => postgres.stop());
    const client = new Kafka({ brokers: kafka.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
    await createTopics(client);
    const databases = { chat: await postgres.createDatabase(), reminders: await postgres.createDatabase() };
    const environment = { KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers, NODE_OPTIONS: nodeOptions };
    const apis: ChatApi[] = [];
    const workers: RunningProgram[] = [];
    for (const number of [1, 2]) {
      apis.push(await startApi(started, `chat-api-${number}`, { users, databaseUri: databases.chat, environment }));
      const worker = { databaseUri: databases.reminders, environment };
      workers.push(await startWorker(started, `reminder-worker-${number}`, worker));
    }
    const programs = [...apis, ...workers];
    return {
      ...{ kafka, postgres, apis, workers, client },
      memory: async () => {
        const running = programs.filter(({ process }) => process.pid !== undefined);
        return Object.fromEntries(
          await Promise.all(running.map(async ({ name, process }) => [name, await residentMegabytes(process.pid!)])),
        ) as Record<string, number>;
      },
      grow: (topic) => withAdmin(client, (admin) => addPartition(admin, topic)),
      stop: () => started.stop(),
    };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

async function createTopics(client: Kafka): Promise<void> {
  // So that a message tells when the broker got it.
  const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
  const wanted = Object.values(topics).map((topic) => ({
    ...{ topic, numPartitions: 3, replicationFactor: 3, configEntries },
  }));
  await withAdmin(client, async (admin) => {
    await admin.createTopics({ topics: wanted, waitForLeaders: false });
    await until(async () => {
      const { topics: known } = await admin.fetchTopicMetadata({ topics: Object.values(topics) });
      return known.every(({ partitions }) => partitions.every(({ isr, leader }) => leader >= 0 && isr.length === 3));
    });
  });
}

async function addPartition(admin: Admin, topic: string): Promise<void> {
  const { topics: known } = await admin.fetchTopicMetadata({ topics: [topic] });
  const count = known[0]!.partitions.length + 1;
  await admin.createPartitions({ topicPartitions: [{ topic, count }] });
}

async function withAdmin<T>(client: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = client.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

interface ProgramRequest {
  readonly databaseUri: string;
  readonly environment: Readonly<Record<string, string>>;
}

async function startApi(
  started: Started,
  name: string,
  { users, databaseUri, environment }: ProgramRequest & { readonly users: readonly string[] },
): Promise<ChatApi> {
  const place = await findPlace(name, 2);
  const [httpPort, metricsPort] = place.ports;
  const tokens = join(place.folder, 'tokens');
  await mkdir(tokens);
  for (const user of users) await writeFile(join(tokens, user), tokenOf(user));
  const variables = {
    ...environment,
    ...{ AUTH_TOKENS_DIRECTORY: tokens, HTTP_PORT: String(httpPort), METRICS_PORT: String(metricsPort) },
  };
  const program = await startProgram(started, { place, name, source: 'chat-api', databaseUri, variables });
  return { ...program, url: `http://127.0.0.1:${httpPort}` };
}

async function startWorker(
  started: Started,
  name: string,
  { databaseUri, environment }: ProgramRequest,
): Promise<RunningProgram> {
  const place = await findPlace(name, 1);
  const variables = {
    ...environment,
    ...{ METRICS_PORT: String(place.ports[0]), DEAD_LETTER_TOPIC: topics.deadLetters, GROUP_ID: 'soak' },
  };
  return startProgram(started, { place, name, source: 'reminder-worker', databaseUri, variables });
}

interface Starting {
  readonly place: Place;
  readonly name: string;
  /** Of a file in src/bin. */
  readonly source: string;
  readonly databaseUri: string;
  readonly variables: Readonly<Record<string, string>>;
}

async function startProgram(started: Started, starting: Starting): Promise<RunningProgram> {
  const { place, name, source, databaseUri, variables } = starting;
  const uri = new URL(databaseUri);
  const database = await startSilentProxy(Number(uri.port));
  uri.port = String(database.port);
  const livez = `http://127.0.0.1:${variables['METRICS_PORT']}/livez`;
  const process = new Part({
    name,
    command: [globalThis.process.execPath, join(import.meta.dirname, `../../src/bin/${source}.ts`)],
    folder: place.folder,
    environment: { ...variables, DATABASE_URI: uri.href, POD_NAME: name },
    // It is to live with parts that are away, and so is not asked for more.
    isReady: () =>
      fetch(livez, { signal: AbortSignal.timeout(5000) }).then(
        ({ ok }) => ok,
        () => false,
      ),
  });
  started.add(process, async () => {
    await place.leave([process]);
    await database.stop();
  });
  await process.start();
  return { name, process, database };
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
}
