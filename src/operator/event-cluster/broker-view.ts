import type { KafkaConnection } from '../../kafka/connection.ts';
import type { ClusterDescription } from '../../kafka/describe-cluster.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { Brokers } from '../brokers/brokers.ts';

/** What the brokers say of themselves, or why they say nothing. */
export type BrokerView =
  ({ readonly answered: true } & ClusterDescription) | { readonly answered: false; readonly error: ExpectedError };

/** Brokers that do not answer are something to tell, not a failure of the operator's. */
export async function viewBrokers(brokers: Brokers, connection: KafkaConnection): Promise<BrokerView> {
  try {
    return { answered: true, ...(await brokers.describeCluster(connection)) };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { answered: false, error: error as ExpectedError };
  }
}
