import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';
import { brokerError } from '../errors.ts';
import { encodeNodes } from './nodes.ts';
import { exchange, noTags, supports, type Api } from './request.ts';

export interface TopicReassignment {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    /** Broker ids; the first is the preferred leader. Null ends a move, and takes back what it has brought. */
    readonly replicas: readonly number[] | null;
  }[];
}

interface TopicAnswer {
  readonly topic: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

const api: Api = { apiKey: 45, apiVersion: 0, apiName: 'AlterPartitionReassignments', flexible: true };
/** KIP-860: the first version that can refuse a change of the number of replicas; Apache Kafka 4.1. */
const apiWithFactor: Api = { ...api, apiVersion: 1 };

export interface ReassignmentOptions {
  /** Refuses what would change the number of a partition's replicas, where the release can. */
  readonly keepReplicationFactor?: boolean;
}

/**
 * KIP-455. kafkajs has this request, too, but drops the broker's words.
 *
 * @returns for each topic the error of the first of its partitions that was refused; its others are moved. A topic is
 *   left out when the broker does not tell of all of its partitions
 */
export async function alterPartitionReassignments(
  broker: Broker,
  reassignments: readonly TopicReassignment[],
  timeoutMilliseconds: number,
  { keepReplicationFactor = false }: ReassignmentOptions = {},
): Promise<TopicAnswer[]> {
  const guarded = keepReplicationFactor && supports(broker, apiWithFactor);
  const write = (encoder: Encoder) => {
    encoder.writeInt32(timeoutMilliseconds);
    if (guarded) encoder.writeBoolean(false);
    encode(encoder, reassignments);
  };
  const { error, topics } = await exchange(broker, guarded ? apiWithFactor : api, write, (decoder) =>
    decode(decoder, guarded),
  );
  if (error) throw error;
  return reassignments.flatMap(({ topic, partitions }) => toAnswer(topic, partitions, topics.get(topic)) ?? []);
}

function encode(encoder: Encoder, reassignments: readonly TopicReassignment[]): void {
  encoder.writeUVarInt(reassignments.length + 1);
  for (const { topic, partitions } of reassignments) {
    encoder.writeUVarIntString(topic).writeUVarInt(partitions.length + 1);
    for (const { partition, replicas } of partitions) {
      encodeNodes(encoder.writeInt32(partition), replicas);
      encoder.writeUVarInt(noTags);
    }
    encoder.writeUVarInt(noTags);
  }
  encoder.writeUVarInt(noTags);
}

const success = { errorCode: 0, errorMessage: null };
/** What was to be ended has come to its end. */
const noneInProgress = 85;

function toAnswer(
  topic: string,
  partitions: TopicReassignment['partitions'],
  answered: readonly PartitionAnswer[] = [],
): TopicAnswer | undefined {
  const told = new Set(answered.map(({ partition }) => partition));
  if (!partitions.every(({ partition }) => told.has(partition))) return undefined;
  const refused = answered.find(({ errorCode }) => errorCode !== success.errorCode && errorCode !== noneInProgress);
  const { errorCode, errorMessage } = refused ?? success;
  return { topic, errorCode, errorMessage };
}

interface PartitionAnswer {
  readonly partition: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

function decode(decoder: Decoder, guarded: boolean) {
  decoder.readInt32(); // throttle time
  if (guarded) decoder.readBoolean(); // as asked
  const error = brokerError(decoder.readInt16(), decoder.readUVarIntString());
  return { error, topics: new Map(decoder.readUVarIntArray(decodeTopic)) };
}

function decodeTopic(decoder: Decoder): [string, PartitionAnswer[]] {
  const topic = decoder.readUVarIntString() ?? '';
  const partitions = decoder.readUVarIntArray(decodePartition) ?? [];
  decoder.readTaggedFields();
  return [topic, partitions];
}

function decodePartition(decoder: Decoder): PartitionAnswer {
  const partition = decoder.readInt32();
  const answer = { partition, errorCode: decoder.readInt16(), errorMessage: decoder.readUVarIntString() };
  decoder.readTaggedFields();
  return answer;
}
