import type { V1Secret } from '@kubernetes/client-node';
import type { EventUser } from '../../api/event-user.ts';
import { ownedOrAbsent } from '../apply-owned.ts';
import { seeSecrets, textOf, userSecrets, type SecretReference } from '../brokers/user-secrets.ts';
import { labelValue, objectLabels } from '../pods/labels.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import type { Observed } from '../runtime/objects.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { clientFiles } from './client-files.ts';
import type { ClientListener } from './client-listener.ts';
import { passwordInvalid } from './refusals.ts';
import type { UserContext } from './user-context.ts';

/** Random bytes, as many as asked for. */
export type RandomBytes = (count: number) => Buffer;

export interface KeptSecret {
  readonly password: string;
  /** Changes when the Secret that the password is read from does. */
  readonly version: string;
}

type SeenSecret = Observed<V1Secret>;

/** The name of the Secret that the operator writes. */
export const secretNameOf = ({ metadata, spec }: EventUser): string => spec.secret.name ?? metadata.name;

/** The Secret that the password is given in, if it is not generated. */
export function passwordSecrets({ spec }: EventUser): SecretReference[] {
  const { passwordSecretRef } = spec.authentication;
  if (!passwordSecretRef || spec.managementPolicy === 'Observe') return [];
  const { name, key } = passwordSecretRef;
  const fix = `Create it with the password under the key ${key}, or remove the field to have one generated.`;
  return [{ name, keys: [key], field: 'spec.authentication.passwordSecretRef', fix, mayBeEmpty: true }];
}

/** What is wrong with a password that is given. */
export function givenPasswordFits(user: EventUser, caches: Caches): Problem | undefined {
  const given = givenPassword(user, caches);
  if (!given) return undefined;
  const [reference] = passwordSecrets(user);
  const why = whyNoPassword(given.password);
  return why === undefined ? undefined : passwordInvalid(reference!.name, reference!.keys[0]!, why);
}

/**
 * Writes the Secret with all that clients of the user need: the password that is given, or else the one that it has
 * already, or else a new one. It is written before brokers are told, so that no password is ever lost.
 *
 * @throws {ExpectedError} NameTaken where a Secret of that name belongs to somebody else, or a KubernetesErrorCode
 */
export async function keepSecret(
  context: UserContext,
  name: string,
  listener: ClientListener,
  randomBytes: RandomBytes,
): Promise<KeptSecret> {
  const { object, caches } = context;
  const key = { namespace: object.metadata.namespace, name: secretNameOf(object) };
  const present = await ownedOrAbsent(context, userSecrets, key);
  const given = givenPassword(object, caches);
  const password = given?.password ?? presentPassword(present) ?? generatePassword(randomBytes);
  const written = await context.apply(userSecrets, secretManifest(object, clientFiles(listener, name, password)));
  return { password, version: versionOf(given?.secret ?? written) };
}

function givenPassword(user: EventUser, caches: Caches) {
  const [seen] = seeSecrets(caches, user.metadata.namespace, passwordSecrets(user));
  if (!seen?.secret) return undefined;
  return { secret: seen.secret, password: textOf(seen.secret, seen.keys[0]!) ?? '' };
}

function presentPassword(present: SeenSecret | undefined): string | undefined {
  const password = textOf(present, 'password') ?? '';
  return whyNoPassword(password) === undefined ? password : undefined;
}

/** Longest password, in characters. */
const longest = 1024;

function whyNoPassword(password: string): string | undefined {
  if (password === '') return 'it is empty';
  if (password.length > longest) return `it is longer than ${longest} characters`;
  // What stands for bytes that are no text, in whose place brokers would be told of others.
  if (password.includes('\uFFFD')) return 'it is not text in UTF-8';
  if (/\p{Cc}/u.test(password)) return 'it contains a control character, such as a trailing line break';
  return undefined;
}

const passwordBytes = 24;

/** 192 bits, in letters, digits, - and _. */
const generatePassword = (randomBytes: RandomBytes) => randomBytes(passwordBytes).toString('base64url');

const versionOf = ({ metadata: { uid, resourceVersion } }: SeenSecret) => `${uid}/${resourceVersion}`;

function secretManifest(user: EventUser, files: Readonly<Record<string, string>>) {
  const { labels, annotations } = user.spec.secret;
  const data = Object.entries(files).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  return {
    metadata: {
      name: secretNameOf(user),
      labels: { ...labels, ...objectLabels('event-user', labelValue(user.metadata.name)) },
      ...(annotations && { annotations }),
    },
    type: 'Opaque',
    data: Object.fromEntries(data) as Record<string, string>,
  };
}
