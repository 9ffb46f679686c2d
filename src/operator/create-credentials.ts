import type { V1Secret } from '@kubernetes/client-node';
import { ExpectedError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { userSecrets } from './brokers/user-secrets.ts';
import type { Manifest, Observed } from './runtime/objects.ts';
import type { KubernetesClient } from './runtime/transport/kubernetes-client.ts';
import { hasCode } from './runtime/transport/kubernetes-error.ts';

/** A Secret of generated values. */
export interface Credentials {
  readonly name: string;
  /** What it is to hold, given what it holds; nothing else stays in it. Where that is nothing, no Secret is created. */
  values(kept: Values): Values;
  /** The chart's value that names a Secret of one's own instead, for messages. */
  readonly existingSecretValue: string;
}

export type Values = Readonly<Record<string, string>>;

/** A text that nobody can guess, of so many characters, all of which may stand in a URL. */
export type Generate = (length: number) => string;

export interface CreateCredentialsOptions {
  readonly client: Pick<KubernetesClient, 'get' | 'create' | 'replace'>;
  readonly logger: Logger;
  readonly namespace: string;
  readonly release: string;
  readonly credentials: readonly Credentials[];
}

const attempts = 5;

/**
 * Creates the Secrets of a release, and brings those that exist to the values they should have. They are not part of the
 * release itself: a manifest that is rendered twice must not hold two passwords.
 *
 * @throws {ExpectedError} SecretTaken, or with a KubernetesErrorCode
 */
export async function createCredentials(options: CreateCredentialsOptions): Promise<void> {
  for (const credentials of options.credentials) {
    for (let attempt = 1; ; attempt++) {
      try {
        await bring(credentials, options);
        break;
      } catch (error) {
        // Somebody wrote it between the look and the write.
        if (attempt === attempts || !(hasCode(error, 'Conflict') || hasCode(error, 'AlreadyExists'))) throw error;
      }
    }
  }
}

async function bring(credentials: Credentials, options: CreateCredentialsOptions): Promise<void> {
  const { client, logger, namespace, release } = options;
  const { name } = credentials;
  const present = await client.get(userSecrets, { namespace, name });
  const kept = decoded(present);
  const values = credentials.values(isOf(release, present) ? kept : {});
  const wantsNone = Object.keys(values).length === 0;
  if (!present) {
    if (wantsNone) return;
    const { data, ...metadata } = secretOf(release, values);
    await client.create(userSecrets, { metadata: { namespace, name, ...metadata }, data } as Manifest);
    logger.info({ namespace, name, keys: Object.keys(values) }, 'Created the Secret');
    return;
  }
  if (!isOf(release, present)) {
    if (wantsNone) return;
    throw taken(credentials, options);
  }
  if (sameValues(kept, values) && isKept(present)) {
    logger.info({ namespace, name }, 'The Secret already has these values');
    return;
  }
  const { data, ...metadata } = secretOf(release, values, present);
  await client.replace(userSecrets, { ...present, metadata: { ...present.metadata, ...metadata }, data });
  const added = Object.keys(values).filter((key) => !(key in kept));
  const removed = Object.keys(kept).filter((key) => !(key in values));
  logger.info({ namespace, name, added, removed }, 'Changed the Secret');
}

/** The password of the database: as it was, or a new one. */
export function databaseCredentials(name: string, host: string, generate: Generate): Credentials {
  const user = 'kafka-events';
  return {
    name,
    existingSecretValue: 'postgresql.existingSecret',
    values: ({ username = user, password = generate(32) }) => ({
      username,
      password,
      uri: `postgresql://${encodeURIComponent(username)}:${encodeURIComponent(password)}@${host}/${user}`,
    }),
  };
}

/** A token for each user: as it was, or a new one. That of anybody else goes. */
export function tokenCredentials(name: string, users: readonly string[], generate: Generate): Credentials {
  return {
    name,
    existingSecretValue: 'chatApi.existingSecret',
    values: (kept) => Object.fromEntries(users.map((user) => [user, kept[user] ?? generate(40)])),
  };
}

const instanceLabel = 'app.kubernetes.io/instance';
const partOfLabel = 'app.kubernetes.io/part-of';
/** Earlier versions of the chart had the Secrets in the release: the annotation keeps Helm from deleting them. */
const keepAnnotation = 'helm.sh/resource-policy';

/** What is ours in the Secret, over what others put there. */
function secretOf(release: string, values: Values, present?: Observed<V1Secret>) {
  const { labels, annotations } = present?.metadata ?? {};
  const entries = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    labels: { ...labels, [partOfLabel]: 'kafka-events', [instanceLabel]: release },
    annotations: { ...annotations, [keepAnnotation]: 'keep' },
    data: Object.fromEntries(entries) as Record<string, string>,
  };
}

function isOf(release: string, secret: Observed<V1Secret> | undefined): boolean {
  const labels = secret?.metadata.labels;
  return labels?.[instanceLabel] === release && labels[partOfLabel] === 'kafka-events';
}

const isKept = ({ metadata }: Observed<V1Secret>) => metadata.annotations?.[keepAnnotation] === 'keep';

function decoded(secret: Observed<V1Secret> | undefined): Values {
  const entries = Object.entries(secret?.data ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

function sameValues(a: Values, b: Values): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function taken({ name, existingSecretValue }: Credentials, { namespace, release }: CreateCredentialsOptions) {
  const message =
    `Secret ${name} in namespace ${namespace} does not belong to the release ${release}. ` +
    `To use it as it is, set ${existingSecretValue}: ${name}; otherwise delete or rename it`;
  return new ExpectedError('SecretTaken', message, { retryable: false });
}
