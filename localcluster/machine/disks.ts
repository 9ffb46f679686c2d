import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How much can still be written below some folders that are on one disk. */
export interface Disk {
  readonly folders: readonly string[];
  readonly freeBytes: number;
}

/** The disks that the folders are on, or will be once they are made. */
export async function findDisks(folders: readonly string[]): Promise<readonly Disk[]> {
  const disks = new Map<number, Disk>();
  for (const folder of folders) {
    const existing = await nearestFolder(folder);
    const [{ dev }, { bavail, bsize }] = await Promise.all([stat(existing), statfs(existing)]);
    const others = disks.get(dev)?.folders ?? [];
    disks.set(dev, { folders: [...others, folder], freeBytes: bavail * bsize });
  }
  return [...disks.values()];
}

/** The folder itself, or the nearest one above it that exists. */
export async function nearestFolder(folder: string): Promise<string> {
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  return exists || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}
