import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { ExpectedError } from '../../lib/errors.ts';
import type { KubernetesClient } from '../runtime/transport/kubernetes-client.ts';
import { persistentVolumeClaims } from '../kinds.ts';
import { keyOf, type Observed } from '../runtime/objects.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { parseQuantity } from '../pods/quantity.ts';

/** Claims that ask for less than the spec says now. */
export function smallerClaims(claims: readonly Observed<V1PersistentVolumeClaim>[], size: string) {
  const wanted = parseQuantity(size) ?? 0;
  return claims.filter(({ spec }) => (parseQuantity(spec?.resources?.requests?.['storage'] ?? '0') ?? 0) < wanted);
}

/** Asks for larger volumes, claim by claim: a StatefulSet does not. Whether they can grow, their storage class decides. */
export async function growClaims(
  client: KubernetesClient,
  claims: readonly Observed<V1PersistentVolumeClaim>[],
  size: string,
): Promise<Problem | undefined> {
  const patch = { spec: { resources: { requests: { storage: size } } } };
  try {
    for (const claim of smallerClaims(claims, size))
      await client.mergePatch(persistentVolumeClaims, keyOf(claim), patch);
    return undefined;
  } catch (error) {
    if (!(error instanceof ExpectedError) || error.retryable) throw error;
    return {
      reason: 'VolumeGrowthRefused',
      message:
        `spec.storage.size is ${size}, but the volumes cannot grow: ${error.message}. Allow it in their StorageClass ` +
        `(allowVolumeExpansion), or set spec.storage.size back.`,
      failed: true,
    };
  }
}
