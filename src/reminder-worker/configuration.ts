import type { KafkaConnection } from '../kafka/connection.ts';
import { connectionFrom, connectionVariables } from '../kafka/connection-variables.ts';
import type { LogLevel } from '../lib/log.ts';
import { databaseUri, name, programVariables, topic } from '../lib/program-variables.ts';
import { integer, list, readVariables, text, wholeNumber, type Environment } from '../lib/variables.ts';

export interface ReminderWorkerConfiguration {
  readonly kafka: KafkaConnection;
  readonly databaseUri: string;
  readonly topics: readonly string[];
  readonly remindersTopic: string;
  readonly deadLetterTopic: string;
  readonly groupId: string;
  /** How long before its due time a task is announced; each is a reminder of its own. */
  readonly leadTimesSeconds: readonly number[];
  /** Grows with each change of the lead times: that of an older pod does not replace a newer one. */
  readonly leadTimesRevision: number;
  /** How long the state of deleted tasks is kept: at least as long as the topics keep events of them. */
  readonly deletedTaskDays: number;
  readonly retry: {
    readonly maxAttempts: number;
    readonly initialDelayMilliseconds: number;
    readonly maxDelayMilliseconds: number;
  };
  readonly podName: string;
  readonly logLevel: LogLevel;
  readonly metricsPort: number;
}

const yearSeconds = 365 * 24 * 60 * 60;
const dayMilliseconds = 24 * 60 * 60 * 1000;

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function reminderWorkerConfiguration(environment: Environment = process.env): ReminderWorkerConfiguration {
  const variables = readVariables(
    {
      ...programVariables,
      ...connectionVariables(environment),
      POD_NAME: text('the name of the pod').default('reminder-worker'),
      DATABASE_URI: databaseUri,
      TOPICS: list('names of topics', name).default(['task-events', 'task-updates']),
      REMINDERS_TOPIC: topic.default('reminders'),
      DEAD_LETTER_TOPIC: topic,
      GROUP_ID: text('the name of a consumer group'),
      LEAD_TIMES_SECONDS: list(`whole numbers of seconds from 0 to ${yearSeconds}`, (item) =>
        wholeNumber(item, 0, yearSeconds),
      ).default([0]),
      LEAD_TIMES_REVISION: integer(0, Number.MAX_SAFE_INTEGER).default(0),
      DELETED_TASK_DAYS: integer(1, 36_500).default(90),
      RETRY_MAX_ATTEMPTS: integer(1, 1000).default(5),
      RETRY_INITIAL_DELAY_MILLISECONDS: integer(1, dayMilliseconds).default(500),
      RETRY_MAX_DELAY_MILLISECONDS: integer(1, dayMilliseconds).default(30_000),
    },
    environment,
  );
  return {
    kafka: connectionFrom(variables, variables.POD_NAME),
    databaseUri: variables.DATABASE_URI,
    topics: variables.TOPICS,
    remindersTopic: variables.REMINDERS_TOPIC,
    deadLetterTopic: variables.DEAD_LETTER_TOPIC,
    groupId: variables.GROUP_ID,
    leadTimesSeconds: variables.LEAD_TIMES_SECONDS,
    leadTimesRevision: variables.LEAD_TIMES_REVISION,
    deletedTaskDays: variables.DELETED_TASK_DAYS,
    retry: {
      maxAttempts: variables.RETRY_MAX_ATTEMPTS,
      initialDelayMilliseconds: variables.RETRY_INITIAL_DELAY_MILLISECONDS,
      maxDelayMilliseconds: variables.RETRY_MAX_DELAY_MILLISECONDS,
    },
    podName: variables.POD_NAME,
    logLevel: variables.LOG_LEVEL,
    metricsPort: variables.METRICS_PORT,
  };
}
