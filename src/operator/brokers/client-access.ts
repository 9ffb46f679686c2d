import type { EventCluster, Security } from '../../api/event-cluster.ts';
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

/** What is wanted of brokers that the operator runs; undefined where they use plain text and let everybody in. */
export function securityOf({ security }: Pick<EventCluster['spec'], 'security'>): Security | undefined {
  return security?.tls.enabled || security?.authentication.enabled ? security : undefined;
}

/**
 * How the operator connects: to brokers of its own, by the listener that they use among themselves. Its certificate is
 * good for as long as they have their configuration; a user of its own would be unknown on volumes of an earlier cluster.
 */
export function operatorAccess({ metadata, spec }: Pick<EventCluster, 'metadata' | 'spec'>): ClientAccess {
  if (spec.engine === 'External') return externalAccess(spec);
  if (!securityOf(spec)) return {};
  const { name } = secretNames(metadata).operator;
  return {
    bootstrapServers: internalBootstrapServers(metadata),
    tls: { caSecretRef: { name, key: 'ca.crt' }, certificateSecretRef: { name } },
  };
}

/** How the programs of this project connect. */
export function workloadAccess({ metadata, spec }: Pick<EventCluster, 'metadata' | 'spec'>): ClientAccess {
  if (spec.engine === 'External') return externalAccess(spec);
  const security = securityOf(spec);
  const { clientsCa, workloads } = secretNames(metadata);
  return {
    ...(security?.tls.enabled && { tls: { caSecretRef: { name: clientsCa.name, key: 'ca.crt' } } }),
    ...(security?.authentication.enabled && {
      authentication: { mechanism: 'SCRAM-SHA-512' as const, credentialsSecretRef: { name: workloads.name } },
    }),
  };
}

const externalAccess = ({ tls, authentication }: EventCluster['spec']): ClientAccess => ({
  ...(tls && { tls }),
  ...(authentication && { authentication }),
});

/** The Secrets that a client with this access reads. */
export function accessSecrets({ tls, authentication }: ClientAccess, isExternal: boolean): SecretReference[] {
  const references: SecretReference[] = [];
  const madeByOperator = 'The operator makes it with the cluster.';
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
