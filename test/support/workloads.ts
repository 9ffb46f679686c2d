import { expect } from '@jest/globals';
import type { Condition } from '../../src/lib/kubernetes-object.ts';
import { pods } from '../../src/operator/kinds.ts';
import type { ObjectKind } from '../../src/operator/runtime/object-kind.ts';
import { keyOf, type Key, type KubernetesObject } from '../../src/operator/runtime/objects.ts';
import { eventually, type Kubernetes } from './kubernetes.ts';
import { setStatus } from './set-status.ts';

export interface WithConditions extends KubernetesObject {
  readonly status?: { readonly observedGeneration?: number | undefined; readonly conditions?: Condition[] | undefined };
}

/** Waits until a condition says so about the newest spec. */
export function hasCondition<T extends WithConditions>(
  kubernetes: Kubernetes,
  kind: ObjectKind<T>,
  key: Key,
  condition: object,
): Promise<T> {
  return eventually(async () => {
    const object = await kubernetes.client.get(kind, key);
    expect(object?.status?.observedGeneration).toBe(object?.metadata.generation);
    expect(object?.status?.conditions).toContainEqual(expect.objectContaining(condition));
    return object!;
  });
}

/** Every pod of the namespace, as if a kubelet ran it; they come into being by the controllers of Kubernetes itself. */
export async function makePodsReady(kubernetes: Kubernetes, namespace: string, since = new Date()): Promise<void> {
  const { items } = await kubernetes.client.list(pods, namespace);
  const lastTransitionTime = since.toISOString();
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime }];
  const address = { podIP: '10.0.0.9', podIPs: [{ ip: '10.0.0.9' }] };
  for (const pod of items) await setStatus(kubernetes, pods, keyOf(pod), { phase: 'Running', conditions, ...address });
}

export const secretManifest = (key: Key, values: Readonly<Record<string, string>>) => ({
  metadata: { ...key },
  stringData: values,
});
