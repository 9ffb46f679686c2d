import type { EventUser } from '../../api/event-user.ts';
import type { KafkaErrorCode } from '../../kafka/errors.ts';
import type { ExpectedError } from '../../lib/errors.ts';
import { clusterKey } from '../brokers/cluster-access.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';

/** What the brokers do not do, and the fields of the spec that it leaves undone. */
export interface Refusal extends Problem {
  readonly fields: readonly string[];
}

/** What a person can do about a change that the brokers refuse. */
const advice: Partial<Record<KafkaErrorCode, string>> = {
  SecurityDisabled:
    'The brokers have no authorizer, so every user may do everything: configure an authorizer, or remove spec.access and spec.acls.',
  TooManyAcls: "Delete the user's entries that nobody needs, with kafka-acls.sh or rpk security acl.",
  UnsupportedVersion:
    'These brokers do not support this through the Kafka protocol: remove the field, or use their own tools.',
  NotAuthorized: "Let the operator's user describe and alter the cluster.",
  CredentialUnacceptable: 'Correct spec.authentication.',
  InvalidRequest: 'Correct the value in spec.',
  PolicyViolation: 'Change what the policy of the cluster forbids, or ask the administrator of the cluster.',
};

/** The broker's own words, and how to fix it. */
export function refusal({ code, message }: ExpectedError, fields: readonly string[]): Refusal {
  const fix = advice[code as KafkaErrorCode];
  const why = code === ('TooManyAcls' satisfies KafkaErrorCode) ? message : `the broker rejects it: ${message}`;
  const words = `${[...fields].join(', ')}: ${why.replace(/\.?$/, '.')}`;
  return { reason: code, message: fix ? `${words} ${fix}` : words, failed: true, fields };
}

export function userTaken(owner: EventUser, user: string): Problem {
  const { namespace, name } = owner.metadata;
  const message = `User ${user} belongs to EventUser ${namespace}/${name}, which is older. Delete one of the two, or set spec.managementPolicy to Observe.`;
  return { reason: 'UserTaken', message, failed: true };
}

export function userReserved(user: string): Problem {
  const message = `User ${user} is reserved for the operator or the brokers. Choose another spec.userName.`;
  return { reason: 'UserReserved', message, failed: true };
}

/** The listener asks nobody for a password. */
export function authenticationDisabled(cluster: string): Problem {
  const message = `EventCluster ${cluster} has neither spec.authentication nor spec.security.authentication: its brokers do not check passwords, so the user could not authenticate. Configure it, or set spec.authentication.type to Tls or External.`;
  return { reason: 'AuthenticationDisabled', message, failed: true };
}

/** Brokers that the operator runs have a listener for certificates of users only where it is asked for. */
export function certificatesNotAccepted(cluster: string): Problem {
  const message = `EventCluster ${cluster} accepts no certificates of users: set its spec.security.authentication.clientCertificates (engine Kafka), or make an EventUser with spec.authentication.type ScramSha512.`;
  return { reason: 'CertificatesNotAccepted', message, failed: true };
}

export function passwordInvalid(secret: string, key: string, why: string): Problem {
  const message = `spec.authentication.passwordSecretRef: the value of ${key} in Secret ${secret} cannot be a password: ${why}.`;
  return { reason: 'PasswordInvalid', message, failed: false, needsPerson: true };
}

export function userAbsent(user: string): Problem {
  const message = `There is no user ${user}, and spec.managementPolicy is Observe: set it to Manage to have it created.`;
  return { reason: 'UserAbsent', message, failed: false, needsPerson: true };
}

/** The owner of the cluster has withdrawn the consent for the user's namespace. */
export function accessRevoked(user: EventUser, name: string): Problem {
  const message = `${shutOut(user)} The operator has removed what it had made for user ${name}: password, access control entries and quotas. ${askAgain} The user then gets all of it back, with the password in its Secret.`;
  return { reason: 'AccessRevoked', message, failed: true };
}

export function revokingAccess(user: EventUser, name: string): Problem {
  const message = `${shutOut(user)} The access of user ${name} is removed as soon as the brokers do so.`;
  return { reason: 'RevokingAccess', message, failed: false };
}

export function accessStays(user: EventUser, name: string): Problem {
  const message = `${shutOut(user)} User ${name} stays on the brokers, since another EventUser names it. ${askAgain}`;
  return { reason: 'ClusterMissing', message, failed: true };
}

function shutOut(user: EventUser): string {
  const { namespace, name } = clusterKey(user);
  return `EventCluster ${namespace}/${name} no longer lets this namespace use it.`;
}

const askAgain = 'Ask the owner of the cluster to add this namespace to its spec.allowedNamespaces again.';
