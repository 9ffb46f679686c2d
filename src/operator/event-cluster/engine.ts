import type { V1PodSpec } from '@kubernetes/client-node';
import type { EventCluster } from '../../api/event-cluster.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import * as kafkaConfig from './kafka/config-map.ts';
import * as kafkaPod from './kafka/pod.ts';
import type { ClusterPlan, RunEngine } from './plan.ts';
import * as redpandaConfig from './redpanda/config-map.ts';
import { adminUrl, alignClusterProperties } from './redpanda/cluster-properties.ts';
import { whyTooSmall } from './redpanda/memory.ts';
import * as redpandaPod from './redpanda/pod.ts';

/** What differs between the engines that the operator runs. */
export interface Engine {
  /** The version that a spec means. */
  versionOf(spec: EventCluster['spec']): string;
  /** What no broker of this engine could run with. */
  refuse(spec: EventCluster['spec']): Problem | undefined;
  /** Files of the ConfigMap, by name. */
  configFiles(plan: ClusterPlan): Record<string, string>;
  /** Changes exactly when running brokers have to restart to read their configuration. */
  configHash(plan: ClusterPlan): string;
  /** Changes properties of running brokers, where the engine can; why the brokers refuse, if they do. */
  alignProperties(plan: ClusterPlan): Promise<Problem | undefined>;
  /** The pod without the volume for data, which the StatefulSet claims. */
  podSpec(plan: ClusterPlan): V1PodSpec;
}

export const engines: Readonly<Record<RunEngine, Engine>> = {
  Kafka: { ...kafkaConfig, ...kafkaPod, refuse: () => undefined, alignProperties: () => Promise.resolve(undefined) },
  Redpanda: {
    ...redpandaConfig,
    ...redpandaPod,
    refuse: ({ resources }) => whyTooSmall(resources),
    alignProperties: (plan) => alignClusterProperties(adminUrl(plan), redpandaConfig.configuredProperties(plan.spec)),
  },
};
