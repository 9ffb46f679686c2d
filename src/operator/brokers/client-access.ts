import type { BrokerSecurity, EventCluster } from '../../api/event-cluster.ts';
import type { SaslMechanism } from '../../kafka/connection.ts';
import { internalBootstrapServers, secretNames } from '../event-cluster/names.ts';
import type { SecretReference } from './user-secrets.ts';

/** What a client needs to be let in by the brokers, as the Secrets that hold it, in the namespace of the cluster. */
export interface ClientAccess {
  /** Where to begin, where that is not what the cluster's status says. */
  readonly bootstrapServers?: string;
  readonly tls?: {
    /** Public authorities count when it is left out. */
    readonly caSecretRef?: { readonly name: string; readonly key: string } | undefined;
    /** `tls.crt` and `tls.key` of a client that proves by a certificate who it is. */
    readonly certificateSecretRef?: { readonly name: string };
  };
  readonly authentication?: {
    readonly mechanism: SaslMechanism;
    readonly credentialsSecretRef: { readonly name: string };
  };
}

type Cluster = Pick<EventCluster, 'metadata' | 'spec' | 'status'>;

/** Of brokers that the operator runs; undefined where they use plain text and let everybody in. */
export function securityOf({ spec, status }: Pick<EventCluster, 'spec' | 'status'>): BrokerSecurity | undefined {
  const { tls, authentication } = status?.security ?? declared(spec);
  return tls || authentication ? { tls, authentication } : undefined;
}

/** For brokers of an earlier release of the operator, which had it only where it was asked for. */
const declared = ({ security }: EventCluster['spec']): BrokerSecurity => ({
  tls: security?.tls.enabled ?? false,
  authentication: security?.authentication.enabled ?? false,
});

/**
 * How the operator connects: to brokers of its own, by a listener that asks for a certificate of their own authority. Its certificate is
 * good for as long as they have their configuration; a user of its own would be unknown on volumes of an earlier cluster.
 */
export function operatorAccess(cluster: Cluster): ClientAccess {
  const { metadata, spec } = cluster;
  if (spec.engine === 'External') return externalAccess(spec);
  if (!securityOf(cluster)) return {};
  const { name } = secretNames(metadata).operator;
  return {
    bootstrapServers: internalBootstrapServers(metadata),
    tls: { caSecretRef: { name, key: 'ca.crt' }, certificateSecretRef: { name } },
  };
}

/**
 * How the programs of this project connect.
 *
 * @param userSecret of the EventUser that they connect as, where brokers that the operator runs ask for one
 */
export function workloadAccess(cluster: Cluster, userSecret?: string): ClientAccess {
  const { metadata, spec } = cluster;
  if (spec.engine === 'External') return externalAccess(spec);
  const security = securityOf(cluster);
  const { name } = secretNames(metadata).clientsCa;
  return {
    ...(security?.tls && { tls: { caSecretRef: { name: userSecret ?? name, key: 'ca.crt' } } }),
    ...(userSecret !== undefined && {
      authentication: { mechanism: 'SCRAM-SHA-512' as const, credentialsSecretRef: { name: userSecret } },
    }),
  };
}

/** Whether clients must log in as a user. */
export const asksForUsers = (cluster: Pick<Cluster, 'spec' | 'status'>): boolean =>
  cluster.spec.engine === 'External'
    ? cluster.spec.authentication !== undefined
    : securityOf(cluster)?.authentication === true;

const externalAccess = ({ tls, authentication }: EventCluster['spec']): ClientAccess => ({
  ...(tls && { tls }),
  ...(authentication && { authentication }),
});

/** The Secrets that a client with this access reads. */
export function accessSecrets({ tls, authentication }: ClientAccess, isExternal: boolean): SecretReference[] {
  const references: SecretReference[] = [];
  const madeByOperator = 'The operator creates it.';
  if (tls?.caSecretRef) {
    const { name, key } = tls.caSecretRef;
    const fix = isExternal
      ? `Create it with the PEM certificate of the brokers' authority under the key ${key}.`
      : madeByOperator;
    references.push({ name, keys: [key], field: isExternal ? 'spec.tls.caSecretRef' : 'spec.security', fix });
  }
  if (tls?.certificateSecretRef) {
    const { name } = tls.certificateSecretRef;
    references.push({ name, keys: ['tls.crt', 'tls.key'], field: 'spec.security', fix: madeByOperator });
  }
  if (authentication) {
    const { name } = authentication.credentialsSecretRef;
    const fix = isExternal ? 'Create it with the keys username and password.' : madeByOperator;
    const field = isExternal ? 'spec.authentication.credentialsSecretRef' : 'spec.security';
    references.push({ name, keys: ['username', 'password'], field, fix });
  }
  return references;
}
