import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import { isPodReady, podsOf } from '../pods/pods.ts';
import { neverStarts } from '../pods/pod-trouble.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import type { Observed } from '../runtime/objects.ts';
import { component } from './names.ts';
import type { BrokerPod } from './roll.ts';

/** What a cluster is known by beside its pods. */
export interface ClusterPast {
  /** Brokers that have to start anew though their template has not changed, by the pod's number. */
  readonly restarts: ReadonlySet<number>;
  /** Whether any of its brokers is known to have answered. */
  readonly hasServed: boolean;
  /** Whose volumes go with their pods, by the pod's number. */
  readonly doomed: ReadonlyMap<number, string>;
  readonly now: Date;
}

/**
 * The brokers' pods, as far as a roll needs to know them. In a cluster that never answered, whatever is not ready is stuck:
 * it may run for ever without finding the others, and there is nobody yet who would miss it. But no pod is called stuck that
 * holds the last claim to a volume: another in its place would start without the data.
 */
export function brokerPods(
  statefulSet: Observed<V1StatefulSet>,
  pods: readonly Observed<V1Pod>[],
  past: ClusterPast,
): BrokerPod[] {
  const revision = statefulSet.status?.updateRevision;
  const hasServed = past.hasServed || pods.some(isPodReady);
  return pods.map((pod) => {
    const restart = restartOf(pod, past);
    return {
      index: indexOf(pod),
      ready: isPodReady(pod),
      stuck: !isPodReady(pod) && !past.doomed.has(indexOf(pod)) && (!hasServed || neverStarts(pod, past.now)),
      current: pod.metadata.labels?.['controller-revision-hash'] === revision && restart !== 'wanted',
      unsure: restart === 'unsure',
      ending: pod.metadata.deletionTimestamp !== undefined,
    };
  });
}

/** Whether every broker is ready, and its pod was made with this value of an annotation, or without one. */
export function allBrokersHave(
  caches: Caches,
  running: Observed<V1StatefulSet>,
  annotation: string,
  value: string | undefined,
): boolean {
  const pods = podsOf(caches, component, running.metadata, running.metadata.uid);
  return (
    pods.length === running.spec?.replicas &&
    pods.every(
      (pod) =>
        isPodReady(pod) &&
        pod.metadata.deletionTimestamp === undefined &&
        pod.metadata.annotations?.[annotation] === value,
    )
  );
}

/** The number in a pod's name. */
export const indexOf = ({ metadata }: Observed<V1Pod>) => Number(/[0-9]+$/.exec(metadata.name)?.[0]);

/** So long after its start, a broker may not yet have told the others that it needs no restart any more. */
const toldAfterMilliseconds = 60_000;

/** Of a broker that is not ready, nothing follows: it starts anew anyway, or is left alone. */
function restartOf(pod: Observed<V1Pod>, { restarts, now }: ClusterPast): 'wanted' | 'unsure' | undefined {
  if (!restarts.has(indexOf(pod)) || !isPodReady(pod)) return undefined;
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  const readyMilliseconds = now.getTime() - new Date(ready?.lastTransitionTime ?? 0).getTime();
  return readyMilliseconds >= toldAfterMilliseconds ? 'wanted' : 'unsure';
}

/** Whether the StatefulSet's controller has seen the newest template: until then, every pod looks up to date. */
export function isObserved(statefulSet: Observed<V1StatefulSet>): boolean {
  return (statefulSet.status?.observedGeneration ?? 0) >= (statefulSet.metadata.generation ?? 0);
}
