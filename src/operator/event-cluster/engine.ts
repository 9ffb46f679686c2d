import type { V1PodSpec } from '@kubernetes/client-node';
import type { EventCluster } from '../../api/event-cluster.ts';
import type { Release } from '../pods/image.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import * as kafkaConfig from './kafka/config-map.ts';
import * as kafkaPod from './kafka/pod.ts';
import type { ClusterPlan, RunEngine } from './plan.ts';
import * as redpandaConfig from './redpanda/config-map.ts';
import type { RedpandaAdmin } from '../brokers/redpanda-admin.ts';
import { adminUrl, alignClusterProperties } from './redpanda/cluster-properties.ts';
import { whyTooSmall } from './redpanda/memory.ts';
import * as redpandaPod from './redpanda/pod.ts';

/** What differs between the engines that the operator runs. */
export interface Engine {
  /** What runs where a spec names neither an image nor a version. */
  readonly release: Release;
  /** What no broker of this engine could run with. */
  refuse(spec: EventCluster['spec']): Problem | undefined;
  /** Files of the ConfigMap, by name. */
  configFiles(plan: ClusterPlan): Record<string, string>;
  /** Changes exactly when running brokers have to restart to read their configuration. */
  configHash(plan: ClusterPlan): string;
  /**
   * Changes properties of running brokers, where the engine can; why they are not in effect, if they are not.
   *
   * @param ready the numbers of the brokers that are ready
   */
  alignProperties(plan: ClusterPlan, ready: readonly number[], admin: RedpandaAdmin): Promise<Problem | undefined>;
  /** The broker's own container in its pod. */
  readonly container: string;
  /** The pod without the volume for data, which the StatefulSet claims. */
  podSpec(plan: ClusterPlan): V1PodSpec;
}

export const engines: Readonly<Record<RunEngine, Engine>> = {
  Kafka: {
    ...kafkaConfig,
    ...kafkaPod,
    refuse: () => undefined,
    alignProperties: () => Promise.resolve(undefined),
    container: 'kafka',
  },
  Redpanda: {
    ...redpandaConfig,
    ...redpandaPod,
    refuse: ({ resources }) => whyTooSmall(resources),
    alignProperties: (plan, ready, admin) =>
      alignClusterProperties(
        admin,
        ready.map((index) => adminUrl(plan, index)),
        redpandaConfig.configuredProperties(plan.spec),
      ),
    container: 'redpanda',
  },
};
