import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import type { WorkloadUser } from '../kafka-user.ts';
import {
  component,
  deadLetterTopic,
  groupId,
  webhookComponent,
  webhookDeadLetterTopic,
  webhookGroupId,
} from './names.ts';

/** Of the workers: they read tasks, and write reminders and what they cannot handle. */
export function workerUser(consumer: ReminderConsumer): WorkloadUser {
  const { metadata, spec } = consumer;
  return {
    ...{ component, instance: metadata, clusterRef: spec.clusterRef },
    access: [
      ...spec.topics.map((topic) => ({ topic, allow: 'Read' as const })),
      { topic: spec.remindersTopic, allow: 'Write' },
      { topic: deadLetterTopic(consumer), allow: 'Write' },
      { group: groupId(consumer), allow: 'Read' },
    ],
    describesConfigsOf: [deadLetterTopic(consumer)],
  };
}

/** Of the pods that send reminders to a URL. */
export function webhookUser(consumer: ReminderConsumer): WorkloadUser {
  const { metadata, spec } = consumer;
  return {
    ...{ component: webhookComponent, instance: metadata, clusterRef: spec.clusterRef },
    access: [
      { topic: spec.remindersTopic, allow: 'Read' },
      { topic: webhookDeadLetterTopic(consumer), allow: 'Write' },
      { group: webhookGroupId(consumer), allow: 'Read' },
    ],
    describesConfigsOf: [webhookDeadLetterTopic(consumer)],
  };
}
