import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import type { CopyInstruction } from './dockerfile.ts';

/** A file of an image archive: its content's name and its length in bytes. */
export interface Blob {
  /** sha256:<hexadecimal digits> */
  readonly digest: string;
  readonly bytes: number;
}

/**
 * Writes a folder as an image layer (an uncompressed tar). Equal folders make equal bytes, wherever and whenever they are
 * written: entries are sorted, without times, and of two modes only.
 */
export async function writeLayer(folder: string, placement: Placement, file: string): Promise<Blob> {
  const tar = pack();
  const hash = createHash('sha256');
  let bytes = 0;
  const count = async function* (chunks: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  };
  await Promise.all([pipeline(tar, count, createWriteStream(file)), addAll(tar, folder, placement)]);
  return { digest: `sha256:${hash.digest('hex')}`, bytes };
}

type Placement = Pick<CopyInstruction, 'destination' | 'owner'>;
type Entry = Parameters<Pack['entry']>[0];

async function addAll(tar: Pack, folder: string, { destination, owner }: Placement): Promise<void> {
  const root = { mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '' };
  const copied = { ...root, uid: owner.user, gid: owner.group };
  try {
    for (const name of parents(destination)) await add(tar, { ...root, name, type: 'directory', mode: 0o755 });
    for (const name of (await readdir(folder, { recursive: true })).sort()) {
      await addFile(tar, join(folder, name), { ...copied, name: join(destination, name).replace(/^\//, '') });
    }
    tar.finalize();
  } catch (error) {
    tar.destroy(error as Error);
    throw error;
  }
}

/** Such as opt and opt/kafka for /opt/kafka; they are root's, whoever gets what is copied there. */
function parents(path: string): string[] {
  const names = path.split('/').filter(Boolean);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

async function addFile(tar: Pack, path: string, entry: Entry): Promise<void> {
  const stats = await lstat(path);
  if (stats.isDirectory()) {
    await add(tar, { ...entry, type: 'directory', mode: modeOf(stats) });
  } else if (stats.isSymbolicLink()) {
    await add(tar, { ...entry, type: 'symlink', mode: 0o777, linkname: await readlink(path) });
  } else if (stats.isFile()) {
    const sink = tar.entry({ ...entry, type: 'file', mode: modeOf(stats), size: stats.size });
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), sink);
  } else {
    throw new Error(`${path} is neither a file nor a folder nor a link`);
  }
}

async function add(tar: Pack, entry: Entry): Promise<void> {
  await new Promise<void>((resolve, reject) => tar.entry(entry, (error) => (error ? reject(error) : resolve())));
}

/** One mode for what can be run or entered, one for the rest, and that of /tmp: not what this machine's umask makes of it. */
function modeOf({ mode }: Stats): number {
  if (mode & 0o1000) return 0o1777;
  return mode & 0o100 ? 0o755 : 0o644;
}
