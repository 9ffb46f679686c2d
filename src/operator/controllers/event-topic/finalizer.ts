import type { EventTopic } from '../../../api/event-topic.ts';
import type { Context, Finalizer, Waiting } from '../../runtime/controller.ts';
import { clusterExists, seeCluster } from '../shared/cluster-access.ts';
import { topicName } from './desired-topic.ts';
import { claimants, ownerOf } from './owner.ts';
import type { TopicsOf } from './topics-of.ts';

/** The longest that a topic which cannot be deleted keeps its resource, and with it a namespace. */
const patienceMilliseconds = 120_000;

/** Deletes the topic with its resource, where the resource manages it and does not want it retained. */
export function topicFinalizer(topicsOf: TopicsOf): Finalizer<EventTopic> {
  return {
    needed: ({ spec }) => spec.deletionPolicy === 'Delete' && spec.managementPolicy === 'Manage',
    finalize: (context) => finalize(context, topicsOf),
  };
}

async function finalize(context: Context<EventTopic>, topicsOf: TopicsOf): Promise<Waiting | undefined> {
  const { object, caches } = context;
  const name = topicName(object);
  const heir = ownerOf(claimants(object, caches).filter(({ metadata }) => metadata.deletionTimestamp === undefined));
  if (heir) {
    const { namespace, name: heirName } = heir.metadata;
    context.event('Normal', 'TopicKept', `Topic ${name} stays: EventTopic ${namespace}/${heirName} names it, too.`);
    return undefined;
  }
  const seen = seeCluster(object, caches);
  const gone = clusterExists({ seen });
  if (gone && gone.reason !== 'ClusterNotReady') return leave(context, gone.message);
  return remove(context, topicsOf, name);
}

async function remove(context: Context<EventTopic>, topicsOf: TopicsOf, name: string): Promise<Waiting | undefined> {
  const topics = topicsOf(context.object, context.caches);
  if ('missing' in topics) return wait(context, topics.missing.message);
  const refused = await topics.remove(name);
  // A topic that is not there is as good as deleted.
  return refused && refused.code !== 'UnknownTopic' ? wait(context, refused.message) : undefined;
}

function wait(context: Context<EventTopic>, why: string): Waiting | undefined {
  const { object, clock } = context;
  const asked = Date.parse(object.metadata.deletionTimestamp ?? '');
  if (clock.now().getTime() - asked >= patienceMilliseconds) return leave(context, why);
  return {
    reason: 'DeletingTopic',
    message: `Topic ${topicName(object)} cannot be deleted yet: ${why}`,
    requeueAfterMilliseconds: 5_000,
  };
}

/** Better a topic that is left over than a resource that never goes. */
function leave(context: Context<EventTopic>, why: string): undefined {
  context.event('Warning', 'TopicLeftBehind', `Topic ${topicName(context.object)} stays on the brokers: ${why}`);
  context.logger.warn({ topic: topicName(context.object), why }, 'Left a topic behind');
}
