import type { KafkaConnection } from '../kafka/connection.ts';
import { connectionFrom, connectionVariables } from '../kafka/connection-variables.ts';
import type { LogLevel } from '../lib/log.ts';
import type { PushKeys } from './push/push-sender.ts';
import { providerUrl } from './sign-in/provider-url.ts';
import type { SignInConfiguration } from './sign-in/sign-in.ts';
import { databaseUri, name, programVariables, topic } from '../lib/program-variables.ts';
import { list, port, readVariables, text, variable, type Environment } from '../lib/variables.ts';

export interface ChatApiConfiguration {
  readonly kafka: KafkaConnection;
  readonly httpPort: number;
  readonly databaseUri: string;
  readonly topics: { readonly events: string; readonly updates: string; readonly reminders: string };
  /** A folder in which each file is a user's token, and its name the user's. */
  readonly authTokensDirectory: string;
  /** Undefined without a language model: the English grammar is used alone. */
  readonly llm: { readonly baseUrl: string; readonly model: string; readonly apiKey: string | undefined } | undefined;
  /** Undefined without an identity provider. */
  readonly signIn: SignInConfiguration | undefined;
  /** Undefined without keys for Web Push: reminders reach open pages only. */
  readonly pushKeys: PushKeys | undefined;
  readonly podName: string;
  readonly logLevel: LogLevel;
  readonly metricsPort: number;
}

interface SignInVariables {
  readonly OIDC_ISSUER?: string | undefined;
  readonly OIDC_CLIENT_ID?: string | undefined;
  readonly OIDC_AUDIENCE?: string | undefined;
  readonly OIDC_USER_CLAIM: string;
  readonly OIDC_SCOPES: readonly string[];
  readonly OIDC_CA_FILE?: string | undefined;
}

function signInFrom(variables: SignInVariables): SignInConfiguration | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_AUDIENCE: audience } = variables;
  if (issuer === undefined || clientId === undefined || audience === undefined) return undefined;
  const { OIDC_USER_CLAIM: userClaim, OIDC_SCOPES: scopes, OIDC_CA_FILE: caFile } = variables;
  return { issuer, clientId, audience, userClaim, scopes, caFile };
}

interface PushVariables {
  readonly WEB_PUSH_PUBLIC_KEY?: string | undefined;
  readonly WEB_PUSH_PRIVATE_KEY?: string | undefined;
  readonly WEB_PUSH_SUBJECT?: string | undefined;
}

function pushKeysFrom(variables: PushVariables): PushKeys | undefined {
  const { WEB_PUSH_PUBLIC_KEY: publicKey, WEB_PUSH_PRIVATE_KEY: privateKey, WEB_PUSH_SUBJECT: subject } = variables;
  return publicKey && privateKey && subject ? { publicKey, privateKey, subject } : undefined;
}

/** A key in base64url, without padding. */
function vapidKey(bytes: number) {
  return variable(`a key of ${bytes} bytes in base64url`, (value) =>
    /^[\w-]+$/.test(value) && Buffer.from(value, 'base64url').length === bytes ? value : undefined,
  );
}

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function chatApiConfiguration(environment: Environment = process.env): ChatApiConfiguration {
  const model = text('the name of a model, as LLM_BASE_URL is set');
  const isPushing = Boolean(environment.WEB_PUSH_PUBLIC_KEY);
  const subject = variable('mailto: or https:', (value) => (/^(mailto:|https:)./.test(value) ? value : undefined));
  const ofIssuer = (allowed: string) => (environment.OIDC_ISSUER ? text(allowed) : text(allowed).optional());
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
      OIDC_ISSUER: variable('an https URL', (value) => (providerUrl(value) ? value : undefined)).optional(),
      OIDC_CLIENT_ID: ofIssuer('the id of the page as a client of OIDC_ISSUER'),
      OIDC_AUDIENCE: ofIssuer('the audience of the tokens of OIDC_ISSUER'),
      OIDC_USER_CLAIM: text('a claim').default('sub'),
      OIDC_SCOPES: list('scopes', name).default(['openid']),
      OIDC_CA_FILE: text('a file with certificates').optional(),
      WEB_PUSH_PUBLIC_KEY: vapidKey(65).optional(),
      WEB_PUSH_PRIVATE_KEY: isPushing ? vapidKey(32) : vapidKey(32).optional(),
      WEB_PUSH_SUBJECT: isPushing ? subject : subject.optional(),
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
    signIn: signInFrom(variables),
    pushKeys: pushKeysFrom(variables),
    podName: variables.POD_NAME,
    logLevel: variables.LOG_LEVEL,
    metricsPort: variables.METRICS_PORT,
  };
}

function httpUrl(value: string): string | undefined {
  return /^https?:\/\//.test(value) && URL.canParse(value) ? value : undefined;
}
