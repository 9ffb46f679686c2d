import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';
import { exchange, type Api } from './request.ts';

/** One entry of the brokers' access control lists. */
export interface Acl {
  readonly resourceType: AclResourceType;
  readonly resourceName: string;
  readonly patternType: AclPatternType;
  /** As in `User:orders`. */
  readonly principal: string;
  readonly host: string;
  readonly operation: AclOperation;
  readonly permission: AclPermission;
}

const resourceTypes = { Topic: 2, Group: 3, Cluster: 4, TransactionalId: 5, DelegationToken: 6, User: 7 } as const;
const patternTypes = { Literal: 3, Prefixed: 4 } as const;
const operations = {
  ...{ All: 2, Read: 3, Write: 4, Create: 5, Delete: 6, Alter: 7, Describe: 8, ClusterAction: 9 },
  ...{ DescribeConfigs: 10, AlterConfigs: 11, IdempotentWrite: 12, CreateTokens: 13, DescribeTokens: 14 },
  TwoPhaseCommit: 15,
} as const;
const permissions = { Deny: 2, Allow: 3 } as const;

export type AclResourceType = keyof typeof resourceTypes;
export type AclPatternType = keyof typeof patternTypes;
export type AclOperation = keyof typeof operations;
export type AclPermission = keyof typeof permissions;

export interface AclAnswer {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/**
 * KIP-290, in the version that has prefixes; Apache Kafka 2.0. The requests are kafkajs's own too, but it throws one
 * error for all entries and drops the broker's words.
 */
const describing: Api = { apiKey: 29, apiVersion: 1, apiName: 'DescribeAcls', flexible: false };
const creating: Api = { apiKey: 30, apiVersion: 1, apiName: 'CreateAcls', flexible: false };
const deleting: Api = { apiKey: 31, apiVersion: 1, apiName: 'DeleteAcls', flexible: false };

/** In a filter: whatever it is. */
const any = 1;

export interface DescribedAcls extends AclAnswer {
  /** Without those of a kind that is not known here. */
  readonly acls: readonly Acl[];
}

/**
 * The entries about one principal, or about all when none is named.
 *
 * @throws {ExpectedError} when no answer comes
 */
export function describeAcls(broker: Broker, principal?: string): Promise<DescribedAcls> {
  return exchange(
    broker,
    describing,
    (encoder) => {
      encoder.writeInt8(any).writeString(null).writeInt8(any);
      encoder.writeString(principal ?? null).writeString(null);
      encoder.writeInt8(any).writeInt8(any);
    },
    decodeDescription,
  );
}

/** @returns an answer for each, in their order. @throws {ExpectedError} when no answer comes */
export function createAcls(broker: Broker, acls: readonly Acl[]): Promise<AclAnswer[]> {
  return exchange(broker, creating, (encoder) => encodeAcls(encoder, acls), decodeAnswers);
}

/**
 * Takes away exactly these; one that is not there is no error.
 *
 * @returns an answer for each, in their order. @throws {ExpectedError} when no answer comes
 */
export function deleteAcls(broker: Broker, acls: readonly Acl[]): Promise<AclAnswer[]> {
  return exchange(
    broker,
    deleting,
    (encoder) => encodeAcls(encoder, acls),
    (decoder) => {
      decoder.readInt32(); // throttle time
      return decoder.readArray((filter) => {
        const answer = decodeAnswer(filter);
        filter.readArray(skipMatch);
        return answer;
      });
    },
  );
}

/** An entry, and the filter that matches it alone, are written alike. */
function encodeAcls(encoder: Encoder, acls: readonly Acl[]): void {
  encoder.writeInt32(acls.length);
  for (const acl of acls) {
    encoder.writeInt8(resourceTypes[acl.resourceType]).writeString(acl.resourceName);
    encoder.writeInt8(patternTypes[acl.patternType]).writeString(acl.principal).writeString(acl.host);
    encoder.writeInt8(operations[acl.operation]).writeInt8(permissions[acl.permission]);
  }
}

function decodeDescription(decoder: Decoder): DescribedAcls {
  decoder.readInt32(); // throttle time
  const answer = decodeAnswer(decoder);
  return { ...answer, acls: decoder.readArray(decodeResource).flat() };
}

function decodeResource(decoder: Decoder): Acl[] {
  const resourceType = nameOf(resourceTypes, decoder.readInt8());
  const resourceName = decoder.readString() ?? '';
  const patternType = nameOf(patternTypes, decoder.readInt8());
  const entries = decoder.readArray(decodeEntry);
  return entries.flatMap(({ principal, host, operation, permission }) =>
    resourceType && patternType && operation && permission
      ? [{ resourceType, resourceName, patternType, principal, host, operation, permission }]
      : [],
  );
}

function decodeEntry(decoder: Decoder) {
  return {
    principal: decoder.readString() ?? '',
    host: decoder.readString() ?? '',
    operation: nameOf(operations, decoder.readInt8()),
    permission: nameOf(permissions, decoder.readInt8()),
  };
}

function decodeAnswers(decoder: Decoder): AclAnswer[] {
  decoder.readInt32(); // throttle time
  return decoder.readArray(decodeAnswer);
}

function decodeAnswer(decoder: Decoder): AclAnswer {
  return { errorCode: decoder.readInt16(), errorMessage: decoder.readString() };
}

function skipMatch(decoder: Decoder): void {
  decodeAnswer(decoder);
  decoder.readInt8(); // resource type
  decoder.readString();
  decoder.readInt8(); // pattern type
  decodeEntry(decoder);
}

function nameOf<Name extends string>(numbers: Readonly<Record<Name, number>>, number: number): Name | undefined {
  return (Object.keys(numbers) as Name[]).find((name) => numbers[name] === number);
}
