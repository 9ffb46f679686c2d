import type { EventCluster } from '../../api/event-cluster.ts';
import type { EventTopic } from '../../api/event-topic.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { eventClusters, eventTopics } from '../kinds.ts';
import { keyOf, keyText, type Key } from '../runtime/objects.ts';
import { clusterKey } from '../brokers/cluster-access.ts';
import { topicIndex, topicIndexValue } from '../workloads/topics.ts';
import { topicName } from './desired-topic.ts';

/** All resources for the same topic of the same brokers, in whatever namespace, this one among them. */
export function claimants(topic: EventTopic, caches: Caches): EventTopic[] {
  const clusters = withSameBrokers(clusterKey(topic), caches);
  return clusters.flatMap((key) => caches.of(eventTopics).by(topicIndex, topicIndexValue(key, topicName(topic))));
}

/** Every EventCluster that leads to these brokers: a namespace may have one of its own for them, with its credentials. */
function withSameBrokers(cluster: Key, caches: Caches): Key[] {
  const clusters = caches.of(eventClusters);
  const clusterId = clusters.get(cluster)?.status?.clusterId;
  return clusterId === undefined ? [cluster] : clusters.by(byClusterId, clusterId).map(keyOf);
}

const byClusterId = ({ status }: EventCluster) => (status?.clusterId === undefined ? [] : [status.clusterId]);

/** Whose topic it is: the oldest resource that manages it. Whoever only observes has no say. */
export function ownerOf(candidates: readonly EventTopic[]): EventTopic | undefined {
  return candidates.filter(({ spec }) => spec.managementPolicy === 'Manage').toSorted(byAge)[0];
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

const hasTopic = ({ status }: EventTopic) => status?.topicId !== undefined;

const text = (topic: EventTopic) => keyText(keyOf(topic));
const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
