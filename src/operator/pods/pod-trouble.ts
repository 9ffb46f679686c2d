import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { Observed } from '../runtime/objects.ts';

/** Reasons that go by themselves: a pod that waits for these is just starting. */
const usual = new Set(['PodInitializing', 'ContainerCreating']);

/** Reasons that the scheduler or the kubelet gives after it has tried more than once, or that no attempt can remove. */
const tried = new Set(['CrashLoopBackOff', 'ErrImageNeverPull', 'ImagePullBackOff', 'InvalidImageName']);

/**
 * How long any other reason has to last before it counts: the first attempt fails for what the next one finds in order,
 * such as a conflict of the scheduler's, a volume that is not bound yet, a Secret that the node has not seen yet.
 */
const transientMilliseconds = 20_000;

/** What keeps the first of the troubled pods from running, and where to look; undefined when nothing does. */
export function podTrouble(pods: readonly Observed<V1Pod>[], now: Date): string | undefined {
  for (const pod of pods) {
    const trouble = unschedulable(pod, now) ?? containerTrouble(pod, now);
    if (trouble) return `Pod ${pod.metadata.name}: ${trouble}`;
  }
  return undefined;
}

/** Reasons for which a container waits that no waiting removes: only another pod can start. */
const hopeless = new Set([
  ...tried,
  'CreateContainerConfigError',
  'CreateContainerError',
  'ErrImagePull',
  'ImageInspectError',
  'RunContainerError',
]);

/** Whether a pod cannot start as it is: no node takes it, its image cannot be had, or its containers end again and again. */
export function neverStarts(pod: Observed<V1Pod>, now: Date): boolean {
  if (pod.status?.phase === 'Failed' || unschedulable(pod, now) !== undefined) return true;
  return waitingContainers(pod).some(({ reason }) => hopeless.has(reason) && counts(reason, pod, now));
}

/** Whether a pod has been without success for longer than first attempts take. */
export const hasWaited = (pod: Observed<V1Pod>, type: 'PodScheduled' | 'Ready', now: Date): boolean => {
  const since = conditionOf(pod, type)?.lastTransitionTime;
  return since === undefined || now.getTime() - new Date(since).getTime() >= transientMilliseconds;
};

const counts = (reason: string, pod: Observed<V1Pod>, now: Date) => tried.has(reason) || hasWaited(pod, 'Ready', now);

const conditionOf = ({ status }: Observed<V1Pod>, wanted: string) =>
  status?.conditions?.find(({ type }) => type === wanted);

function unschedulable(pod: Observed<V1Pod>, now: Date): string | undefined {
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status !== 'False' || !hasWaited(pod, 'PodScheduled', now)) return undefined;
  return `it cannot be scheduled: ${scheduled.message ?? scheduled.reason ?? 'no reason is given'}`;
}

function waitingContainers({ status }: Observed<V1Pod>) {
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return containers.flatMap((container) => {
    const { reason, message } = container.state?.waiting ?? {};
    return reason === undefined ? [] : [{ container, reason, message }];
  });
}

function containerTrouble(pod: Observed<V1Pod>, now: Date): string | undefined {
  const found = waitingContainers(pod).find(({ reason }) => !usual.has(reason) && counts(reason, pod, now));
  if (!found) return undefined;
  const { container, reason, message } = found;
  return `${reason}: ${message ?? lastEnd(container)}${whereToLook(reason, pod.metadata, container)}`;
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
