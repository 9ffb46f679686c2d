import type { V1PodSpec } from '@kubernetes/client-node';
import type { EventCluster } from '../../api/event-cluster.ts';
import type { Release } from '../pods/image.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import * as kafkaConfig from './kafka/config-map.ts';
import * as kafkaPod from './kafka/pod.ts';
import type { ClusterPlan, RunEngine } from './plan.ts';
import * as redpandaConfig from './redpanda/config-map.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { Brokers } from '../brokers/brokers.ts';
import type { RedpandaAdmin } from '../brokers/redpanda-admin.ts';
import type { BrokerView } from './broker-view.ts';
import type { EngineLook } from './engine-look.ts';
import { lookAt } from './kafka/look.ts';
import { adminUrl } from './redpanda/ask-brokers.ts';
import { alignClusterProperties } from './redpanda/cluster-properties.ts';
import { lookAtBrokers } from './redpanda/look.ts';
import * as redpandaPod from './redpanda/pod.ts';
import { refuse } from './redpanda/refuse.ts';
import { refuseVersion } from './redpanda/version-step.ts';

/** The ways to ask the brokers of one cluster. */
export interface BrokerAccess {
  readonly brokers: Brokers;
  readonly connection: KafkaConnection;
  readonly admin: RedpandaAdmin;
}

/** What differs between the engines that the operator runs. */
export interface Engine {
  /** What runs where a spec names neither an image nor a version. */
  readonly release: Release;
  /**
   * What no broker of this engine could run with.
   *
   * @param running the version that all brokers ran last; undefined where none has ever answered
   */
  refuse(spec: EventCluster['spec'], running?: string): Problem | undefined;
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
  /**
   * What brokers say of themselves; undefined when they do not answer.
   *
   * @param ready the numbers of the brokers that are ready
   */
  look(
    plan: ClusterPlan,
    view: BrokerView,
    ready: readonly number[],
    access: BrokerAccess,
  ): Promise<EngineLook | undefined>;
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
    look: (plan, view, _ready, { brokers, connection }) =>
      Promise.resolve(view.answered ? lookAt(plan, view, () => brokers.describeAvailability(connection)) : undefined),
    container: 'kafka',
  },
  Redpanda: {
    ...redpandaConfig,
    ...redpandaPod,
    refuse: (spec, running) => refuse(spec) ?? refuseVersion(spec, running),
    alignProperties: (plan, ready, admin) =>
      alignClusterProperties(
        admin,
        ready.map((index) => adminUrl(plan, index)),
        redpandaConfig.runningProperties({ ...plan, brokers: ready.length }),
      ),
    look: (plan, _view, ready, { admin }) => lookAtBrokers(admin, plan, ready),
    container: 'redpanda',
  },
};
