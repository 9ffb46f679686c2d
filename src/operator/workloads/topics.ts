import type { EventTopic } from '../../api/event-topic.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { eventTopics } from '../kinds.ts';
import type { Key } from '../runtime/objects.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { answerOf, refusalOf } from '../brokers/answer.ts';
import type { Brokers } from '../brokers/brokers.ts';
import { seeCluster } from '../brokers/cluster-access.ts';
import { topicIndex, topicIndexValue } from '../event-topic/topic-index.ts';

/** The topics a workload needs, as they are. */
export interface SeenTopics {
  /** Declared, and not ready: the first of them. */
  readonly unready: EventTopic | undefined;
  /** Not declared, and not on the brokers either. */
  readonly missing: readonly string[];
  /** Why brokers do not tell which are missing. */
  readonly refusal?: Problem | undefined;
}

/**
 * Topics are declared as EventTopics, in whatever namespace; those that are not may be there all the same, on a cluster
 * that somebody else runs, and only for them are the brokers asked.
 */
export async function seeTopics(
  caches: Caches,
  cluster: Key,
  names: readonly string[],
  ask: { readonly brokers: Brokers; readonly connection: KafkaConnection } | undefined,
): Promise<SeenTopics> {
  const declared = names.map((name) =>
    caches
      .of(eventTopics)
      .by(topicIndex, topicIndexValue(cluster, name))
      // Namespaces that the cluster does not allow have no say in what its workloads wait for.
      .filter((topic) => seeCluster(topic, caches).cluster !== undefined),
  );
  const unready = declared.flatMap((topics) => (topics.some(isReady) ? [] : topics.slice(0, 1)))[0];
  const undeclared = names.filter((_, index) => declared[index]?.length === 0);
  if (!ask || undeclared.length === 0) return { unready, missing: [] };
  // Without an answer no topic counts as missing; another check reports brokers that cannot be reached.
  const answer = await answerOf(ask.brokers.missingTopics(ask.connection, undeclared));
  const rights = `Describe on topics ${undeclared.join(', ')}`;
  const refusal = refusalOf(answer, { subject: 'Whether all topics exist', rights });
  return { unready, missing: answer.value ?? [], refusal };
}

const isReady = ({ status }: EventTopic) =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;

export function topicsExist({ topics }: { readonly topics: SeenTopics }): Problem | undefined {
  const { unready, missing } = topics;
  if (unready) {
    const { name, namespace } = unready.metadata;
    const why = unready.status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? 'it is new.';
    return { reason: 'TopicNotReady', message: `EventTopic ${namespace}/${name} is not ready: ${why}`, failed: false };
  }
  if (missing.length === 0) return undefined;
  const message = `The cluster has no topic ${missing.join(', ')}: create an EventTopic for each, or correct the names.`;
  return { reason: 'TopicMissing', message, failed: false, needsPerson: true };
}
