import type { EventTopic } from '../../../api/event-topic.ts';
import type { TopicDescription } from '../../../kafka/describe-topics.ts';
import type { KafkaClients } from '../../kafka/kafka-clients.ts';
import type { Context, Controller, Outcome } from '../../runtime/controller.ts';
import { eventTopics } from '../../runtime/kinds.ts';
import type { ClusterTopics } from './cluster-topics.ts';
import { compareTopic, differencesOf } from './compare-topic.ts';
import { desiredTopic, type DesiredTopic } from './desired-topic.ts';
import { topicFinalizer } from './finalizer.ts';
import { alignTopic, createTopic } from './keep-topic.ts';
import { managed, observed, unmanaged } from './outcome.ts';
import { claimants, ownerOf } from './owner.ts';
import { topicAbsent, topicInternal, topicTaken } from './refusals.ts';
import { tellIfLost, tellWhatWasFound } from './tell.ts';
import { createTopicsOf, type TopicsOf } from './topics-of.ts';
import { topicWatches } from './watches.ts';

/** Keeps topics as their resources say, through Kafka's protocol. */
export function createEventTopicController(clients: KafkaClients): Controller<EventTopic> {
  const topicsOf = createTopicsOf(clients);
  return {
    name: 'event-topic',
    kind: eventTopics,
    watches: topicWatches,
    // They mostly wait for one another, to be asked for together.
    concurrency: 200,
    finalizer: topicFinalizer(topicsOf),
    reconcile: (context) => reconcile(context, topicsOf),
  };
}

async function reconcile(context: Context<EventTopic>, topicsOf: TopicsOf): Promise<Outcome<EventTopic>> {
  const { object, caches } = context;
  const desired = desiredTopic(object);
  const observes = object.spec.managementPolicy === 'Observe';
  const owner = observes ? object : ownerOf(claimants(object, caches));
  if (owner && owner.metadata.uid !== object.metadata.uid) return unmanaged(context, topicTaken(owner, desired.name));

  const topics = topicsOf(object, caches);
  if ('missing' in topics) return unmanaged(context, topics.missing);
  const found = await topics.describe(desired.name, Object.keys(desired.configs));
  if (observes) return found ? observed(context, found) : unmanaged(context, topicAbsent(desired.name));
  if (found?.isInternal) return unmanaged(context, topicInternal(desired.name));
  return found ? align(context, topics, desired, found) : create(context, topics, desired);
}

async function create(
  context: Context<EventTopic>,
  topics: ClusterTopics,
  desired: DesiredTopic,
): Promise<Outcome<EventTopic>> {
  const refusal = await createTopic(topics, desired);
  if (refusal) return unmanaged(context, refusal);
  tellIfLost(context);
  return managed(context, await topics.describe(desired.name, Object.keys(desired.configs)), []);
}

async function align(
  context: Context<EventTopic>,
  topics: ClusterTopics,
  desired: DesiredTopic,
  found: TopicDescription,
): Promise<Outcome<EventTopic>> {
  const comparison = compareTopic(context.object.spec, desired, found);
  const differences = differencesOf(comparison);
  tellWhatWasFound(context, found, differences);
  if (differences.length === 0) return managed(context, found, []);
  const refusals = await alignTopic(topics, desired.name, comparison);
  return managed(context, await topics.describe(desired.name, Object.keys(desired.configs)), refusals);
}
