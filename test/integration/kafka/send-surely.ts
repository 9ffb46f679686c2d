import type { OutgoingMessage } from '../../../src/kafka/outgoing-message.ts';
import type { Producer } from '../../../src/kafka/producer.ts';
import { isRetryable } from '../../../src/lib/errors.ts';
import { until } from '../../support/until.ts';

/** Sends until it succeeds, as programs do: a new topic is not known to all brokers at once. */
export async function sendSurely(producer: Producer, topic: string, messages: readonly OutgoingMessage[]) {
  await until(() =>
    producer.send(topic, messages).then(
      () => true,
      (error: unknown) => {
        if (!isRetryable(error)) throw error;
        return false;
      },
    ),
  );
}
