import type { KafkaConnection } from '../kafka/connection.ts';
import { connectionFrom, connectionVariables } from '../kafka/connection-variables.ts';
import type { LogLevel } from '../lib/log.ts';
import { databaseUri, programVariables, topic } from '../lib/program-variables.ts';
import { port, readVariables, text, variable, type Environment } from '../lib/variables.ts';

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

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function chatApiConfiguration(environment: Environment = process.env): ChatApiConfiguration {
  const model = text('the name of a model, as LLM_BASE_URL is set');
  const variables = readVariables(
    {
      ...programVariables,
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
