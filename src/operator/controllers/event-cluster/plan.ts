import type { EventCluster } from '../../../api/event-cluster.ts';
import type { ClusterName } from './names.ts';

/** Engines that the operator runs brokers of. */
export type RunEngine = Exclude<EventCluster['spec']['engine'], 'External'>;

/**
 * What manifests are built from: the spec, with what the cluster's own past decides.
 */
export interface ClusterPlan extends ClusterName {
  readonly spec: EventCluster['spec'];
  /** Brokers to run now: during a scale-down that is not finished, or is refused, more than the spec says. */
  readonly brokers: number;
  /** Nodes 0 to this - 1 vote on metadata (engine Kafka). */
  readonly controllers: number;
  /** Size of the volumes when they were first asked for: a StatefulSet never changes its claims. */
  readonly claimSize: string;
}
