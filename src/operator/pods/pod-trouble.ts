import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Observed } from '../runtime/objects.ts';

/** Reasons that go by themselves: a pod that waits for these is just starting. */
const usual = new Set(['PodInitializing', 'ContainerCreating']);

/** What keeps the first of the troubled pods from running, and where to look; undefined when nothing does. */
export function podTrouble(pods: readonly Observed<V1Pod>[]): string | undefined {
  for (const pod of pods) {
    const trouble = unschedulable(pod) ?? containerTrouble(pod);
    if (trouble) return `Pod ${pod.metadata.name}: ${trouble}`;
  }
  return undefined;
}

/** Reasons for which a container waits that no waiting removes: only another pod can start. */
const hopeless = new Set([
  'CrashLoopBackOff',
  'CreateContainerConfigError',
  'CreateContainerError',
  'ErrImageNeverPull',
  'ErrImagePull',
  'ImageInspectError',
  'ImagePullBackOff',
  'InvalidImageName',
  'RunContainerError',
]);

/** Whether a pod cannot start as it is: no node takes it, its image cannot be had, or its containers end again and again. */
export function neverStarts(pod: Observed<V1Pod>): boolean {
  if (pod.status?.phase === 'Failed' || unschedulable(pod) !== undefined) return true;
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  return [...initContainerStatuses, ...containerStatuses].some(({ state }) =>
    hopeless.has(state?.waiting?.reason ?? ''),
  );
}

function unschedulable({ status }: Observed<V1Pod>): string | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  return `it cannot be scheduled: ${scheduled.message ?? scheduled.reason ?? 'no reason is given'}`;
}

function containerTrouble({ metadata, status }: Observed<V1Pod>): string | undefined {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  for (const container of containers) {
    const waiting = container.state?.waiting;
    if (!waiting?.reason || usual.has(waiting.reason)) continue;
    return `${waiting.reason}: ${waiting.message ?? lastEnd(container)}${whereToLook(waiting.reason, metadata, container)}`;
  }
  return undefined;
}

function lastEnd({ lastState }: V1ContainerStatus): string {
  const ended = lastState?.terminated;
  return ended
    ? `the container ended with ${ended.exitCode} (${ended.reason ?? 'no reason is given'})`
    : 'no message is given';
}

function whereToLook(
  reason: string,
  { name, namespace }: Observed<V1Pod>['metadata'],
  container: V1ContainerStatus,
): string {
  if (/image/i.test(reason)) return `. The image is ${container.image}: correct spec.image, or make it available.`;
  if (reason !== 'CrashLoopBackOff') return '';
  return `. See kubectl logs --previous --namespace ${namespace} ${name} --container ${container.name}`;
}
