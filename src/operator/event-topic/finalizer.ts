import type { EventTopic } from '../../api/event-topic.ts';
import type { TopicAdmin } from '../../kafka/topic-admin.ts';
import type { BatchFinalizer, Waiting } from '../runtime/reconcile/controller.ts';
import { clusterMissing, seeCluster } from '../brokers/cluster-access.ts';
import { topicName } from './desired-topic.ts';
import { claimants, ownerOf } from './owner.ts';
import { perCluster, type Decision, type TopicContext } from './per-cluster.ts';
import type { TopicAdminOf } from './topic-admin-of.ts';

/** The longest that a topic which cannot be deleted keeps its resource, and with it a namespace. */
const patienceMilliseconds = 120_000;

/** Deletes the topic with its resource, where the resource manages it and does not want it retained. */
export function topicFinalizer(topicAdminOf: TopicAdminOf): BatchFinalizer<EventTopic> {
  return {
    needed: ({ spec }) => spec.deletionPolicy === 'Delete' && spec.managementPolicy === 'Manage',
    finalizeBatch: (contexts) => perCluster(contexts, (context) => decide(context, topicAdminOf), deleteTopics),
  };
}

function decide(context: TopicContext, topicAdminOf: TopicAdminOf): Decision<Waiting | undefined> {
  const { object, caches, event } = context;
  const heir = ownerOf(claimants(object, caches).filter(({ metadata }) => metadata.deletionTimestamp === undefined));
  if (heir) {
    const { namespace, name } = heir.metadata;
    event('Normal', 'TopicKept', `Topic ${topicName(object)} stays: EventTopic ${namespace}/${name} names it, too.`);
    return { answer: undefined };
  }
  const gone = clusterMissing({ seen: seeCluster(object, caches) });
  if (gone) return { answer: leave(context, gone.message) };
  const found = topicAdminOf(object, caches);
  return 'missing' in found ? { answer: wait(context, found.missing.message) } : found;
}

async function deleteTopics(
  admin: TopicAdmin,
  contexts: readonly TopicContext[],
): Promise<readonly (Waiting | undefined)[]> {
  const results = await admin.deleteTopics(
    contexts.map(({ object }) => ({ name: topicName(object), topicId: object.status?.topicId })),
  );
  return contexts.map((context) => {
    const refused = results.get(topicName(context.object));
    // A topic that is not there is as good as deleted.
    return refused && refused.code !== 'UnknownTopic' ? wait(context, refused.message) : undefined;
  });
}

function wait(context: TopicContext, why: string): Waiting | undefined {
  const { object, deletedForMilliseconds } = context;
  if (deletedForMilliseconds >= patienceMilliseconds) return leave(context, why);
  return {
    reason: 'DeletingTopic',
    message: `Topic ${topicName(object)} cannot be deleted yet: ${why}`,
    requeueAfterMilliseconds: 5_000,
  };
}

/** Better a topic that is left over than a resource that never goes. */
function leave(context: TopicContext, why: string): undefined {
  context.event('Warning', 'TopicLeftBehind', `Topic ${topicName(context.object)} stays on the brokers: ${why}`);
  context.logger.warn({ topic: topicName(context.object), why }, 'Left a topic behind');
}
