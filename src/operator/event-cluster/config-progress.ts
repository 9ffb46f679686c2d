import type { Problem } from '../runtime/reconcile/readiness.ts';
import type { RememberedByCluster } from '../brokers/remembered-by-cluster.ts';

/**
 * Why changed properties may not be in effect yet. Brokers tell a moment after a change that they have taken it in, and only
 * then whether they have to restart for it.
 *
 * @param taken the version of the configuration that each broker has; empty where brokers do not tell
 * @param given the version that was made just now, if one was
 * @param newest that of each cluster, until all brokers have it
 */
export function configProgress(
  uid: string,
  taken: Iterable<number>,
  given: number | undefined,
  newest: RememberedByCluster<number>,
): Problem | undefined {
  if (given !== undefined) newest.set(uid, given);
  const versions = [...taken];
  const wanted = Math.max(0, newest.get(uid) ?? 0, ...versions);
  const isUnknown = wanted > 0 && versions.length === 0;
  if (isUnknown || versions.some((version) => version < wanted)) return notTakenIn;
  newest.delete(uid);
  return undefined;
}

const notTakenIn: Problem = {
  reason: 'ConfigPending',
  message: 'Not all brokers have taken in changed properties yet (rpk cluster config status).',
  failed: false,
};
