import { randomUUID } from 'node:crypto';
import { decodeEvent } from '../../events/decode.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import { createConsumer, type Consumer } from '../../kafka/consumer.ts';
import type { Logger } from '../../lib/log.ts';
import type { RecentReminders } from './reminders.ts';

export interface ReminderFeedOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly podName: string;
  readonly reminders: RecentReminders;
  readonly logger: Logger;
}

/**
 * Reads the reminders that fire from now on, for the pages of this replica. Each start is a consumer group of its own,
 * so that every replica gets every reminder; brokers forget a group that has no members.
 */
export function createReminderFeed(options: ReminderFeedOptions): Consumer {
  const { connection, topic, podName, reminders, logger } = options;
  return createConsumer(connection, {
    groupId: `chat-api-live-${podName}-${randomUUID().slice(0, 8)}`,
    topics: [topic],
    startFrom: 'latest',
    logger,
    process: (messages) => {
      for (const message of messages) {
        try {
          const { event } = decodeEvent(message);
          if (event.event_type === 'reminder-due') reminders.add(event);
        } catch (error) {
          // Nobody can fix it here, and the next one must not wait for it.
          const { partition, offset } = message;
          logger.warn({ topic, partition, offset, err: error }, 'Left out a reminder that cannot be read');
        }
      }
      return Promise.resolve();
    },
  });
}
