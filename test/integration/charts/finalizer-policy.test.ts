import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { createTopicAdmin, type TopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { eventTopics } from '../../../src/operator/kinds.ts';
import { chart, namespace as chartNamespace, parseManifests, release, type Rendered } from '../../support/chart.ts';
import { commandLine, type CommandLine } from '../../support/command-line.ts';
import { installFinalizerPolicy, readFinalizerPolicy } from '../../support/finalizer-policy.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../support/kubernetes.ts';
import { silentLogger, type RunningManager } from '../../support/running-manager.ts';
import { topicHas } from '../../support/topic-expectations.ts';
import { declareCluster, declareTopic, runTopicOperator } from '../../support/topics.ts';

const finalizer = 'kafka-events.dev/event-topic';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let admin: TopicAdmin;
let line: CommandLine;
let served: string;
let other: string;

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startKafka()]);
  admin = createTopicAdmin({ bootstrapServers: [kafka.bootstrapServers], clientId: 'test' }, { logger: silentLogger });
  line = await commandLine(kubernetes.controlPlane.kubeconfigFile);
  served = await kubernetes.createNamespace();
  other = await kubernetes.createNamespace();
  const policy = await render(release, `--set=operator.watchNamespaces={${served},${chartNamespace}}`);
  await installFinalizerPolicy(kubernetes, served, policy);
});
afterAll(async () => {
  await admin?.close();
  await Promise.all([kubernetes?.stop(), kafka?.stop()]);
});

/** The policy as helm would install it: it asks this API server what it has. */
async function render(name: string, ...values: string[]): Promise<Rendered[]> {
  const set = ['--set=finalizerPolicy.enabled=true', ...values];
  const template = ['template', name, chart, `--namespace=${chartNamespace}`, '--dry-run=server'];
  return parseManifests(await line.helm([...template, ...set, '--show-only=templates/finalizer-policy.yaml']));
}

const declare = (name: string, spec: object = {}, metadata: object = {}) =>
  declareTopic(kubernetes, { namespace: served, name, ...metadata }, spec);

describe('the policy of the chart', () => {
  it('puts the finalizer on an EventTopic as it is created, beside those that it has', async () => {
    expect((await declare('plain')).metadata.finalizers).toEqual([finalizer]);
    const { metadata } = await declare('held', {}, { finalizers: ['example.com/hold'] });
    expect(metadata.finalizers).toEqual(['example.com/hold', finalizer]);
  });

  it.each([
    ['a topic that is to stay', { deletionPolicy: 'Retain' }],
    ['a topic that is only observed', { managementPolicy: 'Observe' }],
  ])('puts none on %s', async (title, spec) => {
    const { metadata } = await declare(title.replaceAll(' ', '-'), spec);
    expect(metadata.finalizers).toBeUndefined();
  });

  it('puts none on those that the operator does not serve', async () => {
    const { metadata } = await declareTopic(kubernetes, { namespace: other, name: 'plain' }, {});
    expect(metadata.finalizers).toBeUndefined();
  });

  it.each([['--server-side'], ['--server-side=false']])(
    'leaves it on when a manifest is applied again: %s',
    async (how) => {
      const name = `applied${how.replace('=', '-')}`;
      for (const partitions of [1, 2]) {
        const manifest = {
          apiVersion: 'kafka-events.dev/v1alpha1',
          kind: 'EventTopic',
          metadata: { namespace: served, name },
          spec: { clusterRef: { name: 'events' }, partitions },
        };
        await line.kubectl(['apply', how, '--filename=-'], JSON.stringify(manifest));
      }
      const topic = await kubernetes.client.get(eventTopics, { namespace: served, name });
      expect(topic).toMatchObject({ metadata: { finalizers: [finalizer] }, spec: { partitions: 2 } });
    },
  );

  it('is the same without Helm, but for the names and the namespaces', async () => {
    const [rendered, written] = [await render('another'), await readFinalizerPolicy()].map((manifests) =>
      manifests.map(({ kind, ...manifest }) => ({
        kind,
        spec: { ...(manifest as { spec?: object }).spec, policyName: '' },
      })),
    );
    expect(written).toEqual(rendered);
  });
});

describe('an operator, with the policy', () => {
  let operator: RunningManager;

  beforeAll(() => {
    operator = runTopicOperator(kubernetes);
  });
  afterAll(() => operator?.stop());

  it('has no finalizer to write, and deletes the topic by the one that is there', async () => {
    await declareCluster(kubernetes, { namespace: served, name: 'events' }, kafka.bootstrapServers);
    const key = { namespace: served, name: 'kept' };
    await declareTopic(kubernetes, key, { partitions: 1, replicationFactor: 1 });
    const { metadata } = await topicHas(kubernetes, key, { status: 'True', reason: 'TopicReady' });
    const { managedFields } = metadata as { managedFields?: readonly { readonly fieldsV1: object }[] };
    expect(managedFields?.length).toBeGreaterThan(1);
    expect(JSON.stringify(managedFields)).not.toContain('f:finalizers');
    await kubernetes.client.delete(eventTopics, key);
    await eventually(async () => expect(await kubernetes.client.get(eventTopics, key)).toBeUndefined());
    expect(await admin.describeTopics(['kept'])).toEqual(new Map());
  });

  it('puts the finalizer on what the policy did not see', async () => {
    await declareCluster(kubernetes, { namespace: other, name: 'events' }, kafka.bootstrapServers);
    const key = { namespace: other, name: 'unseen' };
    await declareTopic(kubernetes, key, { partitions: 1, replicationFactor: 1 });
    const { metadata } = await topicHas(kubernetes, key, { status: 'True', reason: 'TopicReady' });
    expect(metadata.finalizers).toEqual([finalizer]);
  });
});
