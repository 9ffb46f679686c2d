import type { KafkaConnection } from '../../kafka/connection.ts';
import type { Brokers } from '../brokers/brokers.ts';
import type { RedpandaAdmin } from '../brokers/redpanda-admin.ts';

/** How the brokers of one cluster are asked. */
export interface BrokerAccess {
  readonly brokers: Brokers;
  readonly connection: KafkaConnection;
  readonly admin: RedpandaAdmin;
}
