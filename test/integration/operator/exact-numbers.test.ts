import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventTopic } from '../../../src/api/event-topic.ts';
import { createEventClusterController } from '../../../src/operator/event-cluster/controller.ts';
import { configMapName } from '../../../src/operator/event-cluster/names.ts';
import { desiredTopic } from '../../../src/operator/event-topic/desired-topic.ts';
import { configMaps, eventTopics } from '../../../src/operator/kinds.ts';
import type { Controller } from '../../../src/operator/runtime/reconcile/controller.ts';
import { commandLine, type CommandLine } from '../../support/command-line.ts';
import { clusterOptions } from '../../support/cluster-options.ts';
import { fakeBrokers, someAnswers } from '../../support/fake-brokers.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../support/kubernetes.ts';
import { runController } from '../../support/running-manager.ts';

let kubernetes: Kubernetes;
let line: CommandLine;
let namespace: string;

beforeAll(async () => {
  kubernetes = await startKubernetes();
  line = await commandLine(kubernetes.controlPlane.kubeconfigFile);
  namespace = await kubernetes.createNamespace();
});
afterAll(() => kubernetes?.stop());

const kubectl = (...args: string[]) => line.kubectl([...args, `--namespace=${namespace}`]);
const apply = (manifest: string) => line.kubectl(['apply', `--namespace=${namespace}`, '--filename=-'], manifest);
const specOf = (resource: string) => kubectl('get', resource, '--output=jsonpath={.spec}');

/** The first integer that a JavaScript number cannot hold, and the last that an API server takes. */
const topic = `
apiVersion: kafka-events.dev/v1alpha1
kind: EventTopic
metadata: { name: orders }
spec:
  clusterRef: { name: events }
  config: { retention.bytes: 9007199254740993, max.compaction.lag.ms: 9223372036854775807, flush.ms: 5 }
`;

const cluster = `
apiVersion: kafka-events.dev/v1alpha1
kind: EventCluster
metadata: { name: events }
spec:
  engine: Kafka
  brokers: 1
  config: { log.retention.bytes: 9007199254740993, log.cleaner.max.compaction.lag.ms: 9223372036854775807 }
  podTemplate: { spec: { terminationGracePeriodSeconds: 9007199254740993 } }
`;

describe('numbers that JavaScript cannot hold', () => {
  it('are read, watched and written back exactly, beside a status and a finalizer', async () => {
    await apply(topic);
    const before = await specOf('eventtopic/orders');
    const watched: EventTopic[] = [];
    const controller: Controller<EventTopic> = {
      name: 'reader',
      kind: eventTopics,
      finalizer: { needed: () => true, finalize: () => Promise.resolve(undefined) },
      reconcile: ({ object }) => {
        watched.push(object);
        return Promise.resolve({ readiness: { ready: true, reason: 'Seen', message: 'Seen.' }, status: {} });
      },
    };
    const running = runController(kubernetes, controller);
    try {
      await eventually(async () => {
        const read = (await kubernetes.client.get(eventTopics, { namespace, name: 'orders' }))!;
        expect(read.metadata.finalizers).toEqual(['kafka-events.dev/reader']);
        expect(read.status?.conditions?.[0]).toMatchObject({ reason: 'Seen' });
        expect(desiredTopic(read).configs).toEqual({
          'retention.bytes': '9007199254740993',
          'max.compaction.lag.ms': '9223372036854775807',
          'flush.ms': '5',
        });
      });
      const read = (await kubernetes.client.get(eventTopics, { namespace, name: 'orders' }))!;
      expect(watched.map(({ spec }) => spec)).toEqual(watched.map(() => read.spec));
      await kubernetes.client.replace(eventTopics, read);
      expect(await specOf('eventtopic/orders')).toBe(before);
      await kubectl('patch', 'eventtopic/orders', '--type=merge', '--patch={"spec":{"config":{"flush.ms":6}}}');
      await eventually(() => expect(watched.at(-1)?.spec.config).toEqual({ ...read.spec.config, 'flush.ms': 6 }));
    } finally {
      await running.stop();
    }
  });

  it("reach the brokers' configuration and their pods by the same digits", async () => {
    await apply(cluster);
    const running = runController(kubernetes, createEventClusterController(clusterOptions(fakeBrokers(someAnswers()))));
    const configMap = () =>
      kubernetes.client.get(configMaps, { namespace, name: configMapName({ namespace, name: 'events' }) });
    try {
      await eventually(async () => {
        const properties = (await configMap())?.data?.['server-0.properties'];
        expect(properties).toContain('log.retention.bytes=9007199254740993\n');
        expect(properties).toContain('log.cleaner.max.compaction.lag.ms=9223372036854775807\n');
        expect(await specOf('statefulset/events')).toContain('"terminationGracePeriodSeconds":9007199254740993');
      });
    } finally {
      await running.stop();
    }
  });
});
