import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AclOperationTypes } from 'kafkajs';
import { randomBytes } from 'node:crypto';
import type { KafkaCluster } from '../../../../localcluster/parts/kafka.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../../src/kafka/topic-admin.ts';
import { createUserAdmin, type UserAdmin } from '../../../../src/kafka/user-admin.ts';
import { systemClock as clock } from '../../../../src/lib/clock.ts';
import { createEventClusterController } from '../../../../src/operator/event-cluster/controller.ts';
import { createEventTopicController } from '../../../../src/operator/event-topic/controller.ts';
import { createEventUserController } from '../../../../src/operator/event-user/controller.ts';
import { createBrokers } from '../../../../src/operator/brokers/brokers.ts';
import { AdminClients } from '../../../../src/operator/brokers/admin-clients.ts';
import { eventClusters, secrets } from '../../../../src/operator/kinds.ts';
import { clusterOptions } from '../../../support/cluster-options.ts';
import { addAccessEntry, guardedSpec, ownersClient, startGuardedKafka, users } from '../../../support/guarded-kafka.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { silentLogger, startManager, type RunningManager } from '../../../support/running-manager.ts';
import { topicHas } from '../../../support/topic-expectations.ts';
import { declareTopic } from '../../../support/topics.ts';
import { declareUser, userHas } from '../../../support/users.ts';
import { hasCondition, secretManifest } from '../../../support/workloads.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let clients: AdminClients;
let operator: RunningManager;
let namespace: string;
let brokers: { readonly topics: TopicAdmin; readonly users: UserAdmin };

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startGuardedKafka()]);
  namespace = await kubernetes.createNamespace();
  clients = new AdminClients({ clock, logger: silentLogger });
  operator = startManager(kubernetes, (manager) =>
    manager
      .add(createEventClusterController(clusterOptions(createBrokers(clients))))
      .add(createEventTopicController(clients))
      .add(createEventUserController({ clients, randomBytes })),
  );
  const connection = {
    bootstrapServers: [kafka.bootstrapServers],
    clientId: 'owner',
    tls: { ca: kafka.certificateAuthority! },
    sasl: { mechanism: 'SCRAM-SHA-512', username: 'owner', password: users.owner },
  } as const;
  const options = { logger: silentLogger };
  brokers = { topics: createTopicAdmin(connection, options), users: createUserAdmin(connection, options) };
  await writeSecret('authority', { 'ca.crt': kafka.certificateAuthority! });
  await writeSecret('credentials', { username: 'operator', password: 'mistyped' });
  await kubernetes.client.create(eventClusters, {
    metadata: { namespace, name: 'events' },
    spec: guardedSpec(kafka),
  } as object);
});

afterAll(async () => {
  await operator?.stop();
  await Promise.all([clients?.stop(), brokers?.topics.close(), brokers?.users.close()]);
  await Promise.all([kubernetes?.stop(), kafka?.stop()]);
});

const ready = { status: 'True', reason: 'TopicReady' };
const declare = (name: string) => declareTopic(kubernetes, { namespace, name }, { partitions: 1 });
const has = (name: string, condition: Parameters<typeof topicHas>[2]) =>
  topicHas(kubernetes, { namespace, name }, condition);

function writeSecret(name: string, values: Readonly<Record<string, string>>, where = namespace) {
  const manifest = secretManifest({ namespace: where, name }, values);
  return kubernetes.client.apply(secrets, manifest, { fieldManager: 'user' });
}

/** Keeps everybody but the owner from a topic. */
async function forbid(topic: string): Promise<void> {
  const admin = ownersClient(kafka).admin();
  await admin.connect();
  const denied = { resource: 'topic', user: 'operator', operation: AclOperationTypes.ALL, permission: 'deny' } as const;
  await addAccessEntry(admin, { ...denied, name: topic });
  await admin.disconnect();
}

describe('topics of a cluster that asks for TLS and a password', () => {
  it('wait for the right password, and say that it is wrong', async () => {
    await declare('patient');
    await hasCondition(
      kubernetes,
      eventClusters,
      { namespace, name: 'events' },
      { type: 'Available', status: 'False' },
    );
    await has('patient', {
      status: 'False',
      reason: 'ClusterNotReady',
      message: expect.stringMatching(/do not accept the username and password/),
    });
    await writeSecret('credentials', { username: 'operator', password: users.operator });
    await has('patient', ready);
  });

  it('are kept, all but the one that the operator may not see, which says so', async () => {
    await forbid('forbidden');
    const names = ['one', 'forbidden', 'two'];
    await Promise.all(names.map(declare));
    await Promise.all([has('one', ready), has('two', ready)]);
    const message = expect.stringMatching(
      /not authorized.*Let the operator's user create, alter and describe topics/is,
    );
    const refused = await has('forbidden', { status: 'False', reason: 'NotAuthorized', message });
    expect(refused.status?.conditions?.map(({ type }) => type)).toEqual(['Ready', 'Stalled']);
  });

  it('go with their namespace and its users, though the Secrets are gone before them', async () => {
    const going = await kubernetes.createNamespace();
    await writeSecret('authority', { 'ca.crt': kafka.certificateAuthority! }, going);
    await writeSecret('credentials', { username: 'operator', password: users.operator }, going);
    await kubernetes.client.create(eventClusters, {
      metadata: { namespace: going, name: 'events' },
      spec: guardedSpec(kafka),
    } as object);
    const key = { namespace: going, name: `leaving-${going}` };
    await declareTopic(kubernetes, key, { partitions: 1 });
    await declareUser(kubernetes, key, {});
    await topicHas(kubernetes, key, ready);
    await userHas(kubernetes, key, { status: 'True', reason: 'UserReady' });
    const onBrokers = async () => {
      const topics = await brokers.topics.describeTopics([key.name], { configNames: [] });
      const credentials = await brokers.users.describeCredentials([key.name]);
      return { topics: topics.size, users: credentials.size };
    };
    expect(await onBrokers()).toEqual({ topics: 1, users: 1 });

    const path = `/api/v1/namespaces/${going}`;
    await kubernetes.transport.send({ method: 'DELETE', path });
    await eventually(async () => {
      await expect(kubernetes.transport.send({ method: 'GET', path })).rejects.toMatchObject({ code: 'NotFound' });
    });
    expect(await onBrokers()).toEqual({ topics: 0, users: 0 });
  });
});
