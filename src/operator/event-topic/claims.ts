import type { EventTopic } from '../../api/event-topic.ts';
import { clusterKey, seeCluster } from '../brokers/cluster-access.ts';
import { heirAmong, isDone, ownerAmong } from '../brokers/ownership.ts';
import { clustersWithSameBrokers } from '../brokers/same-brokers.ts';
import { eventTopics } from '../kinds.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { topicIndex, topicIndexValue, topicName } from './topic-index.ts';

export const finalizerName = 'kafka-events.dev/event-topic';

/**
 * All resources for the same topic of the same brokers, in whatever namespace, this one among them. A namespace that the
 * cluster's owner has not allowed has no claim, however long it has waited, nor has a resource that is as good as gone.
 */
export function claimants(topic: EventTopic, caches: Caches): EventTopic[] {
  const clusters = clustersWithSameBrokers(clusterKey(topic), caches);
  return clusters
    .flatMap((key) => caches.of(eventTopics).by(topicIndex, topicIndexValue(key, topicName(topic))))
    .filter((claimant) => !isDone(claimant, finalizerName) && seeCluster(claimant, caches).cluster !== undefined);
}

/** Whose topic it is: the oldest resource that manages it. Whoever only looks on has no say. */
export const ownerOf = (candidates: readonly EventTopic[]): EventTopic | undefined => ownerAmong(candidates, hasTopic);

/** Who else names the topic and is here to stay. Whatever its policy, the topic is not deleted under its feet. */
export const heirOf = (topic: EventTopic, candidates: readonly EventTopic[]): EventTopic | undefined =>
  heirAmong(topic, candidates, hasTopic);

const hasTopic = ({ status }: EventTopic) => status?.managedTopicId !== undefined;
