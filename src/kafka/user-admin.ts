import { randomBytes } from 'node:crypto';
import { systemClock } from '../lib/clock.ts';
import { ExpectedError } from '../lib/errors.ts';
import { batches, type BatchLimits } from './batches.ts';
import { BrokerConnections, type Broker, type BrokerConnectionsOptions } from './client/broker-connections.ts';
import type { KafkaConnection } from './connection.ts';
import { largestAnswer } from './client/broker-socket.ts';
import { brokerError, incompleteAnswer, kafkaError, type KafkaErrorCode } from './errors.ts';
import { createAcls, deleteAcls, describeAcls, type Acl, type AclAnswer } from './protocol/acls.ts';
import {
  alterClientQuotas,
  describeClientQuotas,
  type QuotaAlteration,
  type QuotaValues,
} from './protocol/client-quotas.ts';
import {
  alterUserScramCredentials,
  describeUserScramCredentials,
  scramMechanisms,
} from './protocol/user-scram-credentials.ts';
import { saltPassword, type ScramMechanism } from './scram.ts';
import { TogetherOrApart } from './together-or-apart.ts';

export type { Acl, QuotaAlteration, QuotaValues };

/** A credential as brokers tell of it: its password is known to nobody. */
export interface ScramCredential {
  readonly mechanism: ScramMechanism;
  readonly iterations: number;
}

/** The password stays here: what a broker is sent is salted. */
export interface ScramChange extends ScramCredential {
  readonly user: string;
  readonly password: string;
}

export interface ScramRemoval {
  readonly user: string;
  readonly mechanism: ScramMechanism;
}

/** What became of each change, by user: undefined when it was done, else why not, in the broker's own words. */
export type UserResults = Map<string, ExpectedError | undefined>;

/** What became of each entry, in their order. */
export type AclResults = readonly (ExpectedError | undefined)[];

/**
 * Users of one cluster, in batches: their SCRAM credentials, access control lists and quotas. Changes never throw: when
 * no answer comes, everything in the batch has that error as its result. Looks throw ExpectedErrors with a
 * KafkaErrorCode. Every call ends within `ClientTimes.callMilliseconds`.
 */
export interface UserAdmin {
  /** Users without a credential are left out; one that cannot be told of is there with its error. */
  describeCredentials(users: readonly string[]): Promise<Map<string, readonly ScramCredential[] | ExpectedError>>;
  /** One change for each user. */
  setPasswords(changes: readonly ScramChange[]): Promise<UserResults>;
  /** A credential that is not there counts as removed. */
  removePasswords(removals: readonly ScramRemoval[]): Promise<UserResults>;
  /**
   * By principal, as in `User:orders`; principals without entries are left out. One that has more than an answer may hold
   * is there with its error, TooManyAcls.
   */
  describeAcls(principals: readonly string[]): Promise<Map<string, readonly Acl[] | ExpectedError>>;
  createAcls(acls: readonly Acl[]): Promise<AclResults>;
  /** An entry that is not there counts as deleted. */
  deleteAcls(acls: readonly Acl[]): Promise<AclResults>;
  /** By user; users without quotas are left out. */
  describeQuotas(users: readonly string[]): Promise<Map<string, QuotaValues>>;
  alterQuotas(changes: readonly QuotaAlteration[]): Promise<UserResults>;
  close(): Promise<void>;
}

/** Connects when it is first asked something. */
export function createUserAdmin(connection: KafkaConnection, options: BrokerConnectionsOptions): UserAdmin {
  const brokers = new BrokerConnections(connection, options);
  const withController = <T>(work: (broker: Broker) => Promise<T>) => brokers.call().withController(work);
  const { clock = systemClock, answers } = options;
  const acls = new TogetherOrApart((principal) => withController((broker) => describeAclsOf(broker, principal)), clock);
  const quotas = new TogetherOrApart((user) => withController((broker) => describeQuotasOf(broker, user)), clock);
  return {
    describeCredentials: (users) => withController((broker) => describeCredentials(broker, users)),
    setPasswords: async (changes) => {
      const salted = await saltAll(changes);
      return eachUser(salted, (batch) => withController((broker) => alterUserScramCredentials(broker, [], batch)));
    },
    removePasswords: async (removals) => {
      const numbered = removals.map(({ user, mechanism }) => ({ user, mechanism: scramMechanisms[mechanism] }));
      const send = (batch: typeof numbered) => withController((broker) => alterUserScramCredentials(broker, batch, []));
      return withoutUnknown(await eachUser(numbered, send));
    },
    describeAcls: async (principals) =>
      new Map([...(await acls.describe(principals))].map((named) => refuseTooMany(named, answers?.bytes))),
    createAcls: (created) =>
      eachAcl('CreateAcls', created, creationLimits, (batch) => withController((broker) => createAcls(broker, batch))),
    deleteAcls: (deleted) =>
      eachAcl('DeleteAcls', deleted, deletionLimits, (batch) => withController((broker) => deleteAcls(broker, batch))),
    describeQuotas: async (users) => orThrow(await quotas.describe(users)),
    alterQuotas: (changes) =>
      eachUser(changes, (batch) => withController((broker) => alterClientQuotas(broker, batch))),
    close: () => brokers.close(),
  };
}

const userUnknown = 91;

async function describeCredentials(broker: Broker, users: readonly string[]) {
  if (users.length === 0) return new Map<string, readonly ScramCredential[] | ExpectedError>();
  // A request that names none asks for all.
  const answer = await describeUserScramCredentials(broker, users);
  throwError(answer);
  const found = new Map<string, readonly ScramCredential[] | ExpectedError>();
  const told = new Set<string>();
  for (const { user, errorCode, errorMessage, credentials } of answer.users) {
    told.add(user);
    const error = errorCode === userUnknown ? undefined : brokerError(errorCode, errorMessage);
    if (error || credentials.length > 0) found.set(user, error ?? credentials.flatMap(known));
  }
  const missing = users.find((user) => !told.has(user));
  if (missing !== undefined) throw incompleteAnswer('DescribeUserScramCredentials', `user ${missing}`);
  return found;
}

function known({ mechanism: number, iterations }: { readonly mechanism: number; readonly iterations: number }) {
  const names = Object.keys(scramMechanisms) as ScramMechanism[];
  const mechanism = names.find((name) => scramMechanisms[name] === number);
  return mechanism ? [{ mechanism, iterations }] : [];
}

async function describeAclsOf(broker: Broker, principal?: string): Promise<Map<string, readonly Acl[]>> {
  const answer = await describeAcls(broker, principal);
  throwError(answer);
  return Map.groupBy(answer.acls, (acl) => acl.principal);
}

type NamedAcls = readonly [principal: string, acls: readonly Acl[] | ExpectedError];

function refuseTooMany([principal, acls]: NamedAcls, most = largestAnswer): NamedAcls {
  if (!(acls instanceof Error)) return [principal, acls];
  const size = `${Math.round(most / 2 ** 20)} MiB`;
  const message = `${principal} has more access control entries than fit into ${size}, the most that is read`;
  return [principal, new ExpectedError<KafkaErrorCode>('TooManyAcls', message, { cause: acls })];
}

async function describeQuotasOf(broker: Broker, user?: string): Promise<Map<string, QuotaValues>> {
  const answer = await describeClientQuotas(broker, user);
  throwError(answer);
  return new Map(answer.entries.map((entry) => [entry.user, entry.quotas]));
}

function orThrow<Value>(found: Map<string, Value | ExpectedError>): Map<string, Value> {
  for (const value of found.values()) if (value instanceof ExpectedError) throw value;
  return found as Map<string, Value>;
}

function throwError({ errorCode, errorMessage }: AclAnswer): void {
  const error = brokerError(errorCode, errorMessage);
  if (error) throw error;
}

const saltBytes = 32;
/** So few that hashing leaves the threads of the process to others. */
const saltedAtOnce = 2;

/** In some milliseconds of computing for each. */
async function saltAll(changes: readonly ScramChange[]) {
  const salted = changes.map(() => Promise.withResolvers<Buffer>());
  const salts = changes.map(() => randomBytes(saltBytes));
  let next = 0;
  const work = async () => {
    for (let index = next++; index < changes.length; index = next++) {
      const { password, iterations, mechanism } = changes[index]!;
      salted[index]!.resolve(await saltPassword(password, salts[index]!, iterations, mechanism));
    }
  };
  await Promise.all(Array.from({ length: saltedAtOnce }, work));
  const saltedPasswords = await Promise.all(salted.map(({ promise }) => promise));
  return changes.map(({ user, mechanism, iterations }, index) => {
    const saltedPassword = saltedPasswords[index]!;
    return { user, mechanism: scramMechanisms[mechanism], iterations, salt: salts[index]!, saltedPassword };
  });
}

/** The controller of Kafka 4.3 writes 10,000 records for one request at the most: one for each credential, quota or entry. */
const limits = { items: 500, weight: 5000 };
const creationLimits = { items: 5000, weight: 5000 };
/**
 * The controller compares each filter with every entry that there is, and does nothing else meanwhile, such as to hear that
 * brokers are alive. A hundred filters and 20,000 entries take it a second.
 */
const deletionLimits = { items: 50, weight: 50 };
const notController = 41;

interface UserAnswer extends AclAnswer {
  readonly user: string;
}

async function eachUser<Item extends { readonly user: string }>(
  items: readonly Item[],
  send: (batch: Item[]) => Promise<readonly UserAnswer[]>,
): Promise<UserResults> {
  const results: UserResults = new Map();
  for (const batch of batches(items, limits, () => 1)) {
    // What the broker does not tell of is not done, for all that is known.
    for (const { user } of batch) results.set(user, incompleteAnswer('an alteration', `user ${user}`));
    try {
      for (const { user, errorCode, errorMessage } of fromController(await send([...batch])))
        if (results.has(user)) results.set(user, brokerError(errorCode, errorMessage));
    } catch (error) {
      for (const { user } of batch) results.set(user, kafkaError(error));
    }
  }
  return results;
}

async function eachAcl(
  apiName: string,
  acls: readonly Acl[],
  itsLimits: BatchLimits,
  send: (batch: readonly Acl[]) => Promise<readonly AclAnswer[]>,
): Promise<AclResults> {
  const results: (ExpectedError | undefined)[] = [];
  for (const batch of batches(acls, itsLimits, () => 1)) {
    try {
      const answers = fromController(await send(batch));
      results.push(
        ...batch.map((_, index) => {
          const answer = answers[index];
          return answer ? brokerError(answer.errorCode, answer.errorMessage) : incompleteAnswer(apiName, 'an entry');
        }),
      );
    } catch (error) {
      results.push(...batch.map(() => kafkaError(error)));
    }
  }
  return results;
}

/** @throws {ExpectedError} when the broker has ceased to be the controller: then another is to be looked for */
function fromController<Answer extends AclAnswer>(answers: readonly Answer[]): readonly Answer[] {
  if (answers.some(({ errorCode }) => errorCode === notController)) throw brokerError(notController)!;
  return answers;
}

function withoutUnknown(results: UserResults): UserResults {
  return new Map([...results].map(([user, error]) => [user, error?.code === 'UserUnknown' ? undefined : error]));
}
