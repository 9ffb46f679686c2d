import type { MessageHeaders } from './message-headers.ts';

/** Before the names of all headers that say what was wrong with a message, as in KIP-1191. */
export const errorHeaderPrefix = '__dlq.errors.';

/** Of a letter whose value was cut since it did not fit: the size in bytes and the digest that it had. */
export const originalHeaderPrefix = '__dlq.original.';

/** How often a message has come back from a dead-letter topic. */
export const returnsHeader = '__dlq.returns';

/** The text of a header; of one that stands more than once, the last. */
export function headerText(headers: MessageHeaders, name: string): string | undefined {
  const value = headers[name];
  const last = Array.isArray(value) ? (value as readonly (Buffer | string)[]).at(-1) : value;
  return last === undefined ? undefined : String(last);
}
