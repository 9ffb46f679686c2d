import type { EventCluster } from '../../api/event-cluster.ts';
import { workloadAccess } from '../brokers/client-access.ts';
import { userSecrets } from '../brokers/user-secrets.ts';
import type { Caches } from '../runtime/cache/caches.ts';

/** Where the clients of a user connect, and how. */
export interface ClientListener {
  /** As host:port, comma separated. */
  readonly bootstrapServers: string;
  /** `ca` is PEM; public authorities count when it is left out. */
  readonly tls?: { readonly ca?: string };
  /** Whether it asks for a password. */
  readonly hasPasswords: boolean;
}

export function seeListener(cluster: EventCluster, caches: Caches): ClientListener {
  const { tls, authentication } = workloadAccess(cluster);
  const ca = tls?.caSecretRef && readSecret(caches, cluster.metadata.namespace, tls.caSecretRef);
  return {
    bootstrapServers: cluster.status?.bootstrapServers ?? '',
    ...(tls && { tls: ca === undefined ? {} : { ca } }),
    hasPasswords: authentication !== undefined,
  };
}

function readSecret(caches: Caches, namespace: string, { name, key }: { readonly name: string; readonly key: string }) {
  const data = caches.of(userSecrets).get({ namespace, name })?.data?.[key];
  return data === undefined ? undefined : Buffer.from(data, 'base64').toString();
}
