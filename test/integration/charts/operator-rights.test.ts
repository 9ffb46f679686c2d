import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { V1Deployment } from '@kubernetes/client-node';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { userSecrets } from '../../../src/operator/brokers/user-secrets.ts';
import {
  chatApis,
  deadLetterReplays,
  deployments,
  eventClusters,
  eventTopics,
  eventUsers,
  jobs,
  persistentVolumeClaims,
  podDisruptionBudgets,
  reminderConsumers,
  statefulSets,
} from '../../../src/operator/kinds.ts';
import type { ObjectKind } from '../../../src/operator/runtime/object-kind.ts';
import { release, renderChart, type Rendered, type Rule } from '../../support/chart.ts';
import { commandLine, type CommandLine } from '../../support/command-line.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../support/kubernetes.ts';
import { expectValuesOfEveryPod, valuesOfEveryPod } from '../../support/pod-defaults.ts';
import { createOperatorProcess, type OperatorProcess } from '../../support/operator-process.ts';
import { askedRights, rightText, serviceAccountKubeconfig, type AskedRight } from '../../support/service-account.ts';
import { topicHas } from '../../support/topic-expectations.ts';
import { declareTopic } from '../../support/topics.ts';
import { declareUser, userHas } from '../../support/users.ts';
import { secretManifest } from '../../support/workloads.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let line: CommandLine;

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes({ audit: true }), startKafka({ brokers: 1 })]);
  line = await commandLine(kubernetes.controlPlane.kubeconfigFile);
});
afterAll(() => Promise.all([kubernetes?.stop(), kafka?.stop()]));

/** Rights that this file cannot see used, and why they are needed. */
const usedElsewhere = [
  // Nothing connects as a user here: test/integration/operator/workloads/reminder-consumer.test.ts
  'delete eventusers.kafka-events.dev',
  // No consumer gets another dead-letter topic, or loses its webhook, here: the same file
  'delete eventtopics.kafka-events.dev',
  'delete networkpolicies.networking.k8s.io',
  // No cluster has another way in, or one less, here: test/integration/operator/event-cluster.test.ts
  'delete services',
  // A broker's pod is evicted to roll it, and no pod runs here: test/integration/operator/event-cluster.test.ts
  'create pods/eviction',
  // Asked when a budget holds an eviction against the next pod: test/integration/operator/event-cluster.test.ts
  'patch poddisruptionbudgets/status.policy',
  // Asked when a status could not be written, for others had changed the resource: test/integration/operator/runtime/reconcile/status.test.ts
  'get chatapis.kafka-events.dev',
  'get deadletterreplays.kafka-events.dev',
  'get eventclusters.kafka-events.dev',
  'get reminderconsumers.kafka-events.dev',
  // These brokers ask for no password: test/integration/operator/event-user/users.test.ts
  'get secrets',
  'create secrets',
  'patch secrets',
  // Asked of cert-manager, which is not here: test/integration/operator/event-cluster.test.ts
  'create certificates.cert-manager.io',
  'get certificates.cert-manager.io',
  'patch certificates.cert-manager.io',
  // Asked by an admission plugin that not every cluster has: OwnerReferencesPermissionEnforcement.
  'update chatapis/finalizers.kafka-events.dev',
  'update eventclusters/finalizers.kafka-events.dev',
  'update eventusers/finalizers.kafka-events.dev',
  'update reminderconsumers/finalizers.kafka-events.dev',
  'update deadletterreplays/finalizers.kafka-events.dev',
];

describe('an operator of all namespaces', () => {
  let operator: OperatorProcess;
  let installation: Installation;
  let namespace: string;

  beforeAll(async () => {
    installation = await install(valuesOfEveryPod);
    namespace = await kubernetes.createNamespace();
    operator = await createOperatorProcess({ ...installation, environment: installation.podSettings });
    await operator.process.start();
  });
  afterAll(() => operator?.leave());

  it('does its work on all kinds with the rights of the chart, needs each of them, and gives all pods what is for all', async () => {
    const asked = await askedDuring(installation.account, async () => {
      await clusterAndTopics(namespace);
      await repeatAnEvent(namespace);
      await workloads(namespace, existsWithValuesOfEveryPod);
      await ownBrokers(namespace, installation.account);
      await existsWithValuesOfEveryPod(statefulSets, namespace, 'own');
      await removal(namespace);
      await operator.process.stop();
    });
    const rights = asked.map(({ right }) => right);
    // This API server streams lists as watches; one that does not is asked for lists.
    const lists = rights.filter((right) => right.startsWith('watch ')).map((right) => right.replace('watch', 'list'));
    const used = new Set([...rights, ...lists, ...usedElsewhere]);
    expect([...used].sort()).toEqual(grantedBy(installation.manifests));
  });
});

describe('an operator of one namespace', () => {
  let operator: OperatorProcess;
  let installation: Installation;
  let served: string;

  beforeAll(async () => {
    served = await kubernetes.createNamespace();
    const parts = ['eventCluster', 'chatApi', 'reminderConsumer', 'postgresql', 'userRoles'];
    const topics = ['task-events', 'task-updates', 'reminders'];
    installation = await install([
      ...parts.map((part) => `--set=${part}.enabled=false`),
      ...topics.map((topic) => `--set=eventTopics.${topic}=null`),
      '--set=crds.upgrade=false',
      `--set=operator.watchNamespaces={${served}}`,
    ]);
    operator = await createOperatorProcess({ ...installation, environment: { WATCH_NAMESPACES: served } });
    await operator.process.start();
  });
  afterAll(() => operator?.leave());

  it('does its work with no right outside of it', async () => {
    expect(installation.manifests.map(({ kind }) => kind)).not.toContain('ClusterRole');
    const asked = await askedDuring(installation.account, async () => {
      await clusterAndTopics(served);
      await workloads(served);
      await removal(served);
    });
    const elsewhere = asked.filter(({ namespace }) => namespace !== served);
    expect(new Set(elsewhere.map(({ namespace }) => namespace))).toEqual(new Set([installation.namespace]));
    expect(elsewhere.filter(({ right }) => !right.endsWith('leases.coordination.k8s.io'))).toEqual([]);
  });
});

interface Installation {
  readonly namespace: string;
  readonly account: { readonly namespace: string; readonly name: string };
  /** Of the account. */
  readonly kubeconfigFile: string;
  readonly manifests: readonly Rendered[];
  /** The operator's variables that say what its pods are like. */
  readonly podSettings: Readonly<Record<string, string>>;
}

/** What the chart gives to the operator's ServiceAccount, and nothing else of it. */
async function install(args: readonly string[]): Promise<Installation> {
  const namespace = await kubernetes.createNamespace();
  const rendered = await renderChart(line, args, namespace);
  const manifests = rendered.filter(
    ({ kind, metadata }) => /^ServiceAccount$|Role/.test(kind) && metadata.name.includes(`${release}-operator`),
  );
  await line.kubectl(['apply', '--filename=-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests }));
  const account = { namespace, name: `${release}-operator` };
  const podSettings = podSettingsIn(rendered);
  return {
    namespace,
    account,
    manifests,
    podSettings,
    kubeconfigFile: await serviceAccountKubeconfig(kubernetes, account),
  };
}

function podSettingsIn(rendered: readonly Rendered[]): Record<string, string> {
  const deployment = rendered.find(({ kind }) => kind === 'Deployment') as unknown as V1Deployment;
  const variables = deployment.spec!.template.spec!.containers[0]!.env!;
  const ofPods = variables.filter(({ name }) => ['POD_DEFAULTS', 'WORKLOAD_IMAGE'].includes(name));
  return Object.fromEntries(ofPods.map(({ name, value = '' }) => [name, value]));
}

/** What the operator asked for while something was done, all of it allowed. What it was denied comes before what follows. */
async function askedDuring(account: Installation['account'], work: () => Promise<void>): Promise<AskedRight[]> {
  const outcome = await work().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  const asked = await askedRights(kubernetes, account);
  expect(asked.filter(({ allowed }) => !allowed)).toEqual([]);
  if (outcome) throw outcome.error;
  return asked;
}

function grantedBy(manifests: readonly Rendered[]): string[] {
  return [...new Set(manifests.flatMap(({ rules = [] }) => rules.flatMap(rightsOf)))].sort();
}

const rightsOf = ({ apiGroups, resources, verbs }: Rule) =>
  apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => rightText(verb, group, resource))));

const ready = { status: 'True', reason: 'TopicReady' };
const clusterRef = { name: 'events' };
const databaseSecretRef = { name: 'database' };

const create = (kind: ObjectKind, namespace: string, name: string, spec: object) =>
  kubernetes.client.create(kind, { metadata: { namespace, name }, spec } as object);
const change = (kind: ObjectKind, namespace: string, name: string, spec: object) =>
  kubernetes.client.mergePatch(kind, { namespace, name }, { spec });
const exists = (kind: ObjectKind, namespace: string, name: string) =>
  eventually(async () => expect(await kubernetes.client.get(kind, { namespace, name })).toBeDefined());
/** The same, with all that the chart gives to every pod. */
const existsWithValuesOfEveryPod: typeof exists = (kind, namespace, name) =>
  eventually(async () => {
    const object = await kubernetes.client.get(kind, { namespace, name });
    expectValuesOfEveryPod((object as unknown as V1Deployment).spec!.template);
  });
const gone = (kind: ObjectKind, namespace: string, name: string) =>
  eventually(async () => expect(await kubernetes.client.get(kind, { namespace, name })).toBeUndefined());

async function clusterAndTopics(namespace: string): Promise<void> {
  const { bootstrapServers } = kafka;
  await create(eventClusters, namespace, 'events', { engine: 'External', external: { bootstrapServers } });
  // Two installations have the same brokers here, and each its topics.
  for (const name of topics)
    await declareTopic(kubernetes, { namespace, name }, { topicName: `${namespace}.${name}`, partitions: 1 });
  const name = 'user';
  await declareUser(kubernetes, { namespace, name }, { userName: namespace, authentication: { type: 'External' } });
  for (const name of topics) await topicHas(kubernetes, { namespace, name }, ready);
  await userHas(kubernetes, { namespace, name }, { status: 'True', reason: 'UserReady' });
}

const topics = ['task-events', 'task-updates', 'reminders'];
const topicNames = (namespace: string) => topics.map((name) => `${namespace}.${name}`);

/** A topic that is ready a second time says so in the Event of the first time. */
async function repeatAnEvent(namespace: string): Promise<void> {
  const key = { namespace, name: 'reminders' };
  await change(eventTopics, namespace, 'reminders', { config: { 'segment.bytes': '-5' } });
  await topicHas(kubernetes, key, { status: 'False', reason: 'InvalidConfig' });
  await change(eventTopics, namespace, 'reminders', { config: null });
  await topicHas(kubernetes, key, ready);
}

async function workloads(namespace: string, runs = exists): Promise<void> {
  const [events, updates, reminders] = topicNames(namespace);
  const secret = (name: string, values: Record<string, string>) =>
    kubernetes.client.create(userSecrets, secretManifest({ namespace, name }, values));
  await secret('database', { uri: 'postgres://database/tasks' });
  await secret('tokens', { ada: 'token' });
  await secret('hook', { 'signing-secret': 'whsec_' });
  await create(reminderConsumers, namespace, 'worker', {
    ...{ clusterRef, databaseSecretRef, replicas: 1 },
    ...{ topics: [events, updates], remindersTopic: reminders, deadLetterTopic: `${namespace}.dead` },
    webhook: {
      ...{ url: 'https://hooks.example.org', signingSecretRef: { name: 'hook' } },
      deadLetterTopic: `${namespace}.undelivered`,
    },
  });
  await runs(deployments, namespace, 'worker');
  await runs(deployments, namespace, 'worker-webhook');
  await change(reminderConsumers, namespace, 'worker', { webhook: null });
  await gone(deployments, namespace, 'worker-webhook');
  await create(deadLetterReplays, namespace, 'again', { consumerRef: { name: 'worker' } });
  await runs(jobs, namespace, 'again');
  await create(chatApis, namespace, 'chat', {
    ...{ clusterRef, databaseSecretRef, replicas: 2, auth: { tokensSecretRef: { name: 'tokens' } } },
    topics: { events, updates, reminders },
  });
  await runs(deployments, namespace, 'chat');
  await exists(podDisruptionBudgets, namespace, 'chat');
  await change(chatApis, namespace, 'chat', { replicas: 1 });
  await gone(podDisruptionBudgets, namespace, 'chat');
}

async function ownBrokers(namespace: string, account: Installation['account']): Promise<void> {
  await create(eventClusters, namespace, 'own', { engine: 'Kafka', storage: { size: '1Gi' } });
  await exists(persistentVolumeClaims, namespace, 'data-own-0');
  const auth = { tokensSecretRef: { name: 'tokens' } };
  await create(chatApis, namespace, 'own', { clusterRef: { name: 'own' }, databaseSecretRef, replicas: 1, auth });
  await exists(eventUsers, namespace, 'chat-api.own');
  const podTemplate = { spec: { priorityClassName: 'missing' } };
  await create(eventClusters, namespace, 'refused', { engine: 'Kafka', podTemplate });
  await eventually(async () => {
    const refused = await kubernetes.client.get(eventClusters, { namespace, name: 'refused' });
    expect(JSON.stringify(refused?.status?.conditions)).toContain('no PriorityClass');
  });
  await change(eventClusters, namespace, 'own', { storage: { size: '2Gi' } });
  // No volume is behind the claims, so that the API server refuses; it was asked.
  await eventually(async () => {
    const asked = await askedRights(kubernetes, account);
    expect(asked.map(({ right }) => right)).toContain('patch persistentvolumeclaims');
  });
}

async function removal(namespace: string): Promise<void> {
  await kubernetes.client.delete(deadLetterReplays, { namespace, name: 'again' });
  await gone(deadLetterReplays, namespace, 'again');
  await kubernetes.client.delete(reminderConsumers, { namespace, name: 'worker' });
  await gone(reminderConsumers, namespace, 'worker');
  await kubernetes.client.delete(eventTopics, { namespace, name: 'task-events' });
  await gone(eventTopics, namespace, 'task-events');
}
