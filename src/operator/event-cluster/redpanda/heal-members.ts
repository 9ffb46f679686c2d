import type { RedpandaAdmin } from '../../brokers/redpanda-admin.ts';
import type { Members, Tidied } from '../members.ts';
import { podName, type ClusterName } from '../names.ts';
import { adminUrl, firstAnswer } from './ask-brokers.ts';
import { askForMembers, membersOf, type Member } from './members.ts';

/**
 * Removes what brokers were before they lost their volumes. Such a broker joined with a new id, so the data of the old one
 * is gone, and only a ghost is left: its replicas count as lagging, and where it ended in maintenance, no other broker may
 * take its turn. Redpanda makes its replicas anew from the others.
 *
 * @throws {ExpectedError} with a RedpandaAdminErrorCode
 */
export async function healMembers(admin: RedpandaAdmin, cluster: ClusterName, { pods }: Members): Promise<Tidied> {
  const urls = pods.filter(({ ready }) => ready).map(({ index }) => adminUrl(cluster, index));
  const members = await firstAnswer(urls, (url) => askForMembers(admin, url));
  let trouble: string | undefined;
  for (const { index, starting, ending } of pods) {
    const its = membersOf(members, cluster, index);
    const alive = its.find(({ is_alive }) => is_alive);
    if (!alive) continue;
    for (const ghost of its.filter(({ is_alive }) => !is_alive)) await remove(admin, urls, ghost);
    // One that is about to end has begun it itself, and ends it at the latest with its startup probe.
    if (alive.maintenance_status?.draining && !ending && !starting)
      trouble ??= describeMaintenance(cluster, index, alive);
  }
  return { trouble };
}

async function remove(
  admin: RedpandaAdmin,
  urls: readonly string[],
  { node_id, maintenance_status, membership_status }: Member,
): Promise<void> {
  const path = `/v1/brokers/${node_id}`;
  if (maintenance_status?.draining) await firstAnswer(urls, (url) => admin.delete(`${url}${path}/maintenance`));
  if (membership_status !== 'active') return;
  await firstAnswer(urls, (url) => admin.put(`${url}${path}/decommission`, undefined));
}

/** Somebody's doing, so it is not ended. */
function describeMaintenance({ namespace, ...cluster }: ClusterName, index: number, { node_id }: Member): string {
  const pod = podName({ namespace, ...cluster }, index);
  return (
    `Broker ${index} is in maintenance mode. To end it, run: kubectl exec --namespace ${namespace} ${pod} -- ` +
    `rpk cluster maintenance disable ${node_id}`
  );
}
