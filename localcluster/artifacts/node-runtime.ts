import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactKey, ensure, type Artifact } from '../cache.ts';
import type { Settings } from '../settings.ts';
import { debianPackages, findFile } from './debian-packages.ts';
import { packageFolder, packageVersion } from './npm-packages.ts';
import { runProgram } from './tools.ts';

/** The version that package.json pins: what the tests run on is what the image has. */
const nodeVersion = packageVersion('node');

/** The program strip and its libraries, one of which is new in Debian 13. */
const binaryTools = debianPackages('binary-tools', 'GNU binary tools', [
  'binutils-x86-64-linux-gnu',
  '^lib(binutils|sframe[0-9]+|zstd1)$',
]);

/** `node` without its symbols, which are a seventh of it: 108 MB. */
export function nodeRuntime(settings: Settings): Artifact {
  return {
    name: 'node-runtime',
    title: `Node ${nodeVersion} for the image`,
    get inputs() {
      return [nodeVersion, artifactKey(binaryTools)];
    },
    async fill(folder) {
      const tools = await ensure(settings, binaryTools);
      const strip = await findFile(tools, 'usr/bin/*-strip');
      const libraries = await findFile(tools, 'usr/lib/*/libbfd-*.so');
      const node = join(folder, 'node');
      await copyFile(join(packageFolder('node'), 'bin/node'), node);
      await runProgram(strip, [node], { environment: { LD_LIBRARY_PATH: join(libraries, '..') } });
    },
  };
}
