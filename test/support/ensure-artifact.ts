import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensure, type Artifact } from '../../localcluster/cache.ts';
import { readSettings } from '../../localcluster/settings.ts';

/**
 * A process that wants an artifact: `node ensure-artifact.ts CACHE_HOME MILLISECONDS`. It notes each fill in the file
 * `fills` of CACHE_HOME, writes half of the content, and takes that long before it writes the rest; then it prints the
 * artifact's folder.
 */
const [cacheHome = '', milliseconds = '0'] = process.argv.slice(2);

const artifact: Artifact = {
  name: 'some',
  title: 'Something',
  inputs: ['1'],
  async fill(folder) {
    await writeFile(join(folder, 'first'), 'half');
    await appendFile(join(cacheHome, 'fills'), `${process.pid}\n`);
    await delay(Number(milliseconds));
    await writeFile(join(folder, 'second'), 'half');
  },
};

console.log(await ensure(readSettings({ XDG_CACHE_HOME: cacheHome, HOME: cacheHome }), artifact));
