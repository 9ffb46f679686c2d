import type { EventTopic } from '../../api/event-topic.ts';
import type { TopicAdmin } from '../../kafka/topic-admin.ts';
import type { AdminClients } from '../brokers/admin-clients.ts';
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
import type { Caches } from '../runtime/cache/caches.ts';
import type { Result } from '../runtime/reconcile/controller.ts';
import { evaluate, type Problem } from '../runtime/reconcile/readiness.ts';
import { allResults } from '../runtime/reconcile/results.ts';
import type { TopicContext } from './topic-work.ts';

/** Whom to ask about a resource's topic, or why nobody can be asked. */
export type TopicBrokers = (
  topic: EventTopic,
  caches: Caches,
) => { readonly admin: TopicAdmin } | { readonly missing: Problem };

/** Brokers that start, or are away, are asked by the cluster's controller alone, and not by each of its topics. */
const checksToKeep = [clusterExists, secretsExist, clusterAvailable];
/** Topics that are deleted with their cluster go first. */
const checksToDelete = [clusterMissing, clusterWithoutAddress, secretsExist, clusterAvailable];

export function createTopicBrokers(clients: AdminClients): TopicBrokers {
  return (topic, caches) => {
    const seen = seeCluster(topic, caches);
    const { spec, status } = seen.cluster ?? {};
    const secrets = seeSecrets(caches, seen.key.namespace, clusterSecrets(spec));
    const checks = topic.metadata.deletionTimestamp === undefined ? checksToKeep : checksToDelete;
    const found = evaluate(checks, { seen, secrets }, { reason: 'Found', message: '' });
    if (!found.ready) return { missing: found };
    return { admin: clients.topicAdmin(kafkaConnection(spec!, status?.bootstrapServers ?? '', secrets)) };
  };
}

/** An answer that is known without asking brokers, or the brokers to be asked. */
export type Decision<Answer> = { readonly answer: Answer } | { readonly admin: TopicAdmin };

/**
 * Answers for many resources, with those of the same brokers worked on together. Brokers that do not answer are the
 * error of their own topics alone.
 */
export async function withBrokers<Answer>(
  contexts: readonly TopicContext[],
  decide: (context: TopicContext) => Decision<Answer>,
  work: (admin: TopicAdmin, contexts: readonly TopicContext[]) => Promise<readonly Result<Answer>[]>,
): Promise<Result<Answer>[]> {
  const answers = new Map<TopicContext, Result<Answer>>();
  const groups = new Map<TopicAdmin, TopicContext[]>();
  for (const context of contexts) {
    const decision = decide(context);
    if ('answer' in decision) answers.set(context, decision.answer);
    else groups.set(decision.admin, [...(groups.get(decision.admin) ?? []), context]);
  }
  await Promise.all(
    [...groups].map(async ([admin, group]) => {
      const results = await allResults(group.length, () => work(admin, group));
      group.forEach((context, index) => answers.set(context, results[index]!));
    }),
  );
  return contexts.map((context) => answers.get(context)!);
}
