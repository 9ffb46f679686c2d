import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { restartProperty } from '../../../localcluster/redpanda-stand-in/cluster-properties.ts';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import type { KafkaConnection } from '../../../src/kafka/connection.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createRegistry } from '../../../src/lib/metrics.ts';
import { ClusterMetrics } from '../../../src/operator/event-cluster/cluster-metrics.ts';
import { createEventClusterController } from '../../../src/operator/event-cluster/controller.ts';
import { brokerHost } from '../../../src/operator/event-cluster/names.ts';
import { createAuthority, issueCertificate } from '../../../src/operator/event-cluster/security/certificates.ts';
import { createBrokers } from '../../../src/operator/brokers/brokers.ts';
import { userSecrets } from '../../../src/operator/brokers/user-secrets.ts';
import { AdminClients } from '../../../src/operator/brokers/admin-clients.ts';
import {
  configMaps,
  deployments,
  eventClusters,
  managedByLabel,
  networkPolicies,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods,
  services,
  statefulSets,
} from '../../../src/operator/kinds.ts';
import { objectLabels } from '../../../src/operator/pods/labels.ts';
import { certificates } from '../../../src/operator/event-cluster/security/request-certificate.ts';
import { isPodReady } from '../../../src/operator/pods/pods.ts';
import { events, type ObjectKind } from '../../../src/operator/runtime/object-kind.ts';
import { keyOf } from '../../../src/operator/runtime/objects.ts';
import { installCrds } from '../../../src/operator/runtime/testing/install-crds.ts';
import { clusterOptions } from '../../support/cluster-options.ts';
import { fakeBrokers, someAnswers, type FakeAnswers } from '../../support/fake-brokers.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../support/kubernetes.ts';
import { publishedCrd } from '../../support/published-crds.ts';
import { adminThrough } from '../../support/redpanda-admin-through.ts';
import { RedpandaStandIn, startOf } from '../../support/redpanda-stand-in.ts';
import { runController, silentLogger, type RunningManager } from '../../support/running-manager.ts';
import { setStatus } from '../../support/set-status.ts';
import { eventsAbout } from '../../support/topic-expectations.ts';
import { hasCondition, makePodsReady, secretManifest } from '../../support/workloads.ts';

const storageClasses: ObjectKind = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  clusterScoped: true,
};

let kubernetes: Kubernetes;
let namespace: string;
let running: RunningManager;

beforeAll(async () => {
  kubernetes = await startKubernetes();
});
afterAll(() => kubernetes.stop());
beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
});

const key = (name = 'events') => ({ namespace, name });
const declare = (spec: object) => kubernetes.client.create(eventClusters, { metadata: { ...key() }, spec } as object);
const change = (spec: object) => kubernetes.client.mergePatch(eventClusters, key(), { spec });
const clusterHas = (condition: object) => hasCondition(kubernetes, eventClusters, key(), condition);

describe('a cluster that somebody else runs', () => {
  let kafka: KafkaCluster;
  let clients: AdminClients;
  const registry = createRegistry('operator');

  beforeAll(async () => {
    kafka = await startKafka({ brokers: 1, users: { operator: 'secret' } });
    clients = new AdminClients({ clock: systemClock, logger: silentLogger });
    const onLook = new ClusterMetrics(registry, systemClock).looked;
    const options = { ...clusterOptions(createBrokers(clients)), onLook };
    running = runController(kubernetes, createEventClusterController(options));
  });
  afterAll(async () => {
    await running.stop();
    await clients.stop();
    await kafka.stop();
  });

  it('is ready when it answers, and heals when its Secret appears and its brokers come back', async () => {
    const authentication = { mechanism: 'SCRAM-SHA-512', credentialsSecretRef: { name: 'user' } };
    await declare({ engine: 'External', external: { bootstrapServers: kafka.bootstrapServers }, authentication });
    await clusterHas({ type: 'Ready', reason: 'SecretMissing', message: expect.stringContaining('Secret user') });

    await kubernetes.client.create(userSecrets, secretManifest(key('user'), { username: 'operator', password: 'no' }));
    await clusterHas({ type: 'Stalled', reason: 'AuthenticationFailed' });

    await kubernetes.client.mergePatch(userSecrets, key('user'), { stringData: { password: 'secret' } });
    const { status } = await clusterHas({ type: 'Ready', status: 'True', message: '1 broker is reachable.' });
    expect(status).toMatchObject({
      bootstrapServers: kafka.bootstrapServers,
      clusterId: expect.any(String),
      controllerId: 1,
      underReplicatedPartitions: 0,
      brokers: { desired: 1, ready: 1 },
    });
    expect(JSON.stringify(status)).not.toContain('secret');
    const labels = `{resource_namespace="${namespace}",name="events",program="operator"}`;
    const told = await registry.metrics();
    expect(told).toContain(`kafka_brokers${labels} 1\n`);
    expect(told).toContain(`kafka_controller_kafkacontroller_activecontrollercount${labels} 1\n`);
    expect(told).toContain(`kafka_server_replicamanager_underreplicatedpartitions${labels} 0\n`);

    await kafka.brokers[0]!.stop();
    await kubernetes.client.mergePatch(eventClusters, key(), { metadata: { annotations: { look: 'again' } } });
    const message = expect.stringMatching(/^No Kafka broker answered at spec\.external\.bootstrapServers\. Check/);
    await clusterHas({ type: 'Available', status: 'False', reason: 'BrokerUnreachable', message });
    expect(await registry.metrics()).toContain(`kafka_brokers${labels} 0\n`);
    await kafka.brokers[0]!.start();
    await kubernetes.client.mergePatch(eventClusters, key(), { metadata: { annotations: { look: 'once more' } } });
    await clusterHas({ type: 'Available', status: 'True' });
  });
});

describe('brokers that the operator runs in another namespace', () => {
  it('are not there for an External cluster, unless their owner allows its namespace', async () => {
    running = runController(kubernetes, createEventClusterController(clusterOptions(fakeBrokers(someAnswers()))));
    try {
      const owner = { namespace: await kubernetes.createNamespace(), name: 'events' };
      await kubernetes.client.create(eventClusters, { metadata: { ...owner }, spec: { engine: 'Kafka' } } as object);
      await setStatus(kubernetes, eventClusters, owner, { clusterId: 'fake-cluster' });
      await declare({ engine: 'External', external: { bootstrapServers: 'events.elsewhere:9092' } });
      const message = expect.stringMatching(/^No Kafka broker answered/);
      const { status } = await clusterHas({ type: 'Available', status: 'False', message });
      expect(status).not.toHaveProperty('clusterId');
      const allowedNamespaces = { names: [namespace] };
      await kubernetes.client.mergePatch(eventClusters, owner, { spec: { allowedNamespaces } });
      await clusterHas({ type: 'Available', status: 'True' });
    } finally {
      await running.stop();
    }
  });
});

describe('a cluster that the operator runs', () => {
  let answers: FakeAnswers;

  beforeAll(() => {
    running = runController(
      kubernetes,
      createEventClusterController(
        clusterOptions({
          ...fakeBrokers(someAnswers()),
          describeCluster: (connection) =>
            fakeBrokers(answers, (id) => brokerHost(key(), id)).describeCluster(connection),
          describeAvailability: (connection) => fakeBrokers(answers).describeAvailability(connection),
          replicas: (connection) => fakeBrokers(answers).replicas(connection),
          removeUser: (connection, user) => fakeBrokers(answers).removeUser(connection, user),
        }),
      ),
    );
  });
  afterAll(() => running.stop());
  beforeEach(() => {
    answers = someAnswers();
  });

  it('is made of what it needs, and is ready when its brokers are', async () => {
    await declare({ engine: 'Kafka' });
    await clusterHas({ type: 'Reconciling', reason: 'BrokersStarting', message: '0 of 3 brokers are ready.' });
    const made = await Promise.all([
      kubernetes.client.get(configMaps, key('events-brokers')),
      kubernetes.client.get(services, key()),
      kubernetes.client.get(services, key('events-brokers')),
      kubernetes.client.get(podDisruptionBudgets, key()),
      kubernetes.client.get(statefulSets, key()),
    ]);
    for (const object of made) expect(object?.metadata.ownerReferences?.[0]).toMatchObject({ kind: 'EventCluster' });

    await eventually(async () => expect(await brokerPods()).toHaveLength(3));
    await makePodsReady(kubernetes, namespace);
    const { status } = await clusterHas({ type: 'Ready', status: 'True', message: '3 brokers are ready.' });
    expect(status).toMatchObject({
      bootstrapServers: `events.${namespace}.svc.cluster.local:9092`,
      clusterId: 'fake-cluster',
      version: '4.3.1',
      brokers: { desired: 3, ready: 3 },
      controllerId: 0,
    });
  });

  it('rolls a change broker by broker, by what their absence costs, and as budgets allow', async () => {
    await declare({ engine: 'Kafka' });
    await eventually(async () => expect(await brokerPods()).toHaveLength(3));
    await makePodsReady(kubernetes, namespace);
    await clusterHas({ type: 'Ready', status: 'True' });

    answers.underReplicatedPartitions = 2;
    answers.needed = [0, 1, 2];
    await change({ config: { 'num.io.threads': 4 } });
    const message = expect.stringMatching(
      /restarting broker 2 now would cost the availability of partition 2 of topic/,
    );
    await clusterHas({ type: 'Reconciling', reason: 'RollingOut', message });
    const before = await brokerPods();
    // Somebody's own budget counts, too; and replicas that lag elsewhere hold nothing up.
    answers.needed = [];
    const selector = { matchLabels: { 'app.kubernetes.io/instance': 'events' } };
    const budget = { metadata: { ...key('own') }, spec: { maxUnavailable: 0, selector } };
    await kubernetes.client.create(podDisruptionBudgets, budget);
    const refused = expect.stringMatching(/the pod of broker 2 cannot be evicted: .*PodDisruptionBudget/);
    await clusterHas({ type: 'Reconciling', reason: 'RollingOut', message: refused });
    await kubernetes.client.delete(podDisruptionBudgets, key('own'));

    // The active controller, broker 0, goes last.
    for (const index of [2, 1, 0]) {
      const old = before.find(({ metadata }) => metadata.name === `events-${index}`)!;
      await eventually(async () => {
        const pod = await kubernetes.client.get(pods, key(`events-${index}`));
        expect(pod?.metadata.uid).not.toBe(old.metadata.uid);
        expect(pod).toBeDefined();
      });
      const others = (await brokerPods()).filter(({ metadata }) => metadata.name !== `events-${index}`);
      expect(others.filter(isPodReady)).toHaveLength(2);
      await makePodsReady(kubernetes, namespace);
    }
    await clusterHas({ type: 'Ready', status: 'True' });
  });

  it('goes on with a roll when its budget holds an eviction against the pod that came after', async () => {
    await declare({ engine: 'Kafka' });
    await eventually(async () => expect(await brokerPods()).toHaveLength(3));
    await makePodsReady(kubernetes, namespace);
    await clusterHas({ type: 'Ready', status: 'True' });
    const uidOf = async (name: string) => (await kubernetes.client.get(pods, key(name)))?.metadata.uid;
    const [before, next] = [await uidOf('events-2'), await kubernetes.client.get(pods, key('events-1'))];
    // As if the disruption controller had not looked while the pod before it ended.
    const status = { disruptedPods: { 'events-1': next?.metadata.creationTimestamp } };
    await kubernetes.client.mergePatch(podDisruptionBudgets, key(), { status }, { subresource: 'status' });
    await change({ config: { 'num.io.threads': 4 } });
    await eventually(async () => expect([undefined, before]).not.toContain(await uidOf('events-2')));
  });

  it('restarts no broker whose volume somebody has deleted, and says so', async () => {
    await declare({ engine: 'Kafka' });
    await eventually(async () => expect(await brokerPods()).toHaveLength(3));
    await makePodsReady(kubernetes, namespace);
    await clusterHas({ type: 'Ready', status: 'True' });
    // Kubernetes keeps it with one of its own while a pod uses it, but only one that has a node.
    const finalizers = ['example.org/in-use'];
    await kubernetes.client.mergePatch(persistentVolumeClaims, key('data-events-2'), { metadata: { finalizers } });
    const uidOf = async (name: string) => (await kubernetes.client.get(pods, key(name)))?.metadata.uid;
    const before = { one: await uidOf('events-1'), two: await uidOf('events-2') };
    await kubernetes.client.delete(persistentVolumeClaims, key('data-events-2'));
    const message = expect.stringMatching(/^Volume claim data-events-2 was deleted/);
    await clusterHas({ type: 'Ready', status: 'False', reason: 'VolumeBeingDeleted', message });
    await change({ config: { 'num.io.threads': 4 } });
    await eventually(async () => expect([undefined, before.one]).not.toContain(await uidOf('events-1')));
    expect(await uidOf('events-2')).toBe(before.two);

    // Nor one that can never start: it holds what there is of the data.
    await makePodsReady(kubernetes, namespace);
    const conditions = [{ type: 'Ready', status: 'False', lastTransitionTime: new Date().toISOString() }];
    const waiting = { reason: 'ImagePullBackOff', message: 'no such image' };
    const container = { name: 'kafka', image: 'kafka', imageID: '', ready: false, restartCount: 0, state: { waiting } };
    const status = { phase: 'Pending', conditions, containerStatuses: [container] };
    await setStatus(kubernetes, pods, key('events-2'), status);
    const stuck = expect.stringMatching(/ImagePullBackOff: no such image.* Volume claim data-events-2 was deleted/);
    await clusterHas({ type: 'Ready', reason: 'BrokersFailing', message: stuck });
    expect(await uidOf('events-2')).toBe(before.two);
  });

  it('looks at its brokers also while its spec is refused', async () => {
    await declare({ engine: 'Kafka', brokers: 1 });
    await eventually(async () => expect(await brokerPods()).toHaveLength(1));
    answers.members = 1;
    await makePodsReady(kubernetes, namespace);
    await clusterHas({ type: 'Ready', status: 'True' });
    await change({ resources: { limits: { memory: '64Mi' } } });
    await clusterHas({ type: 'Stalled', status: 'True' });
    await clusterHas({ type: 'Available', status: 'True' });
    const unready = [{ type: 'Ready', status: 'False', lastTransitionTime: new Date().toISOString() }];
    await setStatus(kubernetes, pods, key('events-0'), { phase: 'Running', conditions: unready });
    const { status } = await clusterHas({ type: 'Available', status: 'False', reason: 'BrokersStarting' });
    expect(status?.brokers).toEqual({ desired: 1, ready: 0 });
  });

  it('looks after its brokers by the spec before while another is refused', async () => {
    await declare({ engine: 'Kafka', brokers: 1, storage: { reclaimPolicy: 'Delete' } });
    await eventually(async () => expect(await brokerPods()).toHaveLength(1));
    answers.members = 1;
    await makePodsReady(kubernetes, namespace);
    await clusterHas({ type: 'Ready', status: 'True' });
    const present = async () => (await kubernetes.client.get(statefulSets, key()))!;
    const [pod] = await brokerPods();
    const before = await present();
    const storage = { reclaimPolicy: 'Retain' };
    await change({ config: { 'num.io.threads': 4 }, resources: { limits: { memory: '64Mi' } }, storage });
    await clusterHas({ type: 'Stalled', status: 'True', reason: 'ResourcesTooSmall' });
    // Were the cluster deleted now, its volumes would stay, as it says by now.
    const kept = { whenDeleted: 'Retain', whenScaled: 'Retain' };
    await eventually(async () => expect((await present()).spec?.persistentVolumeClaimRetentionPolicy).toEqual(kept));

    // As when its time is over: made anew, and read by brokers that start for it.
    await kubernetes.client.delete(userSecrets, key('events-brokers-tls'));
    await eventually(async () =>
      expect([undefined, pod!.metadata.uid]).not.toContain((await brokerPods())[0]?.metadata.uid),
    );
    const hashOf = ({ spec }: typeof before) =>
      spec?.template.metadata?.annotations?.['kafka-events.dev/certificates-hash'];
    const after = await present();
    expect(hashOf(after)).not.toBe(hashOf(before));
    expect(after.spec?.template.spec).toEqual(before.spec?.template.spec);
    const files = (await kubernetes.client.get(configMaps, key('events-brokers')))?.data;
    expect(files?.['server-0.properties']).not.toContain('num.io.threads');
    await clusterHas({ type: 'Stalled', status: 'True', reason: 'ResourcesTooSmall' });

    await makePodsReady(kubernetes, namespace);
    await change({ resources: null });
    await eventually(async () => {
      const map = await kubernetes.client.get(configMaps, key('events-brokers'));
      expect(map?.data?.['server-0.properties']).toContain('num.io.threads=4');
    });
  });

  it('adds brokers, and takes the last ones away when they are empty, but none that votes', async () => {
    await declare({ engine: 'Kafka' });
    await eventually(async () => expect(await brokerPods()).toHaveLength(3));
    await change({ brokers: 4 });
    await eventually(async () => expect(await brokerPods()).toHaveLength(4));
    answers.members = 4;
    await makePodsReady(kubernetes, namespace);
    await clusterHas({ type: 'Ready', status: 'True', message: '4 brokers are ready.' });
    await clusterHas({ type: 'DiskPressure', status: 'False' });
    await change({ brokers: 2 });
    await clusterHas({ type: 'Stalled', reason: 'ScaleDownRefused' });
    await clusterHas({ type: 'Available', status: 'True' });
    expect(await brokerPods()).toHaveLength(4);
    answers.replicas = [[0, 3]];
    await change({ brokers: 3 });
    const message = 'Broker 3 leaves: 1 replica is still to be moved away.';
    await clusterHas({ type: 'Reconciling', reason: 'ScalingDown', message });
    expect(answers.cordoned).toEqual([3]);
    await eventually(() => expect(answers.moves).toContainEqual([0, expect.any(Number)]));

    // Cancelled: it is let in again.
    await change({ brokers: 4 });
    await clusterHas({ type: 'Ready', status: 'True' });
    expect(answers.cordoned).toEqual([]);
    const claim = await kubernetes.client.get(persistentVolumeClaims, key('data-events-3'));
    expect(claim?.metadata.annotations).not.toHaveProperty('kafka-events.dev/draining');
    expect(await brokerPods()).toHaveLength(4);

    await change({ brokers: 3 });
    await clusterHas({ type: 'Reconciling', reason: 'ScalingDown' });
    answers.replicas = [
      [0, 1],
      [2, 0],
    ];
    await eventually(async () => expect(await brokerPods()).toHaveLength(3));
    answers.members = 3;
    await clusterHas({ type: 'Ready', status: 'True', message: '3 brokers are ready.' });
    // The volume goes with it: it holds nothing. Its protection, which has no kubelet here, may keep it for a while.
    await eventually(async () => {
      const volume = await kubernetes.client.get(persistentVolumeClaims, key('data-events-3'));
      expect(volume === undefined || volume.metadata.deletionTimestamp !== undefined).toBe(true);
    });
  });

  it('has a load balancer for each broker, and removes those that are not wanted any more', async () => {
    const loadBalancer = {
      className: 'example.org/lb',
      sourceRanges: ['203.0.113.0/24'],
      annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'broker-{broker}.example.org' },
    };
    const externalAccess = { host: 'broker-{broker}.example.org', firstPort: 9094, loadBalancer };
    await declare({ engine: 'Kafka', brokers: 2, externalAccess });
    const second = await eventually(async () => {
      const found = await kubernetes.client.get(services, key('events-1-external'));
      expect(found).toBeDefined();
      return found!;
    });
    expect(second.spec).toMatchObject({
      type: 'LoadBalancer',
      loadBalancerClass: 'example.org/lb',
      loadBalancerSourceRanges: ['203.0.113.0/24'],
      ports: [{ port: 9095, targetPort: 'external' }],
      selector: { 'statefulset.kubernetes.io/pod-name': 'events-1' },
    });
    expect(second.metadata.annotations).toMatchObject({
      'external-dns.alpha.kubernetes.io/hostname': 'broker-1.example.org',
    });
    const files = await kubernetes.client.get(configMaps, key('events-brokers'));
    expect(files?.data?.['server-1.properties']).toContain('EXTERNAL://broker-1.example.org:9095');
    await change({ externalAccess: null });
    await eventually(async () => {
      for (const name of ['events-0-external', 'events-1-external'])
        expect(await kubernetes.client.get(services, key(name))).toBeUndefined();
    });
    expect(await kubernetes.client.get(services, key())).toBeDefined();
  });

  it('tells of a disk that fills up, and lets its volume grow as far as it may', async () => {
    const growing = { metadata: { name: `growing-${namespace}`, namespace: '' }, provisioner: 'example.org/none' };
    await kubernetes.client.create(storageClasses, { ...growing, allowVolumeExpansion: true } as object);
    const storage = { size: '1Gi', maxSize: '1500Mi', storageClassName: growing.metadata.name };
    await declare({ engine: 'Kafka', brokers: 1, storage });
    await eventually(async () => expect(await brokerPods()).toHaveLength(1));
    const claim = key('data-events-0');
    await setStatus(kubernetes, persistentVolumeClaims, claim, { phase: 'Bound', capacity: { storage: '1Gi' } });
    answers.members = 1;
    answers.freePercent = 10;
    await makePodsReady(kubernetes, namespace);
    await clusterHas({ type: 'DiskPressure', status: 'True', reason: 'DiskFillingUp' });
    await eventually(async () => {
      const grown = await kubernetes.client.get(persistentVolumeClaims, claim);
      expect(grown?.spec?.resources?.requests).toEqual({ storage: '1500Mi' });
    });
    await eventually(async () =>
      expect(await eventsAbout(kubernetes, key())).toContainEqual(
        expect.stringMatching(/^DiskFillingUp: Broker 0 has 10 %/),
      ),
    );
  });

  it('removes the user that workloads of earlier releases shared, once no pod logs in as it', async () => {
    const { uid } = (await declare({ engine: 'Kafka' })).metadata;
    const ownerReferences = [
      { apiVersion: 'kafka-events.dev/v1alpha1', kind: 'EventCluster', controller: true, name: 'events', uid },
    ];
    const shared = secretManifest(key('events-workloads'), { username: 'kafka-events-workloads', password: 'old' });
    const owned = { ...shared, metadata: { ...shared.metadata, ownerReferences } };
    await kubernetes.client.create(userSecrets, owned);
    const env = [
      { name: 'KAFKA_PASSWORD', valueFrom: { secretKeyRef: { name: 'events-workloads', key: 'password' } } },
    ];
    const worker = {
      metadata: { ...key('old-worker'), labels: { ...managedByLabel } },
      spec: { containers: [{ name: 'worker', image: 'worker', env }] },
    };
    await kubernetes.client.create(pods, worker);
    // Three brokers and the worker.
    await eventually(async () => expect(await brokerPods()).toHaveLength(4));
    await makePodsReady(kubernetes, namespace);
    await clusterHas({ type: 'Ready', status: 'True' });
    expect(answers.removedUsers).toEqual([]);
    await kubernetes.client.delete(pods, key('old-worker'));
    // Ready clusters are looked at every half minute, or when somebody touches them.
    await kubernetes.client.mergePatch(eventClusters, key(), { metadata: { annotations: { look: 'again' } } });
    await eventually(() => expect(answers.removedUsers).toEqual(['kafka-events-workloads']));
    await eventually(async () =>
      expect((await kubernetes.client.get(userSecrets, key('events-workloads')))?.data).toBeUndefined(),
    );
  });

  it('tells what keeps a pod from running', async () => {
    await declare({ engine: 'Kafka', brokers: 1 });
    const pod = await eventually(async () => {
      const found = await kubernetes.client.get(pods, key('events-0'));
      expect(found).toBeDefined();
      return found!;
    });
    const message = 'Back-off pulling image "apache/kafka:4.3.1"';
    await setStatus(kubernetes, pods, keyOf(pod), {
      containerStatuses: [
        {
          name: 'kafka',
          image: 'apache/kafka:4.3.1',
          imageID: '',
          ready: false,
          restartCount: 0,
          state: { waiting: { reason: 'ImagePullBackOff', message } },
        },
      ],
    });
    await clusterHas({ type: 'Ready', message: expect.stringContaining(`Pod events-0: ImagePullBackOff: ${message}`) });
  });

  it('has properties from Secrets: it waits for the Secret, and rolls for another value, which it shows nowhere', async () => {
    const secretKeyRef = { name: 'plugin', key: 'password' };
    await declare({
      engine: 'Kafka',
      brokers: 1,
      configFrom: [{ name: 'plugin.password', valueFrom: { secretKeyRef } }],
    });
    const field = 'spec.configFrom[0].valueFrom.secretKeyRef';
    await clusterHas({
      type: 'Ready',
      reason: 'SecretMissing',
      message: `${field}: there is no Secret plugin in this namespace. Create it with the value of plugin.password under the key password, or remove the entry.`,
    });
    expect(await kubernetes.client.get(statefulSets, key())).toBeUndefined();
    await kubernetes.client.create(userSecrets, secretManifest(key('plugin'), { password: 's3cret-1' }));
    const template = async () => (await kubernetes.client.get(statefulSets, key()))?.spec?.template;
    await eventually(async () => expect(await template()).toBeDefined());
    const before = await template();
    await kubernetes.client.mergePatch(userSecrets, key('plugin'), { stringData: { password: 's3cret-2' } });
    await eventually(async () => expect(await template()).not.toEqual(before));
    const shown = [
      await kubernetes.client.get(eventClusters, key()),
      await kubernetes.client.get(statefulSets, key()),
      await kubernetes.client.get(configMaps, key('events-brokers')),
      await eventsAbout(kubernetes, key()),
    ];
    expect(shown).not.toContain(undefined);
    expect(JSON.stringify(shown)).not.toContain('s3cret');
  });

  it('tells why a pod does not get its volume, which only Events say', async () => {
    await declare({ engine: 'Kafka', brokers: 1 });
    const { metadata } = await eventually(async () => {
      const [pod] = await brokerPods();
      expect(pod).toBeDefined();
      return pod!;
    });
    const waiting = { name: 'kafka', image: 'apache/kafka:4.3.1', imageID: '', ready: false, restartCount: 0 };
    const since = new Date(Date.now() - 60_000).toISOString();
    await setStatus(kubernetes, pods, key(metadata.name), {
      conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: since }],
      containerStatuses: [{ ...waiting, state: { waiting: { reason: 'ContainerCreating' } } }],
    });
    const { namespace, name, uid } = metadata;
    const message = 'MountVolume.SetUp failed for volume "data": device is busy';
    await kubernetes.client.create(events, {
      metadata: { name: `${name}.mount`, namespace },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid },
      type: 'Warning',
      reason: 'FailedMount',
      message,
      lastTimestamp: new Date().toISOString(),
    } as object);
    await clusterHas({
      type: 'Ready',
      reason: 'BrokersFailing',
      message: `0 of 1 broker is ready. Pod events-0: FailedMount: ${message}`,
    });
  });

  it('tells why pods are refused at admission, in the words of the API server', async () => {
    await declare({ engine: 'Kafka', brokers: 1, podTemplate: { spec: { priorityClassName: 'missing' } } });
    const message = expect.stringMatching(
      /^0 of 1 broker is ready\. Pod events-0 cannot be created: .*no PriorityClass/,
    );
    await clusterHas({ type: 'Ready', reason: 'BrokersFailing', message });
    await change({ podTemplate: null });
    await eventually(async () => expect(await brokerPods()).toHaveLength(1));
    await clusterHas({ type: 'Ready', message: '0 of 1 broker is ready.' });
  });

  it('applies nothing of a podTemplate that asks for more than pod security allows', async () => {
    await declare({ engine: 'Kafka', podTemplate: { spec: { hostNetwork: true, serviceAccountName: 'admin' } } });
    await clusterHas({
      type: 'Stalled',
      reason: 'PodSecurityViolation',
      message: expect.stringMatching(/spec\.hostNetwork must be false; spec\.serviceAccountName must be left out/),
    });
    for (const [kind, name] of [
      [statefulSets, 'events'],
      [configMaps, 'events-brokers'],
      [services, 'events'],
    ] as const)
      expect(await kubernetes.client.get(kind as ObjectKind, key(name))).toBeUndefined();
    await change({ podTemplate: null });
    await clusterHas({ type: 'Ready', reason: 'BrokersStarting' });
  });

  it('leaves brokers of one engine alone where a cluster of the other takes their name', async () => {
    await declare({ engine: 'Kafka', brokers: 1 });
    const before = await eventually(async () => {
      const found = await kubernetes.client.get(statefulSets, key());
      expect(found).toBeDefined();
      return found!;
    });
    await kubernetes.client.delete(eventClusters, key(), { propagationPolicy: 'Orphan' });
    await eventually(async () => expect(await kubernetes.client.get(eventClusters, key())).toBeUndefined());
    await declare({ engine: 'Redpanda', brokers: 1 });
    await clusterHas({
      type: 'Stalled',
      reason: 'EngineCannotChange',
      message: expect.stringMatching(/^spec\.engine is Redpanda, but brokers of another engine exist and keep data/),
    });
    expect((await kubernetes.client.get(statefulSets, key()))?.spec).toEqual(before.spec);
  });

  it('waits with a broker whose probe flaps while another is being replaced', async () => {
    await declare({ engine: 'Kafka' });
    await eventually(async () => expect(await brokerPods()).toHaveLength(3));
    await makePodsReady(kubernetes, namespace);
    await clusterHas({ type: 'Ready', status: 'True' });
    const before = await brokerPods();
    const uidOf = (index: number) => before.find(({ metadata }) => metadata.name === `events-${index}`)!.metadata.uid;
    await change({ config: { 'num.io.threads': 4 } });
    await eventually(async () => {
      const pod = await kubernetes.client.get(pods, key('events-2'));
      expect(pod).toBeDefined();
      expect(pod?.metadata.uid).not.toBe(uidOf(2));
    });
    const unready = [{ type: 'Ready', status: 'False', lastTransitionTime: new Date().toISOString() }];
    await setStatus(kubernetes, pods, key('events-1'), { phase: 'Running', conditions: unready });
    await clusterHas({ type: 'Ready', message: '1 of 3 brokers are ready.' });
    await kubernetes.client.mergePatch(eventClusters, key(), { metadata: { annotations: { look: 'again' } } });
    await makePodsReady(kubernetes, namespace);
    expect((await kubernetes.client.get(pods, key('events-1')))?.metadata.uid).toBe(uidOf(1));
  });

  it('takes over nothing that belongs to somebody else', async () => {
    await kubernetes.client.create(services, { metadata: { ...key() }, spec: { ports: [{ port: 80 }] } } as object);
    await declare({ engine: 'Kafka' });
    await clusterHas({
      type: 'Ready',
      reason: 'NameTaken',
      message: expect.stringContaining('Service events already exists'),
    });
    await kubernetes.client.delete(services, key());
    await clusterHas({ type: 'Ready', reason: 'BrokersStarting' });
  });

  it('refuses a size that Redpanda would not start with', async () => {
    await declare({ engine: 'Redpanda', resources: { limits: { memory: '512Mi' } } });
    const { status } = await clusterHas({
      type: 'Stalled',
      reason: 'ResourcesTooSmall',
      message: expect.stringMatching(/^spec\.resources\.limits\.memory is 512Mi, .* needs 1280Mi/),
    });
    // What brokers would have been made with is not decided before they are.
    expect(status).not.toHaveProperty('security');
    expect(await kubernetes.client.get(statefulSets, key())).toBeUndefined();
  });

  it('has certificates of its own unless told otherwise, renews what is lost, and tells none of it', async () => {
    await declare({ engine: 'Kafka' });
    await eventually(async () => expect(await brokerPods()).toHaveLength(3));
    await makePodsReady(kubernetes, namespace);
    await clusterHas({ type: 'Ready', status: 'True' });
    const { status } = await clusterHas({ type: 'Secured', status: 'True', reason: 'TlsAndAuthentication' });
    expect(status?.security).toEqual({ tls: true, authentication: true });
    expect(status?.bootstrapServers).toBe(`events.${namespace}.svc.cluster.local:9092`);
    const read = async (name: string) => (await kubernetes.client.get(userSecrets, key(name)))?.data ?? {};
    const brokersCertificate = (await read('events-brokers-tls'))['internal.crt'];
    const told = JSON.stringify([status, await eventsAbout(kubernetes, key())]);
    expect(told).not.toContain((await read('events-ca-key'))['ca.key']);

    expect((await kubernetes.client.get(networkPolicies, key('events-brokers')))?.spec?.ingress).toHaveLength(3);

    // Made again: what brokers show stays, and is trusted on beside the authority that follows.
    await kubernetes.client.delete(userSecrets, key('events-ca-key'));
    await eventually(async () => {
      const certificates = Buffer.from((await read('events-ca'))['ca.crt'] ?? '', 'base64').toString();
      expect(certificates.match(/BEGIN/g)).toHaveLength(2);
    });
    expect((await read('events-brokers-tls'))['internal.crt']).toBe(brokersCertificate);
    await clusterHas({ type: 'Reconciling', reason: 'RollingOut' });
  });

  it('leaves brokers alone that were made without security, and says how to move', async () => {
    const off = { tls: { enabled: false }, authentication: { enabled: false } };
    await declare({ engine: 'Kafka', security: off });
    await clusterHas({ type: 'Secured', status: 'False', reason: 'TurnedOff' });
    const { generation } = (await kubernetes.client.get(statefulSets, key()))!.metadata;
    // As with a cluster of an earlier release: nothing is said of it in the spec.
    await kubernetes.client.mergePatch(eventClusters, key(), { spec: { security: null } });
    const message = expect.stringMatching(/Set spec\.security to \{\}/);
    const { status } = await clusterHas({ type: 'Secured', status: 'False', reason: 'MadeWithoutSecurity', message });
    expect(status?.security).toEqual({ tls: false, authentication: false });
    expect((await kubernetes.client.get(statefulSets, key()))?.metadata.generation).toBe(generation);
  });

  it('moves open brokers to closed listeners step by step, each when the one before is over', async () => {
    const off = { tls: { enabled: false }, authentication: { enabled: false } };
    await declare({ engine: 'Kafka', security: off });
    const brokersRun = async () => {
      await eventually(async () => expect(await brokerPods()).toHaveLength(3));
      await makePodsReady(kubernetes, namespace);
    };
    await brokersRun();
    await clusterHas({ type: 'Ready', status: 'True' });
    const workload = { namespace, name: 'worker' };
    const env = [{ name: 'KAFKA_BOOTSTRAP_SERVERS', value: `events.${namespace}.svc.cluster.local:9092` }];
    const container = { name: 'worker', image: 'worker', env };
    const labels = { app: 'worker', 'app.kubernetes.io/managed-by': 'kafka-events' };
    const template = { metadata: { labels }, spec: { containers: [container] } };
    const spec = { replicas: 1, selector: { matchLabels: { app: 'worker' } }, template };
    await kubernetes.client.create(deployments, { metadata: { ...workload, labels }, spec } as object);

    await change({ security: { tls: { enabled: true }, authentication: { enabled: true } } });
    const moving = { type: 'Secured', status: 'False', reason: 'Moving' };
    await clusterHas({ ...moving, message: expect.stringContaining('AddListeners') });
    const properties = async () =>
      (await kubernetes.client.get(configMaps, key('events-brokers')))?.data?.['server-0.properties'] ?? '';
    expect(await properties()).toContain('inter.broker.listener.name=INTERNAL');
    /** Plays the kubelet until the roll of a step is over. */
    const rolled = (step: string) =>
      eventually(async () => {
        await makePodsReady(kubernetes, namespace);
        const { status } = (await kubernetes.client.get(eventClusters, key()))!;
        expect(status?.security?.move).toBe(step);
      });
    await rolled('MoveClients');
    const message = expect.stringContaining(`still use the open listener: Deployment ${namespace}/worker`);
    const { status } = await clusterHas({ ...moving, message });
    expect(status).toMatchObject({
      bootstrapServers: `events.${namespace}.svc.cluster.local:9095`,
      security: { tls: true, authentication: true },
    });
    await kubernetes.client.delete(deployments, workload);
    await rolled('RemoveListeners');
    await rolled('Moved');
    await clusterHas({ type: 'Secured', status: 'True', reason: 'TlsAndAuthentication' });
    expect(await properties()).not.toContain('PLAINTEXT');
  });

  it('uses a given certificate for clients, and says what is wrong with one', async () => {
    const certificates = { secretRef: { name: 'given' } };
    await declare({ engine: 'Kafka', security: { tls: { certificates } } });
    await clusterHas({ type: 'Ready', reason: 'SecretMissing', message: expect.stringContaining('Secret given') });
    const authority = await createAuthority(new Date());
    const give = async (...hosts: string[]) => {
      const pair = await issueCertificate(authority, { commonName: 'kafka', hosts }, new Date());
      const stringData = { 'tls.crt': pair.certificate, 'tls.key': pair.privateKey, 'ca.crt': authority.certificate };
      return kubernetes.client.mergePatch(userSecrets, key('given'), { stringData });
    };
    await kubernetes.client.create(
      userSecrets,
      secretManifest(key('given'), { 'tls.crt': '', 'tls.key': '', 'ca.crt': '' }),
    );
    await clusterHas({ type: 'Stalled', message: expect.stringContaining('holds no PEM certificate under tls.crt') });
    const domain = `${namespace}.svc.cluster.local`;
    await give(`events.${domain}`);
    await clusterHas({
      type: 'Stalled',
      message: expect.stringContaining(`not valid for *.events-brokers.${domain}:`),
    });
    await give(`events.${domain}`, `*.events-brokers.${domain}`);
    await clusterHas({ type: 'Ready', reason: 'BrokersStarting' });
    const ca = (await kubernetes.client.get(userSecrets, key('events-ca')))?.data?.['ca.crt'];
    expect(Buffer.from(ca ?? '', 'base64').toString()).toBe(authority.certificate);

    // What else they have goes on to be renewed while the given one cannot be used.
    const shown = async () =>
      (await kubernetes.client.get(userSecrets, key('events-brokers-tls')))?.data?.['clients.crt'];
    const before = await shown();
    await kubernetes.client.delete(userSecrets, key('given'));
    await clusterHas({ type: 'Ready', reason: 'SecretMissing', message: expect.stringContaining('Secret given') });
    await kubernetes.client.delete(userSecrets, key('events-operator-tls'));
    await eventually(async () => {
      expect((await kubernetes.client.get(userSecrets, key('events-operator-tls')))?.data).toHaveProperty(['tls.crt']);
    });
    expect(await shown()).toBe(before);
  });

  it('asks an issuer of cert-manager for the certificate that clients see, and waits for it', async () => {
    const issuerRef = { name: 'company', kind: 'ClusterIssuer' };
    const externalAccess = { host: '192.0.2.7', firstPort: 9094 };
    await declare({ engine: 'Kafka', externalAccess, security: { tls: { certificates: { issuerRef } } } });
    await clusterHas({ type: 'Ready', reason: 'CertManagerMissing', message: expect.stringContaining('Install') });
    expect(await kubernetes.client.get(statefulSets, key())).toBeUndefined();

    await installCrds(kubernetes.client, [publishedCrd('cert-manager-certificates')]);
    const lookAgain = (look: string) =>
      kubernetes.client.mergePatch(eventClusters, key(), { metadata: { annotations: { look } } });
    await lookAgain('1');
    const name = 'events-clients-tls';
    await clusterHas({ type: 'Ready', reason: 'CertificateNotIssued', message: expect.stringContaining(name) });
    const domain = `${namespace}.svc.cluster.local`;
    const asked = (await kubernetes.client.get(certificates, key(name))) as unknown as { spec: object };
    expect(asked.spec).toEqual({
      secretName: name,
      issuerRef: { ...issuerRef, group: 'cert-manager.io' },
      dnsNames: [`events.${domain}`, `*.events-brokers.${domain}`],
      ipAddresses: ['192.0.2.7'],
      privateKey: { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8', rotationPolicy: 'Always' },
      usages: ['digital signature', 'key encipherment', 'server auth'],
    });
    const conditions = [{ type: 'Ready', status: 'False', message: 'ClusterIssuer company not found' }];
    await setStatus(kubernetes, certificates, key(name), { conditions });
    await lookAgain('2');
    await clusterHas({
      type: 'Ready',
      message: expect.stringMatching(/not issued yet: ClusterIssuer company not found/),
    });

    const authority = await createAuthority(new Date());
    const hosts = [`events.${domain}`, `*.events-brokers.${domain}`, '192.0.2.7'];
    const pair = await issueCertificate(authority, { commonName: 'kafka', hosts }, new Date());
    const files = { 'tls.crt': pair.certificate, 'tls.key': pair.privateKey, 'ca.crt': authority.certificate };
    await kubernetes.client.create(userSecrets, secretManifest(key(name), files));
    await clusterHas({ type: 'Ready', reason: 'BrokersStarting' });
    const mounted = (await kubernetes.client.get(userSecrets, key('events-brokers-tls')))?.data?.['clients.crt'];
    expect(Buffer.from(mounted ?? '', 'base64').toString()).toBe(pair.certificate);
  });

  it('puts back what somebody deletes or changes', async () => {
    await declare({ engine: 'Kafka' });
    await eventually(async () => expect(await kubernetes.client.get(services, key())).toBeDefined());
    await kubernetes.client.delete(services, key());
    await eventually(async () => expect(await kubernetes.client.get(services, key())).toBeDefined());
    await kubernetes.client.mergePatch(configMaps, key('events-brokers'), { data: { 'log4j2.yaml': 'gone' } });
    await eventually(async () => {
      const map = await kubernetes.client.get(configMaps, key('events-brokers'));
      expect(map?.data?.['log4j2.yaml']).toContain('Appenders');
    });
  });
});

describe('Redpanda brokers that the operator runs, on a stand-in', () => {
  let standIn: RedpandaStandIn;
  let answers: FakeAnswers;

  beforeAll(() => {
    const admin = adminThrough(() => standIn);
    const brokers = {
      ...fakeBrokers(someAnswers()),
      describeCluster: (connection: KafkaConnection) =>
        fakeBrokers(answers, (id) => brokerHost(key(), id)).describeCluster(connection),
      replicas: (connection: KafkaConnection) => fakeBrokers(answers).replicas(connection),
    };
    const options = { ...clusterOptions(brokers), redpandaAdmin: admin };
    running = runController(kubernetes, createEventClusterController(options));
  });
  afterAll(() => running.stop());
  beforeEach(() => {
    standIn = new RedpandaStandIn();
    answers = someAnswers();
  });
  afterEach(() => standIn.close());

  const longAgo = () => new Date(Date.now() - 300_000);
  const uidOf = async (index: number) => (await kubernetes.client.get(pods, key(`events-${index}`)))?.metadata.uid;

  /** From what the API server has of the manifests. */
  async function startBrokers(count = 3): Promise<void> {
    await eventually(async () => expect(await brokerPods()).toHaveLength(count));
    const [files, set, secrets] = await Promise.all([
      kubernetes.client.get(configMaps, key('events-brokers')),
      kubernetes.client.get(statefulSets, key()),
      kubernetes.client.list(userSecrets, namespace),
    ]);
    for (let index = 0; index < count; index += 1) await standIn.start(startOf(files!, set!, index, secrets.items));
    await makePodsReady(kubernetes, namespace, longAgo());
  }

  it('form a cluster, and are restarted for a property by what they say a restart would cost', async () => {
    await declare({ engine: 'Redpanda' });
    await startBrokers();
    await clusterHas({ type: 'Ready', status: 'True', message: '3 brokers are ready.' });
    // The admin API may answer a look later than the Kafka API does.
    await eventually(async () => {
      const { status } = (await kubernetes.client.get(eventClusters, key()))!;
      expect(status).toMatchObject({ controllerId: standIn.brokers[0]?.nodeId, underReplicatedPartitions: 0 });
    });
    // Closed by default: all this was asked with the operator's certificate.
    await clusterHas({ type: 'Secured', status: 'True', reason: 'TlsAndAuthentication' });
    expect(standIn.brokers[0]?.start.adminTls).toBeDefined();
    expect(standIn.properties).toMatchObject({ kafka_enable_authorization: true });

    const before = await Promise.all([0, 1, 2].map(uidOf));
    standIn.brokers[2]!.risks = { acks1_data_loss: ['kafka/tasks/0'] };
    // A moment after the change, brokers tell of it, and that they have to restart: until then, nothing is in effect.
    for (const each of standIn.brokers) each.lateWithConfig = true;
    await change({ config: { [restartProperty]: 7 } });
    await clusterHas({ type: 'Ready', status: 'False', reason: 'ConfigPending' });
    for (const each of standIn.brokers) each.lateWithConfig = false;
    // Broker 2 is needed, and the active controller, broker 0, goes last of the others.
    for (const index of [1, 0, 2]) {
      await eventually(async () => {
        const uid = await uidOf(index);
        expect(uid).toBeDefined();
        expect(uid).not.toBe(before[index]);
      });
      const others = (await brokerPods()).filter(({ metadata }) => metadata.name !== `events-${index}`);
      expect(others.filter(isPodReady)).toHaveLength(2);
      standIn.brokers[index]!.needsRestart = false;
      await makePodsReady(kubernetes, namespace, longAgo());
      if (index !== 0) continue;
      const message = expect.stringContaining('restarting broker 2 now would cost messages of kafka/tasks/0');
      await clusterHas({ type: 'Reconciling', reason: 'RollingOut', message });
      standIn.brokers[2]!.risks = {};
    }
    await clusterHas({ type: 'Ready', status: 'True' });
    expect(standIn.properties[restartProperty]).toBe(7);
  });

  it('leave when they have handed over their replicas, and take their volumes along', async () => {
    answers.members = 4;
    await declare({ engine: 'Redpanda', brokers: 4 });
    await startBrokers(4);
    await clusterHas({ type: 'Ready', status: 'True', message: '4 brokers are ready.' });
    standIn.brokers[3]!.replicas = 1000;
    await change({ brokers: 3 });
    const message = expect.stringMatching(/^Broker 3 leaves: broker 3 is still handing over \d+ replicas\.$/);
    await clusterHas({ type: 'Reconciling', reason: 'ScalingDown', message });
    expect(await brokerPods()).toHaveLength(4);
    standIn.brokers[3]!.replicas = 0;
    await eventually(async () => expect(await brokerPods()).toHaveLength(3));
    answers.members = 3;
    await clusterHas({ type: 'Ready', status: 'True', message: '3 brokers are ready.' });
    expect(standIn.brokers[3]!.membership).toBe('removed');
    await eventually(async () => {
      const volume = await kubernetes.client.get(persistentVolumeClaims, key('data-events-3'));
      expect(volume === undefined || volume.metadata.deletionTimestamp !== undefined).toBe(true);
    });
  });

  it('are not touched for a version that is more than one feature release away', async () => {
    await declare({ engine: 'Redpanda', version: 'v25.1.2' });
    await startBrokers();
    await clusterHas({ type: 'Ready', status: 'True' });
    const before = await Promise.all([0, 1, 2].map(uidOf));
    await change({ version: 'v26.2.1' });
    const message = expect.stringMatching(/^spec\.version is v26\.2\.1, but the brokers run v25\.1\.2: .*v25\.2 first/);
    await clusterHas({ type: 'Stalled', reason: 'VersionRefused', message });
    const set = await kubernetes.client.get(statefulSets, key());
    expect(set?.spec?.template.spec?.containers[0]?.image).toMatch(/:v25\.1\.2$/);
    expect(await Promise.all([0, 1, 2].map(uidOf))).toEqual(before);
  });

  it('are not started on the volumes of more brokers, which are kept', async () => {
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '20Gi' } } };
    const labels = objectLabels('event-cluster', 'events');
    for (const index of [0, 1, 2]) {
      const metadata = { ...key(`data-events-${index}`), labels };
      await kubernetes.client.create(persistentVolumeClaims, { metadata, spec } as object);
    }
    await declare({ engine: 'Redpanda', brokers: 1 });
    const message = expect.stringMatching(
      /^spec\.brokers is 1, but volumes of 3 earlier brokers exist .*Set spec\.brokers to 3/,
    );
    await clusterHas({ type: 'Stalled', reason: 'KeptVolumesRefused', message });
    expect(await kubernetes.client.get(statefulSets, key())).toBeUndefined();
    await change({ brokers: 4 });
    await clusterHas({ type: 'Ready', reason: 'BrokersStarting' });
    await eventually(async () => {
      const told = expect.stringMatching(
        /^KeptVolumes: Brokers start on volumes of .*; broker 3 starts with an empty one/,
      );
      expect(await eventsAbout(kubernetes, key())).toContainEqual(told);
    });
  });
});

async function brokerPods() {
  return (await kubernetes.client.list(pods, namespace)).items;
}
