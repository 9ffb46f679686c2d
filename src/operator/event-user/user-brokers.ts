import type { EventUser } from '../../api/event-user.ts';
import type { UserAdmin } from '../../kafka/user-admin.ts';
import type { AdminClients } from '../brokers/admin-clients.ts';
import { seeListener, type ClientListener } from './client-listener.ts';
import { workloadSecrets } from '../brokers/cluster-access.ts';
import { secretsExist, seeSecrets } from '../brokers/user-secrets.ts';
import { ConnectionFinder } from '../brokers/find-connection.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';

/** The brokers of a user. */
export interface UserBrokers {
  readonly admin: UserAdmin;
  readonly listener: ClientListener;
  /** Whether somebody else runs them. */
  readonly isExternal: boolean;
}

/** Whom to ask about a resource's user, to keep it or to remove what was made of it, or why nobody can be asked. */
export type FindBrokers = (
  user: EventUser,
  caches: Caches,
  purpose: 'keep' | 'remove',
) => { readonly brokers: UserBrokers } | { readonly missing: Problem };

export function createFindBrokers(clients: AdminClients): FindBrokers {
  const connections = new ConnectionFinder();
  return (user, caches, purpose) => {
    const isRemoval = purpose === 'remove';
    const found = isRemoval ? connections.findToRemove(user, caches) : connections.find(user, caches);
    if ('missing' in found) return found;
    const { connection, cluster } = found;
    // Without the authority, clients would be told to trust the public ones. Removal tells clients nothing.
    const ofClients = seeSecrets(caches, cluster.metadata.namespace, workloadSecrets(cluster));
    const missing = isRemoval ? undefined : secretsExist({ secrets: ofClients });
    if (missing) return { missing };
    const listener = seeListener(cluster, caches);
    const isExternal = cluster.spec.engine === 'External';
    return { brokers: { admin: clients.userAdmin(connection), listener, isExternal } };
  };
}
