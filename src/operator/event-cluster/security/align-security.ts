import type { V1Secret, V1StatefulSet } from '@kubernetes/client-node';
import type { BrokerSecurity, EventCluster } from '../../../api/event-cluster.ts';
import { applyOwned } from '../../apply-owned.ts';
import { securityOf } from '../../brokers/client-access.ts';
import { secretsExist, seeSecrets, textOf, userSecrets, type SecretReference } from '../../brokers/user-secrets.ts';
import { certificatesHashAnnotation, digest } from '../../pods/digest.ts';
import type { Observed } from '../../runtime/objects.ts';
import type { Context } from '../../runtime/reconcile/controller.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { clientsCertificateName, secretNames, type ClusterName } from '../names.ts';
import type { SecurityPlan } from '../plan.ts';
import { allBrokersHave } from '../pods.ts';
import { areCertificates, splitCertificates } from './certificates.ts';
import { whyUnusable } from './judge-certificates.ts';
import { layoutOf, wantedSecurity } from './move.ts';
import { requestCertificate } from './request-certificate.ts';
import { rotateCertificates, type Certificates, type CertificatesWanted } from './rotate-certificates.ts';
import {
  brokerHosts,
  brokersSecretKeys,
  certificateSecrets,
  clientAuthoritiesKey,
  clientHosts,
  readCertificates,
  rotateAnnotation,
  type ClientCertificates,
  type SecretData,
} from './secrets.ts';

type Secured =
  | { readonly security: SecurityPlan | undefined; readonly problem?: undefined }
  | { readonly security?: undefined; readonly problem: Problem };

/** Secrets that a cluster with security is made of, or reads, beside those that the operator connects with. */
export function securitySecrets(cluster: EventCluster): string[] {
  const { metadata } = cluster;
  if (!securityOf(cluster)) return [];
  const made = Object.values(secretNames(metadata)).map(({ name }) => name);
  const given = [...givenSecrets(cluster), ...clientAuthoritySecrets(cluster)];
  return [...made, ...given.map(({ name }) => name)];
}

/**
 * Makes the Secrets of a cluster with security, renews the certificates in them before they end, and says what brokers
 * are to be configured with.
 *
 * @param running the StatefulSet, if there is one
 * @throws {ExpectedError} NameTaken, where somebody else has a Secret of such a name
 */
export async function alignSecurity(
  context: Context<EventCluster>,
  made: BrokerSecurity,
  running: Observed<V1StatefulSet> | undefined,
): Promise<Secured> {
  const { object, caches, clock } = context;
  const { metadata, spec } = object;
  // The first step of a move makes what is not asked of anybody yet.
  const { tls, authentication } = made.move === 'AddListeners' ? wantedSecurity(spec) : made;
  if (!tls && !authentication) return { security: undefined };
  const given = await givenCertificates(context);
  if (given && 'reason' in given) return { problem: given };
  const authorities = givenAuthorities(context);
  if (typeof authorities === 'object') return { problem: authorities };

  const haveRead = (hash: string) =>
    running !== undefined && allBrokersHave(caches, running, certificatesHashAnnotation, hash);
  const wantedFor = (present: PresentSecrets) => {
    const { rotation } = readCertificates(present, metadata);
    const hash = certificatesHash(present(secretNames(metadata).brokers.name));
    return makeSecrets(present, {
      cluster: metadata,
      clients: given,
      clientAuthorities: authorities,
      wanted: {
        hosts: brokerHosts(metadata, spec),
        now: clock.now(),
        settled: hash !== undefined && haveRead(hash),
        rotation: metadata.annotations?.[rotateAnnotation] ?? rotation ?? '',
      },
    });
  };
  const cached: PresentSecrets = (name) => caches.of(userSecrets).get({ namespace: metadata.namespace, name });
  let secrets = await wantedFor(cached);
  // Caches lag behind: what is made anew must not take the place of what somebody has made since.
  if (!areAs(secrets, cached)) secrets = await wantedFor(await readNow(context));
  for (const secret of secrets) await applyOwned(context, userSecrets, secret);
  const brokers = secrets.find(({ metadata: { name } = {} }) => name === secretNames(metadata).brokers.name);
  return {
    security: {
      ...{ tls, authentication, clientCertificates: authorities !== undefined },
      ...{ move: layoutOf(made.move), certificatesHash: certificatesHash(brokers) ?? '' },
    },
  };
}

type PresentSecrets = (name: string) => SecretData | undefined;

interface SecretsWanted {
  readonly cluster: ClusterName;
  readonly clients: ClientCertificates | undefined;
  readonly clientAuthorities: string | undefined;
  readonly wanted: CertificatesWanted;
}

async function makeSecrets(
  present: PresentSecrets,
  { cluster, clients, clientAuthorities, wanted }: SecretsWanted,
): Promise<V1Secret[]> {
  const certificates = await rotateCertificates(readCertificates(present, cluster), wanted);
  return certificateSecrets(cluster, certificates, clients ?? ownCertificates(certificates), clientAuthorities);
}

/** Clients see the same certificates as brokers do. */
const ownCertificates = ({ brokers, trusted }: Certificates): ClientCertificates => ({
  pair: brokers,
  ca: trusted.join('\n'),
});

function areAs(secrets: readonly V1Secret[], present: PresentSecrets): boolean {
  return secrets.every(({ metadata, data = {} }) => {
    const there = present(metadata?.name ?? '')?.data ?? {};
    return Object.entries(data).every(([key, value]) => there[key] === value);
  });
}

async function readNow({ object, client }: Context<EventCluster>): Promise<PresentSecrets> {
  const { namespace } = object.metadata;
  const names = Object.values(secretNames(object.metadata)).map(({ name }) => name);
  const found = await Promise.all(names.map((name) => client.get(userSecrets, { namespace, name })));
  return (name) => found[names.indexOf(name)];
}

/** Of what pods read; undefined while there is nothing. */
function certificatesHash(secret: SecretData | undefined): string | undefined {
  if (!secret) return undefined;
  const own = Object.values(brokersSecretKeys).map((key) => secret.data?.[key] ?? '');
  const clients = secret.data?.[clientAuthoritiesKey];
  return digest(...own, ...(clients === undefined ? [] : [clients]));
}

/** The Secret with the authority of clients that prove by a certificate who they are. */
function clientAuthoritySecrets({ spec }: EventCluster): SecretReference[] {
  const reference = spec.security?.authentication.clientCertificates?.caSecretRef;
  if (!reference) return [];
  const { name, key } = reference;
  const fix = `Create it with the certificate of the authority under the key ${key}, in PEM.`;
  return [{ name, keys: [key], field: 'spec.security.authentication.clientCertificates.caSecretRef', fix }];
}

/** Whose certificates clients may show, or why that cannot be used; undefined where they may show none. */
function givenAuthorities({ object, caches }: Context<EventCluster>): string | Problem | undefined {
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
function givenSecrets({ metadata, spec }: EventCluster): SecretReference[] {
  const { secretRef, issuerRef } = spec.security?.tls.certificates ?? {};
  const keys = ['tls.crt', 'tls.key', 'ca.crt'];
  if (secretRef) {
    const fix =
      'Create it with the certificate of the brokers, its private key, and the certificate of the authority, in PEM.';
    return [{ name: secretRef.name, field: `${field}.secretRef`, keys, fix }];
  }
  if (!issuerRef) return [];
  const fix = `Choose an issuer that provides all of ${keys.join(', ')}.`;
  return [{ name: clientsCertificateName(metadata), field: `${field}.issuerRef`, keys, fix }];
}

/** What clients are to see, or why it cannot be used; undefined where it is of the operator's own authority. */
async function givenCertificates(context: Context<EventCluster>): Promise<ClientCertificates | Problem | undefined> {
  const { object, caches, clock } = context;
  const issuer = object.spec.security?.tls.certificates?.issuerRef;
  const notIssued = issuer && (await requestCertificate(context, issuer));
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
