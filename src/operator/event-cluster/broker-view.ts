import type { KafkaConnection } from '../../kafka/connection.ts';
import type { ClusterDescription } from '../../kafka/describe-cluster.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { Brokers } from '../brokers/brokers.ts';
import { brokerHost, indexes, type ClusterName } from './names.ts';

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

/** The pod's number of the controller; node ids are numbers of the brokers' own choice (Redpanda). */
export function controllerIndex(cluster: ClusterName, brokers: number, view: ClusterDescription): number | undefined {
  const host = view.brokers.find(({ id }) => id === view.controllerId)?.host;
  return indexes(brokers).find((index) => brokerHost(cluster, index) === host);
}
