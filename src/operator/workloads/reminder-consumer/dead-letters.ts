import { apiVersion } from '../../../api/resource.ts';
import type { ClusterRef } from '../../../api/shared.ts';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { objectLabels } from '../../pods/labels.ts';
import {
  component,
  deadLetterResourceName,
  deadLetterTopic,
  webhookComponent,
  webhookDeadLetterResourceName,
  webhookDeadLetterTopic,
} from './names.ts';

const fortnightSeconds = 14 * 24 * 3600;

/** The EventTopic of a dead-letter topic. */
export type DeadLetterTopic = ReturnType<typeof eventTopic>;

/** The topic for what the workers could not handle. */
export const deadLetterEventTopic = (consumer: ReminderConsumer): DeadLetterTopic =>
  eventTopic(consumer, component, deadLetterResourceName(consumer), deadLetterTopic(consumer));

/** The topic for what the webhook could not deliver. */
export const webhookDeadLetterEventTopic = (consumer: ReminderConsumer): DeadLetterTopic =>
  eventTopic(consumer, webhookComponent, webhookDeadLetterResourceName(consumer), webhookDeadLetterTopic(consumer));

/**
 * A dead-letter topic, as a resource of its own, so that topics remain the work of one controller. The topic outlives
 * the consumer: what lies in it has not been handled yet.
 */
function eventTopic({ metadata, spec }: ReminderConsumer, owner: string, name: string, topicName: string) {
  const clusterRef: ClusterRef = spec.clusterRef;
  return {
    apiVersion,
    kind: 'EventTopic',
    metadata: { name, namespace: metadata.namespace, labels: objectLabels(owner, metadata.name) },
    spec: {
      clusterRef,
      topicName,
      partitions: 1,
      retentionSeconds: fortnightSeconds,
      deletionPolicy: 'Retain',
    },
  };
}
