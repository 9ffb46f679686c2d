import type Decoder from 'kafkajs/src/protocol/decoder.js';

const bytes = 16;

/** Stands for no id. */
export const noTopicId = Buffer.alloc(bytes);

/** As Kafka's own tools print it. */
export const decodeTopicId = (decoder: Decoder): string => decoder.readBytes(bytes).toString('base64url');

export const encodeTopicId = (topicId: string): Buffer => Buffer.from(topicId, 'base64url');

/** Whether it is what a topic can have as its id. */
export function isTopicId(topicId: string): boolean {
  const encoded = encodeTopicId(topicId);
  return encoded.length === bytes && !encoded.equals(noTopicId) && encoded.toString('base64url') === topicId;
}
