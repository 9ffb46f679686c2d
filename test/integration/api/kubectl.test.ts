import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chatApis, eventTopics, reminderConsumers } from '../../../src/operator/kinds.ts';
import type { ObjectKind } from '../../../src/operator/runtime/object-kind.ts';
import { commandLine, type CommandLine } from '../../support/command-line.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../support/kubernetes.ts';
import { setStatus } from '../../support/set-status.ts';

let kubernetes: Kubernetes;
let line: CommandLine;
let namespace: string;

const manifests = `
apiVersion: kafka-events.dev/v1alpha1
kind: EventCluster
metadata: { name: events }
spec: { engine: Kafka }
---
apiVersion: kafka-events.dev/v1alpha1
kind: EventTopic
metadata: { name: orders }
spec: { clusterRef: { name: events }, partitions: 3 }
---
apiVersion: kafka-events.dev/v1alpha1
kind: ReminderConsumer
metadata: { name: fixed }
spec: { clusterRef: { name: events }, databaseSecretRef: { name: database }, replicas: 1 }
---
apiVersion: kafka-events.dev/v1alpha1
kind: ReminderConsumer
metadata: { name: scaled }
spec: { clusterRef: { name: events }, databaseSecretRef: { name: database }, scaling: { maxReplicas: 3 } }
---
apiVersion: kafka-events.dev/v1alpha1
kind: ChatApi
metadata: { name: chat }
spec: { clusterRef: { name: events }, databaseSecretRef: { name: database }, auth: { tokensSecretRef: { name: tokens } } }
`;

beforeAll(async () => {
  kubernetes = await startKubernetes();
  line = await commandLine(kubernetes.controlPlane.kubeconfigFile);
  namespace = await kubernetes.createNamespace();
  await line.kubectl(['apply', `--namespace=${namespace}`, '--filename=-'], manifests);
});
afterAll(() => kubernetes?.stop());

const kubectl = (...args: string[]) => line.kubectl([...args, `--namespace=${namespace}`]);
const patch = (resource: string, change: object) =>
  kubectl('patch', resource, '--type=merge', `--patch=${JSON.stringify(change)}`);

/** The words of a table's lines: `NAME READY`, `orders Unknown`. */
const table = (text: string) => text.split('\n').map((row) => row.trim().replace(/ +/g, ' '));

/** A condition as the operator would write it. */
const ready = (status: 'True' | 'False', observedGeneration: number) => ({
  type: 'Ready',
  status,
  reason: 'Test',
  message: 'As the test says.',
  observedGeneration,
  lastTransitionTime: '2026-01-01T00:00:00Z',
});

describe('kubectl explain', () => {
  it('tells what a field is', async () => {
    // The API server publishes schemas some moments after it takes the resources.
    const text = await eventually(() => kubectl('explain', 'eventtopic.spec.partitions'));
    expect(text).toMatch(/KIND: +EventTopic\nVERSION: +v1alpha1/);
    expect(text).toMatch(/FIELD: partitions <integer>/);
    expect(text).toMatch(/Number of partitions; it can only grow/);
  });

  it('tells what a value may be', async () => {
    const text = await eventually(() => kubectl('explain', 'ec.spec.engine'));
    expect(text).toMatch(/ENUM:\s+Redpanda\s+Kafka\s+External/);
  });
});

describe('kubectl get', () => {
  it('lists every kind by the category, each saying that it waits for the operator', async () => {
    expect(table(await kubectl('get', 'kafka-events'))).toEqual([
      'NAME REPLICAS OUTBOX READY REASON AGE',
      expect.stringMatching(/^chatapi.kafka-events.dev\/chat Unknown Pending \d+s$/),
      '',
      'NAME ENGINE BROKERS VERSION READY REASON AGE',
      expect.stringMatching(/^eventcluster.kafka-events.dev\/events Kafka Unknown Pending \d+s$/),
      '',
      'NAME CLUSTER TOPIC PARTITIONS REPLICATION READY REASON AGE',
      expect.stringMatching(/^eventtopic.kafka-events.dev\/orders events Unknown Pending \d+s$/),
      '',
      'NAME REPLICAS LAG DEAD READY REASON AGE',
      expect.stringMatching(/^reminderconsumer.kafka-events.dev\/fixed Unknown Pending \d+s$/),
      expect.stringMatching(/^reminderconsumer.kafka-events.dev\/scaled Unknown Pending \d+s$/),
    ]);
  });

  it.each([
    ['ec', 'events', /DESIRED +UNDER-REPLICATED +BOOTSTRAP +MESSAGE/],
    ['et', 'orders', /MOVING +MANAGEMENT +DELETION +MESSAGE/],
    ['rcon', 'fixed', /CLUSTER +LATE +GROUP +MESSAGE/],
    ['chat', 'chat', /CLUSTER +URL +MESSAGE/],
  ])('knows %s, and tells more when asked for it', async (shortName, name, columns) => {
    const text = await kubectl('get', shortName, name, '--output=wide');
    expect(text).toMatch(columns);
    expect(text).toContain('Waiting for the operator.');
  });
});

describe('kubectl wait', () => {
  const key = (name: string) => ({ namespace, name });

  it('waits until Ready is true of the newest spec', async () => {
    await kubectl('wait', 'eventtopic/orders', '--for=condition=Ready=Unknown', '--timeout=60s');
    await patch('eventtopic/orders', { spec: { partitions: 4 } });
    await setStatus(kubernetes, eventTopics, key('orders'), { conditions: [ready('True', 1)] });
    await expect(kubectl('wait', 'eventtopic/orders', '--for=condition=Ready', '--timeout=1s')).rejects.toThrow(
      /timed out/,
    );
    const waiting = kubectl('wait', 'eventtopic/orders', '--for=condition=Ready', '--timeout=60s');
    await setStatus(kubernetes, eventTopics, key('orders'), { conditions: [ready('True', 2)] });
    expect(await waiting).toBe('eventtopic.kafka-events.dev/orders condition met');
  });

  it('sees nothing of the first status once the operator has written one', async () => {
    const stalled = { ...ready('True', 1), type: 'Stalled' };
    await setStatus(kubernetes, chatApis, key('chat'), { conditions: [ready('False', 1), stalled] });
    const written = await kubernetes.client.get(chatApis, key('chat'));
    expect(written?.status).toEqual({ conditions: [ready('False', 1), stalled] });
    await setStatus(kubernetes, chatApis, key('chat'), { conditions: [ready('True', 1)] });
    const rewritten = await kubernetes.client.get(chatApis, key('chat'));
    expect(rewritten?.status).toEqual({ conditions: [ready('True', 1)] });
  });
});

describe('kubectl scale', () => {
  it.each([
    ['rcon/fixed', reminderConsumers, 'fixed'],
    ['chat/chat', chatApis, 'chat'],
  ])('sets the replicas of %s', async (resource, kind: ObjectKind, name) => {
    expect(await kubectl('scale', resource, '--replicas=3')).toMatch(/scaled$/);
    expect(await kubernetes.client.get(kind, { namespace, name })).toMatchObject({ spec: { replicas: 3 } });
  });

  it('says why workers that follow the lag cannot be scaled', async () => {
    await expect(kubectl('scale', 'rcon/scaled', '--replicas=3')).rejects.toThrow(
      /ReminderConsumer "scaled" is invalid: spec\.replicas: .*set exactly one of replicas \(a fixed number\) and scaling/,
    );
  });
});

describe('kubectl patch', () => {
  const refused = 'The EventTopic "orders" is invalid: ';
  it.each([
    [
      'fewer partitions',
      { partitions: 2 },
      'spec.partitions: Invalid value: partitions can only grow: Kafka cannot take a partition away without losing its messages',
    ],
    [
      'another name',
      { topicName: 'sales' },
      'spec.topicName: Invalid value: topicName cannot be changed: Kafka cannot rename a topic; create a new EventTopic',
    ],
    [
      'another cluster',
      { clusterRef: { name: 'other' } },
      'spec.clusterRef: Invalid value: clusterRef cannot be changed: a topic cannot move to another cluster; create a new EventTopic',
    ],
  ])('says in plain words why a topic cannot have %s', async (_what, spec, message) => {
    // Until something was made, it is a mistake that can be corrected.
    await setStatus(kubernetes, eventTopics, { namespace, name: 'orders' }, { partitions: 3 });
    await expect(patch('eventtopic/orders', { spec })).rejects.toMatchObject({ stderr: refused + message });
  });
});

describe('kubectl apply', () => {
  it('names a field that there is not', async () => {
    const manifest = {
      apiVersion: 'kafka-events.dev/v1alpha1',
      kind: 'EventTopic',
      metadata: { name: 'typo', namespace },
      spec: { clusterRef: { name: 'events' }, partition: 3 },
    };
    await expect(line.kubectl(['apply', '--filename=-'], JSON.stringify(manifest))).rejects.toThrow(
      /unknown field "spec\.partition"/,
    );
  });
});
