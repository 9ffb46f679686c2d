import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { kubernetesPrograms } from '../artifacts/go-programs.ts';
import { artifactFolder, withLock } from '../cache.ts';
import { checkMachine } from '../preflight.ts';
import type { Image } from '../images/image.ts';
import { say, step } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { renderAddons } from './addons.ts';
import { askContainerd, importImage } from './images-on-node.ts';
import { kubeconfigFile, kubectlFor, type Kubectl } from './kubectl.ts';
import { machinePorts, nodeName } from './node-configuration.ts';
import { prepareParts, type ClusterParts } from './prepare.ts';
import { configurationFile, findNode, removeCgroups } from './running-node.ts';
import { writeState } from './state.ts';

/**
 * Brings the cluster up, or to the end of coming up, from whatever state it is in: never started, running, half started,
 * or dead after a crash (its objects, images and volumes are then still there).
 *
 * @param moreImages beside those that every cluster has
 */
export async function up(settings: Settings, moreImages: readonly Image[] = []): Promise<void> {
  await withLock(settings.stateFolder, `The cluster ${settings.clusterName}`, async () => {
    const running = await findNode(settings);
    if (running === undefined) await refuseUnfitMachine(settings);
    else say(`  ✓ The node of ${settings.clusterName} is running`);
    const parts = await prepareParts(settings, moreImages);
    const pid = running ?? (await step(`The node of ${settings.clusterName}`, () => startNode(settings, parts)));
    await bringToReady(settings, parts, pid);
  });
}

async function refuseUnfitMachine(settings: Settings): Promise<void> {
  const building = !existsSync(artifactFolder(settings, kubernetesPrograms));
  const refusals = await checkMachine(settings, { ports: machinePorts(settings), building });
  if (refusals.length > 0) throw new Error(refusals.map(({ message }) => message).join('\n'));
}

async function startNode(settings: Settings, parts: ClusterParts): Promise<number> {
  await removeCgroups(settings); // of an earlier run that was not taken down
  await writeState(settings, parts);
  await execa(join(parts.nodePrograms, 'node'), ['up', configurationFile(settings)], { stdin: 'ignore' });
  const pid = await findNode(settings);
  if (pid === undefined)
    throw new Error(`The node ended at once; see ${join(settings.stateFolder, 'logs', 'node.log')}`);
  return pid;
}

async function bringToReady(settings: Settings, parts: ClusterParts, pid: number): Promise<void> {
  const kubectl = kubectlFor(settings, parts.programs);
  await Promise.all([
    step('Images', () => importImages(pid, parts)),
    step('Kubernetes', async (report) => {
      report('waiting for the API server');
      await untilAnswered(() => kubectl(['get', '--raw', '/readyz']));
      report('waiting for the node');
      await kubectl(['apply', '--server-side', '--force-conflicts', '--filename=-'], renderAddons());
      await waitFor(kubectl, [`node/${nodeName(settings)}`, '--for=create']);
      await waitFor(kubectl, [`node/${nodeName(settings)}`, '--for=condition=Ready']);
      await waitFor(kubectl, ['serviceaccount/default', '--namespace=default', '--for=create']);
      report('waiting for cluster DNS');
      await waitFor(kubectl, ['deployment/coredns', '--namespace=kube-system', '--for=condition=Available']);
    }),
  ]);
  say(`  ✓ The cluster ${settings.clusterName} is ready: export KUBECONFIG=${kubeconfigFile(settings)}`);
}

/** One after the other, smallest first: the small ones are those that the cluster's own pods wait for. */
async function importImages(pid: number, { images }: ClusterParts): Promise<void> {
  await untilAnswered(() => askContainerd(pid));
  for (const image of [...images].sort((a, b) => a.bytes - b.bytes)) await importImage(pid, image);
}

const waitSeconds = 120;
const lookMilliseconds = 100;

async function waitFor(kubectl: Kubectl, args: readonly string[]): Promise<void> {
  await kubectl(['wait', `--timeout=${waitSeconds}s`, ...args]);
}

/** Asks until there is an answer. @throws what the last question failed with, after two minutes */
export async function untilAnswered(ask: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + waitSeconds * 1000;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
    }
  }
}
