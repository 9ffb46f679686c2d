import type Broker from 'kafkajs/src/broker/index.js';
import type Decoder from 'kafkajs/src/protocol/decoder.js';
import { exchange, type Api } from './request.ts';

/** The quotas of one user, by Kafka's names. */
export type QuotaValues = Readonly<Record<string, number>>;

/** Null takes a quota away. */
export interface QuotaAlteration {
  readonly user: string;
  readonly quotas: Readonly<Record<string, number | null>>;
}

export interface DescribedQuotas {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly entries: readonly { readonly user: string; readonly quotas: QuotaValues }[];
}

export interface QuotaAnswer {
  readonly user: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** KIP-546; Apache Kafka 2.6. kafkajs knows neither of them. */
const describing: Api = { apiKey: 48, apiVersion: 0, apiName: 'DescribeClientQuotas', flexible: false };
const altering: Api = { apiKey: 49, apiVersion: 0, apiName: 'AlterClientQuotas', flexible: false };

const userEntity = 'user';
const matchExact = 0;
const matchAny = 2;
/** Without quotas of a user together with a client id, which are another matter. */
const strict = true;
const validateOnly = false;

/**
 * The quotas of one user, or of all users when none is named; users without quotas are left out.
 *
 * @throws {ExpectedError} when no answer comes
 */
export function describeClientQuotas(broker: Broker, user?: string): Promise<DescribedQuotas> {
  return exchange(
    broker,
    describing,
    (encoder) => {
      encoder.writeInt32(1).writeString(userEntity);
      encoder.writeInt8(user === undefined ? matchAny : matchExact).writeString(user ?? null);
      encoder.writeBoolean(strict);
    },
    decodeDescription,
  );
}

/** @throws {ExpectedError} when no answer comes */
export function alterClientQuotas(broker: Broker, alterations: readonly QuotaAlteration[]): Promise<QuotaAnswer[]> {
  return exchange(
    broker,
    altering,
    (encoder) => {
      encoder.writeInt32(alterations.length);
      for (const { user, quotas } of alterations) {
        const operations = Object.entries(quotas);
        encoder.writeInt32(1).writeString(userEntity).writeString(user).writeInt32(operations.length);
        for (const [key, value] of operations)
          encoder
            .writeString(key)
            .writeDouble(value ?? 0)
            .writeBoolean(value === null);
      }
      encoder.writeBoolean(validateOnly);
    },
    decodeAlteration,
  );
}

function decodeDescription(decoder: Decoder): DescribedQuotas {
  decoder.readInt32(); // throttle time
  const errorCode = decoder.readInt16();
  const errorMessage = decoder.readString();
  const entries = decoder.readArray((entry) => ({
    entity: entry.readArray(decodeEntity),
    quotas: Object.fromEntries(entry.readArray((value) => [value.readString() ?? '', value.readDouble()] as const)),
  }));
  // The default of all users has no name.
  const named = entries.flatMap(({ entity, quotas }) => {
    const user = entity.find(({ type }) => type === userEntity)?.name ?? undefined;
    return user === undefined ? [] : [{ user, quotas }];
  });
  return { errorCode, errorMessage, entries: named };
}

function decodeAlteration(decoder: Decoder): QuotaAnswer[] {
  decoder.readInt32(); // throttle time
  return decoder.readArray((entry) => {
    const errorCode = entry.readInt16();
    const errorMessage = entry.readString();
    const entity = entry.readArray(decodeEntity);
    return { user: entity.find(({ type }) => type === userEntity)?.name ?? '', errorCode, errorMessage };
  });
}

function decodeEntity(decoder: Decoder) {
  return { type: decoder.readString() ?? '', name: decoder.readString() };
}
