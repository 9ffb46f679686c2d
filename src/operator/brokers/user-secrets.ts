import type { V1Secret } from '@kubernetes/client-node';
import type { Caches } from '../runtime/cache/caches.ts';
import type { ObjectKind } from '../runtime/object-kind.ts';
import type { Observed } from '../runtime/objects.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { digest } from '../pods/digest.ts';

/**
 * Secrets that users make, and that no label tells from others: all are watched but those that Helm keeps its releases
 * in, which can be many and have up to 1 MB each.
 */
export const userSecrets: ObjectKind<Observed<V1Secret>> = {
  apiVersion: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  fieldSelector: 'type!=helm.sh/release.v1',
};

/** A Secret that a resource names, and the keys it must have. */
export interface SecretReference {
  readonly name: string;
  /** Empty where any key will do, and all of them count. */
  readonly keys: readonly string[];
  /** The field that names it, for messages: spec.databaseSecretRef. */
  readonly field: string;
  /** What the Secret is for, and how to make it, in a sentence. */
  readonly fix: string;
  /** Whether an empty value is one like any other, or is judged with what else can be wrong with a value. */
  readonly mayBeEmpty?: true;
}

export type SeenSecret = SecretReference & { readonly secret: Observed<V1Secret> | undefined };

export function seeSecrets(caches: Caches, namespace: string, references: readonly SecretReference[]): SeenSecret[] {
  return references.map((reference) => {
    return { ...reference, secret: caches.of(userSecrets).get({ namespace, name: reference.name }) };
  });
}

/** The text under a key of a Secret; undefined where there is none. */
export function textOf(secret: Pick<V1Secret, 'data'> | undefined, key: string): string | undefined {
  const value = secret?.data?.[key];
  return value === undefined ? undefined : Buffer.from(value, 'base64').toString();
}

/** The first Secret, or key of one, that is missing or has nothing under it. */
export function secretsExist({ secrets }: { readonly secrets: readonly SeenSecret[] }): Problem | undefined {
  for (const { name, keys, field, fix, mayBeEmpty, secret } of secrets) {
    if (!secret) return problem('SecretMissing', `${field}: there is no Secret ${name} in this namespace. ${fix}`);
    const present = Object.keys(secret.data ?? {});
    if (present.length === 0) return problem('SecretEmpty', `${field}: Secret ${name} is empty. ${fix}`);
    const missing = keys.find((key) => !present.includes(key));
    if (missing !== undefined) {
      const message = `${field}: Secret ${name} has no key ${missing}, only ${present.join(', ')}. ${fix}`;
      return problem('SecretKeyMissing', message);
    }
    const empty = mayBeEmpty ? undefined : keys.find((key) => secret.data?.[key] === '');
    if (empty === undefined) continue;
    return problem('SecretKeyEmpty', `${field}: Secret ${name} has an empty value under the key ${empty}. ${fix}`);
  }
  return undefined;
}

/**
 * Changes when a value changes that pods read. With the Secret's uid in it, the same value in two places does not show
 * as the same, and nobody can look it up in a table of common ones.
 */
export function secretsHash(secrets: readonly SeenSecret[]): string {
  const texts = secrets.flatMap(({ keys, secret }) => {
    const data = Object.entries(secret?.data ?? {}).filter(([key]) => keys.length === 0 || keys.includes(key));
    return [secret?.metadata.uid ?? '', ...data.sort(([a], [b]) => (a < b ? -1 : 1)).flat()];
  });
  return digest(...texts);
}

/** The resource recovers by itself as soon as somebody creates or corrects the Secret. */
const problem = (reason: string, message: string): Problem => ({ reason, message, failed: false, needsPerson: true });
