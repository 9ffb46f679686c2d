import { chmod, copyFile, cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { baseLibraries, bashAndCurl, findFile } from '../../artifacts/debian-packages.ts';
import { artifactKey, ensure } from '../../cache.ts';
import { projectFolder } from '../../settings.ts';
import { baseLayer } from '../base.ts';
import type { Image, Layer } from '../image.ts';
import { dependenciesLayer, nodeLayer } from '../kafka-events/image.ts';
import { javaLayer, kafkaLayer } from '../kafka/image.ts';

/** Of the base system, which scripts in Redpanda's image find as well. */
const basePrograms = [
  'cat',
  'cp',
  'df',
  'echo',
  'grep',
  'head',
  'ls',
  'ps',
  'rm',
  'sed',
  'sleep',
  'timeout',
  'tr',
  'wc',
];

const toolsLayer: Layer = {
  name: 'tools',
  inputs: () => [artifactKey(baseLibraries), artifactKey(bashAndCurl)],
  sources: [import.meta.filename],
  async stage(settings, folder) {
    const [base, tools] = await Promise.all([ensure(settings, baseLibraries), ensure(settings, bashAndCurl)]);
    await mkdir(join(folder, 'usr/bin'), { recursive: true });
    await mkdir(join(folder, 'bin'));
    await mkdir(join(folder, 'lib'));
    await copyFile(await findFile(base, '**/bin/busybox'), join(folder, 'bin/busybox'));
    for (const program of basePrograms) await symlink('busybox', join(folder, 'bin', program));
    await copyFile(await findFile(tools, '**/bin/bash'), join(folder, 'bin/bash'));
    await symlink('bash', join(folder, 'bin/sh'));
    await copyFile(await findFile(tools, 'usr/bin/curl'), join(folder, 'usr/bin/curl'));
    const libraries = (await readdir(tools, { recursive: true })).filter((path) => /\/[^/]+\.so(\.\d+)+$/.test(path));
    for (const path of libraries) await copyFile(join(tools, path), join(folder, 'lib', basename(path)));
  },
};

const sourceFolder = join(projectFolder, 'localcluster/redpanda-stand-in');

/** Node takes the types out by itself. */
const standInLayer: Layer = {
  name: 'stand-in',
  inputs: async () =>
    (await readdir(sourceFolder)).sort().map((file) => readFileSync(join(sourceFolder, file), 'utf8')),
  sources: [import.meta.filename],
  async stage(_settings, folder) {
    await cp(sourceFolder, join(folder, 'app/redpanda-stand-in'), { recursive: true });
    await writeFile(join(folder, 'app/package.json'), JSON.stringify({ type: 'module' }));
    await mkdir(join(folder, 'usr/local/bin'), { recursive: true });
    const rpk = join(folder, 'usr/local/bin/rpk');
    await writeFile(rpk, '#!/bin/sh\nexec node /app/redpanda-stand-in/rpk.ts "$@"\n');
    await chmod(rpk, 0o755);
  },
};

/**
 * A stand-in for Redpanda's image, which cannot be had from package registries: it takes the same commands and files, and
 * is as strict about them. The tag is the version that it stands in for.
 */
export const redpandaStandInImage: Image = {
  name: 'redpanda-stand-in',
  reference: 'localhost/redpanda-stand-in:v26.2.1',
  layers: [baseLayer, javaLayer, kafkaLayer, nodeLayer, dependenciesLayer, toolsLayer, standInLayer],
};
