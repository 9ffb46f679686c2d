import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import type { Observed } from '../runtime/objects.ts';
import { claimName, indexes, type ClusterName } from './names.ts';
import { controllersOf } from './plan.ts';

/** Volume claims of an earlier cluster of this name, by the number of their broker. */
export type KeptVolumes = ReadonlyMap<number, Observed<V1PersistentVolumeClaim>>;

export function keptVolumes(cluster: ClusterName, claims: readonly Observed<V1PersistentVolumeClaim>[]): KeptVolumes {
  const kept = claims.flatMap((claim) => {
    const { name, deletionTimestamp } = claim.metadata;
    const index = Number(/-(\d+)$/.exec(name)?.[1]);
    // One that is going already is lost.
    return name === claimName(cluster, index) && deletionTimestamp === undefined ? [[index, claim] as const] : [];
  });
  return new Map(kept.sort(([a], [b]) => a - b));
}

/**
 * Why brokers must not start on what is kept. Most of those that had data have to be there, or they elect no leader; and
 * were most of them empty, they would elect one of themselves, and overrule what the others know.
 *
 * @param wanted brokers by the spec
 */
export function refuseKept(cluster: ClusterName, kept: KeptVolumes, wanted: number): Problem | undefined {
  if (kept.size === 0) return undefined;
  const had = Math.max(...kept.keys()) + 1;
  if (wanted < had) {
    const message =
      `spec.brokers is ${wanted}, but volumes of ${had} earlier brokers exist (${listOf(cluster, kept)}): fewer ` +
      `brokers may find no majority and fail to start. Set spec.brokers to ${had}, or delete the claims whose data ` +
      `may be lost.`;
    return { reason: 'KeptVolumesRefused', message, failed: true };
  }
  const voters = Math.max(...[...kept.values()].map((claim) => controllersOf(claim) ?? 1));
  const there = indexes(voters).filter((index) => kept.has(index)).length;
  if (there * 2 > voters) return undefined;
  const message =
    `Of the ${voters} volumes that hold the metadata of the earlier cluster, ${there} ${there === 1 ? 'still exists' : 'still exist'} ` +
    `(${listOf(cluster, kept)}): brokers with empty volumes would outvote them. Restore the others, or delete all of them ` +
    `to start with an empty cluster.`;
  return { reason: 'KeptVolumesRefused', message, failed: true };
}

/** What is to be said before brokers start on kept volumes that are not as many as they; undefined where they are. */
export function describeKept(cluster: ClusterName, kept: KeptVolumes, wanted: number): string | undefined {
  if (kept.size === 0 || kept.size === wanted) return undefined;
  const empty = indexes(wanted).filter((index) => !kept.has(index));
  return (
    `Brokers start on volumes of an earlier cluster (${listOf(cluster, kept)}); ` +
    `${empty.length === 1 ? `broker ${empty[0]} starts` : `brokers ${empty.join(', ')} start`} with an empty one.`
  );
}

const listOf = (cluster: ClusterName, kept: KeptVolumes) =>
  [...kept.keys()].map((index) => claimName(cluster, index)).join(', ');
