import type { EventCluster } from '../../../api/event-cluster.ts';
import { secretsExist, seeSecrets, textOf, type SecretReference } from '../../brokers/user-secrets.ts';
import type { Context } from '../../runtime/reconcile/controller.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { clientsCertificateName } from '../names.ts';
import { areCertificates, splitCertificates } from './certificates.ts';
import { whyUnusable } from './judge-certificates.ts';
import { requestCertificate } from './request-certificate.ts';
import { clientHosts, type ClientCertificates } from './secrets.ts';

/** The Secret with the authority of clients that prove by a certificate who they are. */
export function clientAuthoritySecrets({ spec }: EventCluster): SecretReference[] {
  const reference = spec.security?.authentication.clientCertificates?.caSecretRef;
  if (!reference) return [];
  const { name, key } = reference;
  const fix = `Create it with the certificate of the authority under the key ${key}, in PEM.`;
  return [
    { name, keys: [key], field: 'spec.security.authentication.clientCertificates.caSecretRef', fix, mayBeEmpty: true },
  ];
}

/** Whose certificates clients may show, or why that cannot be used; undefined where they may show none. */
export function givenAuthorities({ object, caches }: Context<EventCluster>): string | Problem | undefined {
  const secrets = seeSecrets(caches, object.metadata.namespace, clientAuthoritySecrets(object));
  const [given] = secrets;
  if (!given) return undefined;
  const missing = secretsExist({ secrets });
  if (missing) return missing;
  const certificates = splitCertificates(textOf(given.secret, given.keys[0]!) ?? '');
  if (certificates.length > 0 && areCertificates(certificates))
    return certificates.map((certificate) => `${certificate}\n`).join('');
  const message = `${given.field}: Secret ${given.name} holds no PEM certificate under ${given.keys[0]}.`;
  return { reason: 'CertificateRefused', message, failed: true };
}

const field = 'spec.security.tls.certificates';

/** The Secret with what brokers show to clients, where that is not of the operator's own authority. */
export function givenSecrets({ metadata, spec }: EventCluster): SecretReference[] {
  const { secretRef, issuerRef } = spec.security?.tls.certificates ?? {};
  const keys = ['tls.crt', 'tls.key', 'ca.crt'];
  if (secretRef) {
    const fix =
      'Create it with the certificate of the brokers, its private key, and the certificate of the authority, in PEM.';
    return [{ name: secretRef.name, field: `${field}.secretRef`, keys, fix, mayBeEmpty: true }];
  }
  if (!issuerRef) return [];
  const fix = `Choose an issuer that provides all of ${keys.join(', ')}.`;
  return [{ name: clientsCertificateName(metadata), field: `${field}.issuerRef`, keys, fix, mayBeEmpty: true }];
}

/** Asks the issuer for what clients are to see, where there is one. @returns why there may be no certificate yet */
export async function requestGiven(context: Context<EventCluster>): Promise<Problem | undefined> {
  const issuer = context.object.spec.security?.tls.certificates?.issuerRef;
  return issuer && requestCertificate(context, issuer);
}

/**
 * What clients are to see, or why it cannot be used; undefined where it is of the operator's own authority.
 *
 * @param notIssued what the issuer said
 */
export function givenCertificates(
  { object, caches, clock }: Context<EventCluster>,
  notIssued: Problem | undefined,
): ClientCertificates | Problem | undefined {
  const secrets = seeSecrets(caches, object.metadata.namespace, givenSecrets(object));
  const [given] = secrets;
  if (!given) return undefined;
  if (!given.secret && notIssued) return notIssued;
  const missing = secretsExist({ secrets });
  if (missing) return missing;
  const value = (key: string) => textOf(given.secret, key) ?? '';
  const shown = { pair: { certificate: value('tls.crt'), privateKey: value('tls.key') }, ca: value('ca.crt') };
  const trouble = whyUnusable(shown, clientHosts(object.metadata, object.spec), clock.now());
  if (trouble === undefined) return shown;
  return { reason: 'CertificateRefused', message: `${given.field}: Secret ${given.name} ${trouble}`, failed: true };
}
