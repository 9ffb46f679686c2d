import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** What of a machine a local cluster could disturb. */
export interface MachineView {
  readonly networkInterfaces: readonly string[];
  readonly routes: string;
  readonly mounts: readonly string[];
  readonly kernelSettings: Readonly<Record<string, string>>;
  readonly folders: readonly string[];
}

const kernelSettings = [
  'kernel/hostname',
  'kernel/panic',
  'kernel/panic_on_oops',
  'net/ipv4/ip_forward',
  'net/ipv4/conf/all/route_localnet',
  'vm/overcommit_memory',
];

/** Where container runtimes and kubelets usually write. */
const folders = [
  '/etc/cni',
  '/etc/containerd',
  '/etc/kubernetes',
  '/opt/cni',
  '/run/containerd',
  '/run/netns',
  '/var/lib/cni',
  '/var/lib/containerd',
  '/var/lib/kubelet',
  '/var/log/containers',
  '/var/log/pods',
];

export async function viewMachine(): Promise<MachineView> {
  const settings = kernelSettings.map(async (name) => [name, await readFile(`/proc/sys/${name}`, 'utf8')] as const);
  return {
    networkInterfaces: await readdir('/sys/class/net'),
    routes: await readFile('/proc/net/route', 'utf8'),
    mounts: (await readFile('/proc/self/mounts', 'utf8')).split('\n').sort(),
    kernelSettings: Object.fromEntries(await Promise.all(settings)),
    folders: folders.filter((folder) => existsSync(folder)),
  };
}
