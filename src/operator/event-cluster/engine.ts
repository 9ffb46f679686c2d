import type { V1PodSpec } from '@kubernetes/client-node';
import { moveBytesPerSecond, type EventCluster } from '../../api/event-cluster.ts';
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
import { drainBrokers, restoreBrokers } from './kafka/drain-brokers.ts';
import { spreadReplicas } from './kafka/spread-replicas.ts';
import type { SpreadOrder, SpreadStep } from './spread.ts';
import { tidyMembers } from './kafka/tidy-members.ts';
import type { DrainStep } from './scale.ts';
import { decommission, recommission } from './redpanda/decommission.ts';
import { adminUrl } from './redpanda/ask-brokers.ts';
import { alignClusterProperties } from './redpanda/cluster-properties.ts';
import { lookAtBrokers } from './redpanda/look.ts';
import * as redpandaPod from './redpanda/pod.ts';
import { refuse } from './redpanda/refuse.ts';
import { refuseVersion } from './redpanda/version-step.ts';

export interface DrainOrder {
  /** The brokers that leave, by the pod's number: the last ones. */
  readonly leaving: readonly number[];
  /** How many brokers stay: 0 to this - 1. */
  readonly staying: number;
}

export interface Members {
  /** Brokers that run and are to stay: 0 to this - 1. */
  readonly staying: number;
  /** Pods that there are, whatever their state: their brokers may come back. */
  readonly pods: readonly number[];
}

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
  /**
   * Takes the next step by which the last brokers are emptied. It can be taken twice.
   *
   * @throws {ExpectedError} what brokers answer; the step is taken once more later
   */
  drain(cluster: EventCluster, order: DrainOrder, access: BrokerAccess): Promise<DrainStep>;
  /** Ends the emptying of brokers that are to stay after all. @throws {ExpectedError} as `drain` */
  restore(cluster: EventCluster, brokers: readonly number[], access: BrokerAccess): Promise<void>;
  /**
   * Looks after brokers that are gone for good, or new: those that are registered and have no pod are forgotten, and
   * what kept replicas off one that was emptied before is taken away. @throws {ExpectedError} as `drain`
   */
  tidy(members: Members, access: BrokerAccess): Promise<void>;
  /** Takes the next step by which replicas are spread over all brokers. @throws {ExpectedError} as `drain` */
  spread(order: SpreadOrder, access: BrokerAccess): Promise<SpreadStep>;
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
    drain: ({ spec }, order, { brokers, connection }) =>
      drainBrokers(brokers.replicas(connection), { ...order, bytesPerSecond: moveBytesPerSecond(spec) }),
    restore: ({ spec }, indexes, { brokers, connection }) =>
      restoreBrokers(brokers.replicas(connection), indexes, moveBytesPerSecond(spec)),
    tidy: (members, { brokers, connection }) => tidyMembers(brokers.replicas(connection), members),
    spread: (order, { brokers, connection }) => spreadReplicas(brokers.replicas(connection), order),
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
    drain: (cluster, order, access) => decommission(cluster.metadata, order, access),
    restore: (cluster, indexes, { admin }) => recommission(admin, cluster.metadata, indexes),
    // Redpanda forgets a broker by its decommission.
    tidy: () => Promise.resolve(),
    // Its partition balancer fills new brokers (partition_autobalancing_mode: node_add).
    spread: () => Promise.resolve({ step: 'even', empty: [] }),
    container: 'redpanda',
  },
};
