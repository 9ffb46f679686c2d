import { logLevel, type ISocketFactory, type KafkaConfig, type SASLOptions } from 'kafkajs';
import type { Logger } from '../../lib/log.ts';
import type { KafkaConnection } from '../connection.ts';
import { boundDecoder } from './bounded-decoder.ts';
import { createBrokerSockets, type AnswerLimits } from './broker-socket.ts';
import { boundFetch } from './fetch/bounded-fetch.ts';
import { endFetching } from './fetch/end-fetching.ts';
import { followLeaders } from './fetch/follow-leaders.ts';
import { passLeaderless } from './fetch/pass-leaderless.ts';
import { followCoordinator } from './follow-coordinator.ts';
import { encodeProduceFast } from './produce/fast-produce.ts';
import { createLogCreator } from './log-creator.ts';
import { throttleByMonotonicTime } from './request-queue.ts';

// What kafkajs does itself goes by a clock that jumps, has no bounds or no end, takes most of the processor time, or
// comes late.
throttleByMonotonicTime();
boundDecoder();
boundFetch();
endFetching();
followCoordinator();
followLeaders();
passLeaderless();
encodeProduceFast();

export interface ClientTimes {
  /** How long a request may take, in milliseconds. */
  readonly requestMilliseconds: number;
  /** How long connecting to one broker may take, in milliseconds. */
  readonly connectMilliseconds: number;
  /** How long a call of an admin client may take, whatever it asks of however many brokers, in milliseconds. */
  readonly callMilliseconds: number;
}

export const patience: ClientTimes = {
  requestMilliseconds: 15_000,
  connectMilliseconds: 3_000,
  callMilliseconds: 20_000,
};

function tlsOptions({ ca, clientCertificate }: NonNullable<KafkaConnection['tls']>) {
  if (ca === undefined && !clientCertificate) return true;
  return {
    ...(ca !== undefined && { ca }),
    ...(clientCertificate && { cert: clientCertificate.certificate, key: clientCertificate.privateKey }),
  };
}

/** What all clients of kafkajs have in common. */
export function clientOptions(
  connection: KafkaConnection,
  logger: Logger,
  times: Partial<ClientTimes> = {},
  answers: Partial<AnswerLimits> = {},
) {
  const { requestMilliseconds, connectMilliseconds } = { ...patience, ...times };
  const { bootstrapServers, clientId, tls, sasl } = connection;
  return {
    brokers: [...bootstrapServers],
    clientId,
    ...(tls && { ssl: tlsOptions(tls) }),
    ...(sasl && { sasl: { ...sasl, mechanism: sasl.mechanism.toLowerCase() } as SASLOptions }),
    requestTimeout: requestMilliseconds,
    connectionTimeout: connectMilliseconds,
    authenticationTimeout: requestMilliseconds,
    // Each retry asks the next of the bootstrap servers. Longer waiting is for our callers, who know what for.
    retry: { retries: Math.max(2, bootstrapServers.length), initialRetryTime: 100, maxRetryTime: 1000 },
    // It has all of a socket that kafkajs uses.
    socketFactory: createBrokerSockets(answers) as unknown as ISocketFactory,
    logLevel: logLevel.DEBUG,
    logCreator: createLogCreator(logger),
  } satisfies KafkaConfig;
}
