import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';
import { exchange, noTags, type Api } from './request.ts';

/** The mechanisms of SCRAM, by their numbers in the protocol. */
export const scramMechanisms = { 'SCRAM-SHA-256': 1, 'SCRAM-SHA-512': 2 } as const;

export interface DescribedScramUser {
  readonly user: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** The password itself is never told. */
  readonly credentials: readonly { readonly mechanism: number; readonly iterations: number }[];
}

export interface ScramUpsertion {
  readonly user: string;
  readonly mechanism: number;
  readonly iterations: number;
  readonly salt: Buffer;
  readonly saltedPassword: Buffer;
}

export interface ScramDeletion {
  readonly user: string;
  readonly mechanism: number;
}

export interface ScramAnswer {
  readonly user: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export interface DescribedScramUsers {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly users: readonly DescribedScramUser[];
}

/** KIP-554; Apache Kafka 2.7. kafkajs knows neither of them. */
const describing: Api = { apiKey: 50, apiVersion: 0, apiName: 'DescribeUserScramCredentials', flexible: true };
const altering: Api = { apiKey: 51, apiVersion: 0, apiName: 'AlterUserScramCredentials', flexible: true };

/** @throws {ExpectedError} when no answer comes */
export function describeUserScramCredentials(broker: Broker, users: readonly string[]): Promise<DescribedScramUsers> {
  return exchange(
    broker,
    describing,
    (encoder) => {
      encoder.writeUVarInt(users.length + 1);
      for (const user of users) encoder.writeUVarIntString(user).writeUVarInt(noTags);
      encoder.writeUVarInt(noTags);
    },
    decodeDescription,
  );
}

/** @throws {ExpectedError} when no answer comes */
export function alterUserScramCredentials(
  broker: Broker,
  deletions: readonly ScramDeletion[],
  upsertions: readonly ScramUpsertion[],
): Promise<ScramAnswer[]> {
  return exchange(
    broker,
    altering,
    (encoder) => {
      encoder.writeUVarInt(deletions.length + 1);
      for (const { user, mechanism } of deletions)
        encoder.writeUVarIntString(user).writeInt8(mechanism).writeUVarInt(noTags);
      encoder.writeUVarInt(upsertions.length + 1);
      for (const upsertion of upsertions) encodeUpsertion(encoder, upsertion);
      encoder.writeUVarInt(noTags);
    },
    decodeAlteration,
  );
}

function encodeUpsertion(encoder: Encoder, upsertion: ScramUpsertion): void {
  const { user, mechanism, iterations, salt, saltedPassword } = upsertion;
  encoder.writeUVarIntString(user).writeInt8(mechanism).writeInt32(iterations);
  encoder.writeUVarIntBytes(salt).writeUVarIntBytes(saltedPassword).writeUVarInt(noTags);
}

function decodeDescription(decoder: Decoder): DescribedScramUsers {
  decoder.readInt32(); // throttle time
  const errorCode = decoder.readInt16();
  const errorMessage = decoder.readUVarIntString();
  return { errorCode, errorMessage, users: decoder.readUVarIntArray(decodeUser) ?? [] };
}

function decodeUser(decoder: Decoder): DescribedScramUser {
  const answer = decodeAnswer(decoder);
  const credentials = decoder.readUVarIntArray(decodeCredential) ?? [];
  decoder.readTaggedFields();
  return { ...answer, credentials };
}

function decodeCredential(decoder: Decoder) {
  const credential = { mechanism: decoder.readInt8(), iterations: decoder.readInt32() };
  decoder.readTaggedFields();
  return credential;
}

function decodeAlteration(decoder: Decoder): ScramAnswer[] {
  decoder.readInt32(); // throttle time
  const answers = decoder.readUVarIntArray((result) => {
    const answer = decodeAnswer(result);
    result.readTaggedFields();
    return answer;
  });
  return answers ?? [];
}

function decodeAnswer(decoder: Decoder): ScramAnswer {
  const user = decoder.readUVarIntString() ?? '';
  return { user, errorCode: decoder.readInt16(), errorMessage: decoder.readUVarIntString() };
}
