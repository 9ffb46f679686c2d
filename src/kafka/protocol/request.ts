import type Broker from 'kafkajs/src/broker/index.js';
import type { WireRequest } from 'kafkajs/src/broker/index.js';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { ExpectedError } from '../../lib/errors.ts';
import { kafkaError, type KafkaErrorCode } from '../errors.ts';

/** A request of Kafka's protocol in one of its versions. */
export interface Api {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  /** Whether this version is a flexible one (KIP-482), with compact lengths and tags. */
  readonly flexible: boolean;
}

export const noTags = 0;

/**
 * Sends a request that is encoded here, as kafkajs lacks it, or drops what the broker says. The answer is an object, as
 * kafkajs looks into it.
 *
 * @throws {ExpectedError} when no answer comes, or the broker does not know the request; errors within the answer
 *   are left to `read`, or to the caller
 */
export async function exchange<Answer extends object>(
  broker: Broker,
  api: Api,
  write: (encoder: Encoder) => void,
  read: (decoder: Decoder) => Answer,
): Promise<Answer> {
  if (!supports(broker, api)) throw unsupported(api);
  return send(broker, {
    request: { ...api, encode: () => Promise.resolve(encode(api, write)) },
    response: { decode: (payload) => Promise.resolve(decode(api, payload, read)), parse: asDecoded },
  });
}

/** Headers of flexible versions end in tags, which kafkajs leaves to the body. */
function encode({ flexible }: Api, write: (encoder: Encoder) => void): Encoder {
  const encoder = new Encoder();
  if (flexible) encoder.writeUVarInt(noTags);
  write(encoder);
  return encoder;
}

function decode<Answer extends object>({ flexible }: Api, payload: Buffer, read: (decoder: Decoder) => Answer): Answer {
  const decoder = new Decoder(payload);
  if (flexible) decoder.readTaggedFields();
  return read(decoder);
}

/** @throws {ExpectedError} when no answer comes */
export async function send<Response>(broker: Broker, request: WireRequest<Response>): Promise<Response> {
  try {
    return await broker.connectionPool.send(request);
  } catch (error) {
    throw kafkaError(error);
  }
}

/** For an answer whose errors the caller reads, one for each thing that was asked for. */
export const asDecoded = <Response>(decoded: Response): Promise<Response> => Promise.resolve(decoded);

/** Whether the broker knows a request in its version. */
export function supports(broker: Broker, { apiKey, apiVersion }: Api): boolean {
  const range = broker.versions?.[apiKey];
  return range !== undefined && range.minVersion <= apiVersion && apiVersion <= range.maxVersion;
}

function unsupported({ apiName, apiVersion }: Api) {
  const message = `The broker does not know the request ${apiName} in version ${apiVersion}`;
  return new ExpectedError<KafkaErrorCode>('UnsupportedVersion', message);
}
