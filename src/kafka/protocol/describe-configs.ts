import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import type { ConfigResource } from './config-resource.ts';
import { exchange, type Api } from './request.ts';

export interface DescribedConfigs {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** Of the topic, or the id of the broker. */
  readonly name: string;
  readonly configs: readonly DescribedConfig[];
}

export interface DescribedConfig {
  readonly name: string;
  /** Null for one that is secret, or has no value. */
  readonly value: string | null;
  readonly source: number;
}

const api: Api = { apiKey: 32, apiVersion: 2, apiName: 'DescribeConfigs', flexible: false };
const allConfigs = -1;
const includeSynonyms = false;

/**
 * The configs of topics and brokers; only a broker itself knows its own. kafkajs has this request, too, but takes a buffer of its own for each name that it writes: for
 * thousands of topics each minute, that would be half of the work.
 *
 * @param names undefined for all that there are
 */
export async function describeConfigs(
  broker: Broker,
  resources: readonly ConfigResource[],
  names: readonly string[] | undefined,
): Promise<DescribedConfigs[]> {
  const namesOfEach = encodeNames(names);
  return exchange(
    broker,
    api,
    (encoder) => {
      encoder.writeInt32(resources.length);
      for (const { type, name } of resources) encoder.writeInt8(type).writeString(name).writeBuffer(namesOfEach);
      encoder.writeBoolean(includeSynonyms);
    },
    decode,
  );
}

function encodeNames(names: readonly string[] | undefined): Buffer {
  const encoder = new Encoder().writeInt32(names?.length ?? allConfigs);
  for (const name of names ?? []) encoder.writeString(name);
  return encoder.buffer;
}

function decode(decoder: Decoder): DescribedConfigs[] {
  decoder.readInt32(); // throttle time
  return decoder.readArray(decodeResource);
}

function decodeResource(decoder: Decoder): DescribedConfigs {
  const errorCode = decoder.readInt16();
  const errorMessage = decoder.readString();
  decoder.readInt8(); // its type
  return { errorCode, errorMessage, name: decoder.readString() ?? '', configs: decoder.readArray(decodeConfig) };
}

function decodeConfig(decoder: Decoder): DescribedConfig {
  const name = decoder.readString() ?? '';
  const value = decoder.readString();
  decoder.readBoolean(); // read only
  const source = decoder.readInt8();
  decoder.readBoolean(); // secret
  decoder.readArray(skipSynonym);
  return { name, value, source };
}

/** None are asked for. */
function skipSynonym(decoder: Decoder): void {
  decoder.readString();
  decoder.readString();
  decoder.readInt8();
}
