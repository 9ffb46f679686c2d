import type { Manifest } from '../../runtime/objects.ts';
import { apiVersion } from '../../../api/resource.ts';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { objectLabels } from '../../pods/labels.ts';
import { component, deadLetterResourceName, deadLetterTopic } from './names.ts';

const fortnightSeconds = 14 * 24 * 3600;

/**
 * The dead-letter topic, as a resource of its own, so that topics remain the work of one controller. The topic outlives
 * the consumer: what lies in it has not been handled yet.
 */
export function deadLetterEventTopic(consumer: ReminderConsumer): Manifest {
  const { metadata, spec } = consumer;
  const manifest = {
    apiVersion,
    kind: 'EventTopic',
    metadata: {
      name: deadLetterResourceName(consumer),
      namespace: metadata.namespace,
      labels: objectLabels(component, metadata.name),
    },
    spec: {
      clusterRef: spec.clusterRef,
      topicName: deadLetterTopic(consumer),
      partitions: 1,
      retentionSeconds: fortnightSeconds,
      deletionPolicy: 'Retain',
    },
  };
  return manifest;
}
