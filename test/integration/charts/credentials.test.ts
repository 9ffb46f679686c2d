import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { userSecrets } from '../../../src/operator/brokers/user-secrets.ts';
import { eventClusters, statefulSets } from '../../../src/operator/kinds.ts';
import { chart } from '../../support/chart.ts';
import { commandLine, type CommandLine } from '../../support/command-line.ts';
import { runJobs, type JobRunner } from '../../support/job-runner.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../support/kubernetes.ts';

let kubernetes: Kubernetes;
let line: CommandLine;
let namespace: string;
let jobs: JobRunner;
let previous: string;

beforeAll(async () => {
  [kubernetes, previous] = await Promise.all([startKubernetes(), previousChart()]);
  line = await commandLine(kubernetes.controlPlane.kubeconfigFile);
});
afterAll(async () => {
  await kubernetes?.stop();
  if (previous) await rm(previous, { recursive: true });
});

beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
  jobs = runJobs(kubernetes, namespace);
});
afterEach(() => jobs.stop());

/** As it was while the template made the passwords: they lie in the release, and nothing keeps the tokens. */
async function previousChart(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'previous-chart-'));
  await cp(chart, folder, { recursive: true });
  await rm(join(folder, 'templates/create-credentials.yaml'));
  const labels = '{{- include "kafka-events.labels" . | nindent 4 }}';
  const secret = (name: string, annotations: string, values: object) =>
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  annotations: ${annotations}\n  labels: ${labels}\n` +
    `stringData: ${JSON.stringify(values)}\n---\n`;
  const text =
    secret('{{ .Release.Name }}-postgresql', '{ helm.sh/resource-policy: keep }', {
      ...{ username: 'kafka-events', password: 'as-before' },
      uri: 'postgresql://kafka-events:as-before@{{ .Release.Name }}-postgresql.{{ .Release.Namespace }}.svc:5432/kafka-events',
    }) + secret('chat-api-tokens', '{}', { demo: 'token-of-demo', kim: 'token-of-kim' });
  await writeFile(join(folder, 'templates/secrets.yaml'), text);
  return folder;
}

async function valuesOf(name: string): Promise<Record<string, string> | undefined> {
  const secret = await kubernetes.client.get(userSecrets, { namespace, name });
  if (!secret) return undefined;
  const entries = Object.entries(secret.data ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

const helm = (command: 'install' | 'upgrade', values: readonly string[], from: string = chart) => {
  const sets = ['crds.upgrade=false', ...values].map((value) => `--set=${value}`);
  return line.helm([command, 'tasks', from, `--namespace=${namespace}`, ...sets]);
};
const users = (...names: string[]) => [`chatApi.users={${names.join(',')}}`];

describe('helm upgrade and rollback', () => {
  it('keep a token for as long as somebody is a user, also that of the chart with passwords in its templates', async () => {
    await helm('install', [], previous);
    const [database, tokens] = [await valuesOf('tasks-postgresql'), await valuesOf('chat-api-tokens')];
    expect(tokens).toEqual({ demo: 'token-of-demo', kim: 'token-of-kim' });
    await helm('upgrade', users('demo', 'kim'));
    expect(await valuesOf('tasks-postgresql')).toEqual(database);
    expect(await valuesOf('chat-api-tokens')).toEqual(tokens);

    await helm('upgrade', users('demo'));
    expect(await valuesOf('chat-api-tokens')).toEqual({ demo: 'token-of-demo' });
    await line.helm(['rollback', 'tasks', '2', `--namespace=${namespace}`]);
    // It was taken away from whoever had it.
    const kim: unknown = expect.not.stringMatching(/^token-of-kim$/);
    expect(await valuesOf('chat-api-tokens')).toEqual({ demo: 'token-of-demo', kim });
    await line.helm(['rollback', 'tasks', '3', `--namespace=${namespace}`]);
    expect(await valuesOf('chat-api-tokens')).toEqual({ demo: 'token-of-demo' });
    expect(await valuesOf('tasks-postgresql')).toEqual(database);
  });
});

describe('helm install', () => {
  it('creates a password, which outlives the release, and tokens, which do not', async () => {
    await helm('install', []);
    const database = await valuesOf('tasks-postgresql');
    const { password } = database ?? {};
    expect(password).toMatch(/^[-_A-Za-z0-9]{32}$/);
    expect(database).toEqual({
      ...{ username: 'kafka-events', password },
      uri: `postgresql://kafka-events:${password}@tasks-postgresql.${namespace}.svc:5432/kafka-events`,
    });
    expect(await valuesOf('chat-api-tokens')).toEqual({ demo: expect.stringMatching(/^[-_A-Za-z0-9]{40}$/) });
    await helm('upgrade', ['chatApi.users=null']);
    expect(await valuesOf('chat-api-tokens')).toEqual({});

    await line.helm(['uninstall', 'tasks', `--namespace=${namespace}`]);
    expect(await valuesOf('chat-api-tokens')).toBeUndefined();
    expect(await valuesOf('tasks-postgresql')).toEqual(database);
    await helm('install', []);
    expect(await valuesOf('tasks-postgresql')).toEqual(database);
  });

  it('creates none where Secrets of others are named', async () => {
    await helm('install', ['postgresql.existingSecret=mine', 'chatApi.existingSecret=theirs']);
    expect(jobs.runs).toEqual([]);
    const statefulSet = await kubernetes.client.get(statefulSets, { namespace, name: 'tasks-postgresql' });
    expect(JSON.stringify(statefulSet?.spec?.template)).toContain('"secretKeyRef":{"name":"mine","key":"password"}');
  });

  it('fails, and says what to set, where a Secret of that name belongs to somebody else', async () => {
    await line.kubectl(['create', 'secret', 'generic', 'chat-api-tokens', `--namespace=${namespace}`]);
    const installed = line.helm(['install', 'tasks', chart, `--namespace=${namespace}`, '--timeout=8s']);
    await expect(installed).rejects.toThrow();
    const advice = 'To use it as it is, set chatApi.existingSecret: chat-api-tokens';
    // An API server may not know a new ServiceAccount at once; the Job tries again.
    const said = () => jobs.runs.map(({ output }) => output).join('\n');
    await eventually(() => expect(said()).toContain(advice));
  });
});

describe('helm template --skip-tests | kubectl apply', () => {
  it('changes nothing the second time, and removes nothing by the hook that is for uninstalling', async () => {
    // The pod of `helm test` cannot be changed, nor is it wanted here.
    const args = ['template', 'tasks', chart, `--namespace=${namespace}`, '--set=crds.upgrade=false', '--skip-tests'];
    const render = (...more: string[]) => line.helm([...args, ...more]);
    const rendered = await render();
    await line.kubectl(['apply', '--filename=-'], rendered);
    await eventually(() => expect(jobs.runs.map(({ program }) => program).sort()).toEqual(allJobs), 120_000);
    const before = [await valuesOf('tasks-postgresql'), await valuesOf('chat-api-tokens')];
    expect(before.every(Boolean)).toBe(true);

    const again = await render();
    expect(again).toBe(rendered);
    expect(await line.kubectl(['diff', '--filename=-'], again)).toBe('');
    await line.kubectl(['apply', '--filename=-'], again);
    expect(jobs.runs).toHaveLength(allJobs.length);
    expect([await valuesOf('tasks-postgresql'), await valuesOf('chat-api-tokens')]).toEqual(before);
    expect(await kubernetes.client.get(eventClusters, { namespace, name: 'events' })).toBeDefined();

    const other = await render('--set=chatApi.users={kim}');
    await line.kubectl(['apply', '--filename=-'], other);
    await eventually(async () => {
      expect(Object.keys((await valuesOf('chat-api-tokens')) ?? {})).toEqual(['kim']);
    }, 120_000);
  });
});

const allJobs = ['create-credentials', 'remove-resources'];
