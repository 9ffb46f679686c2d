import { X509Certificate } from 'node:crypto';
import type { EventUser } from '../../api/event-user.ts';
import { seeSecrets, textOf } from '../brokers/user-secrets.ts';
import { isFor } from '../event-cluster/security/certificates.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { certificateSecrets } from './identity.ts';

/** Why brokers would let nobody in with the certificate that names the user; it can be read, or nobody would ask. */
export function givenCertificateFits(user: EventUser, caches: Caches, now: Date): Problem | undefined {
  const [given] = seeSecrets(caches, user.metadata.namespace, certificateSecrets(user));
  const pem = given && textOf(given.secret, given.keys[0]!);
  const why = pem === undefined ? undefined : whyUnusable(pem, now);
  if (why === undefined) return undefined;
  const message = `${given!.field}: Secret ${given!.name} holds a certificate that ${why}.`;
  return { reason: 'CertificateRefused', message, failed: false, needsPerson: true };
}

export function whyUnusable(pem: string, now: Date): string | undefined {
  const certificate = new X509Certificate(pem);
  if (certificate.ca) return 'is of an authority: put the one there that the user shows';
  if (!isFor('clientAuth', pem)) return 'is not for clients: issue one with the extended key usage clientAuth';
  return certificate.validToDate <= now ? 'has expired: renew it' : undefined;
}
