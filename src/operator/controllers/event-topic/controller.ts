import type { EventTopic, TopicDifference } from '../../../api/event-topic.ts';
import type { TopicDescription } from '../../../kafka/describe-topics.ts';
import type { KafkaClients } from '../../kafka/kafka-clients.ts';
import type { Context, Controller, Outcome } from '../../runtime/controller.ts';
import { eventTopics } from '../../runtime/kinds.ts';
import type { Problem } from '../../runtime/readiness.ts';
import { compareTopic, describeDifferences, differencesOf } from './compare-topic.ts';
import { desiredTopic, topicName } from './desired-topic.ts';
import { topicFinalizer } from './finalizer.ts';
import { alignTopic, createTopic } from './keep-topic.ts';
import { claimants, ownerOf } from './owner.ts';
import { topicAbsent, topicInternal, topicTaken } from './refusals.ts';
import { describeTopic, topicReadiness } from './readiness.ts';
import { tellWhatWasFound } from './tell.ts';
import { createTopicsOf, type TopicsOf } from './topics-of.ts';
import { topicWatches } from './watches.ts';

/** How often brokers are asked whether all is as it should be: what somebody else changed is put back by then. */
const driftMilliseconds = 60_000;
/** While brokers have not taken in a change yet, or partitions have no leader. */
const settlingMilliseconds = 1_000;

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
  if (owner && owner.metadata.uid !== object.metadata.uid) return refused(object, topicTaken(owner, desired.name));

  const topics = topicsOf(object, caches);
  const found = await topics.describe(desired.name, Object.keys(desired.configs));
  if (observes) return found ? observed(object, found) : refused(object, topicAbsent(desired.name));
  if (found?.isInternal) return refused(object, topicInternal(desired.name));

  if (!found) {
    const refusal = await createTopic(topics, desired);
    if (refusal) return refused(object, refusal);
  }
  const comparison = found && compareTopic(object.spec, desired, found);
  tellWhatWasFound(context, found, comparison);
  const refusals = comparison ? await alignTopic(topics, desired.name, comparison) : [];
  const changed = !comparison || differencesOf(comparison).length > 0;
  const now = changed ? await topics.describe(desired.name, Object.keys(desired.configs)) : found;
  return managed(object, now, refusals);
}

/** Nothing is known of the topic, or nothing of it is ours. */
function refused(object: EventTopic, problem: Problem): Outcome<EventTopic> {
  return {
    readiness: { ready: false, ...problem },
    status: { topicName: topicName(object) },
    requeueAfterMilliseconds: driftMilliseconds,
  };
}

function observed(object: EventTopic, topic: TopicDescription): Outcome<EventTopic> {
  const differences = differencesOf(compareTopic(object.spec, desiredTopic(object), topic));
  const message = differences.length === 0 ? describeTopic(topic) : describeDifferences(differences);
  return {
    readiness: { ready: true, reason: differences.length === 0 ? 'TopicObserved' : 'TopicDiffers', message },
    status: facts(topic, differences),
    requeueAfterMilliseconds: driftMilliseconds,
  };
}

function managed(
  object: EventTopic,
  topic: TopicDescription | undefined,
  refusals: readonly Problem[],
): Outcome<EventTopic> {
  const differences = topic ? differencesOf(compareTopic(object.spec, desiredTopic(object), topic)) : [];
  const readiness = topicReadiness({ topic, differences, refusals });
  const settling = !readiness.ready && !readiness.failed;
  return {
    readiness,
    status: topic ? facts(topic, differences) : { topicName: topicName(object) },
    requeueAfterMilliseconds: settling ? settlingMilliseconds : driftMilliseconds,
  };
}

function facts(topic: TopicDescription, differences: TopicDifference[]): Outcome<EventTopic>['status'] {
  const { name, topicId, partitions, replicationFactor } = topic;
  return {
    topicName: name,
    topicId,
    partitions,
    replicationFactor,
    ...(differences.length > 0 && { differences }),
  };
}
