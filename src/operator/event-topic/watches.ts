import type { EventTopic } from '../../api/event-topic.ts';
import { clusterWatches } from '../brokers/cluster-watches.ts';
import { eventTopics } from '../kinds.ts';
import type { Change } from '../runtime/cache/informer.ts';
import { keyOf } from '../runtime/objects.ts';
import { watch, type Watch } from '../runtime/reconcile/controller.ts';
import { isDone } from '../brokers/ownership.ts';
import { claimants, finalizerName } from './claims.ts';
import { topicIndex } from './topic-index.ts';

/** What else wakes a topic: its cluster, the Secrets to reach it, and whoever names the same topic. */
export const topicWatches: readonly Watch[] = [
  ...clusterWatches(eventTopics),
  watch(eventTopics, (change, caches) => (concernsClaim(change) ? claimants(change.object, caches).map(keyOf) : [])),
];

/** Whether the order among those who claim the topic can have changed. */
function concernsClaim({ object, previous, deleted }: Change<EventTopic>): boolean {
  return deleted || !previous || claimOf(object) !== claimOf(previous);
}

/** What it claims, and whether it still does. */
const claimOf = (topic: EventTopic): string =>
  JSON.stringify([topic.spec.managementPolicy, topicIndex(topic), isDone(topic, finalizerName)]);
