import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import type { Observed } from '../runtime/objects.ts';
import { isPodReady } from '../pods/pods.ts';
import type { BrokerPod } from './roll.ts';

/** The brokers' pods, as far as a roll needs to know them. */
export function brokerPods(statefulSet: Observed<V1StatefulSet>, pods: readonly Observed<V1Pod>[]): BrokerPod[] {
  const revision = statefulSet.status?.updateRevision;
  const container = statefulSet.spec?.template.spec?.containers[0]?.name;
  return pods.map((pod) => ({
    index: indexOf(pod),
    ready: isPodReady(pod),
    started: hasStarted(pod, container),
    current: pod.metadata.labels?.['controller-revision-hash'] === revision,
    ending: pod.metadata.deletionTimestamp !== undefined,
  }));
}

/** The number in a pod's name. */
export const indexOf = ({ metadata }: Observed<V1Pod>) => Number(/[0-9]+$/.exec(metadata.name)?.[0]);

/** By the kubelet's word on the broker's startup probe; until it has one, by whether the pod runs. */
function hasStarted({ status }: Observed<V1Pod>, container: string | undefined): boolean {
  const broker = status?.containerStatuses?.find(({ name }) => name === container);
  return broker?.started ?? status?.phase === 'Running';
}

/** Whether the StatefulSet's controller has seen the newest template: until then, every pod looks up to date. */
export function isObserved(statefulSet: Observed<V1StatefulSet>): boolean {
  return (statefulSet.status?.observedGeneration ?? 0) >= (statefulSet.metadata.generation ?? 0);
}
