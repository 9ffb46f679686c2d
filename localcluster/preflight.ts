import { howToInstall, type Tool } from './artifacts/tools.ts';
import { lookAtMachine, type Machine } from './machine/machine.ts';
import { kernelFeatures, type KernelFeature } from './machine/kernel.ts';
import type { Settings } from './settings.ts';

/** What a cluster is about to ask of the machine. */
export interface Needs {
  /** Ports on 127.0.0.1 that it will listen on. */
  readonly ports: readonly number[];
  /** Whether anything has yet to be built or downloaded. */
  readonly building: boolean;
}

/** Why no cluster can come up on this machine. The message is one line: what is wrong, and what to do. */
export interface Refusal {
  readonly code:
    | 'NotLinux'
    | 'UnsupportedArchitecture'
    | 'NotRoot'
    | 'MissingCapability'
    | 'OldKernel'
    | 'MissingNamespace'
    | 'MissingCgroupController'
    | 'MissingKernelFeature'
    | 'MissingTool'
    | 'DiskFull'
    | 'PortTaken';
  readonly message: string;
}

/** Looks at this machine before a cluster comes up on it; an empty answer means that nothing is in the way. */
export async function checkMachine(settings: Settings, needs: Needs): Promise<readonly Refusal[]> {
  const tools = [...Object.keys(toolsToRun), ...Object.keys(howToInstall)];
  return findRefusals(await lookAtMachine(settings, tools, needs.ports), settings, needs);
}

/** Without one of the first, nothing can be said about what comes after: the first that fails is the only answer. */
export function findRefusals(machine: Machine, settings: Settings, needs: Needs): readonly Refusal[] {
  for (const check of [checkPlatform, checkArchitecture, checkRoot, checkCapabilities]) {
    const refusals = check(machine);
    if (refusals.length > 0) return refusals;
  }
  return [
    ...checkKernelRelease(machine),
    ...checkNamespaces(machine),
    ...checkCgroups(machine),
    ...checkKernelFeatures(machine),
    ...checkTools(machine, needs),
    ...checkDisks(machine, settings, needs),
    ...checkPorts(machine, needs),
  ];
}

const elsewhere = 'use minikube or kind instead: make demo CONTEXT=<its kubeconfig context>';

function checkPlatform({ platform }: Machine): Refusal[] {
  if (platform === 'linux') return [];
  return [{ code: 'NotLinux', message: `The local cluster runs on Linux only, and this is ${platform}: ${elsewhere}` }];
}

/** PostgreSQL comes as a package for this one. */
function checkArchitecture({ architecture }: Machine): Refusal[] {
  if (architecture === 'x64') return [];
  const message = `The local cluster runs on x64 processors only, and this one is ${architecture}: ${elsewhere}`;
  return [{ code: 'UnsupportedArchitecture', message }];
}

function checkRoot({ isRoot }: Machine): Refusal[] {
  if (isRoot) return [];
  return [
    { code: 'NotRoot', message: `The local cluster needs root: run make as root (sudo make ...), or ${elsewhere}` },
  ];
}

/** By their numbers in linux/capability.h. */
const requiredCapabilities = { CAP_NET_ADMIN: 12, CAP_SYS_CHROOT: 18, CAP_SYS_ADMIN: 21 } as const;

function checkCapabilities({ capabilities }: Machine): Refusal[] {
  const missing = Object.entries(requiredCapabilities)
    .filter(([, bit]) => ((capabilities >> BigInt(bit)) & 1n) === 0n)
    .map(([name]) => name);
  if (missing.length === 0) return [];
  const message = `This root lacks ${missing.join(' and ')}: in a container, start that with --privileged, or ${elsewhere}`;
  return [{ code: 'MissingCapability', message }];
}

/** The oldest that kube-proxy writes nftables rules for. */
const leastKernel = { major: 5, minor: 13 };

function checkKernelRelease({ kernelRelease }: Machine): Refusal[] {
  const [major = 0, minor = 0] = kernelRelease.split(/[.-]/).map(Number);
  const isNew = major > leastKernel.major || (major === leastKernel.major && minor >= leastKernel.minor);
  if (isNew) return [];
  const least = `${leastKernel.major}.${leastKernel.minor}`;
  const message = `The kernel is ${kernelRelease}, and ${least} is the oldest that will do: update the system, or ${elsewhere}`;
  return [{ code: 'OldKernel', message }];
}

const requiredNamespaces = ['mnt', 'net', 'pid', 'uts', 'ipc'];

function checkNamespaces({ namespaces }: Machine): Refusal[] {
  const missing = requiredNamespaces.filter((name) => !namespaces.has(name));
  if (missing.length === 0) return [];
  const message = `The kernel has no namespaces of kind ${missing.join(', ')}: boot another kernel, or ${elsewhere}`;
  return [{ code: 'MissingNamespace', message }];
}

const requiredControllers = ['cpu', 'cpuset', 'memory', 'pids'];

function checkCgroups({ cgroupControllers }: Machine): Refusal[] {
  const missing = requiredControllers.filter((name) => !cgroupControllers.has(name));
  if (missing.length === 0) return [];
  const message =
    `The cgroup controllers ${missing.join(', ')} are missing or not writable in /sys/fs/cgroup: ` +
    `enable them on the kernel's command line (in a container, mount that folder writable), or ${elsewhere}`;
  return [{ code: 'MissingCgroupController', message }];
}

function checkKernelFeatures(machine: Machine): Refusal[] {
  return kernelFeatures
    .filter((feature) => !machine.kernelFeatures.has(feature))
    .map((feature) => ({
      code: 'MissingKernelFeature',
      message: `The kernel offers no ${feature} here: ${remedyFor(feature)}, or ${elsewhere}`,
    }));
}

/** In a container, the folder of the state is often on an overlay already, and one cannot stand on another. */
function remedyFor(feature: KernelFeature): string {
  return feature === 'overlay file systems'
    ? 'have the state on an ordinary disk, with XDG_STATE_HOME'
    : 'boot a kernel that does';
}

const toolsToRun = {
  nsenter: 'install util-linux, for example with: apt-get install util-linux',
};

function toolsToBuild({ tools }: Machine): Partial<Record<Tool, string>> {
  const { go: _, mvn: __, python3, ...always } = howToInstall;
  // Go is fetched from PyPI where the machine has none, and Maven from Debian.
  return tools.has('go') ? always : { ...always, python3 };
}

function checkTools(machine: Machine, { building }: Needs): Refusal[] {
  const { tools } = machine;
  return Object.entries({ ...toolsToRun, ...(building && toolsToBuild(machine)) })
    .filter(([tool]) => !tools.has(tool))
    .map(([tool, remedy]) => ({ code: 'MissingTool', message: `${tool} is not installed: ${remedy}` }));
}

const gigabyte = 1e9;
/** A first build with what it downloads, and the compiler's own cache. */
const buildBytes = 6 * gigabyte;
/** Images, logs and a few volumes. */
const stateBytes = 2 * gigabyte;

function checkDisks({ disks }: Machine, settings: Settings, { building }: Needs): Refusal[] {
  return disks.flatMap(({ folders, freeBytes }) => {
    const forBuilds = building && folders.includes(settings.cacheFolder) ? buildBytes : 0;
    const neededBytes = forBuilds + (folders.includes(settings.stateFolder) ? stateBytes : 0);
    if (freeBytes >= neededBytes) return [];
    const amounts = `${inGigabytes(freeBytes)} GB free, and ${inGigabytes(neededBytes)} GB are needed`;
    const remedy = 'make room, or choose another disk with XDG_CACHE_HOME and XDG_STATE_HOME';
    return [{ code: 'DiskFull', message: `The disk of ${folders.join(' and ')} has ${amounts}: ${remedy}` }];
  });
}

function inGigabytes(bytes: number): string {
  return (bytes / gigabyte).toFixed(1);
}

/** A line for each who holds some of them. */
function checkPorts({ listeners }: Machine, { ports }: Needs): Refusal[] {
  const taken = ports.filter((port) => listeners.has(port));
  const holders = new Set(taken.map((port) => listeners.get(port)));
  return [...holders].map((holder) => {
    const held = taken.filter((port) => listeners.get(port) === holder);
    const which = `${held.length > 1 ? 'Ports' : 'Port'} ${listPorts(held)} on 127.0.0.1`;
    const remedy = `end that, or choose ${ports.length} other ports with CLUSTER_PORT=<the first of them>`;
    return { code: 'PortTaken', message: `${which} ${held.length > 1 ? 'are' : 'is'} taken by ${holder}: ${remedy}` };
  });
}

/** "16443 to 16452" where none is left out, for that is what another cluster holds. */
function listPorts(ports: readonly number[]): string {
  const [first = 0, last = first] = [ports[0], ports.at(-1)];
  return ports.length > 2 && last - first === ports.length - 1 ? `${first} to ${last}` : ports.join(', ');
}
