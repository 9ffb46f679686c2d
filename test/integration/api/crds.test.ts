import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chatApis, eventClusters, eventTopics, reminderConsumers } from '../../../src/operator/kinds.ts';
import type { ObjectKind } from '../../../src/operator/runtime/object-kind.ts';
import type { KubernetesObject } from '../../../src/operator/runtime/objects.ts';
import { startKubernetes, type Kubernetes } from '../../support/kubernetes.ts';

let kubernetes: Kubernetes;
let namespace: string;
let count = 0;

beforeAll(async () => {
  kubernetes = await startKubernetes();
  namespace = await kubernetes.createNamespace();
});
afterAll(() => kubernetes.stop());

const clusterRef = { name: 'events' };
const databaseSecretRef = { name: 'database' };
const auth = { tokensSecretRef: { name: 'tokens' } };

function create<T extends KubernetesObject>(kind: ObjectKind<T>, spec: unknown, name?: string): Promise<T> {
  count += 1;
  const manifest = { metadata: { namespace, name: name ?? `example-${count}` }, spec };
  return kubernetes.client.create(kind, manifest);
}

describe('the API server', () => {
  it('fills in the defaults of an EventCluster', async () => {
    const { spec } = await create(eventClusters, {});
    expect(spec).toEqual({ engine: 'Redpanda', brokers: 3, storage: { size: '20Gi', reclaimPolicy: 'Retain' } });
  });

  it('fills in the defaults of an EventTopic, and no others', async () => {
    const { spec } = await create(eventTopics, { clusterRef, config: { 'max.message.bytes': 1000, 'flush.ms': null } });
    expect(spec).toEqual({
      clusterRef,
      config: { 'max.message.bytes': 1000, 'flush.ms': null },
      deletionPolicy: 'Delete',
      managementPolicy: 'Manage',
    });
  });

  it('fills in the defaults of a ReminderConsumer', async () => {
    const { spec } = await create(reminderConsumers, { clusterRef, databaseSecretRef, scaling: { maxReplicas: 3 } });
    expect(spec).toEqual({
      clusterRef,
      databaseSecretRef: { name: 'database', key: 'uri' },
      topics: ['task-events', 'task-updates'],
      remindersTopic: 'reminders',
      scaling: { minReplicas: 1, maxReplicas: 3, targetLag: 1000 },
      retry: { maxAttempts: 5, initialDelayMilliseconds: 500, maxDelayMilliseconds: 30_000 },
      leadTimesSeconds: [0],
    });
  });

  it('fills in the defaults of a ChatApi, and keeps what pods can have', async () => {
    const podTemplate = { spec: { tolerations: [{ key: 'dedicated', operator: 'Exists' }] } };
    const resources = { requests: { cpu: 1, memory: '64Mi' } };
    const { spec } = await create(chatApis, { clusterRef, databaseSecretRef, auth, podTemplate, resources });
    expect(spec).toEqual({
      clusterRef,
      databaseSecretRef: { name: 'database', key: 'uri' },
      replicas: 1,
      topics: { events: 'task-events', updates: 'task-updates', reminders: 'reminders' },
      auth,
      service: { type: 'ClusterIP', port: 80 },
      podTemplate,
      resources,
    });
  });

  const wrong: [string, ObjectKind, object, RegExp][] = [
    ['an unknown engine', eventClusters, { engine: 'NATS' }, /spec\.engine.*supported values.*"Redpanda"/s],
    ['no brokers', eventClusters, { brokers: 0 }, /spec\.brokers.*greater than or equal to 1/s],
    [
      'External without brokers',
      eventClusters,
      { engine: 'External' },
      /spec\.external.*needs external\.bootstrapServers/s,
    ],
    [
      'brokers of others for our own engine',
      eventClusters,
      { external: { bootstrapServers: 'a:1' } },
      /spec\.external.*for engine External only/s,
    ],
    [
      'bootstrap servers without a port',
      eventClusters,
      { engine: 'External', external: { bootstrapServers: 'broker' } },
      /spec\.external\.bootstrapServers/,
    ],
    ['a size that is none', eventClusters, { storage: { size: 'big' } }, /spec\.storage\.size/],
    ['a topic without a cluster', eventTopics, {}, /spec\.clusterRef: Required/],
    ['no partitions', eventTopics, { clusterRef, partitions: 0 }, /spec\.partitions/],
    ['a name that Kafka refuses', eventTopics, { clusterRef, topicName: '..' }, /spec\.topicName.*cannot be called/s],
    ['a name with a space', eventTopics, { clusterRef, topicName: 'a b' }, /spec\.topicName/],
    [
      'retention said twice',
      eventTopics,
      { clusterRef, retentionSeconds: 1, config: { 'retention.ms': 5 } },
      /spec\.retentionSeconds.*set one of them/s,
    ],
    [
      'a truth value in config',
      eventTopics,
      { clusterRef, config: { preallocate: true } },
      /spec\.config\.preallocate/,
    ],
    [
      'both replicas and scaling',
      reminderConsumers,
      { clusterRef, databaseSecretRef, replicas: 1, scaling: { maxReplicas: 2 } },
      /spec\.replicas.*exactly one of replicas/s,
    ],
    [
      'neither of them',
      reminderConsumers,
      { clusterRef, databaseSecretRef },
      /spec\.replicas.*exactly one of replicas/s,
    ],
    [
      'bounds the wrong way round',
      reminderConsumers,
      { clusterRef, databaseSecretRef, scaling: { minReplicas: 3, maxReplicas: 2 } },
      /spec\.scaling\.minReplicas.*above/s,
    ],
    [
      'delays the wrong way round',
      reminderConsumers,
      { clusterRef, databaseSecretRef, replicas: 1, retry: { initialDelayMilliseconds: 10, maxDelayMilliseconds: 5 } },
      /spec\.retry\.initialDelayMilliseconds.*above/s,
    ],
    ['an API for nobody', chatApis, { clusterRef, databaseSecretRef }, /spec\.auth: Required/],
    [
      'a node port without one',
      chatApis,
      { clusterRef, databaseSecretRef, auth, service: { nodePort: 30080 } },
      /spec\.service\.nodePort.*needs service\.type/s,
    ],
    [
      'a model at no address',
      chatApis,
      { clusterRef, databaseSecretRef, auth, llm: { baseUrl: 'here', model: 'm' } },
      /spec\.llm\.baseUrl/,
    ],
  ];
  it.each(wrong)('refuses %s', async (_what, kind, spec, message) => {
    await expect(create(kind, spec)).rejects.toMatchObject({
      code: 'Invalid',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a name that is too long for the pods made from it', async () => {
    const creation = create(eventClusters, {}, 'e'.repeat(45));
    await expect(creation).rejects.toThrow(/at most 44 characters/);
  });

  const changes: [string, ObjectKind, object, object, RegExp | undefined][] = [
    ['another engine', eventClusters, {}, { engine: 'Kafka' }, /spec\.engine.*cannot be changed/s],
    ['a smaller volume', eventClusters, {}, { storage: { size: '1Gi' } }, /spec\.storage\.size.*can only grow/s],
    ['a larger volume', eventClusters, {}, { storage: { size: '0.5Ti' } }, undefined],
    [
      'another storage class',
      eventClusters,
      {},
      { storage: { storageClassName: 'fast' } },
      /spec\.storage.*cannot be changed/s,
    ],
    [
      'fewer partitions',
      eventTopics,
      { clusterRef, partitions: 3 },
      { partitions: 2 },
      /spec\.partitions.*can only grow/s,
    ],
    ['more partitions', eventTopics, { clusterRef, partitions: 3 }, { partitions: 4 }, undefined],
    ['another topic', eventTopics, { clusterRef }, { topicName: 'other' }, /spec\.topicName.*cannot be changed/s],
    [
      'another cluster',
      eventTopics,
      { clusterRef },
      { clusterRef: { name: 'other' } },
      /spec\.clusterRef.*cannot be changed/s,
    ],
  ];
  it.each(changes)('judges a change to %s', async (_what, kind, before, after, message) => {
    const object = await create(kind, before);
    const change = kubernetes.client.mergePatch(kind, object.metadata, { spec: after });
    if (message) await expect(change).rejects.toThrow(message);
    else await expect(change).resolves.toMatchObject({ spec: after });
  });

  it('takes the name of the resource as the name of the topic', async () => {
    const { metadata } = await create(eventTopics, { clusterRef }, 'named');
    const change = kubernetes.client.mergePatch(eventTopics, metadata, { spec: { topicName: 'named' } });
    await expect(change).resolves.toMatchObject({ spec: { topicName: 'named' } });
  });

  it.each([
    ['reminderconsumers', reminderConsumers, { clusterRef, databaseSecretRef, replicas: 1 }],
    ['chatapis', chatApis, { clusterRef, databaseSecretRef, auth }],
  ])('scales %s', async (plural, kind: ObjectKind, spec) => {
    const { metadata } = await create(kind, spec);
    const path = `/apis/kafka-events.dev/v1alpha1/namespaces/${namespace}/${plural}/${metadata.name}/scale`;
    const body = { spec: { replicas: 4 } };
    await kubernetes.transport.send({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
    expect(await kubernetes.client.get(kind, metadata)).toMatchObject({ spec: { replicas: 4 } });
  });
});
