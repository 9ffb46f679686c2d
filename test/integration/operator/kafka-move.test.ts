import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { KafkaConnection } from '../../../src/kafka/connection.ts';
import { createGroupAdmin } from '../../../src/kafka/groups.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { createTopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createUserAdmin } from '../../../src/kafka/user-admin.ts';
import type { MoveLayout } from '../../../src/operator/event-cluster/security/move.ts';
import {
  rotateCertificates,
  type Certificates,
} from '../../../src/operator/event-cluster/security/rotate-certificates.ts';
import { brokerHosts } from '../../../src/operator/event-cluster/security/secrets.ts';
import { eventually } from '../../support/kubernetes.ts';
import { startRenderedKafka, type RenderedKafka } from '../../support/rendered-kafka.ts';
import { anEventCluster } from '../../support/resources.ts';
import { silentLogger } from '../../support/running-manager.ts';

const config = {
  'group.initial.rebalance.delay.ms': 0,
  // A broker that led the controllers is let in again once its old session has ended, as the new leader knows of no stop.
  'broker.heartbeat.interval.ms': 500,
  'broker.session.timeout.ms': 3000,
};
const cluster = anEventCluster({ engine: 'Kafka', config });
const times = { requestMilliseconds: 5000, connectMilliseconds: 5000, callMilliseconds: 10_000 };
const options = { logger: silentLogger, times };
const topic = { name: 'orders', partitions: 3, replicationFactor: 3 };

let kafka: RenderedKafka;
let certificates: Certificates;

beforeAll(async () => {
  const hosts = brokerHosts(cluster.metadata, cluster.spec);
  certificates = await rotateCertificates({}, { hosts, now: new Date(), settled: false, rotation: '' });
  kafka = await startRenderedKafka(cluster);
});
afterAll(() => kafka?.stop());

const ca = () => certificates.trusted.join('\n');
const open = (): KafkaConnection => ({ bootstrapServers: [kafka.addresses.clients], clientId: 'open' });
const asOperator = (): KafkaConnection => ({
  bootstrapServers: [kafka.addresses.brokers],
  clientId: 'operator',
  tls: { ca: ca(), clientCertificate: certificates.operator },
});
const closed = (): KafkaConnection => ({
  bootstrapServers: [kafka.addresses.moved],
  clientId: 'closed',
  tls: { ca: ca() },
  sasl: { mechanism: 'SCRAM-SHA-512', username: 'app', password: 'right' },
});

/** As a roll does: one broker after the other, each when all replicas are in step. */
async function roll(move: MoveLayout, look: () => KafkaConnection, send: () => KafkaConnection): Promise<number> {
  let sent = 0;
  for (const index of [2, 1, 0]) {
    await kafka.restart(index, { tls: true, authentication: true, move }, certificates);
    await eventually(async () => {
      const admin = createTopicAdmin(look(), options);
      try {
        const described = await admin.describeCluster();
        expect(described.brokers).toHaveLength(3);
        expect(described).toMatchObject({ underReplicatedPartitions: 0, leaderlessPartitions: 0 });
      } finally {
        await admin.close();
      }
    });
    await eventually(() => sendOne(send()));
    sent += 1;
  }
  return sent;
}

async function sendOne(connection: KafkaConnection): Promise<void> {
  const producer = createProducer(connection, options);
  try {
    await producer.send(topic.name, [{ key: null, value: 'order' }]);
  } finally {
    await producer.stop();
  }
}

it('open brokers become closed by three rolls, during each of which they understand one another and their clients', async () => {
  const admin = createTopicAdmin(open(), options);
  await eventually(async () => expect((await admin.describeCluster()).brokers).toHaveLength(3));
  // An answer that was lost on the way may have come of a topic that was made.
  await eventually(async () => {
    const refused = (await admin.createTopics([topic])).get(topic.name);
    if (refused && refused.code !== 'TopicAlreadyExists') throw refused;
  });
  await admin.close();

  let sent = await roll('AddListeners', open, open);
  const users = createUserAdmin(asOperator(), options);
  const password = { user: 'app', password: 'right', mechanism: 'SCRAM-SHA-512', iterations: 4096 } as const;
  // The controller that is asked may just have lost its office in the roll.
  await eventually(async () => expect(await users.setPasswords([password])).toEqual(new Map([['app', undefined]])));
  const allow = { principal: 'User:app', host: '*', permission: 'Allow', patternType: 'Literal' } as const;
  const acl = { ...allow, resourceType: 'Topic', resourceName: topic.name, operation: 'Write' } as const;
  await eventually(async () => expect(await users.createAcls([acl])).toEqual([undefined]));
  await users.close();
  await eventually(() => sendOne(closed()));

  sent += 1 + (await roll('MoveClients', asOperator, open));
  sent += await roll('Moved', asOperator, closed);

  await expect(sendOne(open())).rejects.toMatchObject({ code: 'BrokerUnreachable' });
  const [host = '', port] = kafka.addresses.controller.split(':');
  const [error] = (await once(
    connect(Number(port), host).on('connect', () => {}),
    'error',
  )) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
  const groups = createGroupAdmin(asOperator(), options);
  try {
    await eventually(async () =>
      expect((await groups.messageCounts([topic.name])).get(topic.name)).toBeGreaterThanOrEqual(sent),
    );
  } finally {
    await groups.close();
  }
}, 480_000);
