import type { ReplicaAdmin } from '../../brokers/brokers.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import type { Members, Tidied } from '../members.ts';

/**
 * Removes brokers from the cluster that were taken away: until then, new topics could be placed on them. One that still
 * has replicas is left alone, for these would be lost.
 *
 * @throws {ExpectedError} with a KafkaErrorCode
 */
export async function tidyMembers(admin: ReplicaAdmin, { staying, running, pods }: Members): Promise<Tidied> {
  const registered = (await admin.describeBrokers()) ?? [];
  const { topics } = await admin.describeReplicas();
  const used = new Set(topics.flatMap(({ partitions }) => partitions.flatMap(({ replicas }) => replicas)));
  const gone = registered.filter(
    ({ id, fenced }) => fenced && id >= staying && !pods.some(({ index }) => index === id),
  );
  for (const { id } of gone) if (!used.has(id)) await admin.unregisterBroker(id);
  // What keeps replicas off a broker outlasts it, and would count for the next one of its number.
  const empty = registered.filter(({ id, fenced }) => !fenced && id < staying && !used.has(id));
  for (const { id } of empty) await admin.setCordon(id, false);
  return { problem: describeMissed(gone.map(({ id }) => id).filter((id) => id >= running && used.has(id))) };
}

function describeMissed(missed: readonly number[]): Problem | undefined {
  if (missed.length === 0) return undefined;
  const who = missed.length === 1 ? `Broker ${missed[0]} has` : `Brokers ${missed.join(', ')} have`;
  const message =
    `${who} replicas, but no pod: set spec.brokers to ${Math.max(...missed) + 1} to start what is missing, and lower it ` +
    `again after that.`;
  return { reason: 'BrokersMissing', message, failed: true };
}
