import type { ReminderDue } from '../../events/catalogue.ts';
import { decodeEvent } from '../../events/decode.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { ConsumedMessage } from '../../kafka/consumer-options.ts';
import { createConsumer, type Consumer } from '../../kafka/consumer.ts';
import type { Component } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import type { ReminderStore } from './reminders.ts';

export interface ReminderFeedOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly reminders: ReminderStore;
  readonly logger: Logger;
}

/**
 * Takes the reminders that fire into the database, for the pages of all replicas. The replicas share one consumer
 * group, which goes on where it was when all of them were away, and reads partitions that are new from their start.
 */
export function createReminderFeed({ connection, topic, reminders, logger }: ReminderFeedOptions): Component {
  let consumer: Consumer | undefined;
  return {
    name: 'reminder feed',
    start: async (context) => {
      consumer = createConsumer(connection, {
        groupId: await reminders.consumerGroup(),
        topics: [topic],
        startFrom: 'earliest',
        logger,
        process: (messages) => reminders.add(messages.flatMap((message) => decode(message, logger))),
      });
      await consumer.start(context);
    },
    stop: () => consumer?.stop(),
  };
}

function decode(message: ConsumedMessage, logger: Logger): ReminderDue[] {
  try {
    const { event } = decodeEvent(message);
    return event.event_type === 'reminder-due' ? [event] : [];
  } catch (error) {
    // Nobody can fix it here, and the next one must not wait for it.
    const { topic, partition, offset } = message;
    logger.warn({ topic, partition, offset, err: error }, 'Left out a reminder that cannot be read');
    return [];
  }
}
