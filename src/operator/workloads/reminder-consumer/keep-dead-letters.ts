import type { EventTopic } from '../../../api/event-topic.ts';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { applyOwned } from '../../apply-owned.ts';
import { clusterKey } from '../../brokers/cluster-access.ts';
import { topicName } from '../../event-topic/topic-index.ts';
import { eventTopics } from '../../kinds.ts';
import { controllerOf, keyText } from '../../runtime/objects.ts';
import type { Context } from '../../runtime/reconcile/controller.ts';
import type { DeadLetterTopic } from './dead-letters.ts';

/**
 * Declares a dead-letter topic. An EventTopic can be given neither another topic nor another cluster: where its consumer
 * is, another takes its place, and the topic itself stays with what lies in it. Its end calls again.
 *
 * @throws {ExpectedError} NameTaken
 */
export async function keepDeadLetters(context: Context<ReminderConsumer>, wanted: DeadLetterTopic): Promise<void> {
  const { object, caches, client } = context;
  const key = { namespace: object.metadata.namespace, name: wanted.metadata.name };
  const present = caches.of(eventTopics).get(key);
  const own = present && controllerOf(present)?.uid === object.metadata.uid ? present : undefined;
  if (!own || isOf(own, wanted)) {
    // A reference to the same cluster in other words is another one to the API server.
    const clusterRef = own?.spec.clusterRef ?? wanted.spec.clusterRef;
    const manifest = { ...wanted, spec: { ...wanted.spec, clusterRef } };
    await applyOwned(context, eventTopics, manifest);
  } else if (own.spec.deletionPolicy === 'Retain' && own.metadata.deletionTimestamp === undefined) {
    // Only as it was seen: with another policy, what lies in the topic would go with it.
    const { uid, resourceVersion } = own.metadata;
    await client.delete(eventTopics, key, { uid, resourceVersion });
  }
}

const isOf = (topic: EventTopic, { metadata, spec }: DeadLetterTopic): boolean =>
  topicName(topic) === spec.topicName && keyText(clusterKey(topic)) === keyText(clusterKey({ metadata, spec }));
