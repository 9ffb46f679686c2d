import type { EventTopic } from '../../api/event-topic.ts';
import type { AdminClients } from '../brokers/admin-clients.ts';
import type { BatchController, Outcome } from '../runtime/reconcile/controller.ts';
import { clusterKey } from '../brokers/cluster-access.ts';
import { eventTopics } from '../kinds.ts';
import { keyText } from '../runtime/objects.ts';
import { topicName } from './desired-topic.ts';
import { topicFinalizer } from './finalizer.ts';
import { keepTopics } from './keep-topics.ts';
import { unmanaged } from './outcome.ts';
import { claimants, ownerOf } from './owner.ts';
import { perCluster, type Decision, type TopicContext } from './per-cluster.ts';
import { topicTaken } from './refusals.ts';
import { createTopicAdminOf, type TopicAdminOf } from './topic-admin-of.ts';
import { topicWatches } from './watches.ts';

/** Keeps topics as their resources say, through Kafka's protocol, hundreds with each request. */
export function createEventTopicController(clients: AdminClients): BatchController<EventTopic> {
  const topicAdminOf = createTopicAdminOf(clients);
  return {
    name: 'event-topic',
    kind: eventTopics,
    watches: topicWatches,
    batchSize: 500,
    lane: (topic) => keyText(clusterKey(topic)),
    // While one batch waits for brokers, another writes to the API server. The third is kept for topics that changed.
    concurrency: 3,
    finalizer: topicFinalizer(topicAdminOf),
    reconcileBatch: (contexts) => perCluster(contexts, (context) => decide(context, topicAdminOf), keepTopics),
  };
}

/** Brokers are asked about topics that are this resource's to keep, or to observe. */
function decide(context: TopicContext, topicAdminOf: TopicAdminOf): Decision<Outcome<EventTopic>> {
  const { object, caches } = context;
  const observes = object.spec.managementPolicy === 'Observe';
  const owner = observes ? object : ownerOf(claimants(object, caches));
  if (owner && owner.metadata.uid !== object.metadata.uid) {
    return { answer: unmanaged(context, topicTaken(owner, topicName(object))) };
  }
  const found = topicAdminOf(object, caches);
  return 'missing' in found ? { answer: unmanaged(context, found.missing) } : found;
}
