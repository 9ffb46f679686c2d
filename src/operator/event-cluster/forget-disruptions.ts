import type { V1Pod, V1PodDisruptionBudget } from '@kubernetes/client-node';
import { podDisruptionBudgets } from '../kinds.ts';
import { isPodReady } from '../pods/pods.ts';
import { keyOf, type Key, type Observed } from '../runtime/objects.ts';
import type { KubernetesClient } from '../runtime/transport/kubernetes-client.ts';
import { hasCode } from '../runtime/transport/kubernetes-error.ts';

/**
 * Has the cluster's own budget count pods that came after those that were evicted. The disruption controller notes an
 * eviction by the pod's name and, unless it looks while that pod ends, holds it against the next pod of a StatefulSet,
 * which has the same name: for two minutes, nothing more could be evicted, though every broker is ready.
 */
export async function forgetDisruptions(
  client: KubernetesClient,
  cluster: Key,
  pods: readonly Observed<V1Pod>[],
): Promise<void> {
  const budget = await client.get(podDisruptionBudgets, cluster);
  const over = budget ? disruptionsThatAreOver(budget, pods) : [];
  if (!budget || over.length === 0) return;
  const disruptedPods = Object.fromEntries(over.map((name) => [name, null]));
  const { resourceVersion } = budget.metadata;
  try {
    const patch = { metadata: { resourceVersion }, status: { disruptedPods } };
    await client.mergePatch(podDisruptionBudgets, keyOf(budget), patch, { subresource: 'status' });
  } catch (error) {
    // The budget has changed since it was read, perhaps because of another eviction. The next pass reads it again.
    if (!hasCode(error, 'Conflict') && !hasCode(error, 'NotFound')) throw error;
  }
}

/** Names of pods that were evicted, and whose next ones are ready. */
export function disruptionsThatAreOver(
  { status }: Pick<Observed<V1PodDisruptionBudget>, 'status'>,
  pods: readonly Observed<V1Pod>[],
): string[] {
  return Object.entries(status?.disruptedPods ?? {})
    .filter(([name, since]) => pods.some((pod) => pod.metadata.name === name && cameAfter(pod, since)))
    .map(([name]) => name);
}

function cameAfter(pod: Observed<V1Pod>, since: string | Date): boolean {
  const { creationTimestamp, deletionTimestamp } = pod.metadata;
  const isNewer = new Date(creationTimestamp ?? 0).getTime() >= new Date(since).getTime();
  return isNewer && deletionTimestamp === undefined && isPodReady(pod);
}
