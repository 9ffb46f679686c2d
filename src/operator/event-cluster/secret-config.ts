import type { EventCluster } from '../../api/event-cluster.ts';
import { secretsExist, seeSecrets, secretsHash, textOf, type SecretReference } from '../brokers/user-secrets.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { RememberedByCluster } from '../brokers/remembered-by-cluster.ts';

/** Properties of brokers whose values are in Secrets. */
export interface SecretConfig {
  /** By the names of the properties. */
  readonly values: Readonly<Record<string, string>>;
  /** Changes when a value does, and tells nothing of it. */
  readonly hash: string;
}

/** The Secrets that `spec.configFrom` names. */
export function configSecrets({ spec }: Pick<EventCluster, 'spec'>): SecretReference[] {
  return (spec.configFrom ?? []).map(({ name: property, valueFrom }, index) => {
    const { name, key } = valueFrom.secretKeyRef;
    const fix = `Create it with the value of ${property} under the key ${key}, or remove the entry.`;
    return { name, keys: [key], field: `spec.configFrom[${index}].valueFrom.secretKeyRef`, fix, mayBeEmpty: true };
  });
}

/** The values, or which of the Secrets is missing; undefined where there are none. */
export function seeSecretConfig(object: EventCluster, caches: Caches): SecretConfig | Problem | undefined {
  const { configFrom = [] } = object.spec;
  if (configFrom.length === 0) return undefined;
  const secrets = seeSecrets(caches, object.metadata.namespace, configSecrets(object));
  const missing = secretsExist({ secrets });
  if (missing) return missing;
  const values = configFrom.map(({ name, valueFrom }, index) => {
    return [name, textOf(secrets[index]!.secret, valueFrom.secretKeyRef.key) ?? ''] as const;
  });
  return { values: Object.fromEntries(values), hash: secretsHash(secrets) };
}

/** Properties whose values are in Secrets, as they are given to running brokers, which do not show what they have. */
export interface SecretProperties {
  readonly values: Readonly<Record<string, string>>;
  /** Whether brokers were given these very values last. */
  readonly wereSent: boolean;
  /** Is called once brokers have them all. */
  sent(): void;
}

/**
 * Which values the brokers of each cluster were given last since the operator started, by their hashes alone. To one that
 * was forgotten, the values are sent once more, which changes nothing.
 */
export class SentSecrets {
  readonly #hashes = new RememberedByCluster<string>();

  of(uid: string, { values, hash }: SecretConfig): SecretProperties {
    return {
      values,
      wereSent: this.#hashes.get(uid) === hash,
      sent: () => this.#hashes.set(uid, hash),
    };
  }
}
