import type { LogLevel } from '../lib/log.ts';
import { name, programVariables } from '../lib/program-variables.ts';
import { list, oneOf, port, readVariables, text, variable, type Environment } from '../lib/variables.ts';
import { podDefaultsFields, type PodDefaults } from './pods/pod-defaults.ts';
import type { PodAccess } from './runtime/transport/service-account.ts';

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
  /** What every pod has that says nothing else. */
  readonly podDefaults: PodDefaults;
  readonly leaderElection: boolean;
  readonly logLevel: LogLevel;
  readonly metricsPort: number;
}

export interface RemoveResourcesConfiguration {
  readonly podAccess: PodAccess | undefined;
  readonly podNamespace: string;
  /** The Helm release whose resources are to go. */
  readonly release: string;
  /** The Secret of generated tokens, which goes after them. */
  readonly tokensSecretName: string | undefined;
  /** The Job that this program runs in. */
  readonly jobName: string;
  readonly logLevel: LogLevel;
}

export interface CreateCredentialsConfiguration {
  readonly podAccess: PodAccess | undefined;
  readonly podNamespace: string;
  readonly release: string;
  /** Undefined where the database is somebody else's. */
  readonly database: { readonly secretName: string; readonly host: string } | undefined;
  /** Undefined where the tokens are somebody else's. */
  readonly tokens: { readonly secretName: string; readonly users: readonly string[] } | undefined;
  readonly logLevel: LogLevel;
}

export interface ApplyCrdsConfiguration {
  readonly podAccess: PodAccess | undefined;
  readonly logLevel: LogLevel;
}

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function operatorConfiguration(environment: Environment = process.env): OperatorConfiguration {
  const variables = readVariables(
    {
      ...programVariables,
      ...kubernetesVariables,
      WATCH_NAMESPACES: list('names of namespaces', name).default([]),
      POD_NAMESPACE: text('the namespace that the operator runs in'),
      POD_NAME: text('the name of the pod that the operator runs in'),
      WORKLOAD_IMAGE: text('the image of the chat API and the reminder worker'),
      POD_SECURITY: oneOf(['restricted', 'baseline', 'privileged']).default('restricted'),
      POD_DEFAULTS: variable(
        `JSON with no other fields than ${podDefaultsFields.join(', ')}`,
        parsePodDefaults,
      ).default({}),
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
    podDefaults: variables.POD_DEFAULTS,
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
      LOG_LEVEL: programVariables.LOG_LEVEL,
      POD_NAMESPACE: text('the namespace of the release'),
      RELEASE: text('the name of a Helm release'),
      TOKENS_SECRET: text('the name of a Secret').optional(),
      JOB_NAME: text('the name of the Job that the program runs in'),
    },
    environment,
  );
  const { POD_NAMESPACE: podNamespace, RELEASE: release, LOG_LEVEL: logLevel } = variables;
  const { TOKENS_SECRET: tokensSecretName, JOB_NAME: jobName } = variables;
  return { podAccess: podAccessFrom(variables), podNamespace, release, tokensSecretName, jobName, logLevel };
}

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function createCredentialsConfiguration(environment: Environment = process.env): CreateCredentialsConfiguration {
  const variables = readVariables(
    {
      ...kubernetesVariables,
      LOG_LEVEL: programVariables.LOG_LEVEL,
      POD_NAMESPACE: text('the namespace of the release'),
      RELEASE: text('the name of a Helm release'),
      DATABASE_SECRET: text('the name of a Secret').optional(),
      DATABASE_HOST: text('the host and port of the database').optional(),
      TOKENS_SECRET: text('the name of a Secret').optional(),
      USERS: list('names of users', name).default([]),
    },
    environment,
  );
  const { POD_NAMESPACE: podNamespace, RELEASE: release, LOG_LEVEL: logLevel, USERS: users } = variables;
  const { DATABASE_SECRET: databaseSecret, DATABASE_HOST: host, TOKENS_SECRET: tokensSecret } = variables;
  return {
    podAccess: podAccessFrom(variables),
    podNamespace,
    release,
    database: databaseSecret !== undefined && host !== undefined ? { secretName: databaseSecret, host } : undefined,
    tokens: tokensSecret === undefined ? undefined : { secretName: tokensSecret, users },
    logLevel,
  };
}

/** @throws {ExpectedError} InvalidConfiguration, which names every bad variable */
export function applyCrdsConfiguration(environment: Environment = process.env): ApplyCrdsConfiguration {
  const variables = readVariables({ ...kubernetesVariables, LOG_LEVEL: programVariables.LOG_LEVEL }, environment);
  return { podAccess: podAccessFrom(variables), logLevel: variables.LOG_LEVEL };
}

function parsePodDefaults(json: string): PodDefaults | undefined {
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const known = isObject && Object.keys(value).every((key) => podDefaultsFields.some((field) => field === key));
    return known ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What kubelet sets in every pod, and the kubeconfig to be used instead. */
const kubernetesVariables = {
  KUBECONFIG: text('the path of a kubeconfig').optional(),
  KUBERNETES_SERVICE_HOST: text('the address of the API server').optional(),
  KUBERNETES_SERVICE_PORT: port.default(443),
  SERVICE_ACCOUNT_DIRECTORY: text('a folder with the files token and ca.crt').default(
    '/var/run/secrets/kubernetes.io/serviceaccount',
  ),
};

/** What reading the variables gives. */
interface KubernetesValues {
  readonly KUBECONFIG?: string | undefined;
  readonly KUBERNETES_SERVICE_HOST?: string | undefined;
  readonly KUBERNETES_SERVICE_PORT: number;
  readonly SERVICE_ACCOUNT_DIRECTORY: string;
}

/** Undefined outside of pods, and wherever a kubeconfig is named. */
function podAccessFrom(values: KubernetesValues): PodAccess | undefined {
  const { KUBECONFIG, KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: servicePort } = values;
  if (KUBECONFIG !== undefined || host === undefined) return undefined;
  const url = `https://${host.includes(':') ? `[${host}]` : host}:${servicePort}`;
  return { url, serviceAccountDirectory: values.SERVICE_ACCOUNT_DIRECTORY };
}
