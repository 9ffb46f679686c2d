import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';

export const component = 'reminder-consumer';

export const groupId = ({ metadata, spec }: ReminderConsumer) =>
  spec.groupId ?? `${metadata.namespace}.${metadata.name}`;

/** The EventTopic that a consumer owns. */
export const deadLetterResourceName = ({ metadata }: ReminderConsumer) => `${metadata.name}-dead-letters`;

/** The topic itself. */
export const deadLetterTopic = (consumer: ReminderConsumer) =>
  consumer.spec.deadLetterTopic ?? deadLetterResourceName(consumer);

/** Of the pods that send reminders to a URL. */
export const webhookComponent = 'reminder-webhook';

/** The Deployment of the webhook. */
export const webhookName = ({ metadata }: ReminderConsumer) => `${metadata.name}-webhook`;

export const webhookGroupId = (consumer: ReminderConsumer) => `${groupId(consumer)}.webhook`;

/** The EventTopic of what the webhook gave up. */
export const webhookDeadLetterResourceName = (consumer: ReminderConsumer) => `${webhookName(consumer)}-dead-letters`;

/** The topic itself. */
export const webhookDeadLetterTopic = (consumer: ReminderConsumer) =>
  consumer.spec.webhook?.deadLetterTopic ?? webhookDeadLetterResourceName(consumer);
