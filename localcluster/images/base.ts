import { chmod, copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { artifactKey, ensure } from '../cache.ts';
import { baseLibraries, findFile } from '../artifacts/debian-packages.ts';
import type { Layer } from './image.ts';

/** The user that the images run as; no account of it is needed, but some programs ask for its name. */
export const imageUser = 65_532;

/**
 * What a program in C or C++ needs, and nothing else: no shell, no package manager. Libraries stand in /lib, where the
 * loader looks on every Debian; it names the processor's own folders first, which differ between releases.
 */
export const baseLayer: Layer = {
  name: 'base',
  inputs: () => [artifactKey(baseLibraries)],
  sources: [import.meta.filename],
  async stage(settings, folder) {
    const root = await ensure(settings, baseLibraries);
    await copyLibraries(root, folder, [
      'libc.so.6',
      'libm.so.6',
      'libdl.so.2',
      'libpthread.so.0',
      'librt.so.1',
      'libresolv.so.2',
      'libnss_files.so.2',
      'libnss_dns.so.2',
      'libstdc++.so.6',
      'libgcc_s.so.1',
      'libz.so.1',
    ]);
    await copyLoader(root, folder);
    await writeAccounts(folder);
    await writeCertificates(root, folder);
    await mkdir(join(folder, 'tmp'));
    await chmod(join(folder, 'tmp'), 0o1777);
  },
};

/**
 * Copies shared libraries, by the names that programs ask for, to /lib.
 *
 * @throws {Error} naming the library that no package has
 */
export async function copyLibraries(root: string, folder: string, names: readonly string[]): Promise<void> {
  await mkdir(join(folder, 'lib'), { recursive: true });
  for (const name of names) await copyFile(await findFile(root, `**/${name}`), join(folder, 'lib', name));
}

/** Programs name their loader by its full path: /lib64/ld-linux-x86-64.so.2. */
async function copyLoader(root: string, folder: string): Promise<void> {
  const loader = await findFile(root, '**/ld-linux-*.so.*');
  const name = basename(loader);
  await copyFile(loader, join(folder, 'lib', name));
  await chmod(join(folder, 'lib', name), 0o755);
  await mkdir(join(folder, 'lib64'));
  await symlink(`../lib/${name}`, join(folder, 'lib64', name));
}

async function writeAccounts(folder: string): Promise<void> {
  const etc = join(folder, 'etc');
  await mkdir(etc, { recursive: true });
  await writeFile(
    join(etc, 'passwd'),
    `root:x:0:0:root:/:/sbin/nologin\nnonroot:x:${imageUser}:${imageUser}:nonroot:/tmp:/sbin/nologin\n`,
  );
  await writeFile(join(etc, 'group'), `root:x:0:\nnonroot:x:${imageUser}:\n`);
  await writeFile(join(etc, 'nsswitch.conf'), 'passwd: files\ngroup: files\nhosts: files dns\n');
}

/** The one file that OpenSSL, Go and Node look for; Debian's package makes it when it is installed. */
async function writeCertificates(root: string, folder: string): Promise<void> {
  const source = join(root, 'usr/share/ca-certificates/mozilla');
  const files = (await readdir(source)).sort();
  const certificates = await Promise.all(files.map((file) => readFile(join(source, file), 'utf8')));
  await mkdir(join(folder, 'etc/ssl/certs'), { recursive: true });
  await writeFile(join(folder, 'etc/ssl/certs/ca-certificates.crt'), certificates.join(''));
}
