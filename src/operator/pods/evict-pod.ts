import type { V1Pod } from '@kubernetes/client-node';
import { ExpectedError } from '../../lib/errors.ts';
import { pods } from '../kinds.ts';
import { keyOf, type Observed } from '../runtime/objects.ts';
import type { KubernetesClient } from '../runtime/transport/kubernetes-client.ts';
import { hasCode } from '../runtime/transport/kubernetes-error.ts';

/**
 * Evicts this very pod, as the drain of a node does: every PodDisruptionBudget is asked.
 *
 * @returns the API server's words when a budget does not allow it now; undefined when the pod goes, or is gone
 */
export async function evictPod(client: KubernetesClient, pod: Observed<V1Pod>): Promise<string | undefined> {
  const { name, namespace, uid } = pod.metadata;
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid } },
  };
  try {
    await client.postTo(pods, keyOf(pod), 'eviction', eviction);
    return undefined;
  } catch (error) {
    // Gone, or another pod has its name by now.
    if (hasCode(error, 'NotFound') || hasCode(error, 'Conflict')) return undefined;
    if (error instanceof ExpectedError && isOfBudgets(error as ExpectedError)) return error.message;
    throw error;
  }
}

/** For a pod that two budgets select, the API server has an error of its own: it evicts no such pod. */
const isOfBudgets = (error: ExpectedError) =>
  hasCode(error, 'TooManyRequests') || (hasCode(error, 'ApiServerFailed') && /PodDisruptionBudget/.test(error.message));
