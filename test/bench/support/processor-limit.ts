import { access, mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the kernel keeps limits of processor time: of the first version of control groups, and of the second. */
const hierarchies = [
  { folder: '/sys/fs/cgroup/cpu', file: 'cpu.cfs_quota_us', quota: (cores: number) => `${cores * periodMicroseconds}` },
  {
    folder: '/sys/fs/cgroup',
    file: 'cpu.max',
    quota: (cores: number) => `${cores * periodMicroseconds} ${periodMicroseconds}`,
  },
] as const;
const periodMicroseconds = 100_000;

/**
 * Gives a process a part of a core, as the limit of a container does. It needs root.
 *
 * @param cores such as 0.25
 * @returns takes the limit off again
 */
export async function limitProcessor(pid: number, cores: number): Promise<() => Promise<void>> {
  for (const { folder, file, quota } of hierarchies) {
    const group = join(folder, `kafka-events-bench-${pid}`);
    const isThere = await mkdir(group).then(
      () =>
        access(join(group, file)).then(
          () => true,
          () => rmdir(group).then(() => false),
        ),
      () => false,
    );
    if (!isThere) continue;
    await writeFile(join(group, file), quota(cores));
    await writeFile(join(group, 'cgroup.procs'), String(pid));
    return async () => {
      await writeFile(join(folder, 'cgroup.procs'), String(pid));
      await rmdir(group);
    };
  }
  throw new Error('this machine gives no process a part of a core');
}
