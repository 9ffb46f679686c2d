import type { EventTopic } from '../../api/event-topic.ts';
import { kafkaError } from '../../kafka/errors.ts';
import { discreetError } from '../brokers/broker-errors.ts';
import { clusterMissing, seeCluster } from '../brokers/cluster-access.ts';
import { withBrokers, type Decision } from '../brokers/with-brokers.ts';
import type { BatchFinalizer, Result, Waiting } from '../runtime/reconcile/controller.ts';
import { claimants, heirOf } from './claims.ts';
import type { FoundTopic, FoundTopics } from './look.ts';
import { isInternal } from './plan.ts';
import type { FindBrokers, TopicBrokers } from './topic-brokers.ts';
import { idOf, topicName } from './topic-index.ts';
import type { TopicContext } from './topic-work.ts';

/** The longest that a topic which cannot be deleted keeps its resource, and with it a namespace. */
const patienceMilliseconds = 120_000;

/** Deletes the topic with its resource, where the resource manages it and does not want it retained. */
export function topicFinalizer(findBrokers: FindBrokers): BatchFinalizer<EventTopic> {
  return {
    needed: ({ spec }) => spec.deletionPolicy === 'Delete' && spec.managementPolicy === 'Manage',
    finalizeBatch: (contexts) => withBrokers(contexts, (context) => decide(context, findBrokers), deleteTopics),
  };
}

function decide(context: TopicContext, findBrokers: FindBrokers): Decision<TopicBrokers, Waiting | undefined> {
  const { object, caches } = context;
  const heir = heirOf(object, claimants(object, caches));
  if (heir) return { answer: leaveToHeir(context, heir) };
  const gone = clusterMissing({ seen: seeCluster(object, caches) });
  const found = findBrokers(object, caches);
  // If the topic was never created, there is nothing to report.
  const wasMade = object.status?.managedTopicId !== undefined;
  if (gone) return { answer: wasMade ? leave(context, gone.message) : undefined };
  if ('brokers' in found) return found;
  return { answer: wasMade ? wait(context, found.missing.message) : undefined };
}

/** Looks before it deletes: what the broker has under the name may not be what this resource managed. */
async function deleteTopics(
  { admin, isExternal }: TopicBrokers,
  contexts: readonly TopicContext[],
): Promise<readonly Result<Waiting | undefined>[]> {
  const names = contexts.map(({ object }) => topicName(object));
  const found = await admin.describeEach(names, { configNames: [] }).catch((thrown: unknown) => {
    const error = kafkaError(thrown);
    return new Map(names.map((name) => [name, isExternal ? discreetError(error) : error]));
  });
  const verdicts = contexts.map(({ object }) => judge(object, found.get(topicName(object))));
  const proven = contexts.filter((_, index) => verdicts[index] === 'delete');
  // Two resources may have managed one topic, one after the other: brokers refuse a request that names it twice.
  const unique = new Map(proven.map(({ object }) => [topicName(object), identify(object, found)]));
  const results = await admin.deleteTopics([...unique.values()]);
  return contexts.map((context, index) => {
    const verdict = verdicts[index]!;
    if (verdict === 'delete') return afterDeletion(context, results.get(topicName(context.object)));
    if (verdict === 'gone') return undefined;
    return 'wait' in verdict ? wait(context, verdict.wait) : leave(context, verdict.leave);
  });
}

/** By its id, where the broker knows ids: a topic that took the name in the meantime is another one. */
function identify(object: EventTopic, found: FoundTopics) {
  const topic = found.get(topicName(object));
  if (!topic) return { name: topicName(object), topicId: object.status?.managedTopicId };
  return { name: topicName(object), topicId: topic instanceof Error ? undefined : topic.topicId };
}

/** What becomes of the topic. */
export type Verdict = 'delete' | 'gone' | { readonly wait: string } | { readonly leave: string };

/** Deletion requires proof: the topic is the very one that this resource's own status says it manages. */
export function judge(topic: EventTopic, found: FoundTopic): Verdict {
  const { managedTopicId } = topic.status ?? {};
  // Of one that was just created, the broker that was asked may not know yet: by its id, no other one can be meant.
  if (!found)
    return managedTopicId !== undefined && managedTopicId !== idOf({ topicId: undefined }) ? 'delete' : 'gone';
  if (found instanceof Error) {
    // Of a topic that never came to be there is nothing to wait for.
    if (managedTopicId === undefined) return 'gone';
    return found.retryable ? { wait: found.message } : { leave: found.message };
  }
  if (isInternal(topicName(topic), found)) return { leave: 'it belongs to the brokers or their tools.' };
  if (managedTopicId === undefined) return { leave: 'this resource has never managed it.' };
  if (managedTopicId !== idOf(found)) return { leave: 'it was re-created since this resource last managed it.' };
  return 'delete';
}

function afterDeletion(context: TopicContext, refused: Error | undefined): Waiting | undefined {
  // A topic that is not there is as good as deleted.
  const isThere = refused && (refused as { readonly code?: string }).code !== 'UnknownTopic';
  return isThere ? wait(context, refused.message) : undefined;
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

function leaveToHeir({ object, event }: TopicContext, heir: EventTopic): undefined {
  const { namespace, name } = heir.metadata;
  event('Normal', 'TopicKept', `Topic ${topicName(object)} stays: EventTopic ${namespace}/${name} also declares it.`);
}

/** Better a topic that is left over than a resource that never goes. */
function leave(context: TopicContext, why: string): undefined {
  context.event('Warning', 'TopicLeftBehind', `Topic ${topicName(context.object)} stays on the brokers: ${why}`);
  context.logger.warn({ topic: topicName(context.object), why }, 'Left a topic behind');
}
