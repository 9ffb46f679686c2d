import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createChatApiController } from '../../../../src/operator/workloads/chat-api/controller.ts';
import { createReminderConsumerController } from '../../../../src/operator/workloads/reminder-consumer/controller.ts';
import { userSecrets } from '../../../../src/operator/brokers/user-secrets.ts';
import type { ObjectKind } from '../../../../src/operator/runtime/object-kind.ts';
import {
  chatApis,
  deployments,
  eventClusters,
  eventTopics,
  reminderConsumers,
} from '../../../../src/operator/kinds.ts';
import { fakeBrokers, someAnswers } from '../../../support/fake-brokers.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { startManager, type RunningManager } from '../../../support/running-manager.ts';
import { declareCluster } from '../../../support/topics.ts';
import { hasCondition, secretManifest, type WithConditions } from '../../../support/workloads.ts';

let kubernetes: Kubernetes;
let running: RunningManager;
let home: string;
let elsewhere: string;

beforeAll(async () => {
  kubernetes = await startKubernetes();
  [home, elsewhere] = [await kubernetes.createNamespace(), await kubernetes.createNamespace()];
  const cluster = { namespace: home, name: 'events' };
  await declareCluster(kubernetes, cluster, 'brokers:9092', { clusterId: 'fake-cluster' });
  const namespace = elsewhere;
  await kubernetes.client.create(
    userSecrets,
    secretManifest({ namespace, name: 'database' }, { uri: 'postgresql://a/b' }),
  );
  await kubernetes.client.create(userSecrets, secretManifest({ namespace, name: 'tokens' }, { demo: 'token' }));
  const options = {
    brokers: fakeBrokers(someAnswers()),
    defaultImage: 'kafka-events:1',
    podSecurity: 'restricted',
  } as const;
  const readPodStatus = () => Promise.reject(new Error('nobody there'));
  running = startManager(kubernetes, (manager) =>
    manager
      .add(createChatApiController({ ...options, readPodStatus }))
      .add(createReminderConsumerController({ ...options, readPodStatus })),
  );
});
afterAll(async () => {
  await running?.stop();
  await kubernetes?.stop();
});

describe('a workload in a namespace that the cluster does not allow', () => {
  const workloads: [string, ObjectKind<WithConditions>, object][] = [
    ['ChatApi', chatApis, { auth: { tokensSecretRef: { name: 'tokens' } } }],
    ['ReminderConsumer', reminderConsumers, { replicas: 1 }],
  ];
  it.each(workloads)('gets nothing, until it does: %s', async (name, kind, spec) => {
    const key = { namespace: elsewhere, name: name.toLowerCase() };
    const clusterRef = { name: 'events', namespace: home };
    const manifest = { metadata: { ...key }, spec: { clusterRef, databaseSecretRef: { name: 'database' }, ...spec } };
    await kubernetes.client.create<WithConditions>(kind, manifest);
    await hasCondition(kubernetes, kind, key, { type: 'Stalled', status: 'True', reason: 'ClusterMissing' });
    expect(await kubernetes.client.get(deployments, key)).toBeUndefined();
    expect((await kubernetes.client.list(eventTopics, elsewhere)).items).toEqual([]);

    const allow = (names: string[] | null) =>
      kubernetes.client.mergePatch(
        eventClusters,
        { namespace: home, name: 'events' },
        { spec: { allowedNamespaces: names && { names } } },
      );
    await allow([elsewhere]);
    await eventually(async () => expect(await kubernetes.client.get(deployments, key)).toBeDefined());
    await allow(null);
    await hasCondition(kubernetes, kind, key, { type: 'Stalled', status: 'True', reason: 'ClusterMissing' });
    await kubernetes.client.delete(kind, key);
    for (const { metadata } of (await kubernetes.client.list(eventTopics, elsewhere)).items) {
      await kubernetes.client.delete(eventTopics, metadata);
    }
  });
});
