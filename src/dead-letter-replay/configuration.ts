import { deadLetterFilter, type DeadLetterFilter } from '../api/dead-letter-replay.ts';
import type { KafkaConnection } from '../kafka/connection.ts';
import { connectionFrom, connectionVariables } from '../kafka/connection-variables.ts';
import type { LogLevel } from '../lib/log.ts';
import { name, programVariables, topic } from '../lib/program-variables.ts';
import { integer, list, oneOf, readVariables, text, variable, type Environment } from '../lib/variables.ts';

export interface DeadLetterReplayConfiguration {
  readonly kafka: KafkaConnection;
  readonly deadLetterTopic: string;
  /** Topics that letters may go back to. */
  readonly topics: readonly string[];
  /** Of the consumer group and the transactions of this replay. */
  readonly id: string;
  readonly filter: DeadLetterFilter;
  /** Infinity for all. */
  readonly limit: number;
  readonly dryRun: boolean;
  /** Messages a second; Infinity for as fast as it goes. */
  readonly throttle: number;
  readonly maxReturns: number;
  /** Where Kubernetes reads a container's last words. */
  readonly terminationLog: string;
  readonly logLevel: LogLevel;
  readonly metricsPort: number;
}

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function deadLetterReplayConfiguration(environment: Environment = process.env): DeadLetterReplayConfiguration {
  const variables = readVariables(
    {
      ...programVariables,
      ...connectionVariables(environment),
      POD_NAME: text('the name of the pod').default('dead-letter-replay'),
      DEAD_LETTER_TOPIC: topic,
      TOPICS: list('names of topics', name),
      REPLAY_ID: text('the name of a consumer group'),
      FILTER: variable('a filter in JSON', parseFilter).default({}),
      LIMIT: integer(1, 1_000_000_000).optional(),
      DRY_RUN: oneOf(['true', 'false']).default('false'),
      THROTTLE: integer(1, 100_000).optional(),
      MAX_RETURNS: integer(1, 100).default(3),
      TERMINATION_LOG: text('a file').default('/dev/termination-log'),
    },
    environment,
  );
  return {
    kafka: connectionFrom(variables, variables.POD_NAME),
    deadLetterTopic: variables.DEAD_LETTER_TOPIC,
    topics: variables.TOPICS,
    id: variables.REPLAY_ID,
    filter: variables.FILTER,
    limit: variables.LIMIT ?? Infinity,
    dryRun: variables.DRY_RUN === 'true',
    throttle: variables.THROTTLE ?? Infinity,
    maxReturns: variables.MAX_RETURNS,
    terminationLog: variables.TERMINATION_LOG,
    logLevel: variables.LOG_LEVEL,
    metricsPort: variables.METRICS_PORT,
  };
}

function parseFilter(json: string): DeadLetterFilter | undefined {
  try {
    return deadLetterFilter.parse(JSON.parse(json));
  } catch {
    // The error that names the variable and shows its value says what matters.
    return undefined;
  }
}
