import { execa } from 'execa';
import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../settings.ts';
import { nearestFolder } from './disks.ts';

/** What the node needs of the kernel. Other names than these are never looked at. */
export const kernelFeatures = [
  'overlay file systems',
  'veth interfaces',
  'bridge interfaces',
  'nftables with NAT',
] as const;
export type KernelFeature = (typeof kernelFeatures)[number];

/**
 * Which of them work, found out by use where that is possible: in namespaces of their own, so that nothing of it is seen
 * outside or stays. A modular kernel loads what it is asked for by itself.
 */
export async function findKernelFeatures(settings: Settings): Promise<ReadonlySet<KernelFeature>> {
  const works: Record<KernelFeature, Promise<boolean>> = {
    'overlay file systems': mountsOverlay(settings.stateFolder),
    'veth interfaces': addsInterface('name', 'probe0', 'type', 'veth', 'peer', 'name', 'probe1'),
    'bridge interfaces': addsInterface('name', 'probe0', 'type', 'bridge'),
    'nftables with NAT': hasNat(),
  };
  const found = await Promise.all(kernelFeatures.map(async (feature) => ((await works[feature]) ? [feature] : [])));
  return new Set(found.flat());
}

async function addsInterface(...link: readonly string[]): Promise<boolean> {
  return succeeds('unshare', ['--net', '--', 'ip', 'link', 'add', ...link]);
}

/** On the disk that containers will live on: an overlay cannot stand on every file system, and not on another overlay. */
async function mountsOverlay(stateFolder: string): Promise<boolean> {
  const parent = await nearestFolder(stateFolder);
  const folder = await mkdtemp(join(parent, '.kafka-events-probe-')).catch(() => undefined);
  if (folder === undefined) return true; // a full or read-only disk, which is not the kernel's fault
  try {
    const [lower, upper, work, merged] = ['lower', 'upper', 'work', 'merged'].map((name) => join(folder, name));
    for (const path of [lower, upper, work, merged]) await mkdir(String(path));
    const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    return await succeeds('unshare', [
      '--mount',
      '--',
      'mount',
      '-t',
      'overlay',
      'probe',
      '-o',
      options,
      String(merged),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A tool that is missing proves nothing against the kernel. */
async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  const result = await execa(program, args, { reject: false, stdin: 'ignore' });
  return result.exitCode === 0 || result.code === 'ENOENT' || /No such file or directory/.test(result.stderr);
}

/** The tool that could try it, nft, is not on every machine; the kernel's lists tell what is there and can be loaded. */
async function hasNat(): Promise<boolean> {
  const symbols = await readOrEmpty('/proc/kallsyms');
  if (/ nft_masq_init\b/.test(symbols)) return true;
  const folder = join('/lib/modules', release());
  const modules =
    (await readOrEmpty(join(folder, 'modules.builtin'))) + (await readOrEmpty(join(folder, 'modules.dep')));
  // In a container, neither list need be there: that proves nothing either.
  return modules === '' || /\/nft_masq\.ko/.test(modules);
}

/** The cgroup controllers that this user can make groups of: version 1 has a hierarchy each, version 2 one for all. */
export async function findCgroupControllers(): Promise<ReadonlySet<string>> {
  const root = '/sys/fs/cgroup';
  const unified = await readOrEmpty(join(root, 'cgroup.controllers'));
  if (unified !== '') return new Set((await isWritable(root)) ? unified.trim().split(' ') : []);
  const found = await Promise.all(
    (await readdir(root).catch(() => [])).map(async (name) => ((await isWritable(join(root, name))) ? [name] : [])),
  );
  return new Set(found.flat());
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

export async function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
