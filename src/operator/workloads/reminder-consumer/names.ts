import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';

export const component = 'reminder-consumer';

export const groupId = ({ metadata, spec }: ReminderConsumer) =>
  spec.groupId ?? `${metadata.namespace}.${metadata.name}`;

/** The EventTopic that a consumer owns. */
export const deadLetterResourceName = ({ metadata }: ReminderConsumer) => `${metadata.name}-dead-letters`;

/** The topic itself. */
export const deadLetterTopic = (consumer: ReminderConsumer) =>
  consumer.spec.deadLetterTopic ?? deadLetterResourceName(consumer);
