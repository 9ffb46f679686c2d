import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';
import { brokerError } from '../errors.ts';
import { decodeNodes } from './nodes.ts';
import { exchange, noTags, type Api } from './request.ts';

/** A partition whose replicas are being moved. */
export interface PartitionReassignment {
  readonly partition: number;
  /** All that there are at the moment: those that stay, those being added and those being removed. */
  readonly replicas: readonly number[];
  /** Those that the move brings. It ends when all of them are in sync. */
  readonly adding: readonly number[];
  /** Those that go when it ends. */
  readonly removing: readonly number[];
}

const api: Api = { apiKey: 46, apiVersion: 0, apiName: 'ListPartitionReassignments', flexible: true };
const timeoutMilliseconds = 10_000;
const allTopics = 0;

/** KIP-455: what is being moved in the whole cluster, which brokers know without looking at each topic. */
export async function listPartitionReassignments(
  broker: Broker,
): Promise<Map<string, readonly PartitionReassignment[]>> {
  const write = (encoder: Encoder) =>
    encoder.writeInt32(timeoutMilliseconds).writeUVarInt(allTopics).writeUVarInt(noTags);
  const { error, topics } = await exchange(broker, api, write, decode);
  if (error) throw error;
  return new Map(topics);
}

function decode(decoder: Decoder) {
  decoder.readInt32(); // throttle time
  const error = brokerError(decoder.readInt16(), decoder.readUVarIntString());
  return { error, topics: decoder.readUVarIntArray(decodeTopic) };
}

function decodeTopic(decoder: Decoder): [string, PartitionReassignment[]] {
  const topic = decoder.readUVarIntString() ?? '';
  const partitions = decoder.readUVarIntArray(decodePartition) ?? [];
  decoder.readTaggedFields();
  return [topic, partitions];
}

function decodePartition(decoder: Decoder): PartitionReassignment {
  const reassignment = {
    partition: decoder.readInt32(),
    replicas: decodeNodes(decoder),
    adding: decodeNodes(decoder),
    removing: decodeNodes(decoder),
  };
  decoder.readTaggedFields();
  return reassignment;
}
