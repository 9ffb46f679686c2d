import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withLock } from '../../localcluster/cache.ts';
import { down } from '../../localcluster/cluster/down.ts';
import { settingsOf } from '../../localcluster/settings.ts';
import { e2eClusterName } from '../support/e2e-cluster.ts';

/**
 * Runs the end to end tests, whose clusters have fixed names, while no other process on this machine does, and takes down
 * whatever clusters they left: the one that they share, and any of a file that was stopped midway.
 */
export async function withE2eClusters<T>(runTests: () => Promise<T>): Promise<T> {
  const { cacheFolder } = settingsOf(e2eClusterName);
  return withLock(join(cacheFolder, 'end-to-end-tests'), 'The end to end tests', async () => {
    try {
      return await runTests();
    } finally {
      for (const name of await e2eClusters()) await down(settingsOf(name));
    }
  });
}

async function e2eClusters(): Promise<string[]> {
  const names = await readdir(dirname(settingsOf(e2eClusterName).stateFolder)).catch(() => []);
  return names.filter((name) => /^[-a-z0-9]+$/.test(name) && name.startsWith(e2eClusterName));
}
