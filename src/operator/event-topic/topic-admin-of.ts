import type { EventTopic } from '../../api/event-topic.ts';
import type { TopicAdmin } from '../../kafka/topic-admin.ts';
import type { AdminClients } from '../brokers/admin-clients.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { evaluate, type Problem } from '../runtime/reconcile/readiness.ts';
import {
  clusterAvailable,
  clusterExists,
  clusterMissing,
  clusterSecrets,
  clusterWithoutAddress,
  seeCluster,
} from '../brokers/cluster-access.ts';
import { kafkaConnection } from '../brokers/kafka-connection.ts';
import { secretsExist, seeSecrets } from '../brokers/user-secrets.ts';

/** Whom to ask about a resource's topic, or why nobody can be asked. */
export type TopicAdminOf = (
  topic: EventTopic,
  caches: Caches,
) => { readonly admin: TopicAdmin } | { readonly missing: Problem };

/** Brokers that start, or are away, are asked by the cluster's controller alone, and not by each of its topics. */
const checksToKeep = [clusterExists, secretsExist, clusterAvailable];
/** Topics that are deleted with their cluster go first. */
const checksToDelete = [clusterMissing, clusterWithoutAddress, secretsExist, clusterAvailable];

export function createTopicAdminOf(clients: AdminClients): TopicAdminOf {
  return (topic, caches) => {
    const seen = seeCluster(topic, caches);
    const { spec, status } = seen.cluster ?? {};
    const secrets = seeSecrets(caches, seen.key.namespace, clusterSecrets(spec));
    const checks = topic.metadata.deletionTimestamp === undefined ? checksToKeep : checksToDelete;
    const found = evaluate(checks, { seen, secrets }, { reason: 'Found', message: '' });
    if (!found.ready || !spec) return { missing: { ...found, failed: false } };
    return { admin: clients.topicAdmin(kafkaConnection(spec, status?.bootstrapServers ?? '', secrets)) };
  };
}
