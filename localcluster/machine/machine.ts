import { execa } from 'execa';
import { readdir } from 'node:fs/promises';
import { release } from 'node:os';
import type { Settings } from '../settings.ts';
import { findDisks, type Disk } from './disks.ts';
import { findCgroupControllers, findKernelFeatures, readOrEmpty, type KernelFeature } from './kernel.ts';
import { findListeners } from './ports.ts';

/** What a local cluster may depend on in the machine that it is to run on. */
export interface Machine {
  /** As Node names them: linux, x64. */
  readonly platform: string;
  readonly architecture: string;
  /** Such as 6.1.0-49-amd64. */
  readonly kernelRelease: string;
  readonly isRoot: boolean;
  /** A bit for each effective capability, numbered as in linux/capability.h. */
  readonly capabilities: bigint;
  /** Kinds of namespaces: mnt, net, pid. */
  readonly namespaces: ReadonlySet<string>;
  readonly cgroupControllers: ReadonlySet<string>;
  readonly kernelFeatures: ReadonlySet<KernelFeature>;
  /** Programs found on the PATH, of those asked for. */
  readonly tools: ReadonlySet<string>;
  /** Where the cache and the state are. */
  readonly disks: readonly Disk[];
  /** Who listens on the ports asked for. */
  readonly listeners: ReadonlyMap<number, string>;
}

/** Looks at this machine. Answers on any system; what is Linux's own is then missing. */
export async function lookAtMachine(
  settings: Settings,
  tools: readonly string[],
  ports: readonly number[],
): Promise<Machine> {
  const status = await readOrEmpty('/proc/self/status');
  const [namespaces, cgroupControllers, features, found, disks, listeners] = await Promise.all([
    readdir('/proc/self/ns').catch(() => []),
    findCgroupControllers(),
    findKernelFeatures(settings),
    findTools(tools),
    findDisks([settings.cacheFolder, settings.stateFolder]),
    findListeners(ports),
  ]);
  return {
    platform: process.platform,
    architecture: process.arch,
    kernelRelease: release(),
    isRoot: process.geteuid?.() === 0,
    capabilities: BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`),
    namespaces: new Set(namespaces),
    cgroupControllers,
    kernelFeatures: features,
    tools: found,
    disks,
    listeners,
  };
}

async function findTools(tools: readonly string[]): Promise<ReadonlySet<string>> {
  const find = ['-c', 'for tool; do command -v "$tool" >/dev/null && echo "$tool"; done', 'sh'];
  const { stdout } = await execa('sh', [...find, ...tools], { reject: false, lines: true });
  return new Set(stdout);
}
