import type { EventTopic, TopicDifference } from '../../api/event-topic.ts';
import type { TopicDescription } from '../../kafka/describe-topics.ts';
import type { Outcome } from '../runtime/reconcile/controller.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { compareTopic, describeDifferences, differencesOf } from './compare-topic.ts';
import { desiredTopic, topicName } from './desired-topic.ts';
import type { TopicContext } from './per-cluster.ts';
import { describeTopic, topicReadiness } from './readiness.ts';
import type { Refusal } from './refusals.ts';

/** How often brokers are asked whether all is as it should be: what somebody else changed is put back by then. */
export const lookMilliseconds = 120_000;
/** While brokers have not taken in a change yet, replicas move, or partitions have no leader. */
const settlingMilliseconds = 1_000;

/** Nothing can be done for the topic: what was last known of it stays. */
export function unmanaged({ object, clock }: TopicContext, problem: Problem): Outcome<EventTopic> {
  return {
    readiness: { ready: false, ...problem },
    status: { ...object.status, topicName: topicName(object) },
    requeueAfterMilliseconds: untilNextLook(clock.now()),
  };
}

export function observed({ object, clock }: TopicContext, topic: TopicDescription): Outcome<EventTopic> {
  const differences = differencesOf(compareTopic(object.spec, desiredTopic(object), topic));
  const message = differences.length === 0 ? describeTopic(topic) : describeDifferences(differences);
  return {
    readiness: { ready: true, reason: differences.length === 0 ? 'TopicObserved' : 'TopicDiffers', message },
    status: facts(topic, differences),
    requeueAfterMilliseconds: untilNextLook(clock.now()),
  };
}

/**
 * After everything was done that can be.
 *
 * @param topic undefined while the broker that was asked has not heard of it yet
 * @param moving how many partitions have replicas on the move
 */
export function managed(
  { object, clock }: TopicContext,
  topic: TopicDescription | undefined,
  refusals: readonly Refusal[],
  moving: number,
): Outcome<EventTopic> {
  const { unseen, left } = remaining(object, topic, refusals);
  const readiness = topicReadiness({ topic, unseen, refusals, moving });
  const settling = unseen.length > 0 || (!readiness.ready && !readiness.failed);
  return {
    readiness,
    status: topic ? facts(topic, left, moving) : { ...object.status, topicName: topicName(object) },
    requeueAfterMilliseconds: settling ? settlingMilliseconds : untilNextLook(clock.now()),
  };
}

/** Whether brokers tell of all that was done at once, and serve it. Of a topic that was refused there is nothing to be told. */
export function isSettled(
  object: EventTopic,
  topic: TopicDescription | undefined,
  refusals: readonly Refusal[],
): boolean {
  if (!topic) return refusals.length > 0;
  const unseen = remaining(object, topic, refusals).unseen.filter(({ field }) => field !== 'spec.replicationFactor');
  return topic.leaderlessPartitions === 0 && unseen.length === 0;
}

/** The differences that are left because they were refused, and those that a broker has not heard of yet. */
function remaining(object: EventTopic, topic: TopicDescription | undefined, refusals: readonly Refusal[]) {
  const refused = new Set(refusals.flatMap(({ fields }) => fields));
  const differences = topic ? differencesOf(compareTopic(object.spec, desiredTopic(object), topic)) : [];
  return {
    left: differences.filter(({ field }) => refused.has(field)),
    unseen: differences.filter(({ field }) => !refused.has(field)),
  };
}

function facts(topic: TopicDescription, differences: TopicDifference[], moving = 0): Outcome<EventTopic>['status'] {
  const { name, topicId, partitions, replicationFactor } = topic;
  return {
    topicName: name,
    topicId,
    partitions,
    replicationFactor,
    ...(moving > 0 && { reassignment: { remainingPartitions: moving } }),
    ...(differences.length > 0 && { differences }),
  };
}

/** The same moment for all topics, so that brokers are asked about them together. */
function untilNextLook(now: Date): number {
  return lookMilliseconds - (now.getTime() % lookMilliseconds);
}
