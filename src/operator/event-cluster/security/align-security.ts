import type { V1Secret, V1StatefulSet } from '@kubernetes/client-node';
import type { BrokerSecurity, EventCluster } from '../../../api/event-cluster.ts';
import { applyOwned } from '../../apply-owned.ts';
import { securityOf } from '../../brokers/client-access.ts';
import { userSecrets } from '../../brokers/user-secrets.ts';
import { certificatesHashAnnotation, digest } from '../../pods/digest.ts';
import type { Observed } from '../../runtime/objects.ts';
import type { Context } from '../../runtime/reconcile/controller.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { secretNames, type ClusterName } from '../names.ts';
import type { SecurityPlan } from '../plan.ts';
import { allBrokersHave } from '../pods.ts';
import {
  clientAuthoritySecrets,
  givenAuthorities,
  givenCertificates,
  givenSecrets,
  requestGiven,
} from './given-certificates.ts';
import { layoutOf, wantedSecurity } from './move.ts';
import { rotateCertificates, type Certificates, type CertificatesWanted } from './rotate-certificates.ts';
import {
  brokerHosts,
  brokersSecretKeys,
  certificateSecrets,
  clientAuthoritiesKey,
  readCertificates,
  readGiven,
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
 * @param which the spec as it is declared, or the one that was accepted before: certificates that are given and cannot be
 *   used are refused in the former, and in the latter those that brokers have stay
 * @throws {ExpectedError} NameTaken, where somebody else has a Secret of such a name
 */
export async function alignSecurity(
  context: Context<EventCluster>,
  made: BrokerSecurity,
  running: Observed<V1StatefulSet> | undefined,
  which: 'declared' | 'accepted',
): Promise<Secured> {
  const { object, caches, clock } = context;
  const { metadata, spec } = object;
  // The first step of a move makes what is not asked of anybody yet.
  const { tls, authentication } = made.move === 'AddListeners' ? wantedSecurity(spec) : made;
  if (!tls && !authentication) return { security: undefined };
  const cached: PresentSecrets = (name) => caches.of(userSecrets).get({ namespace: metadata.namespace, name });
  const kept = which === 'accepted' ? readGiven(cached, metadata) : undefined;
  // Two specs would ask cert-manager for two things in turn: only the declared one does.
  const asked = which === 'declared' ? await requestGiven(context) : undefined;
  const shown = givenCertificates(context, asked);
  const given = shown && 'reason' in shown ? (kept?.clients ?? shown) : shown;
  if (given && 'reason' in given) return { problem: given };
  const trusted = givenAuthorities(context);
  const authorities = typeof trusted === 'object' ? (kept?.clientAuthorities ?? trusted) : trusted;
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
