import type { Problem } from '../runtime/reconcile/readiness.ts';
import type { BrokerHealth } from './roll.ts';

/** What brokers say of themselves, as an engine asks them. */
export interface EngineLook {
  /** Id of the active controller; undefined while there is none. */
  readonly controllerId: number | undefined;
  readonly underReplicatedPartitions: number;
  /** Brokers that have to start anew to take in a property, by the pod's number. */
  readonly restarts: ReadonlySet<number>;
  /** The configuration version that each broker has applied; empty for engines that do not report it. */
  readonly configVersions: readonly number[];
  /** Whether a broker may go; undefined when they cannot all be asked. It is asked for only when something is to roll. */
  health(): Promise<BrokerHealth | undefined>;
}

/** What became of properties that running brokers were to be given. */
export interface AlignedProperties {
  /** Of the configuration that was changed just now. */
  readonly version?: number | undefined;
  /** Why they are not in effect. */
  readonly problem?: Problem | undefined;
}
