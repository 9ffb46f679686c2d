import type { EventUser, UserDifference } from '../../api/event-user.ts';
import type { Acl, QuotaAlteration, ScramCredential, ScramRemoval } from '../../kafka/user-admin.ts';
import { aclText } from '../brokers/acl-text.ts';
import { desiredUser, mechanism, quotaFields, type DesiredUser } from './desired-user.ts';
import type { FoundUser } from './look.ts';
import { madeBy } from './made-by.ts';
import { refusal, type Refusal } from './refusals.ts';

/** What is to be done for one user; nothing of it when all is as it should be. */
export interface UserPlan {
  readonly setPassword: boolean;
  /** Passwords of the user that nobody declared. */
  readonly removePasswords: readonly ScramRemoval[];
  readonly createAcls: readonly Acl[];
  readonly deleteAcls: readonly Acl[];
  readonly quotas: QuotaAlteration | undefined;
  /** What the broker has that the resource does not say, or the other way round. */
  readonly differences: readonly UserDifference[];
  /** What cannot be done, known without asking. */
  readonly refusals: readonly Refusal[];
}

/** The password as it is wanted: which Secret it is in, at which version. Undefined where nobody has looked. */
export type SecretVersion = string | undefined;

export function planUser(user: EventUser, name: string, found: FoundUser, secretVersion: SecretVersion): UserPlan {
  const desired = desiredUser(user, name);
  const passwords = planPasswords(user, desired, found, secretVersion);
  const acls = planAcls(user, desired, found);
  const quotas = planQuotas(desired, found);
  return {
    setPassword: passwords.set,
    removePasswords: passwords.remove,
    createAcls: acls.create,
    deleteAcls: acls.remove,
    quotas: Object.keys(quotas.changes).length === 0 ? undefined : { user: name, quotas: quotas.changes },
    differences: [...passwords.differences, ...acls.differences, ...quotas.differences],
    refusals: [...passwords.refusals, ...acls.refusals, ...quotas.refusals],
  };
}

/** Whether there is anything to do. */
export const changesAnything = (plan: UserPlan): boolean =>
  plan.setPassword ||
  plan.removePasswords.length > 0 ||
  plan.createAcls.length > 0 ||
  plan.deleteAcls.length > 0 ||
  plan.quotas !== undefined;

const passwordField = 'spec.authentication';

function planPasswords(
  { spec, status }: EventUser,
  { name, hasPassword }: DesiredUser,
  found: FoundUser,
  version: SecretVersion,
) {
  const nothing = { set: false, remove: [], differences: [], refusals: [] };
  if (!hasPassword) return nothing;
  if (found.credentials.error) return { ...nothing, refusals: [refusal(found.credentials.error, [passwordField])] };
  const present = found.credentials.value.find((credential) => credential.mechanism === mechanism);
  const others = found.credentials.value.filter((credential) => credential !== present);
  if (spec.managementPolicy === 'Observe') {
    const differences = present ? [] : [difference(passwordField, `a ${mechanism} password`, 'nothing')];
    return { ...nothing, differences };
  }
  const recorded = status?.credential;
  const isOurs = present !== undefined && present.iterations === recorded?.iterations;
  const isNewest = version === undefined || recorded?.secretVersion === version;
  return {
    set: !isOurs || !isNewest,
    remove: others.map((other) => ({ user: name, mechanism: other.mechanism })),
    differences: [
      ...(isOurs ? [] : [difference(passwordField, `a ${mechanism} password`, describePassword(present))]),
      ...others.map((other) => difference(passwordField, 'nothing', `a ${other.mechanism} password`)),
    ],
    refusals: [],
  };
}

function describePassword(present: ScramCredential | undefined): string {
  return present ? 'one that this resource did not set' : 'nothing';
}

const aclFields = ['spec.access', 'spec.acls'];

function planAcls(user: EventUser, { acls: desired }: DesiredUser, found: FoundUser) {
  const recorded = madeBy(user).acls;
  if (found.acls.error) {
    const matters = (desired?.size ?? 0) > 0 || recorded.size > 0;
    const refusals = matters ? [refusal(found.acls.error, aclFields)] : [];
    return { create: [], remove: [], differences: [], refusals };
  }
  const present = new Map(found.acls.value.map((acl) => [aclText(acl), acl]));
  const missing = [...(desired ?? [])].filter(([text]) => !present.has(text));
  // Where none are declared, those of others stay.
  const extra = [...present].filter(([text]) => (desired ? !desired.has(text) : recorded.has(text)));
  return {
    create: missing.map(([, { acl }]) => acl),
    remove: extra.map(([, acl]) => acl),
    differences: [
      ...missing.map(([text, { field }]) => difference(field, text, 'nothing')),
      ...extra.map(([text]) => difference('spec.access', 'nothing', text)),
    ],
    refusals: [],
  };
}

function planQuotas({ quotas, resets }: DesiredUser, found: FoundUser) {
  const changes: Record<string, number | null> = {};
  const differences: UserDifference[] = [];
  if (found.quotas.error) {
    const keys = [...Object.keys(quotas), ...resets];
    return { changes, differences, refusals: keys.length > 0 ? [refusal(found.quotas.error, keys.map(fieldOf))] : [] };
  }
  const present = found.quotas.value;
  for (const [key, value] of Object.entries(quotas)) {
    if (present[key] === value) continue;
    changes[key] = value;
    differences.push(difference(fieldOf(key), String(value), String(present[key] ?? 'nothing')));
  }
  for (const key of resets) {
    if (present[key] === undefined) continue;
    changes[key] = null;
    differences.push(difference(fieldOf(key), 'nothing', String(present[key])));
  }
  return { changes, differences, refusals: [] };
}

export const fieldOf = (quota: string): string => quotaFields[quota] ?? 'spec.quotas';

const difference = (field: string, desired: string, actual: string): UserDifference => ({ field, desired, actual });

const mostDescribed = 5;

export function describeDifferences(differences: readonly UserDifference[]): string {
  const described = differences
    .slice(0, mostDescribed)
    .map(({ field, desired, actual }) => `${field} is ${desired}, the broker has ${actual}`);
  const more = differences.length - described.length;
  return [...described, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
