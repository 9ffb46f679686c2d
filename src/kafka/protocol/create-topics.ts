import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';
import { ask } from './kafkajs-requests.ts';
import { exchange, noTags, supports, type Api } from './request.ts';
import { decodeTopicId, noTopicId } from './topic-id.ts';

/** A topic to be created. */
export interface TopicCreation {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

export interface CreationOptions {
  readonly validateOnly: boolean;
  readonly timeoutMilliseconds: number;
}

interface TopicAnswer {
  readonly topic: string;
  readonly errorCode: number;
  readonly errorMessage?: string | null;
  /** Of a topic that was created, by brokers that know ids. */
  readonly topicId?: string | undefined;
}

const api: Api = { apiKey: 19, apiVersion: 7, apiName: 'CreateTopics', flexible: true };

/** KIP-516: with the ids of what was created. kafkajs knows this request up to version 3, which tells none. */
export async function createTopics(
  broker: Broker,
  topics: readonly TopicCreation[],
  options: CreationOptions,
): Promise<readonly TopicAnswer[]> {
  const { validateOnly, timeoutMilliseconds: timeout } = options;
  if (!supports(broker, api))
    return (await ask(broker, 'CreateTopics', { topics: topics.map(toAsk), validateOnly, timeout })).topicErrors;
  return exchange(broker, api, (encoder) => encode(encoder, topics, options), decode);
}

function toAsk({ name, partitions, replicationFactor, configs }: TopicCreation) {
  return {
    topic: name,
    numPartitions: partitions,
    replicationFactor,
    replicaAssignment: [],
    configEntries: Object.entries(configs).map(([configName, value]) => ({ name: configName, value })),
  };
}

const noAssignments = 1; // an empty array

function encode(
  encoder: Encoder,
  topics: readonly TopicCreation[],
  { validateOnly, timeoutMilliseconds }: CreationOptions,
): void {
  encoder.writeUVarInt(topics.length + 1);
  for (const { name, partitions, replicationFactor, configs } of topics) {
    encoder.writeUVarIntString(name).writeInt32(partitions).writeInt16(replicationFactor).writeUVarInt(noAssignments);
    const entries = Object.entries(configs);
    encoder.writeUVarInt(entries.length + 1);
    for (const [config, value] of entries)
      encoder.writeUVarIntString(config).writeUVarIntString(value).writeUVarInt(noTags);
    encoder.writeUVarInt(noTags);
  }
  encoder.writeInt32(timeoutMilliseconds).writeBoolean(validateOnly).writeUVarInt(noTags);
}

function decode(decoder: Decoder): TopicAnswer[] {
  decoder.readInt32(); // throttle time
  return decoder.readUVarIntArray(decodeTopic) ?? [];
}

const noId = noTopicId.toString('base64url');

function decodeTopic(decoder: Decoder): TopicAnswer {
  const topic = decoder.readUVarIntString() ?? '';
  const topicId = decodeTopicId(decoder);
  const errorCode = decoder.readInt16();
  const errorMessage = decoder.readUVarIntString();
  decoder.readInt32(); // partitions
  decoder.readInt16(); // replication factor
  decoder.readUVarIntArray(skipConfig);
  decoder.readTaggedFields();
  return { topic, errorCode, errorMessage, topicId: topicId === noId ? undefined : topicId };
}

function skipConfig(decoder: Decoder): void {
  decoder.readUVarIntString(); // its name
  decoder.readUVarIntString(); // its value
  decoder.readBoolean(); // whether it can be changed
  decoder.readInt8(); // where it comes from
  decoder.readBoolean(); // whether it is secret
  decoder.readTaggedFields();
}
