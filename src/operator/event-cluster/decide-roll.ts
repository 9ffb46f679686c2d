import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import type { Observed } from '../runtime/objects.ts';
import { brokerPods, isObserved, type ClusterPast } from './pods.ts';
import { nextRollStep, wait, type BrokerHealth, type RollStep } from './roll.ts';

/** What a roll is decided by. */
export interface BrokersNow {
  readonly statefulSet: Observed<V1StatefulSet>;
  readonly pods: readonly Observed<V1Pod>[];
}

export function decideRoll(
  { statefulSet, pods }: BrokersNow,
  past: ClusterPast,
  brokers: number,
  health?: BrokerHealth,
): RollStep {
  // Until its controller has seen the newest template, every pod looks up to date; its next status calls again.
  if (pods.length > 0 && !isObserved(statefulSet))
    return wait('TemplateNotSeen', 'the StatefulSet controller has not seen it yet');
  return nextRollStep(brokerPods(statefulSet, pods, past), brokers, health);
}
