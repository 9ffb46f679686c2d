import { z } from 'zod';
import type { RedpandaAdmin } from '../../brokers/redpanda-admin.ts';
import { brokerHost, indexes, type ClusterName } from '../names.ts';
import type { Disks } from '../disk-pressure.ts';
import { adminUrl, askFor, firstAnswer } from './ask-brokers.ts';

const shape = z.array(
  z.object({
    node_id: z.int(),
    internal_rpc_address: z.string(),
    is_alive: z.boolean(),
    membership_status: z.string(),
    maintenance_status: z.object({ draining: z.boolean() }).optional(),
    disk_space: z.array(z.object({ free: z.number(), total: z.number().positive() })).optional(),
  }),
);

export type Member = z.infer<typeof shape>[number];

/** All members: the list says who is alive, and the answer for one broker does not. */
export const askForMembers = (admin: RedpandaAdmin, url: string): Promise<Member[]> =>
  askFor(admin, `${url}/v1/brokers`, shape);

/**
 * Members that one pod runs, or has run. Redpanda chooses their ids; a broker that lost its volume joins with a new one,
 * and its old one stays, dead.
 */
export function membersOf(members: readonly Member[], cluster: ClusterName, index: number): Member[] {
  const host = brokerHost(cluster, index);
  return members.filter(({ internal_rpc_address }) => internal_rpc_address === host);
}

/** The numbers of the pods by the ids of the brokers that run in them. */
export async function indexesByNodeId(
  admin: RedpandaAdmin,
  url: string,
  cluster: ClusterName,
  brokers: number,
): Promise<ReadonlyMap<number, number>> {
  const members = await askForMembers(admin, url);
  return new Map(
    indexes(brokers).flatMap((index) =>
      membersOf(members, cluster, index)
        .filter(({ is_alive }) => is_alive)
        .map(({ node_id }) => [node_id, index] as const),
    ),
  );
}

/** How much space each broker has left, on the fullest of its disks. */
export async function disksOfMembers(
  admin: RedpandaAdmin,
  cluster: ClusterName,
  ready: readonly number[],
): Promise<Disks> {
  const urls = ready.map((index) => adminUrl(cluster, index));
  const members = await firstAnswer(urls, (url) => askForMembers(admin, url));
  return new Map(
    ready.flatMap((index) => {
      const alive = membersOf(members, cluster, index).find(({ is_alive }) => is_alive);
      const [disk] = (alive?.disk_space ?? []).toSorted(
        (one, other) => one.free / one.total - other.free / other.total,
      );
      return disk ? [[index, { usableBytes: disk.free, totalBytes: disk.total }] as const] : [];
    }),
  );
}
