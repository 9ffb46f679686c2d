import { KafkaEventsError, toError } from '../../../lib/errors.ts';
import type { KafkaConnection } from '../../../kafka/connection.ts';

/** What the brokers say of themselves, or why they say nothing. */
export type BrokerView =
  | {
      readonly answered: true;
      readonly clusterId: string;
      readonly controllerId: number | undefined;
      /** The pod's number of the controller; undefined when it is none of the cluster's own pods. */
      readonly controllerIndex: number | undefined;
      readonly members: number;
      readonly underReplicatedPartitions: number;
    }
  | { readonly answered: false; readonly error: KafkaEventsError };
