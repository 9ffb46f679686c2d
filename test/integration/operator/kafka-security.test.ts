import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/lib/clock.ts';
import { AdminClients } from '../../../src/operator/brokers/admin-clients.ts';
import { createBrokers } from '../../../src/operator/brokers/brokers.ts';
import type { KafkaConnection } from '../../../src/kafka/connection.ts';
import { BrokerConnections } from '../../../src/kafka/client/broker-connections.ts';
import { createConsumer } from '../../../src/kafka/consumer.ts';
import { createGroupAdmin } from '../../../src/kafka/groups.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { createClusterAdmin } from '../../../src/kafka/cluster-admin.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createAcls } from '../../../src/kafka/protocol/acls.ts';
import { TransactionalProducer } from '../../../src/kafka/transactional-producer.ts';
import { findPartitions } from '../../../src/kafka/offsets.ts';
import { readPartition } from '../../../src/kafka/read-partition.ts';
import type { EventUser } from '../../../src/api/event-user.ts';
import { desiredUser } from '../../../src/operator/event-user/desired-user.ts';
import { chatApiUser } from '../../../src/operator/workloads/chat-api/user.ts';
import { replayId } from '../../../src/operator/workloads/dead-letter-replay/names.ts';
import { replayUser } from '../../../src/operator/workloads/dead-letter-replay/user.ts';
import { userManifest, type WorkloadUser } from '../../../src/operator/workloads/kafka-user.ts';
import { webhookUser, workerUser } from '../../../src/operator/workloads/reminder-consumer/users.ts';
import { createUserAdmin, type UserAdmin } from '../../../src/kafka/user-admin.ts';
import {
  createAuthority,
  issueCertificate,
  type KeyPair,
} from '../../../src/operator/event-cluster/security/certificates.ts';
import {
  introductionMilliseconds,
  rotateCertificates,
  type Certificates,
} from '../../../src/operator/event-cluster/security/rotate-certificates.ts';
import { healthOf } from '../../../src/operator/event-cluster/kafka/look.ts';
import { brokerHosts } from '../../../src/operator/event-cluster/security/secrets.ts';
import { startRenderedKafka, type RenderedKafka } from '../../support/rendered-kafka.ts';
import {
  aChatApi,
  aDeadLetterReplay,
  anEventCluster,
  anEventUser,
  aReminderConsumer,
} from '../../support/resources.ts';
import { silentLogger } from '../../support/running-manager.ts';
import { eventually } from '../../support/kubernetes.ts';

const times = { requestMilliseconds: 5000, connectMilliseconds: 5000, callMilliseconds: 10_000 };
const options = { logger: silentLogger, times };

const cluster = anEventCluster({
  engine: 'Kafka',
  brokers: 2,
  security: { authentication: { clientCertificates: { caSecretRef: { name: 'company-ca' } } } },
  rack: {},
  config: {
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
  },
});
const hosts = brokerHosts(cluster.metadata, cluster.spec);
const start = Date.now() - 2 * introductionMilliseconds;

let kafka: RenderedKafka;
/** As they are when a new authority has just been introduced. */
let overlapping: Certificates;
/** As they are when it is in use. */
let rotated: Certificates;
/** Signs certificates of clients. */
let company: KeyPair;
let admin: TopicAdmin;
let users: UserAdmin;

const ca = () => overlapping.trusted.join('\n');
const asOperator = ({ operator, trusted }: Certificates): KafkaConnection => ({
  bootstrapServers: [kafka.addresses.brokers],
  clientId: 'operator',
  tls: { ca: trusted.join('\n'), clientCertificate: operator },
});
const asUser = (password: string, changes: Partial<KafkaConnection> = {}): KafkaConnection => ({
  bootstrapServers: [kafka.addresses.clients],
  clientId: 'test',
  tls: { ca: ca() },
  sasl: { mechanism: 'SCRAM-SHA-512', username: 'app', password },
  ...changes,
});

beforeAll(async () => {
  const wanted = { hosts, settled: true };
  const first = await rotateCertificates({}, { ...wanted, now: new Date(start), rotation: '' });
  overlapping = await rotateCertificates(first, { ...wanted, now: new Date(start), rotation: 'next' });
  rotated = await rotateCertificates(overlapping, { ...wanted, now: new Date(), rotation: 'next' });
  expect(rotated.brokers).not.toEqual(overlapping.brokers);
  company = await createAuthority(new Date());
  kafka = await startRenderedKafka(cluster, overlapping, undefined, { clientAuthorities: company.certificate });
  admin = createTopicAdmin(asOperator(overlapping), options);
  users = createUserAdmin(asOperator(overlapping), options);
  const change = { user: 'app', password: 'right', mechanism: 'SCRAM-SHA-512' as const, iterations: 4096 };
  await eventually(async () => expect(await users.setPasswords([change])).toEqual(new Map([['app', undefined]])));
}, 120_000);
afterAll(async () => {
  await Promise.all([admin?.close(), users?.close()]);
  await kafka?.stop();
});

const describeAs = async (connection: KafkaConnection) => {
  const client = createTopicAdmin(connection, options);
  try {
    return await client.describeTopics(['orders'], { configNames: [] });
  } finally {
    await client.close();
  }
};

/** Whether a broker answers a request of Kafka's protocol, or ends the connection, with or without an alert of TLS. */
async function shakeHands(address: string, tls: ConnectionOptions | undefined): Promise<string> {
  const [host = '', port] = address.split(':');
  const socket = tls ? connect({ host, port: Number(port), ...tls }) : connectPlain(Number(port), host);
  socket.on('error', () => {});
  // ApiVersions, version 0, of a client without a name: 12 bytes, key 18.
  socket.write(Buffer.from('0000000a00120000000000010000', 'hex'));
  try {
    return await Promise.race([
      once(socket, 'data').then(([data]) => ((data as Buffer)[0] === 0 ? 'answered' : 'refused')),
      once(socket, 'close').then(() => 'refused'),
    ]).catch(() => 'refused');
  } finally {
    socket.destroy();
  }
}

describe('Kafka brokers with security', () => {
  it('find one another, and replicate, by certificates of their own', async () => {
    const topic = { name: 'orders', partitions: 2, replicationFactor: 2 };
    await eventually(async () => expect((await admin.describeCluster()).brokers).toHaveLength(2));
    expect(await admin.createTopics([topic])).toEqual(new Map([['orders', undefined]]));
    await eventually(async () =>
      expect(await admin.describeCluster()).toMatchObject({ underReplicatedPartitions: 0, leaderlessPartitions: 0 }),
    );
  });

  it('tell the operator what the absence of each would cost', async () => {
    const cluster = createClusterAdmin(asOperator(overlapping), options);
    try {
      await eventually(async () => {
        const availability = await cluster.describeAvailability();
        expect(availability.minInSync.get('orders')).toBe(1);
        expect(availability.brokers.map(({ rack }) => rack)).toEqual(['zone-0', 'zone-1']);
        expect(healthOf(2, availability)).toEqual({ controllerIndex: 0, unsettled: undefined, risks: new Map() });
      });
    } finally {
      await cluster.close();
    }
  });

  it('let a user in with the right password only, over TLS only', async () => {
    await expect(describeAs(asUser('wrong'))).rejects.toMatchObject({ code: 'AuthenticationFailed' });
    const { tls: _, ...plain } = asUser('right');
    await expect(describeAs(plain)).rejects.toMatchObject({ code: 'BrokerUnreachable' });
    const { sasl: __, ...anonymous } = asUser('right');
    await expect(describeAs(anonymous)).rejects.toMatchObject({ code: expect.stringMatching(/Unreachable|Failed/) });
    const stranger = await createAuthority(new Date());
    await expect(describeAs(asUser('right', { tls: { ca: stranger.certificate } }))).rejects.toMatchObject({
      code: 'CertificateNotTrusted',
    });
  });

  it('know a client by its certificate, on a listener of its own, and nobody who takes the name of a super user', async () => {
    const as = async (commonName: string, authority = company): Promise<KafkaConnection> => ({
      bootstrapServers: [kafka.addresses.certificates],
      clientId: 'test',
      tls: {
        ca: ca(),
        clientCertificate: await issueCertificate(authority, { commonName, hosts: [] }, new Date()),
      },
    });
    const entry = {
      resourceType: 'Topic',
      resourceName: 'orders',
      patternType: 'Literal',
      operation: 'Write',
    } as const;
    expect(
      await users.createAcls([{ ...entry, principal: 'User:CN=billing', host: '*', permission: 'Allow' }]),
    ).toEqual([undefined]);
    const send = async (commonName: string) => {
      const producer = createProducer(await as(commonName), options);
      try {
        await producer.send('orders', [{ key: 'a', value: 'b' }]);
      } finally {
        await producer.stop();
      }
    };
    await eventually(() => send('billing'));
    for (const name of ['others', 'kafka-events-operator', 'kafka-events-brokers'])
      await expect(send(name)).rejects.toMatchObject({ code: 'NotAuthorized' });
    await expect(describeAs(await as('billing', await createAuthority(new Date())))).rejects.toMatchObject({
      code: expect.stringMatching(/Unreachable|NotTrusted|Failed/),
    });
    const { tls: _, ...anonymous } = await as('billing');
    await expect(describeAs({ ...anonymous, tls: { ca: ca() } })).rejects.toMatchObject({
      code: expect.stringMatching(/Unreachable|Failed/),
    });
  });

  it('forget a user that is removed with all it may do', async () => {
    const leaving = { user: 'leaving', password: 'right', mechanism: 'SCRAM-SHA-512' as const, iterations: 4096 };
    const entry = { resourceType: 'Topic', resourceName: 'orders', patternType: 'Literal', operation: 'Read' } as const;
    await users.setPasswords([leaving]);
    await users.createAcls([{ ...entry, principal: 'User:leaving', host: '*', permission: 'Allow' }]);
    const clients = new AdminClients({ clock: systemClock, logger: silentLogger });
    try {
      // Once more for one who is not there.
      for (let times = 0; times < 2; times += 1)
        await createBrokers(clients).removeUser(asOperator(overlapping), 'leaving');
      await eventually(async () => {
        expect(await users.describeCredentials(['leaving'])).toEqual(new Map());
        expect(await users.describeAcls(['User:leaving'])).toEqual(new Map());
      });
    } finally {
      await clients.stop();
    }
  });

  it('let a user do what an ACL allows, and nothing else', async () => {
    const producer = createProducer(asUser('right'), options);
    const send = () => producer.send('orders', [{ key: 'a', value: 'b' }]);
    try {
      await expect(send()).rejects.toMatchObject({ code: 'NotAuthorized' });
      const allow = { principal: 'User:app', host: '*', permission: 'Allow', patternType: 'Literal' } as const;
      expect(
        await users.createAcls([{ ...allow, resourceType: 'Topic', resourceName: 'orders', operation: 'Write' }]),
      ).toEqual([undefined]);
      await eventually(send);
    } finally {
      await producer.stop();
    }
    const client = createTopicAdmin(asUser('right'), options);
    try {
      const [outcome] = (await client.deleteTopics([{ name: 'orders', topicId: undefined }])).values();
      expect(outcome).toMatchObject({ code: 'NotAuthorized' });
    } finally {
      await client.close();
    }
  });

  describe('let workloads', () => {
    const chatApi = aChatApi();
    const consumer = aReminderConsumer({ webhook: { url: 'https://example.org', signingSecretRef: { name: 'hook' } } });
    const replay = aDeadLetterReplay();
    const deadLetters = 'reminders-dead-letters';
    let connections: Record<'api' | 'worker' | 'webhook' | 'replay', KafkaConnection>;

    /** Makes the user as the controller of EventUsers does. */
    async function connectAs(workload: WorkloadUser): Promise<KafkaConnection> {
      const user = anEventUser((userManifest(workload) as unknown as EventUser).spec);
      const username = user.spec.userName!;
      const change = { user: username, password: 'right', mechanism: 'SCRAM-SHA-512' as const, iterations: 4096 };
      expect(await users.setPasswords([change])).toEqual(new Map([[username, undefined]]));
      const acls = [...desiredUser(user, username).acls!.values()].map(({ acl }) => acl);
      expect(await users.createAcls(acls)).toEqual(acls.map(() => undefined));
      return asUser('', { sasl: { mechanism: 'SCRAM-SHA-512', username, password: 'right' } });
    }

    beforeAll(async () => {
      const topics = ['task-events', 'task-updates', 'reminders', deadLetters, 'reminders-webhook-dead-letters'];
      const created = await admin.createTopics(topics.map((name) => ({ name, partitions: 1, replicationFactor: 2 })));
      expect([...created.values()]).toEqual(topics.map(() => undefined));
      const [api, worker, webhook, again] = await Promise.all(
        [chatApiUser(chatApi), workerUser(consumer), webhookUser(consumer), replayUser(replay, consumer)].map(
          connectAs,
        ),
      );
      connections = { api: api!, worker: worker!, webhook: webhook!, replay: again! };
      await eventually(() => send('api', 'task-events'));
      await eventually(() => send('worker', 'reminders'));
      await eventually(() => send('worker', deadLetters));
    });

    type Name = keyof typeof connections;

    async function send(as: Name, topic: string): Promise<void> {
      const producer = createProducer(connections[as], options);
      try {
        await producer.send(topic, [{ key: 'a', value: `of ${topic}` }]);
      } finally {
        await producer.stop();
      }
    }

    async function read(as: Name, topic: string): Promise<string | undefined> {
      const access = new BrokerConnections(connections[as], options);
      try {
        const [place] = await findPartitions(access.call(), [topic]);
        if (!place) return 'no such topic';
        const { messages } = await readPartition(access.call(), place, 0n, 1n);
        return String(messages[0]?.value);
      } finally {
        await access.close();
      }
    }

    async function join(as: Name, groupId: string, topic: string): Promise<string> {
      const received = Promise.withResolvers<string>();
      const member = createConsumer(connections[as], {
        ...{ groupId, topics: [topic], logger: silentLogger, startFrom: 'earliest' },
        process: ([message]) => Promise.resolve(received.resolve(String(message?.value))),
      });
      await member.start({ signal: new AbortController().signal, fail: () => {} });
      try {
        return await received.promise;
      } finally {
        await member.stop();
      }
    }

    it.each<[Name, string, string]>([
      ['api', 'chat-api-live-1', 'reminders'],
      ['worker', 'tasks.reminders', 'task-events'],
      ['webhook', 'tasks.reminders.webhook', 'reminders'],
    ])('read as %s in its own group %s', async (as, group, topic) => {
      expect(await join(as, group, topic)).toBe(`of ${topic}`);
    });

    it.each<[Name, string]>([
      ['api', 'tasks.reminders'],
      ['worker', 'chat-api-live-1'],
      ['webhook', 'tasks.reminders'],
    ])('not touch as %s the group %s of another', async (as, group) => {
      const groups = createGroupAdmin(connections[as], options);
      try {
        await expect(groups.lookAtGroup(group)).rejects.toMatchObject({ code: 'NotAuthorized' });
      } finally {
        await groups.close();
      }
    });

    it.each<[Name, string]>([
      ['api', 'task-updates'],
      ['webhook', 'reminders-webhook-dead-letters'],
      ['replay', 'task-updates'],
    ])('write as %s to %s', async (as, topic) => {
      await expect(send(as, topic)).resolves.toBeUndefined();
    });

    it.each<[Name, string]>([
      ['api', 'reminders'],
      ['worker', 'task-events'],
      ['webhook', 'reminders'],
      ['replay', deadLetters],
    ])('not write as %s to %s', async (as, topic) => {
      await expect(send(as, topic)).rejects.toMatchObject({ code: 'NotAuthorized' });
    });

    it.each<[Name, string]>([
      ['api', 'task-events'],
      ['api', deadLetters],
      ['worker', 'reminders'],
      ['webhook', 'task-events'],
      ['replay', 'task-events'],
    ])('not read as %s what lies in %s', async (as, topic) => {
      await expect(read(as, topic)).rejects.toMatchObject({ code: 'NotAuthorized' });
    });

    it("send dead letters back in transactions of the replay, and in nobody else's", async () => {
      expect(await read('replay', deadLetters)).toBe(`of ${deadLetters}`);
      const transactions = (transactionalId: string) => {
        const access = new BrokerConnections(connections.replay, options);
        const { signal } = new AbortController();
        const producer = new TransactionalProducer({ brokers: () => access.call(), transactionalId, signal });
        return { takeOver: () => producer.takeOver(), close: () => access.close() };
      };
      const [own, other] = [transactions(replayId(replay)), transactions('other')];
      try {
        // The topic that keeps the state of transactions is only made now.
        await eventually(() => own.takeOver());
        await expect(other.takeOver()).rejects.toMatchObject({ code: 'NotAuthorized' });
      } finally {
        await Promise.all([own.close(), other.close()]);
      }
    });

    it('grant nobody anything', async () => {
      const access = new BrokerConnections(connections.worker, options);
      const entry = { resourceType: 'Topic', resourceName: '*', patternType: 'Literal', operation: 'All' } as const;
      const grant = { ...entry, principal: 'User:app', host: '*', permission: 'Allow' } as const;
      try {
        const [refusal] = (await access.call().withController((broker) => createAcls(broker, [grant]))).values();
        expect(refusal?.errorCode).toBe(31); // CLUSTER_AUTHORIZATION_FAILED
      } finally {
        await access.close();
      }
    });
  });

  it.each(['brokers', 'controller'] as const)('keep strangers off the listener of %s', async (listener) => {
    const address = kafka.addresses[listener];
    const { certificate: cert, privateKey: key } = overlapping.operator;
    const trusting = { ca: ca(), checkServerIdentity: () => undefined };
    expect(await shakeHands(address, { ...trusting, cert, key })).toBe('answered');
    expect(await shakeHands(address, undefined)).toBe('refused');
    expect(await shakeHands(address, trusting)).toBe('refused');
    const stranger = await issueCertificate(
      await createAuthority(new Date()),
      { commonName: 'kafka-events-brokers', hosts: [] },
      new Date(),
    );
    expect(await shakeHands(address, { ...trusting, cert: stranger.certificate, key: stranger.privateKey })).toBe(
      'refused',
    );
  });

  it('understand one another while they move to certificates of another authority', async () => {
    const other = createTopicAdmin(asOperator(rotated), options);
    try {
      await kafka.brokers[1]!.stop();
      await kafka.mount(1, rotated);
      await kafka.brokers[1]!.start();
      await eventually(async () =>
        expect(await other.describeCluster()).toMatchObject({
          brokers: [{ id: 0 }, { id: 1 }],
          underReplicatedPartitions: 0,
          leaderlessPartitions: 0,
        }),
      );
      // By brokers of both.
      await describeAs(asUser('right'));
    } finally {
      await other.close();
    }
  }, 180_000);
});
