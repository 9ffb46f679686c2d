import type { EventTopic } from '../../api/event-topic.ts';
import { clusterWatches } from '../brokers/cluster-watches.ts';
import { eventTopics } from '../kinds.ts';
import type { Change } from '../runtime/cache/informer.ts';
import { keyOf } from '../runtime/objects.ts';
import { watch, type Watch } from '../runtime/reconcile/controller.ts';
import { claimants } from './claims.ts';

/** What else wakes a topic: its cluster, the Secrets to reach it, and whoever names the same topic. */
export const topicWatches: readonly Watch[] = [
  ...clusterWatches(eventTopics),
  watch(eventTopics, (change, caches) => (concernsClaim(change) ? claimants(change.object, caches).map(keyOf) : [])),
];

/** Whether the order among those who claim the topic can have changed. */
function concernsClaim({ object, previous, deleted }: Change<EventTopic>): boolean {
  return deleted || !previous || object.spec.managementPolicy !== previous.spec.managementPolicy;
}
