import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import { brokerError } from '../errors.ts';
import { exchange, noTags, type Api } from './request.ts';

export interface TopicPartitions {
  readonly topic: string;
  readonly partitions: readonly number[];
}

/** KIP-460; Apache Kafka 2.4. */
const api: Api = { apiKey: 43, apiVersion: 2, apiName: 'ElectLeaders', flexible: true };
const preferred = 0;
const timeoutMilliseconds = 10_000;

/**
 * Gives each partition its preferred leader. Those that have it, or whose preferred leader is not in sync, stay as they
 * are; brokers look at these again by themselves every few minutes.
 */
export async function electPreferredLeaders(broker: Broker, topics: readonly TopicPartitions[]): Promise<void> {
  if (topics.length === 0) return;
  const { error } = await exchange(
    broker,
    api,
    (encoder) => {
      encoder.writeInt8(preferred).writeUVarInt(topics.length + 1);
      for (const { topic, partitions } of topics) {
        encoder.writeUVarIntString(topic).writeUVarInt(partitions.length + 1);
        for (const partition of partitions) encoder.writeInt32(partition);
        encoder.writeUVarInt(noTags);
      }
      encoder.writeInt32(timeoutMilliseconds).writeUVarInt(noTags);
    },
    decode,
  );
  if (error) throw error;
}

/** Reads no further than the error of the whole. */
function decode(decoder: Decoder) {
  decoder.readInt32(); // throttle time
  return { error: brokerError(decoder.readInt16()) };
}
