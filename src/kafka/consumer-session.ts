import { once } from 'node:events';
import { Kafka, type Consumer as KafkajsConsumer, type EachBatchPayload } from 'kafkajs';
import type { Clock } from '../lib/clock.ts';
import { ExpectedError } from '../lib/errors.ts';
import { clientOptions } from './client/options.ts';
import type { KafkaConnection } from './connection.ts';
import { defaultSessionMilliseconds, type ConsumerOptions } from './consumer-options.ts';
import { kafkaError, type KafkaErrorCode } from './errors.ts';
import { PartitionWork } from './partition-work.ts';
import type { Progress } from './progress.ts';
import type { TopicIdentity } from './topic-identity.ts';

export type SessionOptions = ConsumerOptions & {
  readonly clock: Clock;
  readonly identity: TopicIdentity;
  readonly progress: Progress;
};

/** How long a fetch waits for messages; leaving the group and resuming a partition wait for it, too. */
const fetchMilliseconds = 250;
/**
 * How much one fetch brings of a partition, and of all. Of a batch that is larger than the first, brokers give but one
 * partition at a time, whose messages are then processed with nothing beside them; most producers send less at once.
 * What a fetch brings is held until it is processed: kafkajs's own 10 MB of all are more than a small heap clears quickly.
 */
const fetchBytes = { ofPartition: 1024 * 1024, ofAll: 2560 * 1024 };
/** How long fetching waits for a partition's messages to be processed. */
const patienceMilliseconds = 250;
/**
 * How much may be held of what is being processed, in bytes, before fetching waits for that: of each partition something is
 * held where the database is slow or away, and compressed messages can be twenty times as much as was fetched.
 */
const heldBytes = 48 * 1024 * 1024;
const roomMilliseconds = 100;
/** New partitions and topics are found within this time. */
const metadataMilliseconds = 30_000;
/** How often to look whether all is well: that the topics are still the same ones, and that brokers answer. */
const lookMilliseconds = 1000;
/** A fetch that takes longer than this is on a connection that leads nowhere; unless requests may take another time. */
const silenceMilliseconds = 9000;
/** By how much the clock may go back from look to look, which is how it is kept right. */
const clockToleranceMilliseconds = 500;
/** How long joining may take: kafkajs asks again and again, and each of its requests has an end, but not all of them. */
const joinMilliseconds = 120_000;
/** How long what is being processed may take to end before the group is left. */
const finishMilliseconds = 10_000;
/** How long leaving may take; a broker that does not answer is left anyway. */
const leaveMilliseconds = 2000;

type Assignment = Readonly<Record<string, readonly number[]>>;

/**
 * One stay in a consumer group, from joining to leaving or falling out.
 *
 * kafkajs fetches from a broker only when all partitions of the fetch before are processed, and gives signs of life
 * only when it fetches. So messages that take long are left to work in the background, their partition paused, while
 * fetching goes on. Quick ones are waited for, since a paused partition comes back one fetch later.
 */
export class ConsumerSession {
  readonly #options: SessionOptions;
  readonly #consumer: KafkajsConsumer;
  readonly #work = new Map<string, PartitionWork>();
  readonly #crashed: Promise<never>;
  /** By broker, when the fetch began that it has not answered. */
  readonly #fetching = new Map<number, number>();
  /** What the group has given us. */
  #assignment: Assignment = {};
  /** Resolves when the positions are known to belong to the topics as they are. */
  #verified: Promise<void> = Promise.resolve();
  #isVerified = false;
  /** The partitions that were fetched from where their topic no longer is, and are read from its beginning. */
  readonly #restarted = new Set<string>();
  #crash: (error: unknown) => void = () => {};
  #isStopping = false;
  /** As whom the group has taken us in, if it ever did. */
  memberId: string | undefined;
  /** Whether we are a member of the group now. */
  isMember = false;
  /** Whether anything was ever fetched, if only nothing. */
  hasFetched = false;

  constructor(connection: KafkaConnection, options: SessionOptions) {
    this.#options = options;
    this.#consumer = createKafkajsConsumer(connection, options);
    this.#crashed = new Promise((_, reject) => {
      this.#crash = reject;
    });
    this.#crashed.catch(() => {});
    const { events } = this.#consumer;
    this.#consumer.on(events.CRASH, ({ payload }) => this.#crash(payload.error));
    this.#consumer.on(events.GROUP_JOIN, ({ payload }) => {
      this.memberId = payload.memberId;
      this.#onJoin(payload.memberAssignment);
    });
    this.#consumer.on(events.REBALANCING, () => this.#giveBack());
    this.#consumer.on(events.FETCH_START, ({ payload }) => this.#onFetchStart(payload));
    this.#consumer.on(events.FETCH, ({ payload }) => this.#onFetch(payload));
    this.#consumer.on(events.END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) void this.#passOver(payload);
    });
  }

  /** Consumes until the signal aborts. @throws whatever made us fall out of the group */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const ended = new AbortController();
    // From before the first sign of life, which may be long before all the rest has started.
    const clockLook = new ClockLook(clock);
    const isLate = clock.sleep(joinMilliseconds, ended.signal).then(() => 'late');
    const joining = this.#join();
    try {
      if ((await Promise.race([joining, isLate])) === 'late') {
        // It may yet succeed, and nobody would process what this member is given.
        void joining.finally(() => this.#consumer.disconnect()).catch(() => {});
        throw unjoined();
      }
      // Watches of their own: brokers that do not answer would keep one of all from seeing that they do not.
      for (const look of [() => this.#lookAtFetches(), () => clockLook.look(), () => this.#lookAtTopics()]) {
        void this.#watch(look, ended.signal).catch(this.#crash);
      }
      await Promise.race([this.#crashed, signal.aborted || once(signal, 'abort')]);
    } finally {
      ended.abort();
      await this.#leave();
    }
  }

  async #join(): Promise<void> {
    const { topics, startFrom = 'earliest', identity } = this.#options;
    await identity.refresh();
    await this.#consumer.connect();
    for (const topic of topics) {
      const fromBeginning = startFrom === 'earliest' || identity.isRecreated(topic);
      await this.#consumer.subscribe({ topic, fromBeginning });
    }
    await this.#consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 16,
      eachBatch: (payload) => this.#onBatch(payload),
    });
  }

  /** What finishes now is still committed; the rest is told to come to an end, and comes again elsewhere. */
  async #leave(): Promise<void> {
    this.#isStopping = true;
    this.isMember = false;
    const { logger } = this.#options;
    for (const work of this.#work.values()) work.hurry();
    await this.#atMost(finishMilliseconds, Promise.all([...this.#work.values()].map((work) => work.done)));
    this.#giveBack();
    const left = this.#consumer.disconnect().catch((error: unknown) => {
      logger.debug({ err: error }, 'Could not leave the consumer group in order');
    });
    await this.#atMost(leaveMilliseconds, left);
  }

  async #atMost(milliseconds: number, ended: Promise<unknown>): Promise<void> {
    const inTime = new AbortController();
    await Promise.race([ended, this.#options.clock.sleep(milliseconds, inTime.signal)]);
    inTime.abort();
  }

  /** Looks from time to time until the end. @throws whatever a look throws */
  async #watch(look: () => void | Promise<void>, ended: AbortSignal): Promise<void> {
    for (;;) {
      await this.#options.clock.sleep(lookMilliseconds, ended);
      if (ended.aborted) return;
      await look();
    }
  }

  /** @throws {ExpectedError} when a broker does not answer a fetch */
  #lookAtFetches(): void {
    const { clock, times } = this.#options;
    const silence = times?.requestMilliseconds ?? silenceMilliseconds;
    if (clock.monotonic() - Math.min(...this.#fetching.values()) > silence) throw silent();
  }

  /** @throws {ExpectedError} when a topic is not the one any more that it was */
  async #lookAtTopics(): Promise<void> {
    const { identity, logger } = this.#options;
    const hasChanged = await identity.refresh().catch((error: unknown) => {
      logger.debug({ err: error }, 'Could not look whether the topics are the same');
      return false;
    });
    if (hasChanged) throw recreated();
  }

  #onFetchStart({ nodeId }: { readonly nodeId: number }): void {
    this.#fetching.set(nodeId, this.#options.clock.monotonic());
  }

  #onFetch({ nodeId }: { readonly nodeId: number }): void {
    this.#fetching.delete(nodeId);
    this.hasFetched = true;
  }

  #onJoin(assignment: Assignment): void {
    // A crash may have gone unnoticed by the group: whatever was ours may be another's by now.
    this.#giveBack();
    this.#fetching.clear();
    this.#assignment = assignment;
    this.#options.progress.keep(assignment);
    this.#isVerified = false;
    this.#verified = this.#verify(assignment);
    this.#verified.catch(this.#crash);
    this.isMember = true;
  }

  /** Goes to the beginning of partitions whose offsets were committed for a topic, or a state, that is gone. */
  async #verify(assignment: Assignment): Promise<void> {
    const { identity, logger, progress } = this.#options;
    if (await identity.refresh()) throw recreated();
    this.#restarted.clear();
    const positions = await identity.resumedPositions(assignment);
    progress.resume(positions);
    for (const { topic, partition } of positions.filter(({ isStale }) => isStale)) {
      logger.warn({ topic, partition }, 'Reading from the beginning: the offset was committed for what is gone');
      this.#work.get(placeOf(topic, partition))?.giveBack();
      this.#restarted.add(placeOf(topic, partition));
      this.#consumer.seek({ topic, partition, offset: '0' });
    }
    this.#isVerified = true;
  }

  /** One broker may still answer what was asked before the group gave the partition to another, through another broker. */
  #isAssigned(topic: string, partition: number): boolean {
    return this.#assignment[topic]?.includes(partition) ?? false;
  }

  #giveBack(): void {
    for (const work of this.#work.values()) work.giveBack();
  }

  async #onBatch(payload: EachBatchPayload): Promise<void> {
    const { topic, partition } = payload.batch;
    if (this.#isStopping || !this.#isAssigned(topic, partition)) return;
    const place = placeOf(topic, partition);
    const earlier = this.#work.get(place)?.done;
    const work = new PartitionWork(
      payload,
      { ...this.#options, onCommitFailed: (error) => this.#onCommitFailed(error) },
      this.#verified.then(() => earlier),
    );
    this.#work.set(place, work);
    const isDone = work.done.then(() => {
      if (this.#work.get(place) === work) this.#work.delete(place);
      return true;
    });
    const late = new AbortController();
    const isLate = this.#options.clock.sleep(patienceMilliseconds, late.signal).then(() => false);
    const isQuick = await Promise.race([isDone, isLate]);
    late.abort();
    if (isQuick) return;
    const resume = payload.pause();
    void isDone.then(resume);
    await this.#waitForRoom(payload);
  }

  /** Meanwhile the group knows that we are alive. @throws when it does not want us as we are any more */
  async #waitForRoom({ heartbeat }: Pick<EachBatchPayload, 'heartbeat'>): Promise<void> {
    const held = () => [...this.#work.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    while (!this.#isStopping && held() > heldBytes) {
      await heartbeat();
      await this.#options.clock.sleep(roomMilliseconds);
    }
  }

  /**
   * The group's coordinator is not where it was, and has not been found elsewhere. kafkajs would go on asking, while all
   * that is processed is processed again.
   */
  #onCommitFailed(error: unknown): void {
    const failure = kafkaError(error);
    if (failure.code !== 'BrokerUnreachable') return;
    for (const work of this.#work.values()) work.hurry();
    this.#crash(failure);
  }

  /** Counts as read what has no message in it: ends of transactions, and what was aborted or removed. */
  async #passOver(batch: { readonly topic: string; readonly partition: number; readonly lastOffset: string }) {
    const { topic, partition, lastOffset } = batch;
    if (!this.#isAssigned(topic, partition)) return;
    const { identity, logger } = this.#options;
    const verified = this.#verified;
    const isVerified = this.#isVerified;
    try {
      await verified;
      // Joined anew in the meantime: the one who has it now comes to it again.
      if (verified !== this.#verified || this.#isStopping) return;
      if (!isVerified && this.#restarted.has(placeOf(topic, partition))) return;
      const offset = String(BigInt(lastOffset) + 1n);
      await this.#consumer.commitOffsets([{ topic, partition, offset, metadata: identity.commitMetadata(topic) }]);
    } catch (error) {
      logger.debug({ topic, partition, err: error }, 'Could not commit an offset without a message');
      this.#onCommitFailed(error);
    }
  }
}

/**
 * Sees the time of day go back, which is what kafkajs tells its signs of life by: it would send none until that time
 * has come again, while it goes on fetching what the group has given to others.
 */
class ClockLook {
  readonly #clock: Clock;
  #time: number;
  #monotonic: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#time = clock.now().getTime();
    this.#monotonic = clock.monotonic();
  }

  /** @throws {ExpectedError} when it has gone back since the last look */
  look(): void {
    const [time, monotonic] = [this.#clock.now().getTime(), this.#clock.monotonic()];
    const lost = monotonic - this.#monotonic - (time - this.#time);
    [this.#time, this.#monotonic] = [time, monotonic];
    if (lost > clockToleranceMilliseconds) throw setBack();
  }
}

const placeOf = (topic: string, partition: number) => `${topic}/${partition}`;

const silent = () => new ExpectedError<KafkaErrorCode>('Timeout', 'A broker no longer answers', { retryable: true });

const unjoined = () => new ExpectedError<KafkaErrorCode>('Timeout', 'Joining took too long', { retryable: true });

const setBack = () => new ExpectedError<KafkaErrorCode>('Timeout', 'The clock was set back', { retryable: true });

const recreated = () =>
  new ExpectedError<KafkaErrorCode>('TopicRecreated', 'A topic was deleted and created again', { retryable: true });

function createKafkajsConsumer(connection: KafkaConnection, options: SessionOptions): KafkajsConsumer {
  const { groupId, logger, times, sessionMilliseconds = defaultSessionMilliseconds } = options;
  const kafka = new Kafka(clientOptions(connection, logger, times));
  return kafka.consumer({
    groupId,
    sessionTimeout: sessionMilliseconds,
    // All members come back within a heartbeat, so that one that does not is gone.
    rebalanceTimeout: sessionMilliseconds,
    heartbeatInterval: Math.floor(sessionMilliseconds / 5),
    maxWaitTimeInMs: fetchMilliseconds,
    maxBytesPerPartition: fetchBytes.ofPartition,
    maxBytes: fetchBytes.ofAll,
    metadataMaxAge: metadataMilliseconds,
    allowAutoTopicCreation: false,
    // Coming back is our business: kafkajs stays away after errors that it takes for final.
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1000, restartOnFailure: () => Promise.resolve(false) },
  });
}
