import { expect, it } from '@jest/globals';
import { buildsWithoutDocker, checkTools, type Run } from '../../../demo/user-tools.ts';

const answering =
  (contexts: string): Run =>
  (tool) =>
    Promise.resolve(tool === 'kubectl' ? contexts : 'v4.3.1');

it('takes a context that the kubeconfig has', async () => {
  await expect(checkTools('minikube', answering('kind-tasks\nminikube\n'))).resolves.toBeUndefined();
});

it.each([
  ['kind-tasks\nminikube\n', 'Your kubeconfig has no context "mine". It has: kind-tasks, minikube.'],
  ['', 'Your kubeconfig has no context "mine". It has none: start your cluster first.'],
])('names the contexts that there are: %j', async (contexts, message) => {
  await expect(checkTools('mine', answering(contexts))).rejects.toThrow(message);
});

it.each(['kubectl', 'helm'])('says where to get %s when it is not installed', async (missing) => {
  const run: Run = (tool) =>
    tool === missing
      ? Promise.reject(Object.assign(new Error(`spawn ${tool} ENOENT`), { code: 'ENOENT' }))
      : answering('mine')(tool, []);
  await expect(checkTools('mine', run)).rejects.toThrow(`${missing} is not installed: see https://`);
});

const withoutAptGet: Run = () => Promise.reject(Object.assign(new Error('spawn apt-get ENOENT'), { code: 'ENOENT' }));

it.each([
  ['Debian and Ubuntu on x64', 'linux', 'x64', answering(''), true],
  ['Linux without apt-get', 'linux', 'x64', withoutAptGet, false],
  ['Linux on arm64', 'linux', 'arm64', answering(''), false],
  ['macOS', 'darwin', 'x64', answering(''), false],
] as const)('%s: the image is built without Docker or not', async (_title, platform, arch, run, expected) => {
  await expect(buildsWithoutDocker(run, { platform, arch })).resolves.toBe(expected);
});
