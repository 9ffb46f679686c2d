import type { KafkaConnection } from '../kafka/connection.ts';
import { connectionFrom, connectionVariables } from '../kafka/connection-variables.ts';
import type { LogLevel } from '../lib/log.ts';
import { programVariables, topic } from '../lib/program-variables.ts';
import { integer, list, oneOf, readVariables, text, variable, type Environment } from '../lib/variables.ts';
import { isCidr } from '../lib/address-rules.ts';
import { parseSigningSecrets } from './signature.ts';

export interface ReminderWebhookConfiguration {
  readonly kafka: KafkaConnection;
  readonly remindersTopic: string;
  readonly deadLetterTopic: string;
  readonly groupId: string;
  readonly url: URL;
  readonly signingKeys: readonly Buffer[];
  /** Networks that requests may go to beside public addresses. */
  readonly allowedCidrs: readonly string[];
  /** Reminders that fired before are not sent. */
  readonly since: Date | undefined;
  readonly timeoutMilliseconds: number;
  readonly maxInFlight: number;
  readonly maxPerSecond: number;
  readonly retry: {
    readonly maxAttempts: number;
    readonly maxAgeSeconds: number;
    readonly initialDelayMilliseconds: number;
    readonly maxDelayMilliseconds: number;
  };
  readonly logLevel: LogLevel;
  readonly metricsPort: number;
}

const daySeconds = 24 * 60 * 60;
const dayMilliseconds = daySeconds * 1000;

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function reminderWebhookConfiguration(environment: Environment = process.env): ReminderWebhookConfiguration {
  const isHttpAllowed = environment.ALLOW_HTTP === 'true';
  const variables = readVariables(
    {
      ...programVariables,
      ...connectionVariables(environment),
      POD_NAME: text('the name of the pod').default('reminder-webhook'),
      REMINDERS_TOPIC: topic.default('reminders'),
      DEAD_LETTER_TOPIC: topic,
      GROUP_ID: text('the name of a consumer group'),
      ALLOW_HTTP: oneOf(['true', 'false']).default('false'),
      // Called a URI, since its path and query are often secrets, as those of the URIs of databases.
      WEBHOOK_URI: variable(
        `a URL that begins with https://${isHttpAllowed ? ' or http://' : ''} and names no user`,
        (value) => parseTarget(value, isHttpAllowed),
      ),
      SIGNING_KEY: variable(
        'one to four secrets with blanks between them, each of them whsec_ and 24 to 64 bytes in base64',
        parseSigningSecrets,
      ),
      ALLOWED_CIDRS: list('networks such as 10.1.0.0/16', (item) => (isCidr(item) ? item : undefined)).default([]),
      DELIVER_SINCE: variable('a time such as 2026-01-31T12:00:00Z', parseTime).optional(),
      TIMEOUT_MILLISECONDS: integer(100, 20_000).default(10_000),
      MAX_IN_FLIGHT: integer(1, 1000).default(8),
      MAX_PER_SECOND: integer(1, 10_000).default(50),
      RETRY_MAX_ATTEMPTS: integer(1, 1000).default(10),
      RETRY_MAX_AGE_SECONDS: integer(0, 30 * daySeconds).default(daySeconds),
      RETRY_INITIAL_DELAY_MILLISECONDS: integer(1, dayMilliseconds).default(1000),
      RETRY_MAX_DELAY_MILLISECONDS: integer(1, dayMilliseconds).default(60_000),
    },
    environment,
  );
  return {
    kafka: connectionFrom(variables, variables.POD_NAME),
    remindersTopic: variables.REMINDERS_TOPIC,
    deadLetterTopic: variables.DEAD_LETTER_TOPIC,
    groupId: variables.GROUP_ID,
    url: variables.WEBHOOK_URI,
    signingKeys: variables.SIGNING_KEY,
    allowedCidrs: variables.ALLOWED_CIDRS,
    since: variables.DELIVER_SINCE,
    timeoutMilliseconds: variables.TIMEOUT_MILLISECONDS,
    maxInFlight: variables.MAX_IN_FLIGHT,
    maxPerSecond: variables.MAX_PER_SECOND,
    retry: {
      maxAttempts: variables.RETRY_MAX_ATTEMPTS,
      maxAgeSeconds: variables.RETRY_MAX_AGE_SECONDS,
      initialDelayMilliseconds: variables.RETRY_INITIAL_DELAY_MILLISECONDS,
      maxDelayMilliseconds: variables.RETRY_MAX_DELAY_MILLISECONDS,
    },
    logLevel: variables.LOG_LEVEL,
    metricsPort: variables.METRICS_PORT,
  };
}

function parseTarget(value: string, isHttpAllowed: boolean): URL | undefined {
  const url = URL.parse(value);
  if (!url || url.username !== '' || url.password !== '') return undefined;
  return url.protocol === 'https:' || (isHttpAllowed && url.protocol === 'http:') ? url : undefined;
}

function parseTime(value: string): Date | undefined {
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
