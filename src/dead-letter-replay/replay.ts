import type { BrokerAccess } from '../kafka/client/broker-connections.ts';
import { batches } from '../kafka/batches.ts';
import { stableOffsets } from '../kafka/committed-offsets.ts';
import { brokerError } from '../kafka/errors.ts';
import { findPartitions, listOffsets, type TopicPartition } from '../kafka/offsets.ts';
import { readPartition, type StoredMessage } from '../kafka/read-partition.ts';
import { TransactionalProducer, type Sending } from '../kafka/transactional-producer.ts';
import type { Clock } from '../lib/clock.ts';
import { errorCode, toError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import { isOutage, outlast } from '../lib/outlast.ts';
import { judge, type Rules } from './judge.ts';
import { readLetter } from './letter.ts';
import { add, fromCommitted, nothing, toCommitted, total, type Counts, type PartitionProgress } from './progress.ts';

export interface ReplayOptions {
  /** Makes the brokers of one call. */
  readonly brokers: () => BrokerAccess;
  readonly deadLetterTopic: string;
  /** Of the consumer group that notes how far the replay is, and of its transactions: nobody else's. */
  readonly id: string;
  readonly rules: Rules;
  /** How many letters go back at most. */
  readonly limit: number;
  /** Whether letters are only counted. */
  readonly dryRun: boolean;
  /** Letters that go back in a second at most. */
  readonly throttle: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Of one transaction. */
const mostLetters = 500;
const mostBytes = 500_000;

/** Where the next letters are not committed yet by who wrote them. */
const unreadableMilliseconds = 200;
const backoff = { initial: 100, maximum: 5000, factor: 2 };

/**
 * Reads the letters that were in the dead-letter topic when it was first started, and sends back those that are meant.
 * A letter goes back in the same transaction that commits its offset, with the counts and the end noted beside it: of
 * whatever dies when, the next start goes on right there.
 */
export class Replay {
  readonly #options: ReplayOptions;
  #progress: readonly PartitionProgress[] = [];
  #trouble: string | undefined;
  /** Fewer after brokers have refused as many. */
  #letters = mostLetters;
  /** Letters that the topic does not take which they came from, and which others may have changed since. */
  readonly #refused = new Set<string>();

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  /** What is done so far. */
  get counts(): Counts {
    return total(this.#progress);
  }

  /** Why it does not go on at the moment. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /**
   * Resolves when all is done, or the signal has aborted: then nothing is half done.
   *
   * @returns whether all is done
   * @throws {ExpectedError} when it cannot go on before a person changes something
   */
  async run(signal: AbortSignal): Promise<boolean> {
    const { brokers, id, clock, logger } = this.#options;
    const producer = new TransactionalProducer({ brokers, transactionalId: id, signal, clock });
    const onFailure = (error: unknown) => {
      this.#trouble = toError(error).message;
      logger.warn({ err: toError(error) }, 'Begins again from what is committed');
    };
    const isToOutlast = (error: unknown) => this.#makeFit(error) || isOutage(error);
    try {
      return await outlast(() => this.#goOn(producer, signal), { clock, backoff, signal, isToOutlast, onFailure });
    } catch (error) {
      if (signal.aborted) return false;
      // Readers of the topics would wait for a transaction that nobody ends.
      if (!this.#options.dryRun && errorCode(error) !== 'ProducerFenced') await producer.takeOver().catch(() => {});
      throw error;
    }
  }

  /** Whether the same letters are worth another attempt, in smaller parts or without the one that is refused. */
  #makeFit(error: unknown): boolean {
    if (!isRefusal(error)) return false;
    this.#letters = Math.max(1, Math.floor(this.#letters / 2));
    return true;
  }

  async #goOn(producer: TransactionalProducer, signal: AbortSignal): Promise<boolean> {
    const { brokers, deadLetterTopic, dryRun } = this.#options;
    if (!dryRun) await producer.takeOver();
    const places = await findPartitions(brokers(), [deadLetterTopic]);
    if (places.length === 0) throw brokerError(unknownTopic, `There is no topic ${deadLetterTopic}`)!;
    this.#progress = dryRun ? await this.#begin(places) : await this.#resume(producer, places);
    this.#trouble = undefined;
    for (const place of places) await this.#readThrough(producer, place, signal);
    return !signal.aborted;
  }

  async #resume(producer: TransactionalProducer, places: readonly TopicPartition[]): Promise<PartitionProgress[]> {
    const { brokers, deadLetterTopic, id } = this.#options;
    const partitions = places.map(({ partition }) => partition);
    const committed = await stableOffsets(brokers(), id, deadLetterTopic, partitions);
    // Partitions without a note came later, and had no letters when it began.
    if (committed.length > 0) return committed.map(fromCommitted);
    const progress = await this.#begin(places);
    const offsets = progress.map(toCommitted);
    await producer.commit({ sendings: [], groupId: id, topic: deadLetterTopic, offsets });
    return progress;
  }

  async #begin(places: readonly TopicPartition[]): Promise<PartitionProgress[]> {
    const { brokers } = this.#options;
    const [first, next] = await Promise.all([
      listOffsets(brokers(), places, 'first'),
      listOffsets(brokers(), places, 'next'),
    ]);
    return places.map((place) => ({
      partition: place.partition,
      position: first.get(place)!,
      end: next.get(place)!,
      tally: nothing,
    }));
  }

  async #readThrough(producer: TransactionalProducer, place: TopicPartition, signal: AbortSignal): Promise<void> {
    const { brokers, clock } = this.#options;
    for (;;) {
      const progress = this.#progress.find(({ partition }) => partition === place.partition);
      if (!progress || progress.position >= progress.end || this.#isLimitReached() || signal.aborted) return;
      const { position, end } = progress;
      const { messages, next } = await readPartition(brokers(), place, position, end);
      if (next === position) await clock.sleep(unreadableMilliseconds, signal);
      else await this.#handle(producer, progress, { letters: messages, next: next < end ? next : end }, signal);
    }
  }

  async #handle(
    producer: TransactionalProducer,
    progress: PartitionProgress,
    { letters, next }: { readonly letters: readonly StoredMessage[]; readonly next: bigint },
    signal: AbortSignal,
  ): Promise<void> {
    const { throttle } = this.#options;
    const old = letters.filter(({ offset }) => BigInt(offset) < progress.end);
    const items = Math.min(this.#letters, throttle);
    for (const part of batches(old, { items, weight: mostBytes }, weightOf)) {
      if (this.#isLimitReached() || signal.aborted) return;
      await this.#finish(producer, progress.partition, part, signal);
    }
    // What is behind the last letter holds none, such as the marks of transactions: the next commit notes it.
    if (!this.#isLimitReached() && !signal.aborted) this.#set(progress.partition, { position: next });
  }

  /** Sends back what is meant of some letters, as far as the limit goes. */
  async #finish(
    producer: TransactionalProducer,
    partition: number,
    letters: readonly StoredMessage[],
    signal: AbortSignal,
  ): Promise<void> {
    const { deadLetterTopic, id, dryRun, clock, throttle } = this.#options;
    const begun = clock.monotonic();
    const before = this.#progress.find((candidate) => candidate.partition === partition)!;
    const { sendings, tally, position } = this.#judgeAll(letters);
    const after = { ...before, position, tally: add(before.tally, tally) };
    if (!dryRun)
      await this.#commit(
        producer,
        { sendings, groupId: id, topic: deadLetterTopic, offsets: [toCommitted(after)] },
        letters,
      );
    this.#set(partition, after);
    this.#letters = Math.min(mostLetters, this.#letters * 2);
    if (dryRun || sendings.length === 0) return;
    const milliseconds = (sendings.length / throttle) * 1000 - (clock.monotonic() - begun);
    if (milliseconds > 0) await clock.sleep(milliseconds, signal);
  }

  async #commit(
    producer: TransactionalProducer,
    transaction: Parameters<TransactionalProducer['commit']>[0],
    letters: readonly StoredMessage[],
  ): Promise<void> {
    try {
      await producer.commit(transaction);
    } catch (error) {
      const [first, ...others] = letters;
      if (isRefusal(error) && first && others.length === 0) this.#refused.add(placeOf(first));
      throw error;
    }
  }

  #judgeAll(letters: readonly StoredMessage[]) {
    const { rules, dryRun } = this.#options;
    const sendings: Sending[] = [];
    let [read, kept, position] = [0, 0, 0n];
    let left = this.#left();
    for (const message of letters) {
      if (left === 0) break;
      const judgement = judge(readLetter(message), rules);
      position = BigInt(message.offset) + 1n;
      read += 1;
      if (judgement === 'unmatched') continue;
      if (judgement === 'kept' || this.#refused.has(placeOf(message))) {
        kept += 1;
        continue;
      }
      sendings.push(judgement);
      left -= 1;
    }
    const matched = sendings.length + kept;
    return { sendings, position, tally: { read, matched, kept, replayed: dryRun ? 0 : sendings.length } };
  }

  #set(partition: number, changes: Partial<PartitionProgress>): void {
    this.#progress = this.#progress.map((progress) =>
      progress.partition === partition ? { ...progress, ...changes } : progress,
    );
  }

  /** How many letters may still go back, or would. */
  #left(): number {
    const { matched, kept } = total(this.#progress);
    return Math.max(0, this.#options.limit - (matched - kept));
  }

  #isLimitReached(): boolean {
    return this.#left() === 0;
  }
}

/** Whether the messages are to blame, or one of them. */
const isRefusal = (error: unknown) => ['MessageTooLarge', 'MessageRefused'].includes(errorCode(error));
const unknownTopic = 3;
const placeOf = ({ partition, offset }: StoredMessage) => `${partition}/${offset}`;
const weightOf = ({ key, value }: StoredMessage) => (key?.length ?? 0) + (value?.length ?? 0);
