import type { V1Pod } from '@kubernetes/client-node';
import type { Observed } from '../runtime/objects.ts';

/** So long after the time that a pod has to end, a kubelet that answers has ended it, on a busy node, too. */
const patienceMilliseconds = 60_000;

/**
 * Which of the pods should have ended and is still there, as on a node that is down; undefined when none is. A StatefulSet
 * makes no other in its place before it is gone: it might still write to the volume.
 */
export function stuckEnding(pods: readonly Observed<V1Pod>[], now: Date): string | undefined {
  for (const { metadata, spec } of pods) {
    const { name, deletionTimestamp, finalizers = [] } = metadata;
    if (deletionTimestamp === undefined) continue;
    // Of a pod that is being deleted, this is when its grace period ends.
    const end = new Date(deletionTimestamp);
    if (now.getTime() - end.getTime() < patienceMilliseconds) continue;
    const since = end.toISOString().replace(/\.\d+Z$/, 'Z');
    const words = `Pod ${name}: it should have ended by ${since}, and nothing takes its place until it does. `;
    if (finalizers.length > 0) return `${words}Its finalizers hold it: ${finalizers.join(', ')}.`;
    return (
      `${words}Check node ${spec?.nodeName ?? 'that it is on'}. If that is down for good, delete the node, or taint it with ` +
      `node.kubernetes.io/out-of-service, so that the broker starts elsewhere.`
    );
  }
  return undefined;
}
