import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';
import type { ConfigResource } from './config-resource.ts';
import { exchange, type Api } from './request.ts';

/** Configs of one topic by name: a text sets it, null takes it back to what the broker has as its default. */
export interface ConfigChange {
  readonly topic: string;
  readonly configs: Readonly<Record<string, string | null>>;
}

/** Configs of one topic or broker. */
export interface ConfigAlteration extends ConfigResource {
  readonly configs: ConfigValues;
}

/** By name: a text sets it, null takes it back to what the broker has as its default, and a list is added to. */
export type ConfigValues = Readonly<Record<string, string | null | { readonly append: string }>>;

interface ConfigAlterationResult {
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

const api: Api = { apiKey: 44, apiVersion: 0, apiName: 'IncrementalAlterConfigs', flexible: false };
const setOperation = 0;
const deleteOperation = 1;
const appendOperation = 2;

/** KIP-339. kafkajs only knows AlterConfigs, which takes away every config that it is not told of. */
export async function incrementalAlterConfigs(
  broker: Broker,
  alterations: readonly ConfigAlteration[],
  validateOnly: boolean,
): Promise<ConfigAlterationResult[]> {
  return exchange(
    broker,
    api,
    (encoder) => {
      encoder.writeInt32(alterations.length);
      for (const alteration of alterations) encodeAlteration(encoder, alteration);
      encoder.writeBoolean(validateOnly);
    },
    decode,
  );
}

function encodeAlteration(encoder: Encoder, { type, name, configs }: ConfigAlteration): void {
  const entries = Object.entries(configs);
  encoder.writeInt8(type).writeString(name).writeInt32(entries.length);
  for (const [config, value] of entries) {
    if (typeof value === 'object' && value !== null)
      encoder.writeString(config).writeInt8(appendOperation).writeString(value.append);
    else
      encoder
        .writeString(config)
        .writeInt8(value === null ? deleteOperation : setOperation)
        .writeString(value);
  }
}

function decode(decoder: Decoder): ConfigAlterationResult[] {
  decoder.readInt32(); // throttle time
  return decoder.readArray((result) => {
    const errorCode = result.readInt16();
    const errorMessage = result.readString();
    result.readInt8(); // its type
    return { name: result.readString() ?? '', errorCode, errorMessage };
  });
}
