import { once } from 'node:events';
import { connect as connectPlain } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KafkaConnection } from '../../../src/kafka/connection.ts';
import { BrokerConnections } from '../../../src/kafka/client/broker-connections.ts';
import { createConsumer } from '../../../src/kafka/consumer.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createAcls } from '../../../src/kafka/protocol/acls.ts';
import { TransactionalProducer } from '../../../src/kafka/transactional-producer.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { AdminClients } from '../../../src/operator/brokers/admin-clients.ts';
import { createBrokers } from '../../../src/operator/brokers/brokers.ts';
import { createUserAdmin, type UserAdmin } from '../../../src/kafka/user-admin.ts';
import { createAuthority, issueCertificate } from '../../../src/operator/event-cluster/security/certificates.ts';
import {
  introductionMilliseconds,
  rotateCertificates,
  type Certificates,
} from '../../../src/operator/event-cluster/security/rotate-certificates.ts';
import { brokerHosts, workloadsUser } from '../../../src/operator/event-cluster/security/secrets.ts';
import { workloadAcls } from '../../../src/operator/event-cluster/security/workload-users.ts';
import { startRenderedKafka, type RenderedKafka } from '../../support/rendered-kafka.ts';
import { anEventCluster } from '../../support/resources.ts';
import { silentLogger } from '../../support/running-manager.ts';
import { eventually } from '../../support/kubernetes.ts';

const times = { requestMilliseconds: 5000, connectMilliseconds: 5000, callMilliseconds: 10_000 };
const options = { logger: silentLogger, times };

const cluster = anEventCluster({
  engine: 'Kafka',
  brokers: 2,
  security: {},
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
  kafka = await startRenderedKafka(cluster, overlapping);
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

  it('let workloads, whose user the operator makes, read, write and commit, and no more', async () => {
    const clients = new AdminClients({ clock: systemClock, logger: silentLogger });
    const brokers = createBrokers(clients);
    const operator = asOperator(overlapping);
    const sasl = { mechanism: 'SCRAM-SHA-512', username: workloadsUser, password: 'workloads' } as const;
    const connection = { ...asUser(''), sasl };
    const producer = createProducer(connection, options);
    const access = new BrokerConnections(connection, options);
    const { signal } = new AbortController();
    const received = Promise.withResolvers<string>();
    const consumer = createConsumer(connection, {
      ...{ groupId: 'workers', topics: ['orders'], logger: silentLogger },
      process: ([message]) => Promise.resolve(received.resolve(String(message?.value))),
    });
    try {
      expect(await brokers.hasUser(operator, workloadsUser, workloadAcls)).toBe(false);
      await brokers.makeUser(operator, workloadsUser, 'workloads', workloadAcls);
      await eventually(async () => expect(await brokers.hasUser(operator, workloadsUser, workloadAcls)).toBe(true));
      await eventually(() => producer.send('orders', [{ key: 'a', value: 'b' }]));
      await consumer.start({ signal, fail: () => {} });
      expect(await received.promise).toBe('b');
      const transactions = new TransactionalProducer({
        ...{ brokers: () => access.call(), transactionalId: 'replay', signal },
      });
      // The topic that keeps the state of transactions is only made now.
      await eventually(() => transactions.takeOver());
      const [refusal] = (
        await access.call().withController((broker) => createAcls(broker, workloadAcls.slice(0, 1)))
      ).values();
      expect(refusal?.errorCode).toBe(31); // CLUSTER_AUTHORIZATION_FAILED
    } finally {
      await Promise.all([consumer.stop(), producer.stop(), access.close(), clients.stop()]);
    }
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
