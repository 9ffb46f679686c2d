import type { ReplicaAdmin } from '../../brokers/brokers.ts';
import type { Members } from '../engine.ts';

/**
 * Forgets brokers that were taken away: until then, new topics could be given to them. One that still has replicas is
 * left alone, for these would be lost.
 *
 * @throws {ExpectedError} with a KafkaErrorCode
 */
export async function tidyMembers(admin: ReplicaAdmin, { staying, pods }: Members): Promise<void> {
  const registered = (await admin.describeBrokers()) ?? [];
  const gone = registered.filter(({ id, fenced }) => fenced && id >= staying && !pods.includes(id));
  const { topics } = await admin.describeReplicas();
  const used = new Set(topics.flatMap(({ partitions }) => partitions.flatMap(({ replicas }) => replicas)));
  for (const { id } of gone) if (!used.has(id)) await admin.unregisterBroker(id);
  // What keeps replicas off a broker outlasts it, and would count for the next one of its number.
  const empty = registered.filter(({ id, fenced }) => !fenced && id < staying && !used.has(id));
  for (const { id } of empty) await admin.setCordon(id, false);
}
