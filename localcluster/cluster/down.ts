import { rm } from 'node:fs/promises';
import { withLock } from '../cache.ts';
import { say, step } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { findNode, killNode, removeCgroups } from './running-node.ts';

/** Ends the cluster and removes all that it was: processes, namespaces, mounts and addresses go with the node's first process. */
export async function down(settings: Settings): Promise<void> {
  await withLock(settings.stateFolder, `The cluster ${settings.clusterName}`, () =>
    step(`Taking ${settings.clusterName} down`, async () => {
      const pid = await findNode(settings);
      if (pid !== undefined) await killNode(pid);
      await removeCgroups(settings);
      await rm(settings.stateFolder, { recursive: true, force: true });
    }),
  );
  say(`  ✓ Nothing of ${settings.clusterName} is left`);
}
