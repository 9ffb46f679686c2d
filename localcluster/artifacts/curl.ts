import { chmod, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { artifactKey, ensure, type Artifact } from '../cache.ts';
import { readSettings } from '../settings.ts';
import { bashAndCurl, findFile } from './debian-packages.ts';

/** @returns a folder with the program curl, for a machine that has none, such as a bare Debian */
export const ensureCurl = (): Promise<string> => ensure(readSettings(), curlProgram);

const curlProgram: Artifact = {
  name: 'curl',
  title: 'curl',
  get inputs() {
    return [artifactKey(bashAndCurl)];
  },
  async fill(folder) {
    const packages = await ensure(readSettings(), bashAndCurl);
    const files = await readdir(packages, { recursive: true });
    const libraries = new Set(files.filter((path) => /\.so(\.\d+)+$/.test(path)).map(dirname));
    const path = [...libraries].map((library) => join(packages, library)).join(':');
    const curl = await findFile(packages, 'usr/bin/curl');
    await writeFile(join(folder, 'curl'), `#!/bin/sh\nLD_LIBRARY_PATH='${path}' exec '${curl}' "$@"\n`);
    await chmod(join(folder, 'curl'), 0o755);
  },
};
