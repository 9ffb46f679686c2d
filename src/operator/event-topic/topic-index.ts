import type { EventTopic } from '../../api/event-topic.ts';
import { clusterKey } from '../brokers/cluster-access.ts';
import { keyText, type Key } from '../runtime/objects.ts';

/** Its name in Kafka. */
export function topicName({ metadata, spec }: EventTopic): string {
  return spec.topicName ?? metadata.name;
}

/** Tells a topic from another of the same name, which brokers without topic ids cannot. */
export const idOf = ({ topicId }: { readonly topicId: string | undefined }): string => topicId ?? 'none';

/** Finds EventTopics by cluster and topic. */
export function topicIndex(topic: EventTopic): string[] {
  return [topicIndexValue(clusterKey(topic), topicName(topic))];
}

export const topicIndexValue = (cluster: Key, topic: string) => `${keyText(cluster)}/${topic}`;
