import type { EventTopic } from '../../api/event-topic.ts';
import { clusterKey, seeCluster } from '../brokers/cluster-access.ts';
import { clustersWithSameBrokers } from '../brokers/same-brokers.ts';
import { eventTopics } from '../kinds.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { keyOf, keyText } from '../runtime/objects.ts';
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
    .filter((claimant) => !isDone(claimant) && seeCluster(claimant, caches).cluster !== undefined);
}

/** Deleted, and held back by finalizers of others alone: our part is done. */
const isDone = ({ metadata: { deletionTimestamp, finalizers = [] } }: EventTopic) =>
  deletionTimestamp !== undefined && !finalizers.includes(finalizerName);

/** Whose topic it is: the oldest resource that manages it. Whoever only looks on has no say. */
export function ownerOf(candidates: readonly EventTopic[]): EventTopic | undefined {
  return candidates.filter(({ spec }) => spec.managementPolicy === 'Manage').toSorted(byAge)[0];
}

/** Who else names the topic and is here to stay. Whatever its policy, the topic is not deleted under its feet. */
export function heirOf(topic: EventTopic, candidates: readonly EventTopic[]): EventTopic | undefined {
  const others = candidates.filter(
    ({ metadata }) => metadata.uid !== topic.metadata.uid && metadata.deletionTimestamp === undefined,
  );
  return ownerOf(others) ?? others[0];
}

/**
 * Times are whole seconds, so that many are the same: then it stays with the one that has it, and of those that are new
 * the name decides, always in the same way.
 */
function byAge(one: EventTopic, other: EventTopic): number {
  return (
    compare(one.metadata.creationTimestamp, other.metadata.creationTimestamp) ||
    Number(hasTopic(other)) - Number(hasTopic(one)) ||
    compare(text(one), text(other))
  );
}

const hasTopic = ({ status }: EventTopic) => status?.managedTopicId !== undefined;

const text = (topic: EventTopic) => keyText(keyOf(topic));
const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
