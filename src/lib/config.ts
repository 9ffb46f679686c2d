import type { KafkaConnection } from '../kafka/connection.ts';
import { connectionFrom, connectionVariables } from './config-kafka.ts';
import { kubernetesVariables, podAccessFrom, type PodAccess } from './config-kubernetes.ts';
import { logLevels, type LogLevel } from './log.ts';
import {
  integer,
  list,
  oneOf,
  port,
  readVariables,
  text,
  variable,
  wholeNumber,
  type Environment,
} from './variables.ts';

export interface OperatorConfiguration {
  /** Undefined where the user's kubeconfig is to be used. */
  readonly podAccess: PodAccess | undefined;
  /** Empty for all namespaces. */
  readonly watchNamespaces: readonly string[];
  readonly podNamespace: string;
  readonly podName: string;
  /** The image of the chat API and the reminder worker, which is the operator's own by default. */
  readonly workloadImage: string;
  /** What the podTemplate of a resource may ask for at most: a level of the Pod Security Standards. */
  readonly podSecurity: 'restricted' | 'baseline' | 'privileged';
  readonly leaderElection: boolean;
  readonly logLevel: LogLevel;
  readonly metricsPort: number;
}

export interface RemoveResourcesConfiguration {
  readonly podAccess: PodAccess | undefined;
  readonly podNamespace: string;
  /** The Helm release whose resources are to go. */
  readonly release: string;
  readonly logLevel: LogLevel;
}

export interface ApplyCrdsConfiguration {
  readonly podAccess: PodAccess | undefined;
  readonly logLevel: LogLevel;
}

export interface ChatApiConfiguration {
  readonly kafka: KafkaConnection;
  readonly httpPort: number;
  readonly databaseUri: string;
  readonly topics: { readonly events: string; readonly updates: string; readonly reminders: string };
  /** A folder in which each file is a user's token, and its name the user's. */
  readonly authTokensDirectory: string;
  /** Undefined without a language model: the English grammar is used alone. */
  readonly llm: { readonly baseUrl: string; readonly model: string; readonly apiKey: string | undefined } | undefined;
  readonly podName: string;
  readonly logLevel: LogLevel;
  readonly metricsPort: number;
}

export interface ReminderWorkerConfiguration {
  readonly kafka: KafkaConnection;
  readonly databaseUri: string;
  readonly topics: readonly string[];
  readonly remindersTopic: string;
  readonly deadLetterTopic: string;
  readonly groupId: string;
  /** How long before its due time a task is announced; each is a reminder of its own. */
  readonly leadTimesSeconds: readonly number[];
  readonly retry: {
    readonly maxAttempts: number;
    readonly initialDelayMilliseconds: number;
    readonly maxDelayMilliseconds: number;
  };
  readonly podName: string;
  readonly logLevel: LogLevel;
  readonly metricsPort: number;
}

/** What all programs read. */
const common = {
  LOG_LEVEL: oneOf(logLevels).default('info'),
  METRICS_PORT: port.default(9090),
};

const name = (item: string) => (item === '' ? undefined : item);
const topic = text('the name of a topic');
const databaseUri = variable('a URI such as postgresql://user:password@host:5432/database', (value) =>
  /^postgres(ql)?:\/\/./.test(value) && URL.canParse(value) ? value : undefined,
);

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function operatorConfiguration(environment: Environment = process.env): OperatorConfiguration {
  const variables = readVariables(
    {
      ...common,
      ...kubernetesVariables,
      WATCH_NAMESPACES: list('names of namespaces', name).default([]),
      POD_NAMESPACE: text('the namespace that the operator runs in'),
      POD_NAME: text('the name of the pod that the operator runs in'),
      WORKLOAD_IMAGE: text('the image of the chat API and the reminder worker'),
      POD_SECURITY: oneOf(['restricted', 'baseline', 'privileged']).default('restricted'),
      LEADER_ELECTION: oneOf(['true', 'false']).default('true'),
    },
    environment,
  );
  return {
    podAccess: podAccessFrom(variables),
    watchNamespaces: variables.WATCH_NAMESPACES,
    podNamespace: variables.POD_NAMESPACE,
    podName: variables.POD_NAME,
    workloadImage: variables.WORKLOAD_IMAGE,
    podSecurity: variables.POD_SECURITY,
    leaderElection: variables.LEADER_ELECTION === 'true',
    logLevel: variables.LOG_LEVEL,
    metricsPort: variables.METRICS_PORT,
  };
}

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function removeResourcesConfiguration(environment: Environment = process.env): RemoveResourcesConfiguration {
  const variables = readVariables(
    {
      ...kubernetesVariables,
      LOG_LEVEL: common.LOG_LEVEL,
      POD_NAMESPACE: text('the namespace of the release'),
      RELEASE: text('the name of a Helm release'),
    },
    environment,
  );
  const { POD_NAMESPACE: podNamespace, RELEASE: release, LOG_LEVEL: logLevel } = variables;
  return { podAccess: podAccessFrom(variables), podNamespace, release, logLevel };
}

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function applyCrdsConfiguration(environment: Environment = process.env): ApplyCrdsConfiguration {
  const variables = readVariables({ ...kubernetesVariables, LOG_LEVEL: common.LOG_LEVEL }, environment);
  return { podAccess: podAccessFrom(variables), logLevel: variables.LOG_LEVEL };
}

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function chatApiConfiguration(environment: Environment = process.env): ChatApiConfiguration {
  const model = text('the name of a model, as LLM_BASE_URL is set');
  const variables = readVariables(
    {
      ...common,
      ...connectionVariables(environment),
      POD_NAME: text('the name of the pod').default('chat-api'),
      HTTP_PORT: port.default(8080),
      DATABASE_URI: databaseUri,
      EVENTS_TOPIC: topic.default('task-events'),
      UPDATES_TOPIC: topic.default('task-updates'),
      REMINDERS_TOPIC: topic.default('reminders'),
      AUTH_TOKENS_DIRECTORY: text('a folder with one file for each user, which holds the token'),
      LLM_BASE_URL: variable('a URL such as https://host/v1', httpUrl).optional(),
      LLM_MODEL: environment.LLM_BASE_URL ? model : model.optional(),
      LLM_API_KEY: text('a key').optional(),
    },
    environment,
  );
  const { LLM_BASE_URL: baseUrl, LLM_MODEL: modelName, LLM_API_KEY: apiKey } = variables;
  return {
    kafka: connectionFrom(variables, variables.POD_NAME),
    httpPort: variables.HTTP_PORT,
    databaseUri: variables.DATABASE_URI,
    topics: {
      events: variables.EVENTS_TOPIC,
      updates: variables.UPDATES_TOPIC,
      reminders: variables.REMINDERS_TOPIC,
    },
    authTokensDirectory: variables.AUTH_TOKENS_DIRECTORY,
    llm: baseUrl && modelName ? { baseUrl, model: modelName, apiKey } : undefined,
    podName: variables.POD_NAME,
    logLevel: variables.LOG_LEVEL,
    metricsPort: variables.METRICS_PORT,
  };
}

function httpUrl(value: string): string | undefined {
  return /^https?:\/\//.test(value) && URL.canParse(value) ? value : undefined;
}

const yearSeconds = 365 * 24 * 60 * 60;
const dayMilliseconds = 24 * 60 * 60 * 1000;

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function reminderWorkerConfiguration(environment: Environment = process.env): ReminderWorkerConfiguration {
  const variables = readVariables(
    {
      ...common,
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
