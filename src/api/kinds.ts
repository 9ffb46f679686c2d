import { chatApi } from './chat-api.ts';
import { deadLetterReplay } from './dead-letter-replay.ts';
import { eventCluster } from './event-cluster.ts';
import { eventTopic } from './event-topic.ts';
import { eventUser } from './event-user.ts';
import { reminderConsumer } from './reminder-consumer.ts';
import type { KindDefinition } from './resource.ts';

/** Every kind of the group. */
export const kinds: readonly KindDefinition[] = [
  eventCluster,
  eventTopic,
  eventUser,
  reminderConsumer,
  chatApi,
  deadLetterReplay,
];
