import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Settings } from '../settings.ts';
import { nodeCgroup } from './node-configuration.ts';

/**
 * The working set, in bytes, of a node and all of its pods: what kubelet calls so, which is all memory that they use but
 * for file pages that were not used lately.
 */
export async function nodeMemory(settings: Settings): Promise<number> {
  const unified = existsSync('/sys/fs/cgroup/cgroup.controllers');
  const folder = `/sys/fs/cgroup/${unified ? '' : 'memory/'}${nodeCgroup(settings)}`;
  const usage = Number(await readFile(`${folder}/${unified ? 'memory.current' : 'memory.usage_in_bytes'}`, 'utf8'));
  const statistics = await readFile(`${folder}/memory.stat`, 'utf8');
  const inactive = new RegExp(`^${unified ? '' : 'total_'}inactive_file (\\d+)$`, 'm').exec(statistics)?.[1];
  return usage - Number(inactive ?? 0);
}
