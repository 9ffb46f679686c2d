import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';
import type { ExpectedError } from '../../lib/errors.ts';
import { brokerError, incompleteAnswer } from '../errors.ts';
import { ask } from './kafkajs-requests.ts';
import { decodeNodes } from './nodes.ts';
import { exchange, noTags, supports, type Api } from './request.ts';
import { decodeTopicId, noTopicId } from './topic-id.ts';

export interface Metadata {
  readonly clusterId: string | undefined;
  /** -1 while there is none. */
  readonly controllerId: number;
  /** Those that are there at the moment. */
  readonly brokers: readonly BrokerMetadata[];
  readonly topics: readonly TopicMetadata[];
}

export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface BrokerMetadata extends BrokerAddress {
  /** Null where `broker.rack` is not set. */
  readonly rack: string | null;
}

export interface TopicMetadata {
  readonly errorCode: number;
  readonly name: string;
  /** Undefined from a broker that is older than topic ids. */
  readonly topicId: string | undefined;
  readonly isInternal: boolean;
  readonly partitions: readonly PartitionMetadata[];
}

/** Of broker ids. */
export interface PartitionMetadata {
  readonly partition: number;
  /** -1 for none. */
  readonly leader: number;
  /** The preferred leader comes first. While replicas are moved, those that come and those that go are in it. */
  readonly replicas: readonly number[];
  /** Those in sync with the leader. */
  readonly isr: readonly number[];
}

/** The first version that has both topic ids and nullable names; Apache Kafka 3.0. */
const api: Api = { apiKey: 3, apiVersion: 12, apiName: 'Metadata', flexible: true };

/**
 * What a broker knows of the cluster and of some topics, or of all when none are named. kafkajs knows this request up
 * to version 6, which has no topic ids; brokers that know no more than that are asked in it.
 *
 * @throws {ExpectedError} when no answer comes, or one that lacks a topic: that is not to be taken for its absence
 */
export async function fetchMetadata(broker: Broker, topics?: readonly string[]): Promise<Metadata> {
  const metadata = supports(broker, api)
    ? await exchange(broker, api, (encoder) => encode(encoder, topics), decode)
    : await fetchOlderMetadata(broker, topics);
  const told = new Set(metadata.topics.map(({ name }) => name));
  const missing = topics?.find((name) => !told.has(name));
  if (missing !== undefined) throw incompleteAnswer(api.apiName, `topic ${missing}`);
  return metadata;
}

const leaderNotAvailable = 5;

/** Why a broker does not tell of a topic. One without leaders is there all the same. */
export function topicError({ errorCode }: TopicMetadata): ExpectedError | undefined {
  return errorCode === leaderNotAvailable ? undefined : brokerError(errorCode);
}

async function fetchOlderMetadata(broker: Broker, names: readonly string[] | undefined): Promise<Metadata> {
  // To this request, no names are all names.
  const answer = await ask(broker, 'Metadata', { topics: names ?? [], allowAutoTopicCreation: false });
  const topics = names?.length === 0 ? [] : answer.topicMetadata;
  return {
    ...answer,
    topics: topics.map(({ topicErrorCode, topic, isInternal, partitionMetadata }) => ({
      errorCode: topicErrorCode,
      name: topic,
      topicId: undefined,
      isInternal,
      partitions: partitionMetadata.map(({ partitionId, ...rest }) => ({ partition: partitionId, ...rest })),
    })),
  };
}

const allowAutoTopicCreation = false;
const includeAuthorizedOperations = false;

function encode(encoder: Encoder, topics: readonly string[] | undefined): void {
  encoder.writeUVarInt(topics ? topics.length + 1 : 0);
  for (const name of topics ?? []) encoder.writeBuffer(noTopicId).writeUVarIntString(name).writeUVarInt(noTags);
  encoder.writeBoolean(allowAutoTopicCreation).writeBoolean(includeAuthorizedOperations).writeUVarInt(noTags);
}

function decode(decoder: Decoder): Metadata {
  decoder.readInt32(); // throttle time
  const brokers = decoder.readUVarIntArray(decodeBroker) ?? [];
  const clusterId = decoder.readUVarIntString() ?? undefined;
  const controllerId = decoder.readInt32();
  const topics = decoder.readUVarIntArray(decodeTopic) ?? [];
  return { brokers, clusterId, controllerId, topics };
}

function decodeBroker(decoder: Decoder): BrokerMetadata {
  const broker = {
    nodeId: decoder.readInt32(),
    host: decoder.readUVarIntString() ?? '',
    port: decoder.readInt32(),
    rack: decoder.readUVarIntString(),
  };
  decoder.readTaggedFields();
  return broker;
}

function decodeTopic(decoder: Decoder): TopicMetadata {
  const topic = {
    errorCode: decoder.readInt16(),
    name: decoder.readUVarIntString() ?? '',
    topicId: decodeTopicId(decoder),
    isInternal: decoder.readBoolean(),
    partitions: decoder.readUVarIntArray(decodePartition) ?? [],
  };
  decoder.readInt32(); // authorized operations
  decoder.readTaggedFields();
  return topic;
}

function decodePartition(decoder: Decoder): PartitionMetadata {
  decoder.readInt16(); // an error, which no leader stands for as well
  const partition = decoder.readInt32();
  const leader = decoder.readInt32();
  decoder.readInt32(); // leader epoch
  const replicas = decodeNodes(decoder);
  const isr = decodeNodes(decoder);
  decodeNodes(decoder); // offline replicas
  decoder.readTaggedFields();
  return { partition, leader, replicas, isr };
}
