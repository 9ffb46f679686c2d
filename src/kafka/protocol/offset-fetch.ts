import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';
import { exchange, noTags, type Api } from './request.ts';

/** What a group has committed of one partition. */
export interface FetchedOffset {
  readonly partition: number;
  /** -1 where nothing is committed. */
  readonly offset: bigint;
  readonly metadata: string;
  readonly errorCode: number;
}

export interface FetchedOffsets {
  readonly errorCode: number;
  readonly partitions: readonly FetchedOffset[];
}

/** The first version that waits for transactions (KIP-447); Apache Kafka 2.5. */
const api: Api = { apiKey: 9, apiVersion: 7, apiName: 'OffsetFetch', flexible: true };
const requireStable = true;

/**
 * What a group has committed of a topic. Where a transaction that commits for it has not ended yet, the answer is the
 * error UNSTABLE_OFFSET_COMMIT; kafkajs's own request would be answered with what was before.
 *
 * @throws {ExpectedError} when no answer comes
 */
export function fetchStableOffsets(
  broker: Broker,
  groupId: string,
  topic: string,
  partitions: readonly number[],
): Promise<FetchedOffsets> {
  return exchange(broker, api, (encoder) => encode(encoder, groupId, topic, partitions), decode);
}

function encode(encoder: Encoder, groupId: string, topic: string, partitions: readonly number[]): void {
  const topics = 1;
  encoder.writeUVarIntString(groupId).writeUVarInt(topics + 1);
  encoder.writeUVarIntString(topic).writeUVarInt(partitions.length + 1);
  for (const partition of partitions) encoder.writeInt32(partition);
  encoder.writeUVarInt(noTags).writeBoolean(requireStable).writeUVarInt(noTags);
}

function decode(decoder: Decoder): FetchedOffsets {
  decoder.readInt32(); // throttle time
  const topics = decoder.readUVarIntArray(decodeTopic) ?? [];
  const errorCode = decoder.readInt16();
  return { errorCode, partitions: topics.flat() };
}

function decodeTopic(decoder: Decoder): FetchedOffset[] {
  decoder.readUVarIntString(); // the only one that was asked for
  const partitions = decoder.readUVarIntArray(decodePartition) ?? [];
  decoder.readTaggedFields();
  return partitions;
}

function decodePartition(decoder: Decoder): FetchedOffset {
  const partition = decoder.readInt32();
  const offset = BigInt(decoder.readInt64().toString());
  decoder.readInt32(); // leader epoch
  const metadata = decoder.readUVarIntString() ?? '';
  const errorCode = decoder.readInt16();
  decoder.readTaggedFields();
  return { partition, offset, metadata, errorCode };
}
