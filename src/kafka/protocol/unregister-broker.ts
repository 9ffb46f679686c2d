import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import { brokerError } from '../errors.ts';
import { exchange, noTags, type Api } from './request.ts';

/** KIP-500; Apache Kafka 2.8. */
const api: Api = { apiKey: 64, apiVersion: 0, apiName: 'UnregisterBroker', flexible: true };
const notRegistered = 102;

/** A broker that is not registered counts as removed. */
export async function unregisterBroker(broker: Broker, id: number): Promise<void> {
  const { errorCode, errorMessage } = await exchange(
    broker,
    api,
    (encoder) => encoder.writeInt32(id).writeUVarInt(noTags),
    decode,
  );
  const error = errorCode === notRegistered ? undefined : brokerError(errorCode, errorMessage);
  if (error) throw error;
}

function decode(decoder: Decoder) {
  decoder.readInt32(); // throttle time
  return { errorCode: decoder.readInt16(), errorMessage: decoder.readUVarIntString() };
}
