import type { EventTopic } from '../../api/event-topic.ts';
import type { AdminClients } from '../brokers/admin-clients.ts';
import { clusterKey, seeCluster } from '../brokers/cluster-access.ts';
import { withBrokers, type Decision } from '../brokers/with-brokers.ts';
import { eventTopics } from '../kinds.ts';
import { keyText } from '../runtime/objects.ts';
import type { BatchController, Outcome } from '../runtime/reconcile/controller.ts';
import { claimants, ownerOf } from './claims.ts';
import { topicFinalizer } from './delete-topics.ts';
import { keepTopics } from './keep-topics.ts';
import { evenOnRedpanda, topicTaken } from './refusals.ts';
import { notManaged, unmanaged } from './report.ts';
import { createFindBrokers, type FindBrokers, type TopicBrokers } from './topic-brokers.ts';
import { topicName } from './topic-index.ts';
import type { TopicContext } from './topic-work.ts';
import { topicWatches } from './watches.ts';

/** Keeps topics as their resources say, through Kafka's protocol, hundreds with each request. */
export function createEventTopicController(clients: AdminClients): BatchController<EventTopic> {
  const findBrokers = createFindBrokers(clients);
  return {
    name: 'event-topic',
    kind: eventTopics,
    watches: topicWatches,
    batchSize: 500,
    // Clusters that hang delay no other cluster's topics, and those of a batch all have the same brokers.
    lane: (topic) => keyText(clusterKey(topic)),
    // While one batch waits for brokers, another writes to the API server. The third is kept for topics that changed.
    concurrency: 3,
    finalizer: topicFinalizer(findBrokers),
    reconcileBatch: (contexts) => withBrokers(contexts, (context) => decide(context, findBrokers), keepTopics),
  };
}

/** Brokers are asked about topics that are this resource's to keep, or to look at. */
function decide(context: TopicContext, findBrokers: FindBrokers): Decision<TopicBrokers, Outcome<EventTopic>> {
  const { object, caches } = context;
  const found = findBrokers(object, caches);
  // Whose topic it is, is no business of those who may not use the cluster.
  if ('missing' in found && found.missing.reason === 'ClusterMissing')
    return { answer: unmanaged(context, found.missing) };
  const owner = object.spec.managementPolicy === 'Manage' ? ownerOf(claimants(object, caches)) : undefined;
  if (owner && owner.metadata.uid !== object.metadata.uid) {
    return { answer: notManaged(context, topicTaken(owner, topicName(object))) };
  }
  const refused = evenOnRedpanda(object, seeCluster(object, caches).cluster);
  if (refused) return { answer: unmanaged(context, refused) };
  return 'missing' in found ? { answer: unmanaged(context, found.missing) } : found;
}
