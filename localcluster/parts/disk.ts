import { readFileSync } from 'node:fs';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Part } from './part.ts';

export interface DiskRequest {
  /** Tells it from its neighbours. */
  readonly name: string;
  /** Has its log. */
  readonly folder: string;
  /** What is in this folder, inside `folder`, is on the disk. */
  readonly data: string;
  readonly megabytes: number;
  /** Who may write to it; root when left out. */
  readonly user?: number | undefined;
}

/**
 * A small disk, in memory, that a test can fill. Nobody sees it but the commands that are given to `command`: it is
 * mounted in a namespace of its own, so that nothing of it stays behind, however the test ends.
 */
export interface Disk {
  /** To be ended with the parts that use it; its data is gone then. */
  readonly part: Part;
  /** Makes a command see the disk, and run as the user. */
  command(command: readonly string[]): string[];
  /** Takes what is free. */
  fill(): Promise<void>;
  /** Gives it back. */
  free(): Promise<void>;
}

const administration = 1n << 21n; // CAP_SYS_ADMIN

/** Mounting needs a right that root has, unless it is root of a container only. */
export const canHaveDisks =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  (BigInt(`0x${/^CapEff:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]}`) & administration) !== 0n;

/** @throws {PartError} when this process may not mount anything */
export async function startDisk({ name, folder, data, megabytes, user = 0 }: DiskRequest): Promise<Disk> {
  await mkdir(data, { recursive: true });
  const options = `size=${megabytes}m,mode=0700,uid=${user},gid=${user}`;
  const script = `mount -t tmpfs -o ${options} tmpfs "$0" && echo mounted && exec sleep infinity`;
  const part = new Part({
    name,
    command: ['/usr/bin/unshare', '--mount', '--propagation', 'private', '/bin/sh', '-c', script, data],
    folder,
    isReady: async (holder) => (await holder.readLog()).includes('mounted'),
  });
  await part.start();
  const filler = join(`/proc/${part.pid}/root`, data, 'filler');
  return {
    part,
    // With its root, which is not that of the machine when the tests run in a chroot.
    command: (command) => [
      ...['/usr/bin/nsenter', `--mount=/proc/${part.pid}/ns/mnt`, `--root=/proc/${part.pid}/root`],
      ...['env', `--chdir=${folder}`],
      ...(user === 0 ? [] : asUser(user)),
      ...command,
    ],
    fill: async () => {
      const file = await open(filler, 'a');
      try {
        await writeUntilFull(file);
      } finally {
        await file.close();
      }
    },
    free: () => rm(filler, { force: true }),
  };
}

/** As the guard does it, which cannot here: entering the namespace needs root. */
function asUser(user: number): string[] {
  return [
    ...['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--securebits=+no_setuid_fixup'],
    ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
  ];
}

async function writeUntilFull(file: FileHandle): Promise<void> {
  const zeros = Buffer.alloc(1024 * 1024);
  try {
    for (;;) await file.write(zeros);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
