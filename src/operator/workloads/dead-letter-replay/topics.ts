import type { DeadLetterReplay } from '../../../api/dead-letter-replay.ts';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { deadLetterTopic, webhookDeadLetterTopic } from '../reminder-consumer/names.ts';

/** Where letters lie, and where they may go back to. */
export function topicsOf({ spec }: DeadLetterReplay, consumer: ReminderConsumer) {
  return spec.source === 'Webhook'
    ? { deadLetterTopic: webhookDeadLetterTopic(consumer), topics: [consumer.spec.remindersTopic] }
    : { deadLetterTopic: deadLetterTopic(consumer), topics: consumer.spec.topics };
}
