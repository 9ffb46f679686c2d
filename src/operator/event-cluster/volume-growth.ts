import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import type { EventCluster } from '../../api/event-cluster.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { KubernetesClient } from '../runtime/transport/kubernetes-client.ts';
import { persistentVolumeClaims } from '../kinds.ts';
import { keyOf, type Observed } from '../runtime/objects.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { gibibyte, parseQuantity } from '../pods/quantity.ts';
import { isFillingUp, type Disks } from './disk-pressure.ts';

type Claim = Observed<V1PersistentVolumeClaim>;
type Storage = EventCluster['spec']['storage'];

/** A claim that is to ask for more. */
export interface Growth {
  readonly claim: Claim;
  readonly size: string;
}

/** Claims that ask for less than the spec says. */
export function growthsToSize(claims: readonly Claim[], { size }: Pick<Storage, 'size'>): Growth[] {
  const wanted = parseQuantity(size) ?? 0;
  return claims.filter((claim) => requestOf(claim) < wanted).map((claim) => ({ claim, size }));
}

/**
 * Claims of volumes that are filling up and may grow by themselves: by a quarter, and no further than `maxSize`. One that
 * is still growing is waited for.
 *
 * @param claims as they were before anybody asked for the disks
 */
export function growthsOfFull(claims: readonly Claim[], { maxSize }: Storage, disks: Disks): Growth[] {
  const limit = maxSize === undefined ? 0 : (parseQuantity(maxSize) ?? 0);
  return claims.flatMap((claim) => {
    const disk = disks.get(brokerOf(claim));
    const request = requestOf(claim);
    const isGrowing = (parseQuantity(claim.status?.capacity?.['storage'] ?? '0') ?? 0) < request;
    if (!disk || !isFillingUp(disk) || isGrowing || request >= limit) return [];
    const gibibytes = Math.ceil((request * 1.25) / gibibyte);
    return [{ claim, size: gibibytes * gibibyte < limit ? `${gibibytes}Gi` : maxSize! }];
  });
}

const brokerOf = ({ metadata }: Claim) => Number(/[0-9]+$/.exec(metadata.name)?.[0]);

const requestOf = ({ spec }: Claim) => parseQuantity(spec?.resources?.requests?.['storage'] ?? '0') ?? 0;

/** Asks for larger volumes, claim by claim: a StatefulSet does not. Whether they can grow, their storage class decides. */
export async function growClaims(client: KubernetesClient, growths: readonly Growth[]): Promise<Problem | undefined> {
  for (const { claim, size } of growths) {
    const patch = { spec: { resources: { requests: { storage: size } } } };
    try {
      await client.mergePatch(persistentVolumeClaims, keyOf(claim), patch);
    } catch (error) {
      if (!(error instanceof ExpectedError) || error.retryable) throw error;
      const message =
        `Volume ${claim.metadata.name} should have ${size}, but cannot grow: ${error.message}. Allow it in its StorageClass ` +
        `(allowVolumeExpansion), or set spec.storage.size and spec.storage.maxSize back.`;
      return { reason: 'VolumeGrowthRefused', message, failed: true };
    }
  }
  return undefined;
}
