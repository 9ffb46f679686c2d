import type Broker from 'kafkajs/src/broker/index.js';
import type { WireRequest } from 'kafkajs/src/broker/index.js';
import { kafkaError } from '../errors.ts';

/** @throws {KafkaEventsError} when no answer comes */
export async function send<Response>(broker: Broker, request: WireRequest<Response>): Promise<Response> {
  try {
    return await broker.connectionPool.send(request);
  } catch (error) {
    throw kafkaError(error);
  }
}

/** For an answer whose errors the caller reads, one for each thing that was asked for. */
export const asDecoded = <Response>(decoded: Response): Promise<Response> => Promise.resolve(decoded);

/** Whether the broker knows a request in a version. */
export function supports(broker: Broker, apiKey: number, version: number): boolean {
  const range = broker.versions?.[apiKey];
  return range !== undefined && range.minVersion <= version && version <= range.maxVersion;
}
