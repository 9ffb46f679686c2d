import type { MessageHeaders } from './message-headers.ts';

/** A message to be sent. Its key chooses the partition, as Kafka's own clients do it. */
export interface OutgoingMessage {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: MessageHeaders | undefined;
}
