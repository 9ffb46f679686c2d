import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startControlPlane, type ControlPlane } from '../../localcluster/parts/control-plane.ts';
import { chart, parseManifests, renderChart, type Rendered } from '../support/chart.ts';
import { commandLine, type CommandLine } from '../support/command-line.ts';
import { publishedCrds } from '../support/published-crds.ts';

const examples = readdirSync('examples').filter((name) => name.endsWith('.yaml'));
const valuesFiles = readdirSync(chart).filter((name) => /^values.*\.yaml$/.test(name));
/** Those for the operators and GitOps tools of others. */
const forOthers = globSync('examples/{10-cloudnative-pg,11-gitops}/*.yaml').toSorted();

let controlPlane: ControlPlane;
let line: CommandLine;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  line = await commandLine(controlPlane.kubeconfigFile);
  await apply(['--server-side', '--kustomize=crds']);
  for (const name of ['kafka-events', 'argocd']) await line.kubectl(['create', 'namespace', name]);
});

afterAll(() => controlPlane?.stop());

describe('what is there to be applied', () => {
  it.each(examples)('examples/%s is accepted as it is', async (name) => {
    await apply(['--dry-run=server', `--filename=${join('examples', name)}`]);
  });

  it('what there is for CloudNativePG, Argo CD and Flux is accepted by their CRDs', async () => {
    await apply(['--server-side', `--filename=${publishedCrds}`]);
    await line.kubectl(['wait', 'crd', '--all', '--for=condition=Established', '--timeout=30s']);
    for (const file of forOthers) {
      await apply(['--server-side', '--dry-run=server', `--filename=${file}`]);
    }
    const wrong = readFileSync('examples/11-gitops/flux.yaml', 'utf8').replace('chartRef:', 'chartReference:');
    await expect(apply(['--server-side', '--dry-run=server', '--filename=-'], wrong)).rejects.toThrow(/chartReference/);
  });

  it.each([
    ['Argo CD', 'argo-cd', (spec: GitOpsSpec) => spec.source?.helm.valuesObject],
    ['Flux', 'flux', (spec: GitOpsSpec) => spec.values],
  ])('the chart with the values of the example for %s is accepted', async (_title, name, valuesOf) => {
    const manifests = parseManifests(readFileSync(`examples/11-gitops/${name}.yaml`, 'utf8'));
    const values = manifests
      .map((manifest) => valuesOf((manifest as Rendered & { readonly spec?: GitOpsSpec }).spec ?? {}))
      .find((found) => found !== undefined);
    expect(values).toBeDefined();
    const arguments_ = ['template', 'kafka-events', chart, '--namespace=kafka-events', '--values=-'];
    await apply(['--server-side', '--dry-run=server', '--filename=-'], await line.helm(arguments_, stringify(values)));
  });

  it('the kustomization is accepted', async () => {
    await apply(['--server-side', '--dry-run=server', '--kustomize=config']);
    await apply(['--server-side', '--dry-run=server', '--kustomize=config/admission']);
  });

  it.each([
    ['its own values', []],
    ["the local cluster's values", [`--values=${chart}/values-local-cluster.yaml`]],
    [
      "a database, tokens and namespaces of one's own",
      [
        '--set=postgresql.enabled=false,database.secretName=mine',
        '--set=chatApi.users=null,chatApi.spec.auth.tokensSecretRef.name=mine',
        '--set=operator.watchNamespaces={kafka-events,default}',
      ],
    ],
    [
      'workers that follow the lag',
      ['--set=reminderConsumer.spec.replicas=null,reminderConsumer.spec.scaling.maxReplicas=3'],
    ],
  ])('the chart with %s is accepted', async (_title, values) => {
    const manifests = await line.helm(['template', 'release', chart, '--namespace=kafka-events', ...values]);
    await apply(['--server-side', '--dry-run=server', '--filename=-'], manifests);
  });

  it.each([
    ['operator.replicas=many', /operator\/replicas.*got string, want integer/],
    ['operator.logLevel=loud', /operator\/logLevel.*must be one of/],
    ['operator.replica=3', /operator.*additional properties 'replica' not allowed/],
    ['operator.watchNamespaces={a_b}', /operator\/watchNamespaces\/0.*does not match pattern/],
    ['operator.resources.limit.memory=1Gi', /operator\/resources.*additional properties 'limit' not allowed/],
    ['operator.resources.limits.memory=lots', /operator\/resources\/limits\/memory/],
    ['eventTopics.Task_Events.partitions=1', /eventTopics.*Task_Events/],
    ['metrics.podMonitor.interval=often', /metrics\/podMonitor\/interval/],
    ['crds.upgrade=sometimes', /crds\/upgrade.*want boolean/],
    ['finalizerPolicy.enabled=maybe', /finalizerPolicy\/enabled.*want boolean/],
    ['finalizerPolicy.enabled=true', /takes Kubernetes 1\.36 or later: this cluster has no .*MutatingAdmissionPolicy/],
    ['unknown=1', /additional properties 'unknown' not allowed/],
    ['postgresql.enabled=false', /database\.secretName is empty/],
    [
      'operator.watchNamespaces={orders}',
      /operator\.watchNamespaces lacks default, the namespace of the release, .*: add it/,
    ],
    [
      'metrics.podMonitor.enabled=true,metrics.serviceMonitor.enabled=true',
      /would both scrape the same pods: enable one of them/,
    ],
  ])('the chart refuses %s', async (value, message) => {
    await expect(line.helm(['template', 'release', chart, '--set', value])).rejects.toThrow(message);
  });

  it('the chart refuses a release whose name leaves no room for those of its pods', async () => {
    const name = 'r'.repeat(41);
    await expect(line.helm(['template', name, chart])).rejects.toThrow(/release name .* more than 40 characters/);
    await expect(line.helm(['template', name.slice(1), chart])).resolves.toContain('kind: Deployment');
  });

  it.each(valuesFiles)('the chart passes lint with %s', async (file) => {
    await line.helm(['lint', chart, '--strict', `--values=${join(chart, file)}`]);
  });
});

describe('the kustomization, beside the chart', () => {
  let kustomized: Rendered[];
  let rendered: Rendered[];

  beforeAll(async () => {
    kustomized = parseManifests(await line.kubectl(['kustomize', 'config']));
    rendered = await renderChart(line);
  });

  const find = (manifests: readonly Rendered[], kind: string, ending: string) =>
    manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name.endsWith(ending));

  it.each([
    ['ClusterRole', '-operator'],
    ['Role', '-leader-election'],
    ['ClusterRole', '-view'],
    ['ClusterRole', '-edit'],
  ])('gives the same rights: %s %s', (kind, ending) => {
    const rules = find(rendered, kind, ending)?.rules;
    expect(rules?.length).toBeGreaterThan(0);
    expect(find(kustomized, kind, ending)?.rules).toEqual(rules);
  });

  it('names every right: nothing is granted by a star', () => {
    const rules = [...rendered, ...kustomized].flatMap((manifest) => manifest.rules ?? []);
    const words = rules.flatMap(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs]);
    expect(words.filter((word) => word.includes('*'))).toEqual([]);
  });

  it('runs the operator in the same way', () => {
    const [chartPod, kustomizePod] = [rendered, kustomized].map((manifests) =>
      comparablePod(find(manifests, 'Deployment', '-operator')),
    );
    expect(kustomizePod).toEqual(chartPod);
    const [chartBudget, kustomizeBudget] = [rendered, kustomized].map((manifests) => {
      const { spec } = find(manifests, 'PodDisruptionBudget', '-operator') as Rendered & { spec: object };
      return { ...spec, selector: undefined };
    });
    expect(kustomizeBudget).toEqual(chartBudget);
  });
});

/** Where the examples have the chart's values. */
interface GitOpsSpec {
  readonly source?: { readonly helm: { readonly valuesObject: object } };
  readonly values?: object;
}

interface OperatorDeployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: {
        readonly serviceAccountName: string;
        readonly topologySpreadConstraints: readonly object[];
        readonly containers: readonly { readonly env: readonly { readonly name: string }[] }[];
      };
    };
  };
}

/** Less what has names of the release in it, and variables that say what is so without them. */
function comparablePod(manifest: Rendered | undefined): object {
  const { replicas, template } = (manifest as unknown as OperatorDeployment).spec;
  const [container] = template.spec.containers;
  const environment = container?.env.filter(
    ({ name }) => !['WATCH_NAMESPACES', 'LOG_LEVEL', 'POD_DEFAULTS'].includes(name),
  );
  return {
    ...template.spec,
    replicas,
    serviceAccountName: undefined,
    topologySpreadConstraints: template.spec.topologySpreadConstraints.map((constraint) => ({
      ...constraint,
      labelSelector: undefined,
    })),
    containers: [{ ...container, imagePullPolicy: undefined, env: environment }],
  };
}

async function apply(args: readonly string[], input = ''): Promise<void> {
  await line.kubectl(['apply', ...args], input);
}
