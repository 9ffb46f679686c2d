import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { startKafka, type KafkaCluster } from '../../localcluster/parts/kafka.ts';
import { Part } from '../../localcluster/parts/part.ts';
import { canHaveDisks } from '../../localcluster/parts/disk.ts';
import { findPlace, type Place } from '../../localcluster/parts/place.ts';
import { startPostgres, type Postgres } from '../../localcluster/parts/postgres.ts';
import { nodeOptions } from '../../src/operator/workloads/deployment.ts';
import { createGroupAdmin } from '../../src/kafka/groups.ts';
import { silentLogger } from '../../src/operator/runtime/testing/running-manager.ts';
import { startSilentProxy, type SilentProxy } from '../support/silent-proxy.ts';
import { until } from '../support/until.ts';
import { compileCache } from '../support/compile-cache.ts';

/** A program of ours, with a way to its database that can fall silent. */
export interface RunningProgram {
  readonly name: string;
  readonly process: Part;
  readonly database: SilentProxy;
  /** Sets its clock so many milliseconds off. */
  stepClock(milliseconds: number): Promise<void>;
  /** Whether it says that it can do its work. */
  isReady(): Promise<boolean>;
  /** Asks it to end, and removes what it had. */
  retire(): Promise<void>;
}

export interface ChatApi extends RunningProgram {
  readonly url: string;
}

export const topics = { events: 'task-events', updates: 'task-updates', reminders: 'reminders', deadLetters: 'dead' };

/** Two replicas of each program, three brokers and a database, all of them processes of this machine. */
export interface System {
  readonly kafka: KafkaCluster;
  readonly postgres: Postgres;
  /** Those that run now: another one takes the place of one that is replaced. */
  readonly apis: readonly ChatApi[];
  readonly workers: readonly RunningProgram[];
  readonly client: Kafka;
  /** The resident memory of each program in MB, by name; of those that run. */
  memory(): Promise<Record<string, number>>;
  /** Adds a partition to a topic. */
  grow(topic: string): Promise<void>;
  /** Deletes a topic with all that is in it, and creates it as it was at first. */
  recreate(topic: string): Promise<void>;
  /** How many messages of a topic the workers have yet to process. */
  lag(topic: string): Promise<number>;
  /** Replaces a program as a Deployment does: the new one is ready before the old one is asked to end. */
  replaceApi(index: number): Promise<void>;
  replaceWorker(index: number, settings: WorkerSettings): Promise<void>;
  stop(): Promise<void>;
}

/** What a rollout of workers changes. */
export interface WorkerSettings {
  readonly leadTimesSeconds: readonly number[];
  readonly revision: number;
}

export const firstSettings: WorkerSettings = { leadTimesSeconds: [0], revision: 1 };

/** Of the workers. */
const groupId = 'soak';

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

/** Of each broker and of the database: enough for a run at length, and little enough to be filled in a moment. */
const diskMegabytes = canHaveDisks ? 768 : undefined;

export async function startSystem(users: readonly string[]): Promise<System> {
  const started = new Started();
  try {
    const kafka = await startKafka({ brokers: 3, properties: { 'min.insync.replicas': 2 }, diskMegabytes });
    started.add(kafka, () => kafka.stop());
    const postgres = await startPostgres({ diskMegabytes });
    started.add(postgres, () => postgres.stop());
    const client = new Kafka({ brokers: kafka.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
    await withAdmin(client, (admin) => createTopics(admin, Object.values(topics)));
    const connection = { clientId: 'soak', bootstrapServers: kafka.bootstrapServers.split(',') };
    const groups = createGroupAdmin(connection, { logger: silentLogger });
    started.add(groups, () => groups.close());
    const databases = { chat: await postgres.createDatabase(), reminders: await postgres.createDatabase() };
    const environment = { KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers };
    const newApi = (number: number) =>
      startApi(started, `chat-api-${number}`, { users, databaseUri: databases.chat, environment });
    const newWorker = (number: number, settings: WorkerSettings) => {
      const request = { databaseUri: databases.reminders, environment: { ...environment, ...variablesOf(settings) } };
      return startWorker(started, `reminder-worker-${number}`, request);
    };
    const apis: ChatApi[] = [];
    const workers: RunningProgram[] = [];
    for (const number of [1, 2]) {
      apis.push(await newApi(number));
      workers.push(await newWorker(number, firstSettings));
    }
    return {
      ...{ kafka, postgres, apis, workers, client },
      memory: async () => {
        const running = [...apis, ...workers].filter(({ process }) => process.pid !== undefined);
        return Object.fromEntries(
          await Promise.all(running.map(async ({ name, process }) => [name, await residentMegabytes(process.pid!)])),
        ) as Record<string, number>;
      },
      grow: (topic) => withAdmin(client, (admin) => addPartition(admin, topic)),
      recreate: (topic) => withAdmin(client, (admin) => recreateTopic(admin, topic)),
      lag: async (topic) => (await groups.lag(groupId, [topic])).get(topic) ?? 0,
      replaceApi: (index) => replace(apis, index, () => newApi(index + 1)),
      replaceWorker: (index, settings) => replace(workers, index, () => newWorker(index + 1, settings)),
      stop: () => started.stop(),
    };
  } catch (error) {
    await started.stop();
    throw error;
  }
}

const variablesOf = ({ leadTimesSeconds, revision }: WorkerSettings) => ({
  LEAD_TIMES_SECONDS: leadTimesSeconds.join(','),
  LEAD_TIMES_REVISION: String(revision),
});

const rolloutMilliseconds = 120_000;
/** Brokers have just come back, or are about to. */
const topicMilliseconds = 60_000;

/** @throws {Error} when the new one is not ready in time, whatever else fails meanwhile */
async function replace<T extends RunningProgram>(programs: T[], index: number, start: () => Promise<T>): Promise<void> {
  const newer = await start();
  await until(() => newer.isReady(), rolloutMilliseconds);
  const older = programs[index]!;
  // Whoever looks for a replica finds the new one from now on.
  programs[index] = newer;
  await older.retire();
}

async function createTopics(admin: Admin, names: readonly string[]): Promise<void> {
  // So that a message tells when the broker got it.
  const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];
  const wanted = names.map((topic) => ({ ...{ topic, numPartitions: 3, replicationFactor: 3, configEntries } }));
  await admin.createTopics({ topics: wanted, waitForLeaders: false });
  await until(async () => {
    const { topics: known } = await admin.fetchTopicMetadata({ topics: [...names] });
    return known.every(({ partitions }) => partitions.every(({ isr, leader }) => leader >= 0 && isr.length === 3));
  }, topicMilliseconds);
}

async function recreateTopic(admin: Admin, topic: string): Promise<void> {
  await admin.deleteTopics({ topics: [topic] });
  await until(async () => !(await admin.listTopics()).includes(topic), topicMilliseconds);
  await createTopics(admin, [topic]);
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
    ...{ METRICS_PORT: String(place.ports[0]), DEAD_LETTER_TOPIC: topics.deadLetters, GROUP_ID: groupId },
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
  const health = `http://127.0.0.1:${variables['METRICS_PORT']}`;
  const clockFile = join(place.folder, 'clock-step');
  await writeFile(clockFile, '0');
  const process = new Part({
    name,
    command: [globalThis.process.execPath, join(import.meta.dirname, `../../src/bin/${source}.ts`)],
    folder: place.folder,
    environment: {
      ...compileCache,
      ...variables,
      ...{ DATABASE_URI: uri.href, POD_NAME: name, CLOCK_STEP_FILE: clockFile },
      NODE_OPTIONS: `${nodeOptions} --import ${join(import.meta.dirname, 'stepped-clock.ts')}`,
    },
    // It is to live with parts that are away, and so is not asked for more.
    isReady: () => answersWell(`${health}/livez`),
  });
  let left: Promise<void> | undefined;
  const leave = async () => {
    await place.leave([process]);
    await database.stop();
  };
  started.add(process, () => (left ??= leave()));
  await process.start();
  return {
    ...{ name, process, database },
    stepClock: (milliseconds) => writeFile(clockFile, String(milliseconds)),
    isReady: () => answersWell(`${health}/readyz`),
    retire: async () => {
      await process.stop();
      await (left ??= leave());
    },
  };
}

const answersWell = (url: string) =>
  fetch(url, { signal: AbortSignal.timeout(5000) }).then(
    ({ ok }) => ok,
    () => false,
  );

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
}
