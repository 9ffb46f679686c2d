import type { EventUser, UserAccess, UserAcl } from '../../api/event-user.ts';
import type { Acl, AclOperation } from '../../kafka/protocol/acls.ts';
import type { QuotaValues } from '../../kafka/user-admin.ts';
import { fullAddress } from '../../lib/ip-address.ts';
import { principalOf } from './identity.ts';
import { madeBy } from './made-by.ts';
import { aclText } from '../brokers/acl-text.ts';

export const mechanism = 'SCRAM-SHA-512';

/** A user as its resource says; what is left out stays as the broker has it. */
export interface DesiredUser {
  readonly name: string;
  readonly hasPassword: boolean;
  /** By their texts; undefined where neither access nor acls is given. */
  readonly acls: ReadonlyMap<string, DesiredAcl> | undefined;
  /** By Kafka's names. */
  readonly quotas: QuotaValues;
  /** Quotas that the operator set earlier and that are no longer declared. */
  readonly resets: readonly string[];
}

export interface DesiredAcl {
  readonly acl: Acl;
  /** The field of the spec that it comes from. */
  readonly field: string;
}

export function desiredUser(user: EventUser, name: string): DesiredUser {
  const { spec } = user;
  const quotas = desiredQuotas(spec.quotas);
  return {
    name,
    hasPassword: spec.authentication.type === 'ScramSha512',
    acls: spec.access || spec.acls ? desiredAcls(spec, principalOf(name)) : undefined,
    quotas,
    resets: Object.keys(madeBy(user).quotas).filter((key) => !(key in quotas)),
  };
}

function desiredAcls({ access = [], acls = [] }: EventUser['spec'], principal: string): Map<string, DesiredAcl> {
  const desired = [
    ...access.flatMap((entry, index) =>
      inKafkasWords(entry, principal).map((acl) => [acl, `access[${index}]`] as const),
    ),
    ...acls.flatMap((entry, index) => expand(entry, principal).map((acl) => [acl, `acls[${index}]`] as const)),
  ];
  return new Map(desired.map(([acl, field]) => [aclText(acl), { acl, field: `spec.${field}` }]));
}

const operationsOf: Readonly<Record<UserAccess['allow'], readonly AclOperation[]>> = {
  // Brokers take Describe to be part of each.
  Read: ['Read'],
  Write: ['Write'],
  ReadWrite: ['Read', 'Write'],
  Describe: ['Describe'],
};

function inKafkasWords(entry: UserAccess, principal: string): Acl[] {
  const resource = resourceOf(entry);
  if (!resource) return [];
  return operationsOf[entry.allow].map((operation) => {
    return { ...resource, principal, host: fullAddress(entry.host), operation, permission: 'Allow' };
  });
}

function resourceOf(entry: UserAccess): Pick<Acl, 'resourceType' | 'resourceName' | 'patternType'> | undefined {
  const literal = (resourceType: Acl['resourceType'], resourceName: string | undefined) =>
    resourceName === undefined ? undefined : ({ resourceType, resourceName, patternType: 'Literal' } as const);
  const prefixed = (resourceType: Acl['resourceType'], resourceName: string | undefined) =>
    resourceName === undefined ? undefined : ({ resourceType, resourceName, patternType: 'Prefixed' } as const);
  return (
    literal('Topic', entry.topic) ??
    prefixed('Topic', entry.topicPrefix) ??
    literal('Group', entry.group) ??
    prefixed('Group', entry.groupPrefix) ??
    literal('TransactionalId', entry.transactionalId) ??
    prefixed('TransactionalId', entry.transactionalIdPrefix)
  );
}

/** The name of the only resource of type Cluster. */
const clusterResource = 'kafka-cluster';

function expand(entry: UserAcl, principal: string): Acl[] {
  const { resource: resourceType, name: resourceName = clusterResource, patternType, permission } = entry;
  const host = fullAddress(entry.host);
  return entry.operations.map((operation) => {
    return { resourceType, resourceName, patternType, principal, host, operation, permission };
  });
}

export const quotaFields: Readonly<Record<string, string>> = {
  producer_byte_rate: 'spec.quotas.producerByteRate',
  consumer_byte_rate: 'spec.quotas.consumerByteRate',
  request_percentage: 'spec.quotas.requestPercentage',
  controller_mutation_rate: 'spec.quotas.controllerMutationRate',
};

function desiredQuotas(quotas: EventUser['spec']['quotas'] = {}): QuotaValues {
  const { producerByteRate, consumerByteRate, requestPercentage, controllerMutationRate } = quotas;
  const values = {
    producer_byte_rate: producerByteRate,
    consumer_byte_rate: consumerByteRate,
    request_percentage: requestPercentage,
    controller_mutation_rate: controllerMutationRate,
  };
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
