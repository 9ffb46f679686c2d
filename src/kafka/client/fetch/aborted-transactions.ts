import type { FetchedMessage } from './record-batch.ts';

/** As a broker tells of it: in the order in which they were aborted. */
export interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

/** The key of what ends a transaction has two numbers of two bytes: a version, and whether it was committed. */
const keyBytes = 4;

/**
 * Puts what has no message into the place of each that was aborted, so that its offset counts as read.
 *
 * kafkajs leaves them out by itself, but takes the list for one in the order of the offsets, and a key of four zeroes for the
 * end of a transaction: it hands on what was aborted where several producers write to a partition.
 *
 * @param messages of one partition, in order
 */
export function withoutAborted(
  messages: readonly FetchedMessage[],
  aborted: readonly AbortedTransaction[],
): readonly FetchedMessage[] {
  if (aborted.length === 0) return messages;
  const coming = aborted.toSorted((one, other) => (BigInt(one.firstOffset) < BigInt(other.firstOffset) ? -1 : 1));
  const begun = new Set<string>();
  return messages.map((message) => {
    while (coming[0] && BigInt(coming[0].firstOffset) <= BigInt(message.offset)) begun.add(coming.shift()!.producerId);
    const { producerId, inTransaction } = message.batchContext;
    if (!inTransaction || !begun.has(producerId)) return message;
    if (!message.isControlRecord) return leftOut(message);
    if (isAbort(message)) begun.delete(producerId);
    return message;
  });
}

function isAbort({ key }: FetchedMessage): boolean {
  return key !== null && key.length >= keyBytes && key.readInt16BE(2) === 0;
}

function leftOut({ offset, timestamp, batchContext }: FetchedMessage): FetchedMessage {
  return { offset, timestamp, batchContext, key: null, value: null, headers: {}, isControlRecord: true };
}
