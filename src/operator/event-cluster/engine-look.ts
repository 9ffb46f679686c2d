import type { BrokerHealth } from './roll.ts';

/** What brokers say of themselves, as an engine asks them. */
export interface EngineLook {
  /** Id of the active controller; undefined while there is none. */
  readonly controllerId: number | undefined;
  readonly underReplicatedPartitions: number;
  /** Brokers that have to start anew to take in a property, by the pod's number. */
  readonly restarts: ReadonlySet<number>;
  /** Whether a broker may go; undefined when they cannot all be asked. It is asked for only when something is to roll. */
  health(): Promise<BrokerHealth | undefined>;
}
