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

/** Does once what the first request would have to wait for: kafkajs loads a request when it is first made. */
export function rehearseProduce(): void {
  const messages = [{ key: 'key', value: 'value', headers: { name: 'value' } }];
  const topicData = [{ topic: 'topic', partitions: [{ partition: 0, messages }] }];
  const make = requests.Produce.protocol({ version: Math.max(...requests.Produce.versions.map(Number)) });
  void make({ acks: -1, timeout: 0, topicData }).request.encode();
}

function encoding(wire: WireRequest<unknown>, values: ProduceValues): WireRequest<unknown> {
  if (values.compression) return wire;
  return { ...wire, request: { ...wire.request, encode: () => Promise.resolve(encodeProduce(values)) } };
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
