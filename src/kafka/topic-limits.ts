import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import type { KafkaConnection } from './connection.ts';
import { createTopicAdmin } from './topic-admin.ts';

/** What brokers take when nobody says otherwise, in bytes: Kafka's default of `max.message.bytes`. */
export const defaultMaxMessageBytes = 1_048_588;
const freshMilliseconds = 60_000;

export interface TopicLimits {
  /**
   * The largest batch of messages that the topic takes, in bytes: its `max.message.bytes`. Asked again after a minute.
   * Kafka's default where brokers do not say, as they do not to everybody.
   */
  maxMessageBytes(topic: string): Promise<number>;
  close(): Promise<void>;
}

/** Asks topics for their limits. Connects when it is first asked something. */
export function createTopicLimits(
  connection: KafkaConnection,
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
): TopicLimits {
  const admin = createTopicAdmin(connection, { logger, clock });
  const known = new Map<string, { readonly bytes: number; readonly at: number }>();
  const configNames = ['max.message.bytes'];
  return {
    maxMessageBytes: async (topic) => {
      const before = known.get(topic);
      if (before && clock.monotonic() - before.at < freshMilliseconds) return before.bytes;
      try {
        const config = (await admin.describeTopics([topic], { configNames })).get(topic)?.configs.get(configNames[0]!);
        const bytes = Number(config?.value ?? defaultMaxMessageBytes);
        known.set(topic, { bytes, at: clock.monotonic() });
        return bytes;
      } catch (error) {
        logger.debug({ topic, err: error }, 'Could not ask a topic for the largest message that it takes');
        return before?.bytes ?? defaultMaxMessageBytes;
      }
    },
    close: () => admin.close(),
  };
}
