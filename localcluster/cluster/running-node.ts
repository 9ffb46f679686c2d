import { readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../settings.ts';
import { nodeCgroup } from './node-configuration.ts';

/** The file that the node's first process goes by; its path in the process's arguments tells whose node it is. */
export function configurationFile(settings: Settings): string {
  return join(settings.stateFolder, 'node.json');
}

/** The process id of the node's first process, or undefined where the node does not run. */
export async function findNode(settings: Settings): Promise<number | undefined> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const [, command, file] = (await readOrEmpty(`/proc/${entry}/cmdline`)).split('\0');
    if (command === 'init' && file === configurationFile(settings)) return Number(entry);
  }
  return undefined;
}

async function readOrEmpty(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** Ends the node's first process and, with it, all others of the node; returns when the kernel has let go of them. */
export async function killNode(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  // A zombie has no arguments any more, though its parent may not have collected it yet.
  await until(async () => (await readOrEmpty(`/proc/${pid}/cmdline`)) === '');
}

const cgroupRoot = '/sys/fs/cgroup';

/** Removes the empty cgroups that a node left, in every hierarchy (version 1 has many, version 2 one). */
export async function removeCgroups(settings: Settings): Promise<void> {
  const [parent] = nodeCgroup(settings).split('/');
  for (const hierarchy of ['', ...(await readdir(cgroupRoot))]) {
    await removeTree(join(cgroupRoot, hierarchy, nodeCgroup(settings)));
    await rmdir(join(cgroupRoot, hierarchy, parent ?? '')).catch(() => undefined); // another cluster may live in it
  }
}

/** Only folders can be removed from a cgroup file system; they stay busy for a moment after their last process ended. */
async function removeTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  await until(() =>
    rmdir(folder).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'EBUSY',
    ),
  );
}

const lookMilliseconds = 20;
const limitMilliseconds = 30_000;

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + limitMilliseconds;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('the node did not end within 30 seconds');
    await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
  }
}
