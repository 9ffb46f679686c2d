import { errorHeaderPrefix } from '../kafka/dead-letter-headers.ts';
import { errorCode, toError } from '../lib/errors.ts';
import type { ConsumedMessage } from '../kafka/consumer-options.ts';
import type { OutgoingMessage } from '../kafka/producer.ts';

/** Why a message could not be processed. */
export interface Failure {
  readonly error: unknown;
  /** How often it was tried; 1 for what cannot get better. */
  readonly attempts: number;
  /** The consumer group that gave it up. */
  readonly groupId: string;
}

/**
 * The message as it was, key, bytes and headers, with where it came from and what is wrong with it. The added headers
 * are those of Kafka's own dead-letter queues (KIP-1191); those of a message that was a dead letter before are replaced.
 */
export function deadLetter(message: ConsumedMessage, { error, attempts, groupId }: Failure): OutgoingMessage {
  const errors = {
    topic: message.topic,
    partition: String(message.partition),
    offset: message.offset,
    group: groupId,
    'delivery.count': String(attempts),
    code: errorCode(error),
    message: toError(error).message,
  };
  const added = Object.fromEntries(
    Object.entries(errors).map(([name, value]) => [`${errorHeaderPrefix}${name}`, value]),
  );
  return { key: message.key, value: message.value, headers: { ...message.headers, ...added } };
}
