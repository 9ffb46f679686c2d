import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { kubernetesPrograms } from '../../localcluster/artifacts/go-programs.ts';
import { ensure } from '../../localcluster/cache.ts';
import { startControlPlane, type ControlPlane } from '../../localcluster/parts/control-plane.ts';
import { readSettings } from '../../localcluster/settings.ts';

const chart = 'charts/kafka-events';
const examples = readdirSync('examples').filter((name) => name.endsWith('.yaml'));

let controlPlane: ControlPlane;
let kube: string;

beforeAll(async () => {
  kube = join(await ensure(readSettings(), kubernetesPrograms), 'kube');
  controlPlane = await startControlPlane();
  await apply(['--server-side', '--kustomize=crds']);
  await run('kubectl', ['create', 'namespace', 'kafka-events']);
});

afterAll(() => controlPlane.stop());

describe('what is there to be applied', () => {
  it.each(examples)('examples/%s is accepted as it is', async (name) => {
    await apply(['--dry-run=server', `--filename=${join('examples', name)}`]);
  });

  it('the kustomization is accepted', async () => {
    await apply(['--server-side', '--dry-run=server', '--kustomize=config']);
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
    const manifests = await run('helm', ['template', 'release', chart, '--namespace=kafka-events', ...values]);
    await apply(['--server-side', '--dry-run=server', '--filename=-'], manifests);
  });

  it.each([
    ['operator.replicas=many', /operator\/replicas.*want integer/],
    ['unknown=1', /unknown/],
    ['postgresql.enabled=false', /database\.secretName is empty/],
  ])('the chart refuses %s', async (value, message) => {
    await expect(run('helm', ['template', 'release', chart, '--set', value])).rejects.toThrow(message);
  });

  it('the chart passes lint', async () => {
    await run('helm', ['lint', chart, '--strict']);
  });
});

async function apply(args: readonly string[], input = ''): Promise<void> {
  await run('kubectl', ['apply', ...args], input);
}

async function run(program: 'kubectl' | 'helm', args: readonly string[], input = ''): Promise<string> {
  const { stdout } = await execa(kube, [program, ...args], { input, env: { KUBECONFIG: controlPlane.kubeconfigFile } });
  return stdout;
}
