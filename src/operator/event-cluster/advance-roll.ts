import type { V1Pod } from '@kubernetes/client-node';
import type { EventCluster } from '../../api/event-cluster.ts';
import { persistentVolumeClaims, pods as podKind, statefulSets } from '../kinds.ts';
import { evictPod } from '../pods/evict-pod.ts';
import { selectorLabels, selectorText } from '../pods/labels.ts';
import { controllerOf, type Observed } from '../runtime/objects.ts';
import type { Context } from '../runtime/reconcile/controller.ts';
import type { KubernetesClient } from '../runtime/transport/kubernetes-client.ts';
import { decideRoll, type BrokersNow } from './decide-roll.ts';
import type { EngineLook } from './engine-look.ts';
import { findDoomed, withDoomed, type DoomedVolumes } from './doomed-volumes.ts';
import { forgetDisruptions } from './forget-disruptions.ts';
import { component, podName } from './names.ts';
import type { ClusterPlan } from './plan.ts';
import { wait, type BrokerHealth, type RollStep } from './roll.ts';

interface Seen extends BrokersNow {
  readonly doomed: DoomedVolumes;
}

/** Takes the next step of a roll, if there is one to take. */
export async function advanceRoll(
  context: Context<EventCluster>,
  plan: ClusterPlan,
  seen: Seen,
  look: EngineLook | undefined,
): Promise<RollStep> {
  const past = {
    restarts: look?.restarts ?? new Set<number>(),
    hasServed: context.object.status?.clusterId !== undefined,
    now: context.clock.now(),
  };
  const decide = ({ doomed, ...now }: Seen, health?: BrokerHealth) =>
    decideRoll(now, { ...past, doomed }, plan.brokers, withDoomed(health, doomed));
  if (decide(seen).step === 'done') return { step: 'done' };
  const health = await look?.health();
  const step = decide(seen, health);
  if (step.step !== 'restart') return step;
  // Caches lag behind, even behind this operator's own deletions: what takes a broker away is decided by what is now.
  const now = await readNow(context.client, plan);
  if (!now) return step;
  const confirmed = decide(now, health);
  return confirmed.step === 'restart' ? restart(context, plan, confirmed.index, now.pods) : confirmed;
}

async function readNow(client: KubernetesClient, plan: ClusterPlan): Promise<Seen | undefined> {
  const labelSelector = selectorText(selectorLabels(component, plan.name));
  const [present, { items }, claims] = await Promise.all([
    client.get(statefulSets, plan),
    client.list({ ...podKind, labelSelector }, plan.namespace),
    client.list({ ...persistentVolumeClaims, labelSelector }, plan.namespace),
  ]);
  if (!present) return undefined;
  const pods = items.filter((pod) => controllerOf(pod)?.uid === present.metadata.uid);
  return { statefulSet: present, pods, doomed: findDoomed(plan, claims.items, pods) };
}

/** Only this very pod, and by eviction, so that disruption budgets count: the StatefulSet makes the next one. */
async function restart(
  { client, event }: Context<EventCluster>,
  plan: ClusterPlan,
  index: number,
  pods: readonly Observed<V1Pod>[],
): Promise<RollStep> {
  const pod = pods.find(({ metadata }) => metadata.name === podName(plan, index));
  if (!pod) return wait('BrokersAway', `the pod of broker ${index} is gone`);
  const refusal = await evictPod(client, pod);
  if (refusal !== undefined) {
    await forgetDisruptions(client, plan, pods);
    return wait('EvictionRefused', `the pod of broker ${index} cannot be evicted: ${refusal}`);
  }
  event('Normal', 'BrokerRestarted', `Restarting broker ${index} to roll out a change.`);
  return { step: 'restart', index };
}
