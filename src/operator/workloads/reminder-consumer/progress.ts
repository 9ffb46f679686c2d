import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import type { KafkaConnection } from '../../../kafka/connection.ts';
import { isRetryable } from '../../../lib/errors.ts';
import type { Brokers } from '../../brokers/brokers.ts';
import { deadLetterTopic, groupId } from './names.ts';

/** How the workers get on, as the brokers tell it. */
export interface Progress {
  /** Unread messages of all topics. */
  readonly lag: number;
  readonly lagByTopic: Record<string, number>;
  readonly partitions: number;
  readonly deadLetters: number;
  readonly groupState: string;
}

/** Undefined when the brokers do not answer; then nobody knows, which is not the same as no lag. */
export async function observeProgress(
  { brokers, connection }: { readonly brokers: Brokers; readonly connection: KafkaConnection },
  consumer: ReminderConsumer,
): Promise<Progress | undefined> {
  try {
    const [group, deadLetters] = await Promise.all([
      brokers.groupProgress(connection, groupId(consumer), consumer.spec.topics),
      brokers.messageCount(connection, deadLetterTopic(consumer)),
    ]);
    const lags = [...group.lagByTopic.values()];
    return {
      lag: lags.reduce((sum, lag) => sum + lag, 0),
      lagByTopic: Object.fromEntries(group.lagByTopic),
      partitions: group.partitions,
      deadLetters,
      groupState: group.state,
    };
  } catch (error) {
    if (isRetryable(error)) return undefined;
    throw error;
  }
}
