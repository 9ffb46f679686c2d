import type { ReminderDue } from '../../events/catalogue.ts';
import { decodeEvent } from '../../events/decode.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { ConsumedMessage } from '../../kafka/consumer-options.ts';
import { createConsumer, type Consumer } from '../../kafka/consumer.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Component } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import { outlast } from '../../lib/outlast.ts';
import type { ReminderStore } from './reminders.ts';

export interface ReminderFeedOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly reminders: Pick<ReminderStore, 'add' | 'consumerGroup'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const startBackoff = { initial: 200, maximum: 5000, factor: 2, jitter: 'full' } as const;

/**
 * Takes the reminders that fire into the database, for the pages of all replicas. The replicas share one consumer
 * group, which goes on where it was when all of them were away, and reads partitions that are new from their start.
 */
export function createReminderFeed({ connection, topic, reminders, clock, logger }: ReminderFeedOptions): Component {
  let consumer: Consumer | undefined;
  return {
    name: 'reminder feed',
    start: async (context) => {
      const groupId = await outlast(() => reminders.consumerGroup(), {
        ...{ clock, backoff: startBackoff, signal: context.signal },
        onFailure: (error) => logger.warn({ err: error }, 'Waiting for the database'),
      });
      consumer = createConsumer(connection, {
        groupId,
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
