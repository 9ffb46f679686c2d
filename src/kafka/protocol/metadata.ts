import Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import type Broker from 'kafkajs/src/broker/index.js';
import { ask, type PartitionMetadata } from './kafkajs-requests.ts';
import { asDecoded, send, supports } from './request.ts';

export interface Metadata {
  readonly clusterId: string | undefined;
  /** -1 while there is none. */
  readonly controllerId: number;
  readonly brokers: readonly BrokerAddress[];
  readonly topics: readonly TopicMetadata[];
}

export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface TopicMetadata {
  readonly errorCode: number;
  readonly name: string;
  /** Undefined from a broker that is older than topic ids. */
  readonly topicId: string | undefined;
  readonly isInternal: boolean;
  readonly partitions: readonly PartitionMetadata[];
}

const apiKey = 3;
/** The first version that has both topic ids and nullable names; Apache Kafka 3.0. */
const apiVersion = 12;

/**
 * What a broker knows of the cluster and of some topics, or of all when none are named. kafkajs knows this request up
 * to version 6, which has no topic ids; brokers that know no more than that are asked in it.
 */
export async function fetchMetadata(broker: Broker, topics?: readonly string[]): Promise<Metadata> {
  if (!supports(broker, apiKey, apiVersion)) return fetchOlderMetadata(broker, topics);
  return send(broker, {
    request: { apiKey, apiVersion, apiName: 'Metadata', encode: () => Promise.resolve(encode(topics)) },
    response: { decode: (payload) => Promise.resolve(decode(payload)), parse: asDecoded },
  });
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
      partitions: partitionMetadata,
    })),
  };
}

const noTags = 0;
const noTopicId = Buffer.alloc(16);

/** The request header of flexible versions ends in tags, which kafkajs does not write: they come first here. */
function encode(topics: readonly string[] | undefined): Encoder {
  const encoder = new Encoder().writeUVarInt(noTags).writeUVarInt(topics ? topics.length + 1 : 0);
  for (const name of topics ?? []) encoder.writeBuffer(noTopicId).writeUVarIntString(name).writeUVarInt(noTags);
  const allowAutoTopicCreation = false;
  const includeAuthorizedOperations = false;
  return encoder.writeBoolean(allowAutoTopicCreation).writeBoolean(includeAuthorizedOperations).writeUVarInt(noTags);
}

function decode(payload: Buffer): Metadata {
  const decoder = new Decoder(payload);
  decoder.readTaggedFields(); // the end of the response header
  decoder.readInt32(); // throttle time
  const brokers = decoder.readUVarIntArray(decodeBroker) ?? [];
  const clusterId = decoder.readUVarIntString() ?? undefined;
  const controllerId = decoder.readInt32();
  const topics = decoder.readUVarIntArray(decodeTopic) ?? [];
  return { brokers, clusterId, controllerId, topics };
}

function decodeBroker(decoder: Decoder): BrokerAddress {
  const broker = { nodeId: decoder.readInt32(), host: decoder.readUVarIntString() ?? '', port: decoder.readInt32() };
  decoder.readUVarIntString(); // rack
  decoder.readTaggedFields();
  return broker;
}

function decodeTopic(decoder: Decoder): TopicMetadata {
  const topic = {
    errorCode: decoder.readInt16(),
    name: decoder.readUVarIntString() ?? '',
    topicId: decoder.readBytes(noTopicId.length).toString('base64url'), // as Kafka's own tools print it
    isInternal: decoder.readBoolean(),
    partitions: decoder.readUVarIntArray(decodePartition) ?? [],
  };
  decoder.readInt32(); // authorized operations
  decoder.readTaggedFields();
  return topic;
}

function decodePartition(decoder: Decoder): PartitionMetadata {
  decoder.readInt16(); // an error, which no leader stands for as well
  const partitionId = decoder.readInt32();
  const leader = decoder.readInt32();
  decoder.readInt32(); // leader epoch
  const replicas = decodeNodes(decoder);
  const isr = decodeNodes(decoder);
  decodeNodes(decoder); // offline replicas
  decoder.readTaggedFields();
  return { partitionId, leader, replicas, isr };
}

function decodeNodes(decoder: Decoder): number[] {
  return decoder.readUVarIntArray((nodes) => nodes.readInt32()) ?? [];
}
