import { beforeAll, describe, expect, it } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { chart, namespace, release, renderChart, titleOf, type Rendered } from '../../support/chart.ts';
import { commandLine, type CommandLine } from '../../support/command-line.ts';
import { expectGolden } from '../../support/golden.ts';
import { expectValuesOfEveryPod, valuesOfEveryPod } from '../../support/pod-defaults.ts';

let line: CommandLine;
let asItIs: Rendered[];

beforeAll(async () => {
  // Nothing here asks a cluster.
  line = await commandLine('/dev/null');
  asItIs = await renderChart(line);
});

describe('the chart, rendered', () => {
  it('is as it was, with its own values', () => {
    expectGolden(import.meta.dirname, 'own-values', asItIs);
  });

  it('is the same each time, and holds no Secret', async () => {
    expect(await renderChart(line)).toEqual(asItIs);
    expect(asItIs.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  it.each([
    [
      'operator-of-two-namespaces',
      [
        ...['eventCluster', 'chatApi', 'reminderConsumer', 'postgresql', 'userRoles'].map(
          (part) => `${part}.enabled=false`,
        ),
        ...['task-events', 'task-updates', 'reminders'].map((topic) => `eventTopics.${topic}=null`),
        'operator.watchNamespaces={orders,sales}',
        'operator.replicas=1',
        'crds.upgrade=false',
      ],
    ],
    [
      'brokers-and-database-of-others',
      [
        'eventCluster.spec.engine=External',
        'eventCluster.spec.external.bootstrapServers=broker:9092',
        'postgresql.enabled=false',
        'database.secretName=tasks-app',
        'chatApi.users=null',
        'chatApi.spec.auth.tokensSecretRef.name=tokens',
        'reminderConsumer.spec.replicas=null',
        'reminderConsumer.spec.scaling.maxReplicas=3',
      ],
    ],
    [
      'placed-and-watched',
      [
        'image.repository=registry.example.com/kafka-events',
        'image.pullSecrets[0].name=registry',
        'operator.priorityClassName=system-cluster-critical',
        'operator.nodeSelector.pool=system',
        'operator.tolerations[0].key=system',
        'operator.tolerations[0].operator=Exists',
        'metrics.podMonitor.enabled=true',
        'metrics.podMonitor.labels.release=prometheus',
        'metrics.dashboard.enabled=true',
      ],
    ],
    ['scraped-through-a-service', ['metrics.serviceMonitor.enabled=true', 'metrics.serviceMonitor.interval=10s']],
  ])('differs from that as it should: %s', async (name, values) => {
    const manifests = await renderChart(
      line,
      values.map((value) => `--set=${value}`),
    );
    expectGolden(import.meta.dirname, name, differences(manifests));
  });

  it.each([
    ['Redpanda, which takes odd numbers only', [], [3, 3, 3]],
    ['no engine by name', ['eventCluster.spec.engine=null'], [3, 3, 3]],
    ['Kafka', ['eventCluster.spec.engine=Kafka'], [2, 2, 2]],
    ['a value that says otherwise', ['eventTopics.reminders.replicationFactor=1'], [1, 3, 3]],
    ['a topic of somebody, left to the brokers', ['eventTopics.orders.partitions=1'], [undefined, 3, 3, 3]],
  ])('asks for as many replicas as the engine takes: %s', async (_title, values, expected) => {
    const manifests = await renderChart(
      line,
      values.map((value) => `--set=${value}`),
    );
    const specs = manifests
      .filter(({ kind }) => kind === 'EventTopic')
      .map((manifest) => manifest as { spec?: object });
    const factors = specs.map(({ spec }) => (spec as { replicationFactor?: number }).replicationFactor);
    expect(factors).toEqual(expected);
  });

  it('has a topic whose settings are all left to the brokers, and none where null says so', async () => {
    const values = ['--set-json=eventTopics.orders={}', '--set=eventTopics.reminders=null'];
    const topics = (await renderChart(line, values)).filter(({ kind }) => kind === 'EventTopic');
    expect(topics.map(({ metadata }) => metadata.name)).toEqual(['orders', 'task-events', 'task-updates']);
    expect(topics[0]).toMatchObject({ spec: { clusterRef: { name: 'events' } } });
  });

  it('needs no Secret for a database that both workloads name themselves', async () => {
    const workloads = ['chatApi', 'reminderConsumer'];
    const own = workloads.map((workload) => `--set=${workload}.spec.databaseSecretRef.name=mine`);
    const manifests = await renderChart(line, ['--set=postgresql.enabled=false', ...own]);
    const specs = manifests.filter(({ kind }) => ['ChatApi', 'ReminderConsumer'].includes(kind));
    expect(specs).toHaveLength(2);
    for (const spec of specs) expect(spec).toMatchObject({ spec: { databaseSecretRef: { name: 'mine' } } });
  });

  it('keeps names as text that YAML would take for something else', async () => {
    const text = await line.helm([
      ...[
        'template',
        '123',
        chart,
        '--namespace=1e3',
        '--api-versions=admissionregistration.k8s.io/v1/MutatingAdmissionPolicy',
      ],
      ...['postgresql.enabled=false', 'finalizerPolicy.enabled=true', 'metrics.podMonitor.enabled=true'].map(
        (value) => `--set=${value}`,
      ),
      ...['eventCluster.name=true', 'chatApi.name=null', 'reminderConsumer.name=7', 'database.secretName=0x1'].map(
        (value) => `--set-string=${value}`,
      ),
      ...['operator.priorityClassName=on', 'database.key=12'].map((value) => `--set-string=${value}`),
      '--set-json=operator.watchNamespaces=["1e3","42"]',
      '--set-json=eventTopics.00={"partitions":1}',
    ]);
    // As Helm and kubectl read it, where on is a truth value, too.
    const manifests = parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as Rendered);
    expect(manifests.flatMap((manifest) => namesThatAreNoText(manifest, titleOf(manifest)))).toEqual([]);
    expect(manifests.map(titleOf)).toEqual(expect.arrayContaining(['EventTopic/00', 'ReminderConsumer/7']));
  });

  it.each(['.', '..', '..ada', 'a/b', ''])(
    'refuses %j as a user, which no Secret could have as a key',
    async (user) => {
      const refused = renderChart(line, [`--set-json=chatApi.users=${JSON.stringify([user])}`]);
      await expect(refused).rejects.toThrow("at '/chatApi/users/0'");
    },
  );

  it.each([
    ['my.release', 'must begin with a letter and have no dots'],
    ['1st', 'must begin with a letter and have no dots'],
    ['a'.repeat(41), 'has more than 40 characters'],
  ])('refuses a release called %s, of which Services could not be made', async (name, why) => {
    await expect(line.helm(['template', name, chart])).rejects.toThrow(why);
  });

  it.each([
    ...['global', 'pods', 'pods.env', 'pods.affinity', 'image.pullSecrets', 'image.pullPolicy', 'eventTopics'],
    ...['operator.watchNamespaces', 'operator.tolerations', 'operator.resources', 'postgresql.resources'],
    ...['chatApi.users', 'chatApi.existingSecret', 'chatApi.spec.auth', 'chatApi.spec.service'],
    ...['global.imageRegistry', 'metrics.dashboard.labels', 'database.secretName'],
  ])('takes null for %s, which may be empty', async (value) => {
    await expect(renderChart(line, [`--set=${value}=null`])).resolves.toBeDefined();
  });

  it.each([
    ...['image', 'operator', 'networkPolicies', 'crds', 'finalizerPolicy', 'userRoles', 'postgresql', 'database'],
    ...['eventCluster', 'chatApi', 'reminderConsumer', 'metrics', 'eventCluster.spec', 'eventCluster.name'],
    ...['chatApi.name', 'chatApi.spec', 'reminderConsumer.spec', 'operator.replicas', 'operator.podSecurity'],
    ...['networkPolicies.enabled', 'postgresql.enabled', 'postgresql.storage', 'postgresql.image', 'postgresql.backup'],
    ...['metrics.podMonitor', 'metrics.serviceMonitor', 'metrics.dashboard', 'crds.upgrade', 'database.key'],
  ])('says that %s is missing where it is null', async (value) => {
    const name = value.slice(value.lastIndexOf('.') + 1);
    await expect(renderChart(line, [`--set=${value}=null`])).rejects.toThrow(`missing property '${name}'`);
  });

  it('gives to every pod what is for every pod', async () => {
    const pods = (await renderChart(line, valuesOfEveryPod)).flatMap((manifest) => {
      const { spec } = manifest as { spec?: { template?: Pod } };
      const pod = manifest.kind === 'Pod' ? (manifest as unknown as Pod) : spec?.template;
      return pod ? [{ title: titleOf(manifest).replace(/-[0-9a-f]{8}$/, ''), pod }] : [];
    });
    expect(pods.map(({ title }) => title).sort()).toEqual([
      'Deployment/release-operator',
      'Job/release-apply-crds',
      'Job/release-create-credentials',
      'Job/release-remove-resources',
      'Pod/release-test',
      'StatefulSet/release-postgresql',
    ]);
    for (const { pod } of pods) expectValuesOfEveryPod(pod);
  });

  it('has nothing in its pods that an upgrade to the next version would change', () => {
    const templates = asItIs.map((manifest) => (manifest as { spec?: { template?: object } }).spec?.template);
    expect(templates.filter(Boolean).length).toBeGreaterThan(3);
    expect(JSON.stringify(templates)).not.toMatch(/helm\.sh\/chart|app\.kubernetes\.io\/version/);
  });

  it.each([
    [
      'its own values',
      [],
      ['kubectl wait eventcluster/events', 'port-forward service/chat-api 8080:80', 'The token of demo', 'helm test'],
    ],
    ['another port', ['chatApi.spec.service.port=8081'], ['port-forward service/chat-api 8080:8081']],
    ['no chat API', ['chatApi.enabled=false'], ['kubectl get kafka-events']],
    ['CRDs applied by others', ['crds.upgrade=false'], ['--kustomize crds']],
  ])('ends in notes that are right with %s', async (_title, values, phrases) => {
    const notes = await notesOf(values);
    for (const phrase of phrases) expect(notes).toContain(phrase);
    expect(notes.includes('port-forward')).toBe(!values.includes('chatApi.enabled=false'));
  });
});

const names = ['name', 'namespace', 'secretName', 'key', 'priorityClassName', 'app.kubernetes.io/instance'];

/** Where in a manifest a name is a number, a truth value or nothing. */
function namesThatAreNoText(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => {
    const here = names.includes(name) && typeof part !== 'string' ? [`${path}/${name}: ${String(part)}`] : [];
    return [...here, ...namesThatAreNoText(part, `${path}/${name}`)];
  });
}

type Pod = Parameters<typeof expectValuesOfEveryPod>[0];

/** What is not as with the chart's own values: first the names of what is gone, then what is new or other. */
function differences(manifests: readonly Rendered[]): object[] {
  const titles = manifests.map(titleOf);
  const gone = asItIs.map(titleOf).filter((title) => !titles.includes(title));
  const changed = manifests
    .filter((manifest) => !asItIs.some((other) => isDeepStrictEqual(manifest, other)))
    .map(shortened);
  return [{ gone }, ...changed];
}

/** A dashboard has a test of its own. */
function shortened(manifest: Rendered): Rendered {
  const { data } = manifest as { data?: Record<string, string> };
  const dashboard = data?.['kafka-events.json'];
  if (dashboard === undefined) return manifest;
  const { title } = JSON.parse(dashboard) as { title: string };
  return { ...manifest, data: { 'kafka-events.json': `(dashboard ${title})` } } as Rendered;
}

async function notesOf(values: readonly string[]): Promise<string> {
  const sets = values.map((value) => `--set=${value}`);
  const text = await line.helm(['install', release, chart, `--namespace=${namespace}`, '--dry-run=client', ...sets]);
  return text.slice(text.indexOf('NOTES:'));
}
