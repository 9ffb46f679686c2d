import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { kubernetesPrograms } from '../../../localcluster/artifacts/go-programs.ts';
import { ensure } from '../../../localcluster/cache.ts';
import { startControlPlane, type ControlPlane } from '../../../localcluster/parts/control-plane.ts';
import { readSettings } from '../../../localcluster/settings.ts';
import { documentedCommands } from '../../support/documents.ts';
import { simpleCommands } from '../../support/shell-words.ts';

/** Every kubectl command that people are to paste, run as it is printed, on a real API server with the chart's resources. */
const pasted = [
  ...new Set(
    documentedCommands()
      .filter(({ pasted }) => pasted)
      .map(({ text }) => text),
  ),
];
const kubectlCommands = pasted.filter((text) => text.startsWith('kubectl '));

/** What cannot be run on an API server without nodes, or would end what the others need. */
const cannotRunHere: readonly [RegExp, string][] = [
  [/^kubectl (port-forward|logs|exec) /, 'needs pods that run'],
  [/^kubectl wait /, 'needs the operator'],
  [/ --watch/, 'never ends'],
  [/examples\/11-gitops|examples\/10-cloudnative-pg\/database/, 'needs the CRDs of others'],
  [/^kubectl get secret /, 'needs what Jobs and the operator write'],
  [/^kubectl patch secret (chat-api-tokens|kafka-events-postgresql) /, 'needs what a Job writes'],
  [/^kubectl (delete|create) namespace /, 'the namespace of all commands'],
  [/<[^<>\s]+>/, 'has a placeholder'],
];
const isRun = (text: string) => !cannotRunHere.some(([pattern]) => pattern.test(text));

let controlPlane: ControlPlane;
let folder: string;

beforeAll(async () => {
  const [programs, server] = await Promise.all([ensure(readSettings(), kubernetesPrograms), startControlPlane()]);
  controlPlane = server;
  folder = await mkdtemp(join(tmpdir(), 'documented-'));
  for (const name of ['kubectl', 'helm']) {
    await writeFile(join(folder, name), `#!/bin/sh\nexec ${join(programs, 'kube')} ${name} "$@"\n`);
    await chmod(join(folder, name), 0o755);
  }
  await shell('kubectl apply --server-side --kustomize crds');
  await shell('kubectl create namespace kafka-events');
  await shell(
    'helm template kafka-events charts/kafka-events --namespace kafka-events --skip-tests --no-hooks ' +
      '--set postgresql.backup.enabled=true | kubectl apply --namespace kafka-events --filename -',
  );
  // As the operator would make them.
  for (const name of ['chat-api', 'reminder-worker']) {
    await shell(`kubectl create deployment ${name} --image=none --namespace kafka-events`);
  }
});
afterAll(async () => {
  await controlPlane?.stop();
  if (folder) await rm(folder, { recursive: true });
});

const shell = (command: string) =>
  execa('bash', ['-c', command], {
    env: { KUBECONFIG: controlPlane.kubeconfigFile, PATH: [folder, process.env['PATH']].join(delimiter) },
  });

it('The commands of kubectl work as they are printed', async () => {
  const run = kubectlCommands.filter(isRun);
  expect(run.length).toBeGreaterThan(30);
  const isFirst = (text: string) => /^kubectl (apply|create secret)/.test(text);
  const failures: string[] = [];
  for (const text of [...run.filter(isFirst), ...run.filter((each) => !isFirst(each))]) {
    // Several documents create the same thing, each for itself.
    const created = /^kubectl create (secret generic|job) (\S+)/.exec(text);
    if (created)
      await shell(
        `kubectl delete ${created[1]!.split(' ')[0]} ${created[2]} --namespace kafka-events --ignore-not-found`,
      );
    await shell(text).catch((error: Error) => failures.push(`${text}\n${error.message}`));
  }
  expect(failures).toEqual([]);
});

it('The commands of kubectl and helm that cannot be run have only flags that exist', async () => {
  const words = pasted
    .filter((text) => !kubectlCommands.includes(text) || !isRun(text))
    .flatMap(simpleCommands)
    .filter(([program]) => program === 'kubectl' || program === 'helm');
  const help = new Map<string, string>();
  const unknown: string[] = [];
  for (const [program, ...all] of words) {
    const args = all.includes('--') ? all.slice(0, all.indexOf('--')) : all;
    const [verb = ''] = args;
    const key = `${program} ${verb}`;
    if (!help.has(key)) {
      const { stdout } = await shell(`${key} --help; ${program === 'kubectl' ? 'kubectl options' : 'true'}`);
      help.set(key, stdout);
    }
    const flags = args.filter((word) => word.startsWith('--')).map((word) => word.replace(/=.*/s, ''));
    unknown.push(
      ...flags.filter((flag) => !new RegExp(`${flag}\\b`).test(help.get(key)!)).map((flag) => `${key} ${flag}`),
    );
  }
  expect(unknown).toEqual([]);
});
