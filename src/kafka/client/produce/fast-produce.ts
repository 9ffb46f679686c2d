import type { ProduceValues, WireRequest } from 'kafkajs/src/broker/index.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { requests } from 'kafkajs/src/protocol/requests/index.js';
import { changeRequest } from '../change-request.ts';
import { encodeRecordBatch } from './record-batch.ts';

/** The first with record batches of format 2; what is around them is the same up to the newest that kafkajs knows. */
const firstVersion = 3;
const noProducer = -1n;

/** Has kafkajs's requests to produce encoded by us, unless they are compressed. */
export function encodeProduceFast(): void {
  changeRequest(requests.Produce, (version) => version >= firstVersion, encoding);
}

const rehearsed = Buffer.from('{"rehearsed":true}');

/**
 * Messages that go the whole way of others, to each leader of a topic, but for the last step: the requests are encoded,
 * and sent without them. So the first message that counts waits neither for a connection nor for code that runs for
 * the first time.
 */
export const rehearsedMessages = Array.from({ length: 100 }, (_, key) => ({
  key: String(key),
  value: rehearsed,
  headers: { rehearsed: 'true' },
}));

function encoding(wire: WireRequest<unknown>, values: ProduceValues): WireRequest<unknown> {
  if (values.compression) return wire;
  const encode = () => {
    const encoder = encodeProduce(values);
    return Promise.resolve(isRehearsal(values) ? encodeProduce({ ...values, topicData: [] }) : encoder);
  };
  return { ...wire, request: { ...wire.request, encode } };
}

function isRehearsal({ topicData }: ProduceValues): boolean {
  return topicData.every(({ partitions }) => partitions.every(({ messages }) => messages[0]?.value === rehearsed));
}

function encodeProduce({ transactionalId = null, acks, timeout, topicData, ...producer }: ProduceValues): Encoder {
  const { producerId = noProducer, producerEpoch = 0 } = producer;
  const identity = { producerId: BigInt(String(producerId)), producerEpoch, isTransactional: transactionalId !== null };
  const now = Date.now();
  const encoder = new Encoder().writeString(transactionalId).writeInt16(acks).writeInt32(timeout);
  encoder.writeInt32(topicData.length);
  for (const { topic, partitions } of topicData) {
    encoder.writeString(topic).writeInt32(partitions.length);
    for (const { partition, messages, firstSequence = 0 } of partitions) {
      const batch = encodeRecordBatch(messages, { ...identity, firstSequence, now });
      encoder.writeInt32(partition).writeInt32(batch.length).writeBuffer(batch);
    }
  }
  return encoder;
}
