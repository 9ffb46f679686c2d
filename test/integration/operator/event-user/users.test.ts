import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { parseAllDocuments } from 'yaml';
import { createCertificateAuthority } from '../../../../localcluster/certificates.ts';
import { findFile, openJdk } from '../../../../localcluster/artifacts/debian-packages.ts';
import { kafkaJars } from '../../../../localcluster/artifacts/kafka-jars.ts';
import { kafkaTools, kafkaToolsJar } from '../../../../localcluster/artifacts/kafka-tools.ts';
import { librdkafka, pythonKafkaClient } from '../../../../localcluster/artifacts/python-packages.ts';
import { ensure } from '../../../../localcluster/cache.ts';
import { readSettings } from '../../../../localcluster/settings.ts';
import type { KafkaCluster } from '../../../../localcluster/parts/kafka.ts';
import { kafkaJava } from '../../../../localcluster/parts/kafka-java.ts';
import { createUserAdmin, type Acl, type UserAdmin } from '../../../../src/kafka/user-admin.ts';
import { systemClock as clock } from '../../../../src/lib/clock.ts';
import { ExpectedError, toError } from '../../../../src/lib/errors.ts';
import { AdminClients } from '../../../../src/operator/brokers/admin-clients.ts';
import { userSecrets } from '../../../../src/operator/brokers/user-secrets.ts';
import { createEventUserController } from '../../../../src/operator/event-user/controller.ts';
import { eventClusters, eventUsers } from '../../../../src/operator/kinds.ts';
import type { Key } from '../../../../src/operator/runtime/objects.ts';
import { denyByDefault, guardedSpec, ownersClient, startGuardedKafka, users } from '../../../support/guarded-kafka.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { runController, silentLogger, type RunningManager } from '../../../support/running-manager.ts';
import { available, setStatus } from '../../../support/set-status.ts';
import { eventsAbout } from '../../../support/topic-expectations.ts';
import { declareUser, userHas } from '../../../support/users.ts';
import { until } from '../../../support/until.ts';
import { secretManifest } from '../../../support/workloads.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let clients: AdminClients;
let operator: RunningManager;
let owner: UserAdmin;
let namespace: string;
/** Requests that no broker answers, by their names in Kafka's protocol. */
const unanswered = new Set<string>();

function onRequest(api: string): void {
  if (unanswered.has(api)) throw new ExpectedError('Timeout', `Nobody answers ${api}`, { retryable: true });
}

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startGuardedKafka(denyByDefault)]);
  namespace = await kubernetes.createNamespace();
  clients = new AdminClients({ clock, logger: silentLogger, onRequest });
  operator = runController(kubernetes, createEventUserController({ clients, randomBytes }));
  owner = createUserAdmin(
    {
      bootstrapServers: [kafka.bootstrapServers],
      clientId: 'owner',
      tls: { ca: kafka.certificateAuthority! },
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'owner', password: users.owner },
    },
    { logger: silentLogger },
  );
  await writeSecret('authority', { 'ca.crt': kafka.certificateAuthority! });
  await writeSecret('credentials', { username: 'operator', password: users.operator });
  await declareGuardedCluster('events');
  await createTopics('orders', 'invoices');
});

afterAll(async () => {
  await operator?.stop();
  await Promise.all([clients?.stop(), owner?.close()]);
  await Promise.all([kubernetes?.stop(), kafka?.stop()]);
});

const ready = { status: 'True', reason: 'UserReady' };
const inNamespace = (name: string): Key => ({ namespace, name });
const declare = (name: string, spec: object) => declareUser(kubernetes, inNamespace(name), spec);
const has = (name: string, condition: Parameters<typeof userHas>[2]) =>
  userHas(kubernetes, inNamespace(name), condition);

function writeSecret(name: string, values: Readonly<Record<string, string>>) {
  return kubernetes.client.apply(userSecrets, secretManifest(inNamespace(name), values), { fieldManager: 'user' });
}

/** As its controller would leave it, were it to run. */
async function declareGuardedCluster(name: string): Promise<void> {
  await kubernetes.client.create(eventClusters, {
    metadata: inNamespace(name),
    spec: guardedSpec(kafka),
  } as object);
  const { bootstrapServers } = kafka;
  const status = { bootstrapServers, clusterId: 'one', conditions: [available('True')] };
  await setStatus(kubernetes, eventClusters, inNamespace(name), status);
}

async function createTopics(...topics: string[]): Promise<void> {
  const admin = ownersClient(kafka).admin();
  await admin.connect();
  await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: 1 })) });
  await admin.disconnect();
}

async function readSecret(name: string, key = inNamespace(name)): Promise<Record<string, string>> {
  const secret = await kubernetes.client.get(userSecrets, key);
  const decoded = Object.entries(secret?.data ?? {}).map(([key, data]) => [
    key,
    Buffer.from(data, 'base64').toString(),
  ]);
  return Object.fromEntries(decoded) as Record<string, string>;
}

/** A client with nothing but what a Secret has. */
function clientOf(files: Record<string, string>, retries = 0): Kafka {
  expect(files).toMatchObject({ 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'SCRAM-SHA-512' });
  return new Kafka({
    clientId: 'client',
    brokers: files['bootstrap.servers']!.split(','),
    logLevel: logLevel.NOTHING,
    ssl: { ca: files['ca.crt']! },
    sasl: { mechanism: 'scram-sha-512', username: files['username']!, password: files['password']! },
    // Of kafkajs itself a second each, and it tries only once here.
    connectionTimeout: 20_000,
    authenticationTimeout: 20_000,
    retry: { retries },
  });
}

/** What becomes of something a client tries: `done`, or the error's type. */
async function outcome(tried: Promise<unknown>): Promise<string> {
  try {
    await tried;
    return 'done';
  } catch (error) {
    const { type, name, cause } = error as { type?: string; name: string; cause?: { type?: string } };
    return type ?? cause?.type ?? name;
  }
}

async function login(files: Record<string, string>): Promise<string> {
  const admin = clientOf(files).admin();
  try {
    return await outcome(admin.connect());
  } finally {
    await admin.disconnect();
  }
}

async function produce(files: Record<string, string>, topic: string): Promise<string> {
  const producer = clientOf(files).producer();
  await producer.connect();
  try {
    return await outcome(producer.send({ topic, messages: [{ value: 'a' }] }));
  } finally {
    await producer.disconnect();
  }
}

/** Whether it may read where the topic begins, which takes no Describe alone. */
async function describeTopic(files: Record<string, string>, topic: string): Promise<string> {
  const admin = clientOf(files).admin();
  await admin.connect();
  try {
    return await outcome(admin.fetchTopicMetadata({ topics: [topic] }));
  } finally {
    await admin.disconnect();
  }
}

async function consume(files: Record<string, string>, groupId: string, topic: string): Promise<string> {
  // The topic of offsets comes into being with the first group.
  const consumer = clientOf(files, 8).consumer({ groupId, maxWaitTimeInMs: 100 });
  const received = Promise.withResolvers<void>();
  const crashed = Promise.withResolvers<never>();
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) crashed.reject(payload.error);
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
    await consumer.run({ eachMessage: () => Promise.resolve(received.resolve()) });
    return await outcome(Promise.race([Promise.all([joined, received.promise]), crashed.promise]));
  } catch (error) {
    return outcome(Promise.reject(toError(error)));
  } finally {
    await consumer.disconnect();
  }
}

/** Somebody looks at the resource, which makes the operator look at the brokers. */
const touch = (name: string) =>
  kubernetes.client.mergePatch(eventUsers, inNamespace(name), {
    metadata: { annotations: { touched: randomBytes(4).toString('hex') } },
  });

const principal = (name: string) => `User:${name}`;
async function aclsOf(name: string): Promise<readonly Acl[]> {
  const acls = (await owner.describeAcls([principal(name)])).get(principal(name)) ?? [];
  if (acls instanceof Error) throw acls;
  return acls;
}
const credentialsOf = async (name: string) => (await owner.describeCredentials([name])).get(name);
const quotasOf = async (name: string) => (await owner.describeQuotas([name])).get(name);

/** The programs of examples/09-own-service, as their first lines say that they are started. */
async function exampleServices(): Promise<
  Record<string, readonly [command: string, args: readonly string[], env?: object]>
> {
  const settings = readSettings();
  const [jdk, jars, python] = await Promise.all(
    [openJdk, kafkaJars, pythonKafkaClient].map((part) => ensure(settings, part)),
  );
  const service = (name: string) => join('examples/09-own-service', name);
  return {
    typescript: [process.execPath, [service('service.ts')]],
    python: ['python3', [service('service.py')], { PYTHONPATH: python }],
    java: [
      await findFile(jdk!, 'usr/lib/jvm/*/bin/java'),
      ['--class-path', join(jars!, 'libs/*'), service('Service.java')],
    ],
  };
}

describe('users of brokers that let nobody in without a password, nor do anything without an entry', () => {
  it('may do what access says, and nothing else, with what their Secret has', async () => {
    await declare('reader', {
      access: [
        { topic: 'orders', allow: 'Read' },
        { groupPrefix: 'audit-', allow: 'Read' },
      ],
    });
    await declare('writer', { access: [{ topicPrefix: 'ord', allow: 'Write' }] });
    const [reader] = await Promise.all([has('reader', ready), has('writer', ready)]);
    expect(reader.status).toMatchObject({
      principal: 'User:reader',
      secretName: 'reader',
      acls: ['Allow Read on Group audit-*', 'Allow Read on Topic orders'],
    });
    const [reading, writing] = await Promise.all([readSecret('reader'), readSecret('writer')]);
    expect(Object.keys(reading).toSorted()).toEqual([
      ...['bootstrap.servers', 'ca.crt', 'client.properties', 'password', 'sasl.jaas.config', 'sasl.mechanism'],
      ...['security.protocol', 'username'],
    ]);
    expect(await produce(writing, 'orders')).toBe('done');
    expect(await produce(writing, 'invoices')).toBe('TOPIC_AUTHORIZATION_FAILED');
    expect(await consume(reading, 'audit-1', 'orders')).toBe('done');
    expect(await produce(reading, 'orders')).toBe('TOPIC_AUTHORIZATION_FAILED');
    expect(await describeTopic(reading, 'invoices')).toBe('TOPIC_AUTHORIZATION_FAILED');
    // So kafkajs calls it when a broker may not say who coordinates the group.
    expect(await consume(reading, 'other', 'orders')).toBe('KafkaJSGroupCoordinatorNotFound');
  });

  it('serve the example of an own service in TypeScript, Python and Java', async () => {
    const [, user] = parseAllDocuments(await readFile('examples/09-own-service/resources.yaml', 'utf8'));
    await declare('order-service', (user!.toJS() as { spec: object }).spec);
    await has('order-service', ready);
    const folder = await mkdtemp(join(tmpdir(), 'kafka-user-'));
    for (const [key, value] of Object.entries(await readSecret('order-service')))
      await writeFile(join(folder, key), value);
    const services = Object.values(await exampleServices()).map(([command, args, env = {}]) =>
      execa(command, args, { env: { ...env, KAFKA_SECRET: folder }, reject: false, all: true }),
    );
    const printed = services.map((service) => {
      const lines: string[] = [];
      service.all.on('data', (data) => lines.push(String(data)));
      return () => lines.join('');
    });
    try {
      // Each reads what all have written.
      await until(() => {
        for (const lines of printed) {
          expect(
            lines().match(/partition \d+ offset \d+: .*"from": ?"(typescript|python|java)"/g)?.length ?? lines(),
          ).toBe(3);
        }
        return true;
      });
      for (const service of services) service.kill('SIGTERM');
      const ends = await Promise.all(services);
      // Java ends by the signal after its hook has run.
      expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 143]);
    } finally {
      for (const service of services) service.kill('SIGKILL');
      await Promise.all(services);
      await rm(folder, { recursive: true });
    }
  });

  it("serve Java's console tools and librdkafka with the files of their Secret", async () => {
    const access = [
      { topic: 'invoices', allow: 'ReadWrite' },
      { groupPrefix: 'foreign-', allow: 'Read' },
    ];
    await declare('console', { access });
    await has('console', ready);
    const folder = await mkdtemp(join(tmpdir(), 'kafka-user-'));
    for (const [key, value] of Object.entries(await readSecret('console'))) await writeFile(join(folder, key), value);
    const settings = readSettings();
    const [tools, library, java] = await Promise.all([
      ensure(settings, kafkaTools),
      ensure(settings, librdkafka),
      kafkaJava(settings),
    ]);
    const runTool = (mainClass: string, options: readonly string[], input?: string) => {
      const [command, ...args] = [...java.slice(0, -1), `${java.at(-1)}:${kafkaToolsJar(tools)}`, mainClass];
      const common = ['--bootstrap-server', kafka.bootstrapServers, '--topic', 'invoices'];
      const config = ['--command-config', join(folder, 'client.properties')];
      return execa(command, [...args, ...common, ...config, ...options], { input: input ?? '', all: true });
    };
    try {
      await runTool('org.apache.kafka.tools.ConsoleProducer', [], 'from java\n');
      const client = join(import.meta.dirname, '../../../support/librdkafka-client.py');
      const shared = await findFile(library, 'confluent_kafka.libs/librdkafka-*.so.1');
      const python = ['invoices', 'foreign-librdkafka', 'from librdkafka', '2'];
      const { stdout } = await execa('python3', [client, shared, folder, ...python]);
      expect(stdout.split('\n').toSorted()).toEqual(['from java', 'from librdkafka']);
      const read = ['--group', 'foreign-java', '--from-beginning', '--max-messages', '2', '--timeout-ms', '60000'];
      const { all } = await runTool('org.apache.kafka.tools.consumer.ConsoleConsumer', read);
      expect(all.split('\n')).toEqual(expect.arrayContaining(['from java', 'from librdkafka']));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('get another password when theirs is taken from the Secret, or the one that is given changes', async () => {
    await writeSecret('chosen', { password: 'first "password" \\' });
    await declare('rotated', {});
    await declare('given', { authentication: { passwordSecretRef: { name: 'chosen' } } });
    await Promise.all([has('rotated', ready), has('given', ready)]);
    const before = await Promise.all([readSecret('rotated'), readSecret('given')]);
    expect(await Promise.all(before.map(login))).toEqual(['done', 'done']);
    await kubernetes.client.delete(userSecrets, inNamespace('rotated'));
    await writeSecret('chosen', { password: 'second' });
    await eventually(async () => {
      const after = await Promise.all([readSecret('rotated'), readSecret('given')]);
      expect(after[0]['password']).not.toBe(before[0]['password']);
      expect(after[1]['password']).toBe('second');
      expect(await Promise.all(after.map(login))).toEqual(['done', 'done']);
    });
    expect(await Promise.all(before.map(login))).toEqual(Array(2).fill('KafkaJSSASLAuthenticationError'));
  });

  it('are as declared again after somebody else has changed them', async () => {
    const quotas = { producerByteRate: 1_000_000, controllerMutationRate: 2.5 };
    await declare('drifting', { access: [{ topic: 'orders', allow: 'ReadWrite' }], quotas });
    await has('drifting', ready);
    const [wanted] = await aclsOf('drifting');
    const extra = { ...wanted!, resourceName: 'invoices' };
    const changed = { mechanism: 'SCRAM-SHA-512', iterations: 4096, password: 'of somebody else' } as const;
    await Promise.all([
      owner.setPasswords([{ user: 'drifting', ...changed }]),
      owner.createAcls([extra]),
      owner.deleteAcls([wanted!]),
      owner.alterQuotas([{ user: 'drifting', quotas: { producer_byte_rate: 5, consumer_byte_rate: 7 } }]),
    ]);
    await touch('drifting');
    await eventually(async () => {
      expect(await login(await readSecret('drifting'))).toBe('done');
      expect(
        (await aclsOf('drifting')).map(({ resourceName, operation }) => `${operation} ${resourceName}`).toSorted(),
      ).toEqual(['Read orders', 'Write orders']);
      // Of a quota that is not declared, nothing is known.
      const expected = { producer_byte_rate: 1_000_000, controller_mutation_rate: 2.5, consumer_byte_rate: 7 };
      expect(await quotasOf('drifting')).toEqual(expected);
      const told = (await eventsAbout(kubernetes, inNamespace('drifting'))).join('\n');
      // A look in the middle of these changes corrects the first of them, and then finds the others.
      expect(told).toMatch(/(DriftFound|UserChanging): .*Allow \w+ on Topic invoices/);
      expect(told).toMatch(/(DriftFound|UserChanging): .*one that this resource did not set/);
    });
  });

  it('lose what is no longer declared, and keep what was never declared', async () => {
    const acls = [{ resource: 'Cluster', operations: ['Describe', 'IdempotentWrite'] }];
    await declare('changing', {
      access: [{ topic: 'orders', allow: 'Read' }],
      acls,
      quotas: { requestPercentage: 50 },
    });
    await has('changing', ready);
    const spec = { access: [{ topic: 'invoices', allow: 'Describe' }], acls: null, quotas: null };
    await kubernetes.client.mergePatch(eventUsers, inNamespace('changing'), { spec });
    const { status } = await has('changing', ready);
    expect(status).toMatchObject({ acls: ['Allow Describe on Topic invoices'] });
    expect(status?.quotas).toBeUndefined();
    expect(await aclsOf('changing')).toHaveLength(1);
    expect(await quotasOf('changing')).toBeUndefined();
    await owner.createAcls([{ ...(await aclsOf('changing'))[0]!, resourceName: 'orders' }]);
    await kubernetes.client.mergePatch(eventUsers, inNamespace('changing'), { spec: { access: null } });
    await has('changing', ready);
    // Nobody says any more what it may do: the entry of somebody else was not there before, and stays.
    await eventually(async () =>
      expect((await aclsOf('changing')).map(({ resourceName }) => resourceName)).toEqual(['orders']),
    );
  });

  it('go with their resources: password, entries and quotas, but nothing that others have set', async () => {
    await declare('going', { access: [{ topic: 'orders', allow: 'Read' }], quotas: { consumerByteRate: 1000 } });
    await declare('staying', { access: [{ topic: 'orders', allow: 'Read' }], deletionPolicy: 'Retain' });
    await Promise.all([has('going', ready), has('staying', ready)]);
    await owner.alterQuotas([{ user: 'going', quotas: { request_percentage: 10 } }]);
    const files = await readSecret('going');
    await Promise.all(['going', 'staying'].map((name) => kubernetes.client.delete(eventUsers, inNamespace(name))));
    await eventually(async () => {
      for (const name of ['going', 'staying'])
        expect(await kubernetes.client.get(eventUsers, inNamespace(name))).toBeUndefined();
    });
    expect(await credentialsOf('going')).toBeUndefined();
    expect(await aclsOf('going')).toEqual([]);
    expect(await quotasOf('going')).toEqual({ request_percentage: 10 });
    expect(await login(files)).toBe('KafkaJSSASLAuthenticationError');
    expect(await credentialsOf('staying')).toHaveLength(1);
    expect(await aclsOf('staying')).toHaveLength(1);
  });

  it('go with their resources, also where only a half of them was made', async () => {
    unanswered.add('AlterClientQuotas');
    try {
      await declare('half', { access: [{ topic: 'orders', allow: 'Read' }], quotas: { producerByteRate: 1000 } });
      await eventually(async () => {
        expect(await credentialsOf('half')).toHaveLength(1);
        expect(await aclsOf('half')).toHaveLength(1);
      });
      const { status } = (await kubernetes.client.get(eventUsers, inNamespace('half')))!;
      expect(status).toMatchObject({
        principal: 'User:half',
        pending: { password: true, acls: ['Allow Read on Topic orders'], quotas: { producer_byte_rate: 1000 } },
      });
      const renamed = kubernetes.client.mergePatch(eventUsers, inNamespace('half'), { spec: { userName: 'other' } });
      await expect(renamed).rejects.toThrow('userName cannot be changed');
      await kubernetes.client.delete(eventUsers, inNamespace('half'));
      await has('half', { status: 'False', reason: 'DeletingUser' });
    } finally {
      unanswered.clear();
    }
    await eventually(async () => expect(await kubernetes.client.get(eventUsers, inNamespace('half'))).toBeUndefined());
    expect(await credentialsOf('half')).toBeUndefined();
    expect(await aclsOf('half')).toEqual([]);
    expect(await quotasOf('half')).toBeUndefined();
  });

  it('are taken over from others, which is told, with every password but the declared one', async () => {
    const password = 'from before';
    await owner.setPasswords([{ user: 'adopted', mechanism: 'SCRAM-SHA-256', iterations: 4096, password }]);
    await declare('adopted', {});
    await has('adopted', ready);
    expect(await credentialsOf('adopted')).toEqual([
      { mechanism: 'SCRAM-SHA-512', iterations: expect.any(Number) as unknown },
    ]);
    expect((await eventsAbout(kubernetes, inNamespace('adopted'))).join()).toContain(
      'UserAdopted: User adopted already exists',
    );
  });

  it('are only looked at by those who observe', async () => {
    await declare('watched', { managementPolicy: 'Observe' });
    await has('watched', { status: 'False', reason: 'UserAbsent' });
    await owner.alterQuotas([{ user: 'watched', quotas: { producer_byte_rate: 5 } }]);
    await touch('watched');
    await has('watched', {
      status: 'True',
      reason: 'UserDiffers',
      message: 'spec.authentication is a SCRAM-SHA-512 password, the broker has nothing.',
    });
    expect(await readSecret('watched')).toEqual({});
    expect(await quotasOf('watched')).toEqual({ producer_byte_rate: 5 });
  });

  it('belong to the older of two, and never to those who name the operator itself', async () => {
    await declare('first', { userName: 'shared' });
    await has('first', ready);
    await declare('second', { userName: 'shared' });
    await declare('intruder', { userName: 'operator' });
    await has('second', {
      status: 'False',
      reason: 'UserTaken',
      message: expect.stringContaining(`EventUser ${namespace}/first`),
    });
    await has('intruder', { status: 'False', reason: 'UserReserved' });
    await kubernetes.client.delete(eventUsers, inNamespace('intruder'));
    await kubernetes.client.delete(eventUsers, inNamespace('first'));
    await has('second', ready);
    expect(await login(await readSecret('second'))).toBe('done');
    expect(await credentialsOf('operator')).toHaveLength(1);
  });

  it('of another namespace wait for the consent of the owner of the cluster', async () => {
    const other = await kubernetes.createNamespace();
    const key = { namespace: other, name: 'guest' };
    await declareUser(kubernetes, key, { clusterRef: { name: 'events', namespace } });
    await userHas(kubernetes, key, { status: 'False', reason: 'ClusterMissing' });
    expect(await credentialsOf('guest')).toBeUndefined();
    const spec = { allowedNamespaces: { names: [other] } };
    await kubernetes.client.mergePatch(eventClusters, inNamespace('events'), { spec });
    await userHas(kubernetes, key, ready);
  });

  it('of a namespace that is shut out lose what was made for them, and get it back with the consent', async () => {
    const other = await kubernetes.createNamespace();
    const allow = (names: string[]) =>
      kubernetes.client.mergePatch(eventClusters, inNamespace('events'), { spec: { allowedNamespaces: { names } } });
    const guest = { namespace: other, name: 'lodger' };
    const taken = { namespace: other, name: 'desired' };
    const watched = { namespace: other, name: 'seen' };
    const leaving = { namespace: other, name: 'leaving' };
    const clusterRef = { name: 'events', namespace };
    await allow([other]);
    await declareUser(kubernetes, guest, {
      clusterRef,
      access: [{ topic: 'orders', allow: 'Write' }],
      quotas: { consumerByteRate: 1000 },
      deletionPolicy: 'Retain',
    });
    await declareUser(kubernetes, taken, { clusterRef });
    await declareUser(kubernetes, leaving, { clusterRef });
    await declareUser(kubernetes, watched, { clusterRef, managementPolicy: 'Observe' });
    await owner.setPasswords([{ user: 'seen', mechanism: 'SCRAM-SHA-512', iterations: 4096, password: 'of others' }]);
    await Promise.all([guest, taken, leaving].map((key) => userHas(kubernetes, key, ready)));
    await declare('desired', {});
    await has('desired', { status: 'False', reason: 'UserTaken' });
    await owner.alterQuotas([{ user: 'lodger', quotas: { request_percentage: 10 } }]);
    const [files, filesOfTaken] = [await readSecret('', guest), await readSecret('', taken)];
    expect(await produce(files, 'orders')).toBe('done');

    unanswered.add('AlterUserScramCredentials');
    try {
      await allow([]);
      await userHas(kubernetes, guest, { status: 'False', reason: 'RevokingAccess' });
      await kubernetes.client.delete(eventUsers, leaving);
    } finally {
      unanswered.clear();
    }
    const message = expect.stringContaining('no longer lets this namespace use it');
    const { status } = await userHas(kubernetes, guest, { status: 'False', reason: 'AccessRevoked', message });
    expect(status).toMatchObject({ principal: 'User:lodger', secretName: 'lodger' });
    for (const record of ['credential', 'acls', 'quotas', 'pending']) expect(status).not.toHaveProperty(record);
    expect(await credentialsOf('lodger')).toBeUndefined();
    expect(await aclsOf('lodger')).toEqual([]);
    expect(await quotasOf('lodger')).toEqual({ request_percentage: 10 });
    expect(await login(files)).toBe('KafkaJSSASLAuthenticationError');
    await eventually(async () => expect(await kubernetes.client.get(eventUsers, leaving)).toBeUndefined());
    expect(await credentialsOf('leaving')).toBeUndefined();
    // It now belongs to the one that waited for it.
    await has('desired', ready);
    await userHas(kubernetes, taken, { status: 'False', reason: 'ClusterMissing' });
    expect(await login(await readSecret('desired'))).toBe('done');
    expect(await login(filesOfTaken)).toBe('KafkaJSSASLAuthenticationError');
    await userHas(kubernetes, watched, { status: 'False', reason: 'ClusterMissing' });
    expect(await credentialsOf('seen')).toHaveLength(1);

    await allow([other]);
    await userHas(kubernetes, guest, ready);
    expect(await readSecret('', guest)).toEqual(files);
    expect(await produce(files, 'orders')).toBe('done');
    expect(await quotasOf('lodger')).toMatchObject({ consumer_byte_rate: 1000 });
  });

  it('are called by the subject of their certificate', async () => {
    const authority = await createCertificateAuthority('users');
    const { certificate } = await authority.issue({ commonName: 'billing', hosts: [] });
    await writeSecret('certificate', { 'tls.crt': certificate });
    const authentication = { type: 'Tls', certificateSecretRef: { name: 'certificate' } };
    await declare('billing', { authentication, access: [{ topic: 'orders', allow: 'Read' }] });
    const { status } = await has('billing', ready);
    expect(status).toMatchObject({ principal: 'User:CN=billing', acls: ['Allow Read on Topic orders'] });
    expect(await aclsOf('CN=billing')).toHaveLength(1);
  });

  it('may have names longer than a label, and access from addresses of IPv6 as Kafka compares them', async () => {
    const name = `u${'x'.repeat(99)}`;
    await declare(name, { access: [{ topic: 'orders', allow: 'Read', host: '2001:db8::1' }] });
    const { status } = await has(name, ready);
    expect(status?.acls).toEqual(['Allow Read on Topic orders from 2001:db8:0:0:0:0:0:1']);
    expect(await aclsOf(name)).toEqual([expect.objectContaining({ host: '2001:db8:0:0:0:0:0:1' })]);
    expect(await login(await readSecret(name))).toBe('done');
  });

  it('are refused certificates where brokers take passwords only', async () => {
    const own = { namespace, name: 'own' };
    await kubernetes.client.create(eventClusters, { metadata: { ...own }, spec: { engine: 'Kafka' } } as object);
    const security = { tls: false, authentication: false };
    const status = { bootstrapServers: '127.0.0.1:1', security, conditions: [available('True')] };
    await setStatus(kubernetes, eventClusters, own, status);
    const authentication = { type: 'Tls', subject: 'CN=invoices' };
    await declare('invoices', { clusterRef: { name: 'own' }, authentication });
    await has('invoices', { status: 'False', reason: 'CertificatesNotAccepted' });
    const withCertificates = { authentication: { clientCertificates: { caSecretRef: { name: 'company-ca' } } } };
    await kubernetes.client.mergePatch(eventClusters, own, { spec: { security: withCertificates } });
    // Brokers are asked then, and there are none.
    await has('invoices', { status: 'False', reason: 'BrokerUnreachable' });
  });

  it('leave a Secret of somebody else alone', async () => {
    await writeSecret('foreign', { password: 'of somebody' });
    await declare('foreign', {});
    await has('foreign', { status: 'False', reason: 'NameTaken' });
    expect(await readSecret('foreign')).toEqual({ password: 'of somebody' });
    expect(await credentialsOf('foreign')).toBeUndefined();
  });

  it('are made many at once', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `user-${index}`);
    const access = [{ topicPrefix: 'team-', allow: 'ReadWrite' }];
    await Promise.all(names.map((name) => declare(name, { access, quotas: { producerByteRate: 1000 } })));
    await eventually(async () => {
      const { items } = await kubernetes.client.list(eventUsers, namespace);
      const made = items.filter(({ metadata }) => metadata.name.startsWith('user-'));
      const isReady = ({ status }: (typeof made)[number]) =>
        status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
      expect(made.filter(isReady)).toHaveLength(names.length);
    });
    expect(await login(await readSecret('user-42'))).toBe('done');
  });
});
