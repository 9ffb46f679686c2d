import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import { brokerError } from '../errors.ts';
import { exchange, noTags, supports, type Api } from './request.ts';

export interface RegisteredBroker {
  readonly id: number;
  /** Not running, or not let in yet: it leads nothing. */
  readonly fenced: boolean;
}

/** KIP-1073: the first version that lists fenced brokers, too; Apache Kafka 4.1. */
const api: Api = { apiKey: 60, apiVersion: 2, apiName: 'DescribeCluster', flexible: true };
const brokersNotControllers = 1;

/** All registered brokers; undefined from a release that lists only those running. */
export async function describeBrokers(broker: Broker): Promise<readonly RegisteredBroker[] | undefined> {
  if (!supports(broker, api)) return undefined;
  const { error, brokers } = await exchange(
    broker,
    api,
    (encoder) => encoder.writeBoolean(false).writeInt8(brokersNotControllers).writeBoolean(true).writeUVarInt(noTags),
    decode,
  );
  if (error) throw error;
  return brokers;
}

function decode(decoder: Decoder) {
  decoder.readInt32(); // throttle time
  const error = brokerError(decoder.readInt16(), decoder.readUVarIntString());
  decoder.readInt8(); // type of endpoints
  decoder.readUVarIntString(); // cluster id
  decoder.readInt32(); // controller
  return { error, brokers: decoder.readUVarIntArray(decodeBroker) ?? [] };
}

function decodeBroker(decoder: Decoder): RegisteredBroker {
  const id = decoder.readInt32();
  decoder.readUVarIntString(); // host
  decoder.readInt32(); // port
  decoder.readUVarIntString(); // rack
  const fenced = decoder.readBoolean();
  decoder.readTaggedFields();
  return { id, fenced };
}
