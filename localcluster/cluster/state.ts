import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { createCredentials, writeCredentials } from '../credentials.ts';
import type { Settings } from '../settings.ts';
import { addresses, apiServerPort } from './addresses.ts';
import { kubeconfigFile } from './kubectl.ts';
import { nodeConfiguration, nodeName } from './node-configuration.ts';
import type { ClusterParts } from './prepare.ts';
import { configurationFile } from './running-node.ts';

/**
 * Writes all that a node starts from into the cluster's state folder. Credentials are made once and kept, as etcd's data
 * is: a node that is started again is the same node.
 */
export async function writeState(settings: Settings, parts: ClusterParts): Promise<void> {
  const kubernetes = join(settings.stateFolder, 'kubernetes');
  const admin = join(kubernetes, 'admin.kubeconfig');
  if (!existsSync(admin)) {
    // As a whole or not at all: the admin's kubeconfig, which is looked for, is the last to be written.
    await rm(kubernetes, { recursive: true, force: true });
    await writeCredentials(kubernetes, await credentials(settings));
  }
  await writeFile(configurationFile(settings), JSON.stringify(nodeConfiguration(settings, parts), undefined, 2));
  await writeFile(kubeconfigFile(settings), fromTheMachine(settings, await readFile(admin, 'utf8')), { mode: 0o600 });
  await linkTools(join(settings.stateFolder, 'bin'), parts.programs);
}

async function credentials(settings: Settings): Promise<ReadonlyMap<string, string>> {
  const files = await createCredentials({
    clusterName: settings.clusterName,
    server: `https://${addresses.node}:${apiServerPort}`,
    hosts: [addresses.node, addresses.kubernetesService, ...kubernetesServiceNames],
    node: { name: nodeName(settings), address: addresses.node },
  });
  const last = 'admin.kubeconfig';
  return new Map([...files].sort(([a], [b]) => Number(a === last) - Number(b === last)));
}

const kubernetesServiceNames = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/** The same access, by the port of the machine that leads to the API server. */
function fromTheMachine(settings: Settings, kubeconfig: string): string {
  const document = parse(kubeconfig) as { clusters: { cluster: { server: string } }[] };
  for (const { cluster } of document.clusters) cluster.server = `https://127.0.0.1:${settings.firstPort}`;
  return stringify(document);
}

/** kubectl and helm of the cluster's own version, for machines that have none. */
async function linkTools(folder: string, programs: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of ['kubectl', 'helm']) await symlink(join(programs, 'kube'), join(folder, name));
}
