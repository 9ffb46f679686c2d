import type { EventCluster } from '../../api/event-cluster.ts';
import { asksForUsers, workloadAccess } from '../brokers/client-access.ts';
import { textOf, userSecrets } from '../brokers/user-secrets.ts';
import type { Caches } from '../runtime/cache/caches.ts';

/** Where the clients of a user connect, and how. */
export interface ClientListener {
  /** As host:port, comma separated. */
  readonly bootstrapServers: string;
  /** `ca` is PEM; public authorities count when it is left out. */
  readonly tls?: { readonly ca?: string };
  /** Whether it asks for a password. */
  readonly hasPasswords: boolean;
  /** Whether clients may prove by a certificate who they are, there or at another listener. */
  readonly hasCertificates: boolean;
}

export function seeListener(cluster: EventCluster, caches: Caches): ClientListener {
  const { tls } = workloadAccess(cluster);
  const { namespace } = cluster.metadata;
  const caIn = tls?.caSecretRef;
  const ca = caIn && textOf(caches.of(userSecrets).get({ namespace, name: caIn.name }), caIn.key);
  return {
    bootstrapServers: cluster.status?.bootstrapServers ?? '',
    ...(tls && { tls: ca === undefined ? {} : { ca } }),
    hasPasswords: asksForUsers(cluster),
    // Of brokers that somebody else runs, nobody here knows.
    hasCertificates:
      cluster.spec.engine === 'External' || cluster.spec.security?.authentication.clientCertificates !== undefined,
  };
}
