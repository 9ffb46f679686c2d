import type { ClusterDescription } from '../../../kafka/describe-cluster.ts';
import type { EngineLook } from '../engine-look.ts';
import { brokerHost, indexes } from '../names.ts';
import type { ClusterPlan } from '../plan.ts';
import type { Cause } from '../roll.ts';

/** Kafka says it all by its own protocol. */
export function lookAt(plan: ClusterPlan, view: ClusterDescription): EngineLook {
  const { controllerId, underReplicatedPartitions } = view;
  const health = {
    controllerIndex: controllerIndex(plan, view),
    unsettled: notInSync(underReplicatedPartitions),
    risks: new Map<number, string>(),
  };
  return { controllerId, underReplicatedPartitions, restarts: new Set(), health: () => Promise.resolve(health) };
}

/** The pod's number of the active controller. */
function controllerIndex(plan: ClusterPlan, view: ClusterDescription): number | undefined {
  const host = view.brokers.find(({ id }) => id === view.controllerId)?.host;
  return indexes(plan.brokers).find((index) => brokerHost(plan, index) === host);
}

function notInSync(partitions: number): Cause | undefined {
  if (partitions === 0) return undefined;
  return { reason: 'UnderReplicated', message: `${partitions} partitions have replicas that are not in sync` };
}
