/** A message as it is sent to Kafka. */
export interface EncodedEvent {
  /** The task's id: all events of a task are in one partition of a topic, in order. */
  readonly key: string;
  /** The event as JSON. */
  readonly value: string;
  /** CloudEvents attributes, binary content mode. */
  readonly headers: Readonly<Record<string, string>>;
}

type HeaderValue = Buffer | string;

/** A message as it comes from Kafka, or from a row of an outbox. A header that was sent twice is a list. */
export interface ReceivedEvent {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, HeaderValue | readonly HeaderValue[] | undefined>> | undefined;
}
