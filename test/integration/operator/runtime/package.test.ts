import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installCrds } from '../../../../src/operator/runtime/testing/install-crds.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';

/** A project outside this one, which knows nothing but the package. */
let folder: string;
let kubernetes: Kubernetes;
let snippet: string;

const project = process.cwd();
const program = (name: string) => join(project, 'node_modules/.bin', name);

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
}
const manifestOf = async (path: string) => JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as Manifest;
const installed = () => join(folder, 'node_modules/operator-runtime');

/** A process each, of which TypeScript and the client library take seconds of a core to load. */
const limitMilliseconds = 120_000;

function run(file: string) {
  const env = { KUBECONFIG: kubernetes.controlPlane.kubeconfigFile };
  return execa(process.execPath, [file], { cwd: folder, env, reject: false });
}
let greeter: ReturnType<typeof run> | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outside-'));
  const { stdout: tarball } = await execa(process.execPath, ['src/operator/runtime/pack.ts', folder]);
  await mkdir(installed(), { recursive: true });
  await execa('tar', ['--extract', '--file', tarball, '--strip-components=1', `--directory=${installed()}`]);
  // As npm would install them, without a registry: what the package names and nothing else, so that nothing is missing.
  const { dependencies } = await manifestOf(installed());
  await Promise.all([...Object.keys(dependencies), '@types/node'].map(link));
  snippet = /```ts\n(.*?)```/s.exec(await readFile(join(installed(), 'README.md'), 'utf8'))![1]!;
  const compilerOptions = { target: 'ES2024', module: 'NodeNext', strict: true, noEmit: true, types: ['node'] };
  // The declarations of @kubernetes/client-node do not pass a check of their own.
  const typescript = { compilerOptions: { ...compilerOptions, skipLibCheck: true }, include: ['*.ts'] };
  await Promise.all([
    writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'outside', type: 'module', private: true })),
    writeFile(join(folder, 'tsconfig.json'), JSON.stringify(typescript)),
    writeFile(join(folder, 'greeter.ts'), snippet),
    writeFile(join(folder, 'greeter-test.ts'), testOf(snippet)),
    writeFile(join(folder, 'mistakes.ts'), mistakes),
  ]);
  kubernetes = await startKubernetes();
  await installCrds(kubernetes.client, [crd]);
});
afterAll(async () => {
  greeter?.kill('SIGKILL');
  await kubernetes?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function link(name: string): Promise<void> {
  const path = join(folder, 'node_modules', name);
  await mkdir(dirname(path), { recursive: true });
  await symlink(join(project, 'node_modules', name), path);
}

const crd = {
  metadata: { name: 'greetings.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Namespaced',
    names: { kind: 'Greeting', plural: 'greetings' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        subresources: { status: {} },
      },
    ],
  },
};

/** What somebody outside writes to test the controller: with the package's kit, and no test framework. */
const testOf = (greeter: string) => `
import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { connect } from 'operator-runtime/testing/connection';
import { eventually } from 'operator-runtime/testing/eventually';
import { runController } from 'operator-runtime/testing/running-manager';
import { readConditions, readEvents } from 'operator-runtime/testing/seen-by-people';
${greeter.slice(0, greeter.indexOf('const logger'))}
const kubeconfig = await readFile(process.env['KUBECONFIG']!, 'utf8');
const { client, close } = connect(kubeconfig);
const key = { namespace: 'default', name: 'hello' };
const manifest = { metadata: key, spec: { name: 'Ada' } };
const greeting = await client.create(greetings, manifest);
const running = runController(kubeconfig, controller);
await eventually(async () => {
  const { Ready } = await readConditions(client, greetings, key);
  deepStrictEqual([Ready?.status, Ready?.reason, Ready?.message], ['True', 'Greeted', 'Hello, Ada!']);
});
await client.delete(configMaps, key);
await eventually(async () => ok(await client.get(configMaps, key)));
await eventually(async () => match((await readEvents(client, greeting))[0]?.message ?? '', /Hello, Ada/));
await running.stop();
deepStrictEqual(running.failures, []);
close();
`;

/** Declarations that could not be found would pass for anything, and these lines for no mistakes. */
const mistakes = `
import { watchOwned, type Context, type Managed } from 'operator-runtime/controller';
import { KubernetesClient } from 'operator-runtime/kubernetes-client';
import type { ObjectKind } from 'operator-runtime/object-kind';
import { ManualClock } from 'operator-runtime/testing/manual-clock';
// @ts-expect-error: it has no plural
export const kind: ObjectKind = { apiVersion: 'v1', kind: 'ConfigMap' };
// @ts-expect-error: a transport is no text
export const client = new KubernetesClient('https://127.0.0.1');
// @ts-expect-error: a clock says it by now()
export const time = new ManualClock().time;
// @ts-expect-error: names are texts
export const name = (context: Context<Managed>): number => context.object.metadata.name;
// @ts-expect-error: loggers have levels
export const log = (context: Context<Managed>) => context.logger.loud('hello');
// @ts-expect-error: it takes two kinds
export const watches = [watchOwned({ apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' })];
`;

describe('the package', () => {
  it('has the version and license of the project, its README, and dependencies at the versions of the project', async () => {
    const [own, packed] = [await manifestOf(project), await manifestOf(installed())];
    expect(packed).toMatchObject({ name: 'operator-runtime', version: own.version, license: own.license });
    expect(Object.keys(packed.dependencies)).toContain('tinyqueue');
    expect(own.dependencies).toMatchObject(packed.dependencies);
    expect(await readFile(join(installed(), 'LICENSE'), 'utf8')).toBe(await readFile('LICENSE', 'utf8'));
  });

  it('has no file with a name of this project in it', async () => {
    const names = 'kafka|redpanda|topic|reminder|chat';
    const { stdout, exitCode } = await execa('grep', ['-riE', names, installed()], { reject: false });
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
  });

  it('shows a controller of 30 lines at most', () => {
    expect(
      snippet
        .trim()
        .split('\n')
        .filter((line) => line !== '').length,
    ).toBeLessThanOrEqual(30);
  });

  it('is used with strict types', async () => {
    const { stdout } = await execa(program('tsc'), ['-p', folder], { reject: false });
    expect(stdout).toBe('');
  });

  it('exports nothing that cannot be imported', async () => {
    const { exports } = await manifestOf(installed());
    const imports = Object.keys(exports).map((entry) => `await import('operator-runtime/${entry.slice(2)}');`);
    await execa(process.execPath, ['--input-type=module', '--eval', imports.join('\n')], { cwd: folder });
    await Promise.all(Object.values(exports).map(({ types }) => access(join(installed(), types))));
  });

  it('has a kit that tests the controller of its README on an API server', async () => {
    expect(await run('greeter-test.ts')).toMatchObject({ stderr: '', exitCode: 0 });
  });

  it('runs the controller of its README as a program, which stops on a signal', async () => {
    greeter = run('greeter.ts');
    const greetings = { apiVersion: 'example.org/v1', kind: 'Greeting', plural: 'greetings' };
    const key = { namespace: await kubernetes.createNamespace(), name: 'hello' };
    await kubernetes.client.create(greetings, { metadata: key, spec: { name: 'Bob' } } as object);
    const configMaps = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps' };
    await eventually(async () => {
      expect(await kubernetes.client.get(configMaps, key)).toMatchObject({ data: { text: 'Hello, Bob!' } });
    }, limitMilliseconds);
    greeter.kill('SIGTERM');
    expect(await greeter).toMatchObject({ stderr: '', exitCode: 0 });
  });
});
