import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AclOperationTypes } from 'kafkajs';
import type { KafkaCluster } from '../../../../localcluster/parts/kafka.ts';
import { systemClock as clock } from '../../../../src/lib/clock.ts';
import { createEventClusterController } from '../../../../src/operator/event-cluster/controller.ts';
import { createEventTopicController } from '../../../../src/operator/event-topic/controller.ts';
import { createBrokers } from '../../../../src/operator/brokers/brokers.ts';
import { AdminClients } from '../../../../src/operator/brokers/admin-clients.ts';
import { eventClusters, secrets } from '../../../../src/operator/kinds.ts';
import { clusterOptions } from '../../../support/cluster-options.ts';
import { addAccessEntry, guardedSpec, ownersClient, startGuardedKafka, users } from '../../../support/guarded-kafka.ts';
import { startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { silentLogger, startManager, type RunningManager } from '../../../support/running-manager.ts';
import { topicHas } from '../../../support/topic-expectations.ts';
import { declareTopic } from '../../../support/topics.ts';
import { hasCondition, secretManifest } from '../../../support/workloads.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let clients: AdminClients;
let operator: RunningManager;
let namespace: string;

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startGuardedKafka()]);
  namespace = await kubernetes.createNamespace();
  clients = new AdminClients({ clock, logger: silentLogger });
  operator = startManager(kubernetes, (manager) =>
    manager
      .add(createEventClusterController(clusterOptions(createBrokers(clients))))
      .add(createEventTopicController(clients)),
  );
  await writeSecret('authority', { 'ca.crt': kafka.certificateAuthority! });
  await writeSecret('credentials', { username: 'operator', password: 'mistyped' });
  await kubernetes.client.create(eventClusters, {
    metadata: { namespace, name: 'events' },
    spec: guardedSpec(kafka),
  } as object);
});

afterAll(async () => {
  await operator?.stop();
  await clients?.stop();
  await Promise.all([kubernetes?.stop(), kafka?.stop()]);
});

const ready = { status: 'True', reason: 'TopicReady' };
const declare = (name: string) => declareTopic(kubernetes, { namespace, name }, { partitions: 1 });
const has = (name: string, condition: Parameters<typeof topicHas>[2]) =>
  topicHas(kubernetes, { namespace, name }, condition);

function writeSecret(name: string, values: Readonly<Record<string, string>>) {
  const manifest = secretManifest({ namespace, name }, values);
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
});
