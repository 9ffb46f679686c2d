import type { EventUser } from '../../api/event-user.ts';
import { clusterKey, clusterSecrets } from '../brokers/cluster-access.ts';
import { securityOf } from '../brokers/client-access.ts';
import { kafkaConnection } from '../brokers/kafka-connection.ts';
import { clustersWithSameBrokers } from '../brokers/same-brokers.ts';
import { seeSecrets } from '../brokers/user-secrets.ts';
import { brokerCommonName, operatorCommonName } from '../event-cluster/security/rotate-certificates.ts';
import { eventClusters } from '../kinds.ts';
import type { Caches } from '../runtime/cache/caches.ts';

/** Brokers call everybody so who has not said who it is. */
const anonymous = 'ANONYMOUS';

/** Of brokers that have security from the operator. */
const ownUsers = [`CN=${brokerCommonName}`, `CN=${operatorCommonName}`];

/**
 * Whether it is a user that the operator itself works as, by any EventCluster with the same brokers: with another
 * password, or fewer rights, it would lock itself out.
 */
export function isReserved(user: EventUser, name: string, caches: Caches): boolean {
  if (name === anonymous && user.spec.authentication.type === 'ScramSha512') return true;
  return clustersWithSameBrokers(clusterKey(user), caches).some((key) => {
    const cluster = caches.of(eventClusters).get(key);
    if (!cluster) return false;
    if (securityOf(cluster) && ownUsers.includes(name)) return true;
    const secrets = seeSecrets(caches, key.namespace, clusterSecrets(cluster));
    return kafkaConnection(cluster, '', secrets).sasl?.username === name;
  });
}
