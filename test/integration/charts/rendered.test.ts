import { beforeAll, describe, expect, it } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
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
