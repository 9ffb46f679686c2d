import type { Clock } from '../lib/clock.ts';
import type { ExpectedError } from '../lib/errors.ts';
import { kafkaError, type KafkaErrorCode } from './errors.ts';

/** How long brokers that have more than one answer may hold are not asked for all of it. */
const apartMilliseconds = 10 * 60_000;

/**
 * Asks brokers what they have of some names, where a request is about one name, or about all there are. Many names are
 * asked for together. Where all is more than one answer may hold, each name is asked for alone, and that is remembered for
 * some time: an answer that is too large ends the connection.
 */
export class TogetherOrApart<Value> {
  readonly #ask: (name?: string) => Promise<ReadonlyMap<string, Value>>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #apartUntil = -Infinity;

  /** @param ask what there is by name: of one, or of all when none is named */
  constructor(ask: (name?: string) => Promise<ReadonlyMap<string, Value>>, clock: Pick<Clock, 'monotonic'>) {
    this.#ask = ask;
    this.#clock = clock;
  }

  /** By name; what alone is more than an answer may hold is there as the error AnswerTooLarge. @throws all other errors */
  async describe(names: readonly string[]): Promise<Map<string, Value | ExpectedError>> {
    const wanted = new Set(names);
    if (wanted.size > 1 && this.#clock.monotonic() >= this.#apartUntil) {
      const all = await this.#ask().catch(unlessTooLarge);
      if (!(all instanceof Error)) return new Map([...all].filter(([name]) => wanted.has(name)));
      this.#apartUntil = this.#clock.monotonic() + apartMilliseconds;
    }
    return this.#describeApart(wanted);
  }

  /** One after the other: brokers search through all that they have for each. */
  async #describeApart(names: Iterable<string>): Promise<Map<string, Value | ExpectedError>> {
    const found = new Map<string, Value | ExpectedError>();
    for (const name of names) {
      const its = await this.#ask(name).catch(unlessTooLarge);
      const value = its instanceof Error ? its : its.get(name);
      if (value !== undefined) found.set(name, value);
    }
    return found;
  }
}

function unlessTooLarge(thrown: unknown): ExpectedError {
  const error = kafkaError(thrown);
  if (error.code !== ('AnswerTooLarge' satisfies KafkaErrorCode)) throw error;
  return error;
}
