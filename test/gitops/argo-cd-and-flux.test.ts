import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ensure } from '../../localcluster/cache.ts';
import { readSettings } from '../../localcluster/settings.ts';
import { argoCdCustomizations } from '../support/argo-cd-customizations.ts';
import { renderChart, type Rendered } from '../support/chart.ts';
import { commandLine, type CommandLine } from '../support/command-line.ts';
import { runJobs } from '../support/job-runner.ts';
import { startKubernetes, type Kubernetes } from '../support/kubernetes.ts';
import { gitOpsLibraries } from './programs.ts';

interface Verdict {
  readonly status: string;
  readonly message: string;
}

interface Applied {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly generation: number };
}

interface Synced {
  readonly kind: string;
  readonly name: string;
  readonly phase: string;
  readonly hook: string;
  readonly order: number;
  readonly status: string;
  readonly state: string;
  readonly message: string;
}

const argoCdValues = ['--set=eventCluster.spec.engine=Kafka', '--skip-tests'];
const kinds = ['eventclusters', 'eventtopics', 'eventusers', 'chatapis', 'reminderconsumers', 'deadletterreplays'];
const examples = readdirSync('examples').filter((name) => name.endsWith('.yaml'));

let program: string;
let kubernetes: Kubernetes;
let line: CommandLine;
let namespace: string;

beforeAll(async () => {
  program = join(await ensure(readSettings(), gitOpsLibraries), 'gitops');
  kubernetes = await startKubernetes();
  line = await commandLine(kubernetes.controlPlane.kubeconfigFile);
  namespace = await kubernetes.createNamespace();
}, 1_500_000);
afterAll(() => kubernetes?.stop());

async function ask<T>(args: readonly string[], objects: readonly object[]): Promise<T> {
  const { stdout } = await execa(program, args, { input: JSON.stringify(objects) });
  return JSON.parse(stdout) as T;
}

const healthOf = (objects: readonly object[]) =>
  ask<readonly { argoCd: Verdict; flux: Verdict }[]>(['health', argoCdCustomizations], objects);

describe('health', () => {
  const now = '2026-01-01T00:00:00Z';
  const condition = (type: string, status: string, message: string) => ({
    ...{ type, status, message, reason: 'Test', lastTransitionTime: now },
  });
  const [ready, waiting] = [condition('Ready', 'True', '3 ready'), condition('Ready', 'False', '2 of 3')];

  let resources: readonly Applied[];

  beforeAll(async () => {
    for (const name of examples) {
      const manifests = parseAllDocuments(readFileSync(join('examples', name), 'utf8')).map((each) => each.toString());
      await line.kubectl(['apply', `--namespace=${namespace}`, '--filename=-'], manifests.join('---\n'));
    }
    const list = await line.kubectl(['get', kinds.join(','), `--namespace=${namespace}`, '--output=json']);
    resources = (JSON.parse(list) as { items: Applied[] }).items;
  });

  it('covers every kind', () => {
    expect(new Set(resources.map(({ kind }) => kind)).size).toBe(kinds.length);
  });

  it.each([
    ['that the operator has not looked at', undefined, 'Progressing', 'InProgress'],
    ['that is Ready', { behind: 0, conditions: [ready] }, 'Healthy', 'Current'],
    [
      'on which the operator works',
      { behind: 0, conditions: [waiting, condition('Reconciling', 'True', '2 of 3')] },
      ...(['Progressing', 'InProgress'] as const),
    ],
    [
      'that is Stalled',
      { behind: 0, conditions: [waiting, condition('Stalled', 'True', 'refused')] },
      ...(['Degraded', 'Failed'] as const),
    ],
    ['whose status is of an earlier spec', { behind: 1, conditions: [ready] }, 'Progressing', 'InProgress'],
  ])('of a resource %s', async (_title, given, argoCd, flux) => {
    const verdicts = await healthOf(
      resources.map((resource) => {
        if (!given) return resource;
        // Examples that declare the same resource leave it with a later generation.
        const observedGeneration = resource.metadata.generation - given.behind;
        return { ...resource, status: { observedGeneration, conditions: given.conditions } };
      }),
    );
    expect(verdicts.map((verdict) => ({ argoCd: verdict.argoCd.status, flux: verdict.flux.status }))).toEqual(
      resources.map(() => ({ argoCd, flux })),
    );
  });
});

describe('an Argo CD sync of the chart', () => {
  let manifests: readonly Rendered[];
  let results: readonly Synced[];

  beforeAll(async () => {
    manifests = await renderChart(line, argoCdValues, namespace);
    results = await sync();
  }, 300_000);

  async function sync() {
    const { kubeconfigFile } = kubernetes.controlPlane;
    const jobs = runJobs(kubernetes, namespace);
    try {
      return await ask<readonly Synced[]>(['sync', kubeconfigFile, namespace, argoCdCustomizations], manifests);
    } finally {
      await jobs.stop();
    }
  }

  it('applies everything', () => {
    expect(results.filter(({ status, hook }) => status !== 'Synced' && hook === '')).toEqual([]);
    expect(results.length).toBeGreaterThan(20);
  });

  it('runs the hooks before everything else, and they succeed', () => {
    const hooks = results.filter(({ hook }) => hook !== '');
    const jobs = hooks.filter(({ kind }) => kind === 'Job').map(({ name }) => name);
    expect(jobs.sort()).toEqual([expect.stringContaining('crds'), expect.stringContaining('credentials')]);
    for (const hook of hooks) expect(hook).toMatchObject({ hook: 'PreSync', phase: 'PreSync', state: 'Succeeded' });
    const orders = (of: readonly Synced[]) => of.map(({ order }) => order);
    const others = results.filter(({ hook }) => hook === '');
    expect(Math.max(...orders(hooks))).toBeLessThan(Math.min(...orders(others)));
  });

  it('runs the hooks again and changes nothing the second time', async () => {
    const versions = () =>
      line.kubectl([
        'get',
        [...kinds, 'deployments', 'services', 'statefulsets', 'configmaps', 'secrets'].join(','),
        `--namespace=${namespace}`,
        '--output=jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.generation} {.data}{"\\n"}{end}',
      ]);
    const before = await versions();
    const again = await sync();
    expect(outcomesOf(again)).toEqual(outcomesOf(results));
    expect(await versions()).toBe(before);
  });
});

/** In an order of their own: Argo CD applies objects of one kind in any order. */
const outcomesOf = (results: readonly Synced[]) =>
  results.map(({ kind, name, hook, status, state }) => [kind, name, hook, status, hook && state].join(' ')).sort();
