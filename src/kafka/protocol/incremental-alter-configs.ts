import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';
import { exchange, type Api } from './request.ts';

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

const api: Api = { apiKey: 44, apiVersion: 0, apiName: 'IncrementalAlterConfigs', flexible: false };
const topicResource = 2;
const setOperation = 0;
const deleteOperation = 1;

/** KIP-339. kafkajs only knows AlterConfigs, which takes away every config that it is not told of. */
export async function incrementalAlterConfigs(
  broker: Broker,
  changes: readonly ConfigChange[],
  validateOnly: boolean,
): Promise<ConfigChangeResult[]> {
  return exchange(
    broker,
    api,
    (encoder) => {
      encoder.writeInt32(changes.length);
      for (const change of changes) encodeChange(encoder, change);
      encoder.writeBoolean(validateOnly);
    },
    decode,
  );
}

function encodeChange(encoder: Encoder, { topic, configs }: ConfigChange): void {
  const entries = Object.entries(configs);
  encoder.writeInt8(topicResource).writeString(topic).writeInt32(entries.length);
  for (const [name, value] of entries) {
    const operation = value === null ? deleteOperation : setOperation;
    encoder.writeString(name).writeInt8(operation).writeString(value);
  }
}

function decode(decoder: Decoder): ConfigChangeResult[] {
  decoder.readInt32(); // throttle time
  return decoder.readArray((result) => {
    const errorCode = result.readInt16();
    const errorMessage = result.readString();
    result.readInt8(); // the type of the resource: a topic
    return { topic: result.readString() ?? '', errorCode, errorMessage };
  });
}
