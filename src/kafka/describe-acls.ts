import type { Clock } from '../lib/clock.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { Broker, BrokerConnections } from './client/broker-connections.ts';
import { brokerError, kafkaError, type KafkaErrorCode } from './errors.ts';
import { describeAcls, type Acl } from './protocol/acls.ts';

/** By principal; one whose entries cannot be told of is there with its error. */
export type DescribedPrincipals = Map<string, readonly Acl[] | ExpectedError>;

/** How long brokers that have more entries than one answer may hold are not asked for all of them. */
const apartMilliseconds = 10 * 60_000;

/**
 * Tells what principals may do. A filter has one principal, or all of them, so that many are asked for together. Where all
 * entries of the cluster are too many for one answer, each principal is asked for: brokers search through all entries for
 * each, and whoever has too many is the only one of whom nothing is known.
 */
export class AclReader {
  readonly #brokers: Pick<BrokerConnections, 'call'>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #apartUntil = -Infinity;

  constructor(brokers: Pick<BrokerConnections, 'call'>, clock: Pick<Clock, 'monotonic'>) {
    this.#brokers = brokers;
    this.#clock = clock;
  }

  /** Principals without entries are left out. @throws {ExpectedError} with a KafkaErrorCode */
  async describe(principals: readonly string[]): Promise<DescribedPrincipals> {
    const wanted = new Set(principals);
    if (wanted.size === 0) return new Map();
    if (wanted.size > 1 && this.#clock.monotonic() >= this.#apartUntil) {
      const all = await this.#ask().catch(unlessTooLarge);
      if (!(all instanceof Error)) {
        const known = all.filter(({ principal }) => wanted.has(principal));
        return Map.groupBy(known, ({ principal }) => principal);
      }
      this.#apartUntil = this.#clock.monotonic() + apartMilliseconds;
    }
    return this.#askForEach(wanted);
  }

  /** One after the other, each within the time for a call. */
  async #askForEach(principals: Iterable<string>): Promise<DescribedPrincipals> {
    const found: DescribedPrincipals = new Map();
    for (const principal of principals) {
      const acls = await this.#ask(principal).catch(unlessTooLarge);
      if (acls instanceof Error) found.set(principal, tooMany(principal, acls));
      else if (acls.length > 0) found.set(principal, acls);
    }
    return found;
  }

  /** @param principal of all when it is left out */
  #ask(principal?: string): Promise<readonly Acl[]> {
    return this.#brokers.call().withController(async (broker: Broker) => {
      const { errorCode, errorMessage, acls } = await describeAcls(broker, principal);
      const error = brokerError(errorCode, errorMessage);
      if (error) throw error;
      return acls;
    });
  }
}

function unlessTooLarge(thrown: unknown): ExpectedError {
  const error = kafkaError(thrown);
  if (error.code !== ('AnswerTooLarge' satisfies KafkaErrorCode)) throw error;
  return error;
}

const tooMany = (principal: string, cause: ExpectedError) =>
  new ExpectedError<KafkaErrorCode>(
    'TooManyAcls',
    `${principal} has more access control entries than can be read: ${cause.message}`,
    { cause },
  );
