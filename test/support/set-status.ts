import type { ObjectKind } from '../../src/operator/runtime/object-kind.ts';
import type { Key, KubernetesObject } from '../../src/operator/runtime/objects.ts';
import type { Kubernetes } from './kubernetes.ts';

/** Plays the part of the controllers and kubelets that are not there: the status that a kind of ours waits for. */
export async function setStatus<T extends KubernetesObject>(
  { client }: Kubernetes,
  kind: ObjectKind<T>,
  key: Key,
  status: object,
): Promise<void> {
  await client.apply(kind, { metadata: { ...key }, status } as object, {
    fieldManager: 'kubelet',
    subresource: 'status',
  });
}

/** A condition of a cluster, as its controller would write it. */
export const available = (status: 'True' | 'False') => ({
  type: 'Available',
  status,
  reason: 'Test',
  message: status === 'True' ? 'Brokers answer.' : 'Brokers are asleep.',
  lastTransitionTime: '2026-01-01T00:00:00Z',
});
