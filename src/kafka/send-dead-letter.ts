import { batchSizeOf } from './message-size.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import type { Producer } from './producer.ts';
import type { TopicLimits } from './topic-limits.ts';
import { errorCode } from '../lib/errors.ts';
import { cutToFit } from './dead-letter.ts';

export interface DeadLetterTopic {
  readonly topic: string;
  readonly producer: Pick<Producer, 'send'>;
  readonly limits: Pick<TopicLimits, 'maxMessageBytes'>;
}

/** No topic that takes dead letters takes less than this, in bytes. */
const leastBytes = 1024;

/**
 * Sends a dead letter, cut to what the topic takes. A broker that takes less than its topic says is sent half, until it
 * takes it.
 *
 * @throws {ExpectedError} with a KafkaErrorCode
 */
export async function sendDeadLetter({ topic, producer, limits }: DeadLetterTopic, letter: OutgoingMessage) {
  for (let bytes = await limits.maxMessageBytes(topic); ;) {
    const cut = cutToFit(letter, bytes);
    try {
      return await producer.send(topic, [cut]);
    } catch (error) {
      if (errorCode(error) !== 'MessageTooLarge' || bytes <= leastBytes) throw error;
      bytes = Math.floor(batchSizeOf(cut) / 2);
    }
  }
}
