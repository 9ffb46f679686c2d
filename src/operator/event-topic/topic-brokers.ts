import type { EventTopic } from '../../api/event-topic.ts';
import type { TopicAdmin } from '../../kafka/topic-admin.ts';
import type { AdminClients } from '../brokers/admin-clients.ts';
import { discreetError } from '../brokers/broker-errors.ts';
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
import { firstProblem, type Problem } from '../runtime/reconcile/readiness.ts';
import { allResults } from '../runtime/reconcile/results.ts';
import type { TopicContext } from './topic-work.ts';

/** The brokers of a topic. */
export interface TopicBrokers {
  readonly admin: TopicAdmin;
  /** What replicas that move may take of each broker; 0 for no limit. */
  readonly moveBytesPerSecond: number;
  /** Whether somebody else runs them. */
  readonly isExternal: boolean;
}

/** Whom to ask about a resource's topic, or why nobody can be asked. */
export type FindBrokers = (
  topic: EventTopic,
  caches: Caches,
) => { readonly brokers: TopicBrokers } | { readonly missing: Problem };

/** Brokers that start, or are away, are asked by the cluster's controller alone, and not by each of its topics. */
const checksToKeep = [clusterExists, secretsExist, clusterAvailable];
/** Topics that are deleted with their cluster go first. */
const checksToDelete = [clusterMissing, clusterWithoutAddress, secretsExist, clusterAvailable];

const defaultMoveBytesPerSecond = 50_000_000;

export function createFindBrokers(clients: AdminClients): FindBrokers {
  return (topic, caches) => {
    const seen = seeCluster(topic, caches);
    const { cluster } = seen;
    const secrets = seeSecrets(caches, seen.key.namespace, clusterSecrets(cluster));
    const checks = topic.metadata.deletionTimestamp === undefined ? checksToKeep : checksToDelete;
    const problem = firstProblem(checks, { seen, secrets });
    if (problem || !cluster) return { missing: problem ?? clusterMissing({ seen })! };
    const admin = clients.topicAdmin(kafkaConnection(cluster, cluster.status?.bootstrapServers ?? '', secrets));
    const moveBytesPerSecond = cluster.spec.rebalance?.throttleBytesPerSecond ?? defaultMoveBytesPerSecond;
    return { brokers: { admin, moveBytesPerSecond, isExternal: cluster.spec.engine === 'External' } };
  };
}

/** An answer that is known without asking brokers, or the brokers to be asked. */
export type Decision<Answer> = { readonly answer: Answer } | { readonly brokers: TopicBrokers };

/**
 * Answers for the resources of one cluster: those whose answer needs brokers are worked on together. Brokers that do not
 * answer are the error of these alone.
 */
export async function withBrokers<Answer>(
  contexts: readonly TopicContext[],
  decide: (context: TopicContext) => Decision<Answer>,
  work: (brokers: TopicBrokers, contexts: readonly TopicContext[]) => Promise<readonly Result<Answer>[]>,
): Promise<Result<Answer>[]> {
  const answers = new Map<TopicContext, Result<Answer>>();
  const asking: { readonly context: TopicContext; readonly brokers: TopicBrokers }[] = [];
  for (const context of contexts) {
    const decision = decide(context);
    if ('answer' in decision) answers.set(context, decision.answer);
    else asking.push({ context, brokers: decision.brokers });
  }
  const asked = asking.map(({ context }) => context);
  const brokers = asking[0]?.brokers;
  const results = await allResults(asked.length, () => work(brokers!, asked));
  asked.forEach((context, index) => {
    const result = results[index]!;
    answers.set(context, result instanceof Error && brokers?.isExternal ? discreetError(result) : result);
  });
  return contexts.map((context) => answers.get(context)!);
}
