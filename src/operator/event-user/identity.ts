import type { EventUser } from '../../api/event-user.ts';
import { seeSecrets, textOf, type SecretReference } from '../brokers/user-secrets.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { subjectOf } from './distinguished-name.ts';

const prefix = 'User:';

/** By which brokers know the user: `orders`, or `CN=orders`. @throws never: what cannot be told of is a problem */
export function identify(user: EventUser, caches: Caches): { readonly name: string } | { readonly problem: Problem } {
  const declared = declaredName(user);
  if (declared !== undefined) return { name: declared };
  const [seen] = seeSecrets(caches, user.metadata.namespace, certificateSecrets(user));
  const found = readSubject((seen && textOf(seen.secret, seen.keys[0]!)) ?? '', seen?.name ?? '');
  if ('problem' in found) return found;
  const managed = managedName(user);
  return managed === undefined || managed === found.name ? found : { problem: subjectChanged(found.name, managed) };
}

/** The name that the spec itself says; undefined where it is in a certificate. */
function declaredName({ metadata, spec }: EventUser): string | undefined {
  const { type, subject } = spec.authentication;
  return type === 'Tls' ? subject : (spec.userName ?? metadata.name);
}

/** The name that it has had so far. */
export function managedName({ status }: EventUser): string | undefined {
  return status?.principal?.slice(prefix.length);
}

/** As access control lists call it. */
export const principalOf = (name: string): string => `${prefix}${name}`;

/** The name by which others see that they mean the same user. */
export const knownName = (user: EventUser): string | undefined => declaredName(user) ?? managedName(user);

/** The Secret with the certificate that names the user, if one does. */
export function certificateSecrets({ spec }: EventUser): SecretReference[] {
  const { certificateSecretRef } = spec.authentication;
  if (!certificateSecretRef) return [];
  const { name, key } = certificateSecretRef;
  const fix = `Create it with the user's certificate in PEM under the key ${key}.`;
  return [{ name, keys: [key], field: 'spec.authentication.certificateSecretRef', fix, mayBeEmpty: true }];
}

function readSubject(pem: string, secret: string): { readonly name: string } | { readonly problem: Problem } {
  const field = 'spec.authentication.certificateSecretRef';
  try {
    const name = subjectOf(pem);
    if (name !== undefined) return { name };
    const message = `${field}: the operator cannot tell how the brokers write the subject of the certificate. Set spec.authentication.subject to the name that they show.`;
    return { problem: { reason: 'SubjectUnknown', message, failed: true } };
  } catch {
    // The words of the error would show parts of what is in the Secret.
    const message = `${field}: Secret ${secret} holds no PEM certificate under its key. Put the user's certificate there.`;
    return { problem: { reason: 'CertificateInvalid', message, failed: false, needsPerson: true } };
  }
}

function subjectChanged(found: string, managed: string): Problem {
  const message = `The certificate is of ${found} now, and this resource keeps ${managed}: put a certificate of ${managed} there, or create a new EventUser.`;
  return { reason: 'SubjectChanged', message, failed: true };
}
