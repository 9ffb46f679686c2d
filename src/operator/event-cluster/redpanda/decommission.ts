import { z } from 'zod';
import { ExpectedError } from '../../../lib/errors.ts';
import type { RedpandaAdmin, RedpandaAdminErrorCode } from '../../brokers/redpanda-admin.ts';
import type { BrokerAccess, DrainOrder } from '../engine.ts';
import { brokerHost, indexes, type ClusterName } from '../names.ts';
import type { DrainStep } from '../scale.ts';
import { adminUrl, askFor, firstAnswer } from './ask-brokers.ts';

const members = z.array(
  z.object({
    node_id: z.int(),
    internal_rpc_address: z.string(),
    is_alive: z.boolean(),
    membership_status: z.string(),
  }),
);

const progress = z.object({ finished: z.boolean(), replicas_left: z.int().optional() });

/**
 * Takes the next step by which the last broker leaves: Redpanda moves its replicas by itself. The others that leave have
 * their turn when it is gone.
 *
 * @throws {ExpectedError} with a RedpandaAdminErrorCode, or a KafkaErrorCode
 */
export async function decommission(
  cluster: ClusterName,
  { leaving, staying }: DrainOrder,
  { admin, brokers, connection }: BrokerAccess,
): Promise<DrainStep> {
  const last = leaving.at(-1)!;
  const { topics } = await brokers.replicas(connection).describeReplicas();
  for (const { name, partitions } of topics) {
    const factor = Math.max(0, ...partitions.map(({ replicas }) => replicas.length));
    if (factor <= staying) continue;
    const message =
      `spec.brokers is ${staying}, but topic ${name} has ${factor} replicas of each partition, which need as many ` +
      `brokers. Set spec.brokers to ${factor} or more, or lower the replication factor first.`;
    return { step: 'refused', message };
  }
  const urls = indexes(staying).map((index) => adminUrl(cluster, index));
  const member = await find(admin, urls, cluster, last);
  if (!member) return { step: 'empty', from: last };
  const path = `/v1/brokers/${member.node_id}/decommission`;
  if (member.membership_status === 'active') {
    await firstAnswer(urls, (url) => admin.put(`${url}${path}`, undefined));
    return { step: 'moving', message: `broker ${last} begins to hand over its replicas` };
  }
  const { finished, replicas_left } = await firstAnswer(urls, (url) => askFor(admin, `${url}${path}`, progress));
  if (finished) return { step: 'empty', from: last };
  const left = replicas_left === undefined ? 'its replicas' : `${replicas_left} replicas`;
  return { step: 'moving', message: `broker ${last} still hands over ${left}` };
}

/** @throws {ExpectedError} with a RedpandaAdminErrorCode; AdminMissing when a broker has left already */
export async function recommission(
  admin: RedpandaAdmin,
  cluster: ClusterName,
  brokers: readonly number[],
): Promise<void> {
  const urls = indexes(Math.max(1, Math.min(...brokers))).map((index) => adminUrl(cluster, index));
  for (const index of brokers) {
    const member = await find(admin, urls, cluster, index);
    if (!member) throw hasLeft(cluster, index);
    if (member.membership_status === 'active') continue;
    await firstAnswer(urls, (url) => admin.put(`${url}/v1/brokers/${member.node_id}/recommission`, undefined));
  }
}

async function find(admin: RedpandaAdmin, urls: readonly string[], cluster: ClusterName, index: number) {
  const host = brokerHost(cluster, index);
  const list = await firstAnswer(urls, (url) => askFor(admin, `${url}/v1/brokers`, members));
  // Its ids from before it lost a volume are dead, and have the same address.
  return list.findLast(({ internal_rpc_address, is_alive }) => internal_rpc_address === host && is_alive);
}

/** Its id is used up: only with an empty volume does it become a member again. */
function hasLeft({ name }: ClusterName, index: number): ExpectedError<RedpandaAdminErrorCode> {
  const message =
    `broker ${index} has left the cluster already, and can only join again with an empty volume: delete its claim ` +
    `data-${name}-${index} and its pod ${name}-${index}`;
  return new ExpectedError('AdminMissing', message);
}
