import { z } from 'zod';
import { ExpectedError } from '../../../lib/errors.ts';
import type { RedpandaAdmin, RedpandaAdminErrorCode } from '../../brokers/redpanda-admin.ts';
import type { BrokerAccess } from '../broker-access.ts';
import { claimName, indexes, podName, type ClusterName } from '../names.ts';
import { refuseDrain, type DrainOrder, type DrainStep } from '../scale.ts';
import { adminUrl, askFor, firstAnswer } from './ask-brokers.ts';
import { askForMembers, membersOf, type Member } from './members.ts';

/**
 * Takes the next step by which the last broker leaves: Redpanda moves its replicas by itself. The others that leave have
 * their turn when it is gone. A broker that is away leaves as well, and so do the ids that it had before it lost a volume:
 * only when the cluster has none of them in its list, it holds nothing any more.
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
    const replicationFactor = Math.max(0, ...partitions.map(({ replicas }) => replicas.length));
    if (replicationFactor > staying) return refuseDrain({ topic: name, replicationFactor }, staying);
  }
  const urls = urlsOf(cluster, staying);
  const members = await firstAnswer(urls, (url) => askForMembers(admin, url));
  let left = 0;
  let isGone = true;
  for (const member of membersOf(members, cluster, last)) {
    const { finished, replicas_left = 0 } = await take(admin, urls, member);
    isGone &&= finished;
    left += replicas_left;
  }
  if (isGone) return { step: 'empty', from: last };
  const what = left === 0 ? 'its replicas' : left === 1 ? '1 replica' : `${left} replicas`;
  return { step: 'moving', message: `broker ${last} is still handing over ${what}` };
}

const progress = z.object({ finished: z.boolean(), replicas_left: z.int().optional() });

async function take(
  admin: RedpandaAdmin,
  urls: readonly string[],
  { node_id, membership_status }: Member,
): Promise<z.infer<typeof progress>> {
  const path = `/v1/brokers/${node_id}/decommission`;
  if (membership_status !== 'active') return firstAnswer(urls, (url) => askFor(admin, `${url}${path}`, progress));
  await firstAnswer(urls, (url) => admin.put(`${url}${path}`, undefined));
  return { finished: false };
}

/** @throws {ExpectedError} with a RedpandaAdminErrorCode; AdminMissing when a broker has left already */
export async function recommission(
  admin: RedpandaAdmin,
  cluster: ClusterName,
  brokers: readonly number[],
): Promise<void> {
  const urls = urlsOf(cluster, Math.max(1, Math.min(...brokers)));
  for (const index of brokers) {
    const members = await firstAnswer(urls, (url) => askForMembers(admin, url));
    const its = membersOf(members, cluster, index);
    // Ids that it had before it lost a volume go on leaving.
    const member = its.find(({ is_alive }) => is_alive) ?? its.at(-1);
    if (!member) throw hasLeft(cluster, index);
    if (member.membership_status === 'active') continue;
    await firstAnswer(urls, (url) => admin.put(`${url}/v1/brokers/${member.node_id}/recommission`, undefined));
  }
}

/** The brokers that stay, each of which answers for the whole cluster. */
const urlsOf = (cluster: ClusterName, staying: number) => indexes(staying).map((index) => adminUrl(cluster, index));

/** Its id is used up: only with an empty volume does it become a member again. */
function hasLeft(cluster: ClusterName, index: number): ExpectedError<RedpandaAdminErrorCode> {
  const message =
    `broker ${index} has already left the cluster, and can only rejoin with an empty volume: delete its claim ` +
    `${claimName(cluster, index)} and its pod ${podName(cluster, index)}`;
  return new ExpectedError('AdminMissing', message);
}
