import type { V1Pod } from '@kubernetes/client-node';
import type { Observed } from '../runtime/objects.ts';
import type { KubernetesClient } from '../runtime/transport/kubernetes-client.ts';
import { eventTime, longestEventMessage, newestEvent } from './newest-event.ts';
import { hasWaited } from './pod-trouble.ts';

/** What the kubelet and the volume controller say in Events only, while the pod itself says ContainerCreating. */
const reasons = new Set(['FailedAttachVolume', 'FailedCreatePodSandBox', 'FailedMapVolume', 'FailedMount']);

/** They say so again every two minutes or so: what is older may be over. */
const freshMilliseconds = 300_000;

/**
 * Why the first pod that has waited for its volumes or its network does not get them. Undefined where none waits, and
 * when nobody says why, or the operator may not look.
 */
export async function startWarning(
  client: KubernetesClient,
  pods: readonly Observed<V1Pod>[],
  now: Date,
): Promise<string | undefined> {
  const isFresh = (at: number) => now.getTime() - at < freshMilliseconds;
  for (const { metadata } of pods.filter((pod) => isBeingCreated(pod) && hasWaited(pod, 'Ready', now))) {
    const warnings = `involvedObject.uid=${metadata.uid},type=Warning`;
    const warning = await newestEvent(
      client,
      metadata.namespace,
      warnings,
      (event) => reasons.has(event.reason ?? '') && isFresh(eventTime(event)),
    );
    if (warning) return `Pod ${metadata.name}: ${warning.reason}: ${warning.message?.slice(0, longestEventMessage)}`;
  }
  return undefined;
}

/** Nothing of it has run yet, for its node has not prepared what its containers need. */
function isBeingCreated({ metadata, status }: Observed<V1Pod>): boolean {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return (
    metadata.deletionTimestamp === undefined &&
    containers.some(({ state }) => state?.waiting?.reason === 'ContainerCreating') &&
    containers.every(({ state }) => state?.waiting !== undefined)
  );
}
