import type { V1PodSpec } from '@kubernetes/client-node';
import { moveBytesPerSecond, type EventCluster } from '../../api/event-cluster.ts';
import type { RedpandaAdmin } from '../brokers/redpanda-admin.ts';
import type { Release } from '../pods/image.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import type { BrokerAccess } from './broker-access.ts';
import type { BrokerView } from './broker-view.ts';
import type { Disks } from './disk-pressure.ts';
import type { AlignedProperties, EngineLook } from './engine-look.ts';
import * as kafkaConfig from './kafka/config-map.ts';
import { askForDisks } from './kafka/disks.ts';
import { drainBrokers, restoreBrokers } from './kafka/drain-brokers.ts';
import { lookAt } from './kafka/look.ts';
import * as kafkaPod from './kafka/pod.ts';
import { refuse as refuseKafka } from './kafka/refuse.ts';
import { spreadReplicas } from './kafka/spread-replicas.ts';
import { tidyMembers } from './kafka/tidy-members.ts';
import type { Members, Tidied } from './members.ts';
import type { ClusterPlan, RunEngine } from './plan.ts';
import { adminUrl } from './redpanda/ask-brokers.ts';
import { alignClusterProperties } from './redpanda/cluster-properties.ts';
import * as redpandaConfig from './redpanda/config-map.ts';
import { decommission, recommission } from './redpanda/decommission.ts';
import { healMembers } from './redpanda/heal-members.ts';
import { lookAtBrokers } from './redpanda/look.ts';
import { disksOfMembers } from './redpanda/members.ts';
import * as redpandaPod from './redpanda/pod.ts';
import { refuse as refuseRedpanda } from './redpanda/refuse.ts';
import { refuseVersion } from './redpanda/version-step.ts';
import type { DrainOrder, DrainStep } from './scale.ts';
import type { SecretProperties } from './secret-config.ts';
import type { SpreadOrder, SpreadStep } from './spread.ts';

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
   * Changes properties of running brokers, where the engine can.
   *
   * @param ready the numbers of the brokers that are ready
   * @param secrets properties whose values are in Secrets; undefined where there are none
   */
  alignProperties(
    plan: ClusterPlan,
    ready: readonly number[],
    admin: RedpandaAdmin,
    secrets: SecretProperties | undefined,
  ): Promise<AlignedProperties>;
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
   * Takes the next step by which the last brokers are emptied. A step can be taken twice.
   *
   * @throws {ExpectedError} what brokers answer; the step is taken once more later
   */
  drain(cluster: EventCluster, order: DrainOrder, access: BrokerAccess): Promise<DrainStep>;
  /** Lets brokers stay that were being emptied. @throws {ExpectedError} as `drain` */
  restore(cluster: EventCluster, brokers: readonly number[], access: BrokerAccess): Promise<void>;
  /**
   * Brings the cluster's own list of brokers up to date: those that are gone for good leave it, and what kept replicas
   * off one that was emptied before ends.
   *
   * @throws {ExpectedError} as `drain`
   */
  tidy(cluster: EventCluster, members: Members, access: BrokerAccess): Promise<Tidied>;
  /** How much space brokers have left. @throws {ExpectedError} as `drain` */
  disks(cluster: EventCluster, ready: readonly number[], access: BrokerAccess): Promise<Disks>;
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
    refuse: (spec) => refuseKafka(spec),
    alignProperties: () => Promise.resolve({}),
    look: (plan, view, _ready, { brokers, connection }) =>
      Promise.resolve(view.answered ? lookAt(plan, view, () => brokers.describeAvailability(connection)) : undefined),
    drain: ({ spec }, order, { brokers, connection }) =>
      drainBrokers(brokers.replicas(connection), order, moveBytesPerSecond(spec)),
    restore: ({ spec }, indexes, { brokers, connection }) =>
      restoreBrokers(brokers.replicas(connection), indexes, moveBytesPerSecond(spec)),
    tidy: (_cluster, members, { brokers, connection }) => tidyMembers(brokers.replicas(connection), members),
    disks: (_cluster, ready, { brokers, connection }) => askForDisks(brokers.replicas(connection), ready),
    spread: (order, { brokers, connection }) => spreadReplicas(brokers.replicas(connection), order),
    container: 'kafka',
  },
  Redpanda: {
    ...redpandaConfig,
    ...redpandaPod,
    refuse: (spec, running) => refuseRedpanda(spec) ?? refuseVersion(spec, running),
    alignProperties: (plan, ready, admin, secrets) =>
      alignClusterProperties(
        admin,
        ready.map((index) => adminUrl(plan, index)),
        redpandaConfig.runningProperties({ ...plan, brokers: ready.length }),
        secrets,
      ),
    look: (plan, _view, ready, { admin }) => lookAtBrokers(admin, plan, ready),
    drain: (cluster, order, access) => decommission(cluster.metadata, order, access),
    restore: (cluster, indexes, { admin }) => recommission(admin, cluster.metadata, indexes),
    tidy: (cluster, members, { admin }) => healMembers(admin, cluster.metadata, members),
    disks: (cluster, ready, { admin }) => disksOfMembers(admin, cluster.metadata, ready),
    // Redpanda fills new brokers by itself (partition_autobalancing_mode: node_add).
    spread: () => Promise.resolve({ step: 'even', empty: [] }),
    container: 'redpanda',
  },
};
