import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';
import { ask } from './kafkajs-requests.ts';
import { exchange, noTags, supports, type Api } from './request.ts';
import { decodeTopicId, encodeTopicId, noTopicId } from './topic-id.ts';

/** A topic to be deleted. With an id, another topic of the same name stays. */
export interface TopicDeletion {
  readonly name: string;
  /** As `TopicDescription` has it. */
  readonly topicId: string | undefined;
}

interface TopicAnswer {
  readonly topic: string;
  readonly errorCode: number;
  readonly errorMessage?: string | null;
}

const api: Api = { apiKey: 20, apiVersion: 6, apiName: 'DeleteTopics', flexible: true };

/**
 * KIP-516: by id where one is given. kafkajs knows this request up to version 1, which has names only; brokers that know
 * no ids are asked in it.
 */
export async function deleteTopics(
  broker: Broker,
  topics: readonly TopicDeletion[],
  timeoutMilliseconds: number,
): Promise<readonly TopicAnswer[]> {
  if (!supports(broker, api)) {
    const names = topics.map(({ name }) => name);
    return (await ask(broker, 'DeleteTopics', { topics: names, timeout: timeoutMilliseconds })).topicErrors;
  }
  const answers = await exchange(broker, api, (encoder) => encode(encoder, topics, timeoutMilliseconds), decode);
  return topics.flatMap(({ name, topicId }) => {
    // The name of an id that is unknown is unknown, too.
    const answer = answers.find((one) => (topicId === undefined ? one.name === name : one.topicId === topicId));
    return answer ? [{ topic: name, errorCode: answer.errorCode, errorMessage: answer.errorMessage }] : [];
  });
}

function encode(encoder: Encoder, topics: readonly TopicDeletion[], timeoutMilliseconds: number): void {
  encoder.writeUVarInt(topics.length + 1);
  for (const { name, topicId } of topics) {
    if (topicId === undefined) encoder.writeUVarIntString(name).writeBuffer(noTopicId);
    else encoder.writeUVarInt(0).writeBuffer(encodeTopicId(topicId));
    encoder.writeUVarInt(noTags);
  }
  encoder.writeInt32(timeoutMilliseconds).writeUVarInt(noTags);
}

function decode(decoder: Decoder) {
  decoder.readInt32(); // throttle time
  return decoder.readUVarIntArray(decodeTopic) ?? [];
}

function decodeTopic(decoder: Decoder) {
  const topic = {
    name: decoder.readUVarIntString(),
    topicId: decodeTopicId(decoder),
    errorCode: decoder.readInt16(),
    errorMessage: decoder.readUVarIntString(),
  };
  decoder.readTaggedFields();
  return topic;
}
