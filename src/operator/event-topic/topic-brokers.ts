import { brokersOf, moveBytesPerSecond } from '../../api/event-cluster.ts';
import type { EventTopic } from '../../api/event-topic.ts';
import type { TopicAdmin } from '../../kafka/topic-admin.ts';
import type { AdminClients } from '../brokers/admin-clients.ts';
import { ConnectionFinder } from '../brokers/find-connection.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';

/** The brokers of a topic. */
export interface TopicBrokers {
  readonly admin: TopicAdmin;
  /** What replicas that move may take of each broker; 0 for no limit. */
  readonly moveBytesPerSecond: number;
  /** Whether somebody else runs them. */
  readonly isExternal: boolean;
  /** How many there are to be, where the operator runs them; fewer may be there now. */
  readonly wanted?: number | undefined;
}

/** Whom to ask about a resource's topic, or why nobody can be asked. */
export type FindBrokers = (
  topic: EventTopic,
  caches: Caches,
) => { readonly brokers: TopicBrokers } | { readonly missing: Problem };

export function createFindBrokers(clients: AdminClients): FindBrokers {
  const connections = new ConnectionFinder();
  return (topic, caches) => {
    const found = connections.find(topic, caches);
    if ('missing' in found) return found;
    const { connection, cluster } = found;
    const isExternal = cluster.spec.engine === 'External';
    const admin = clients.topicAdmin(connection);
    const wanted = isExternal ? undefined : brokersOf(cluster.spec);
    return { brokers: { admin, moveBytesPerSecond: moveBytesPerSecond(cluster.spec), isExternal, wanted } };
  };
}
