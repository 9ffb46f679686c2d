import Batch from 'kafkajs/src/consumer/batch.js';
import type { BrokerAccess } from './client/broker-connections.ts';
import type { ConsumedMessage } from './consumer-options.ts';
import { brokerError, incompleteAnswer } from './errors.ts';
import { listOffsets, type TopicPartition } from './offsets.ts';
import { ask, type FetchedMessage, type FetchedPartition } from './protocol/kafkajs-requests.ts';

/** A message as it lies in its partition. */
export interface StoredMessage extends ConsumedMessage {
  /** Of the message, or of when the broker got it, as the topic has it. In epoch milliseconds. */
  readonly timestamp: number;
}

/** Part of a partition. */
export interface Reading {
  /** Those that are there between the offset that was asked for and `next`, in order. */
  readonly messages: readonly StoredMessage[];
  /** Where to go on. Nothing can be read yet where it is the offset that was asked for. */
  readonly next: bigint;
}

const readCommitted = 1;
const maxWaitTime = 500;
/** Of one answer; a single batch of messages can be larger. */
const maxBytes = 1024 * 1024;
const outOfRange = 1;

/**
 * Reads on in a partition, outside of any group: messages of transactions once they are committed, and never those of
 * aborted ones. Where retention has removed what was there, it goes on with the first message that is left; a partition
 * that ends before the offset, as that of a topic that was made anew, is the error OffsetOutOfRange.
 *
 * @param end the partition had so many messages at least
 * @throws {ExpectedError} with a KafkaErrorCode
 */
export async function readPartition(
  brokers: BrokerAccess,
  place: TopicPartition,
  offset: bigint,
  end: bigint,
): Promise<Reading> {
  const { topic } = place;
  const answer = await fetch(brokers, place, offset);
  if (answer.errorCode === outOfRange) return skipRemoved(brokers, place, offset);
  const error = brokerError(answer.errorCode);
  if (error) throw error;
  const { messages } = new Batch(topic, String(offset), answer);
  return { messages: messages.map((message) => stored(place, message)), next: nextOffset(answer, offset, end) };
}

async function fetch(
  brokers: BrokerAccess,
  { topic, partition, leader }: TopicPartition,
  offset: bigint,
): Promise<FetchedPartition> {
  const partitions = [{ partition, fetchOffset: String(offset), maxBytes }];
  const values = { maxWaitTime, minBytes: 1, maxBytes, isolationLevel: readCommitted, topics: [{ topic, partitions }] };
  const { errorCode = 0, responses } = await brokers.withBroker(leader, (broker) => ask(broker, 'Fetch', values));
  const error = brokerError(errorCode);
  if (error) throw error;
  const answer = responses.flatMap((response) => response.partitions).find((told) => told.partition === partition);
  if (!answer) throw incompleteAnswer('Fetch', `partition ${partition} of ${topic}`);
  return answer;
}

async function skipRemoved(brokers: BrokerAccess, place: TopicPartition, offset: bigint): Promise<Reading> {
  const first = (await listOffsets(brokers, [place], 'first')).get(place)!;
  if (first <= offset) throw brokerError(outOfRange)!;
  return { messages: [], next: first };
}

/** Behind what was decoded (client/fetch), which tells of the end of a batch also where its last messages are gone. */
function nextOffset({ messages, lastStableOffset }: FetchedPartition, offset: bigint, end: bigint): bigint {
  const last = messages.at(-1);
  // What brokers have nothing of, though they could tell all of it by now, is not there.
  if (!last) return BigInt(lastStableOffset) >= end ? end : offset;
  return BigInt(last.offset) + 1n;
}

function stored({ topic, partition }: TopicPartition, message: FetchedMessage): StoredMessage {
  const { offset, key, value, headers, timestamp } = message;
  return { topic, partition, offset, key, value, headers, timestamp: Number(timestamp) };
}
