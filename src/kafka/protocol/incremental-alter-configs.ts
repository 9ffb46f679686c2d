import type Broker from 'kafkajs/src/broker/index.js';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { asDecoded, send } from './request.ts';

/** Configs of one topic by name: a text sets it, null takes it back to what the broker has as its default. */
export interface ConfigChange {
  readonly topic: string;
  readonly configs: Readonly<Record<string, string | null>>;
}

interface ConfigChangeResult {
  readonly topic: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

const apiKey = 44;
const topicResource = 2;
const setOperation = 0;
const deleteOperation = 1;

/** KIP-339, version 0. kafkajs only knows AlterConfigs, which takes away every config that it is not told of. */
export async function incrementalAlterConfigs(
  broker: Broker,
  changes: readonly ConfigChange[],
  validateOnly: boolean,
): Promise<ConfigChangeResult[]> {
  const encode = () => Promise.resolve(new Encoder().writeArray(changes.map(encodeChange)).writeBoolean(validateOnly));
  return send(broker, {
    request: { apiKey, apiVersion: 0, apiName: 'IncrementalAlterConfigs', encode },
    response: { decode: (payload) => Promise.resolve(decode(payload)), parse: asDecoded },
  });
}

function encodeChange({ topic, configs }: ConfigChange): Encoder {
  const entries = Object.entries(configs).map(([name, value]) =>
    new Encoder()
      .writeString(name)
      .writeInt8(value === null ? deleteOperation : setOperation)
      .writeString(value),
  );
  return new Encoder().writeInt8(topicResource).writeString(topic).writeArray(entries);
}

function decode(payload: Buffer): ConfigChangeResult[] {
  const decoder = new Decoder(payload);
  decoder.readInt32(); // throttle time
  return decoder.readArray((result) => {
    const errorCode = result.readInt16();
    const errorMessage = result.readString();
    result.readInt8(); // the type of the resource: a topic
    return { topic: result.readString() ?? '', errorCode, errorMessage };
  });
}
