import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { Clock } from '../lib/clock.ts';
import { toError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import type { BatchContext, FetchedMessage } from './client/fetch/record-batch.ts';
import type { ConsumedMessage, ProcessMessages } from './consumer-options.ts';
import type { Progress } from './progress.ts';
import type { TopicIdentity } from './topic-identity.ts';

interface WorkOptions {
  readonly process: ProcessMessages;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly maximumMessages?: number;
  readonly identity: Pick<TopicIdentity, 'commitMetadata'>;
  readonly progress: Progress;
  /** Told when what is processed cannot be committed. */
  readonly onCommitFailed: (error: unknown) => void;
}

/** How long messages that failed are left alone, so that an outage is no busy loop. */
const restMilliseconds = 1000;

/** The messages of one partition that were fetched together, on their way through `process`. */
export class PartitionWork {
  readonly #payload: EachBatchPayload;
  readonly #options: WorkOptions;
  readonly #hurry = new AbortController();
  #isOurs = true;
  /** How much the messages keep in memory. */
  readonly bytes: number;
  /** Resolves, and never rejects, when nothing more happens to the messages. */
  readonly done: Promise<void>;

  /** @param before what to wait for; when it rejects, nothing is done */
  constructor(payload: EachBatchPayload, options: WorkOptions, before: Promise<void>) {
    this.#payload = payload;
    this.#options = options;
    this.bytes = bytesOf(payload.batch.messages);
    this.done = before.then(
      () => this.#processAll(),
      () => {},
    );
  }

  /** Asks to come to an end. What finishes is committed. */
  hurry(): void {
    this.#hurry.abort();
  }

  /** The partition may be another's now: its offsets are no longer ours to commit. */
  giveBack(): void {
    this.#isOurs = false;
    this.hurry();
  }

  /** What is not committed is fetched again, by us or by whoever has the partition next. */
  async #processAll(): Promise<void> {
    const { batch } = this.#payload;
    const { topic, partition } = batch;
    const { process, maximumMessages = 500, logger, clock, identity, progress } = this.#options;
    // Of the topic that they were fetched from, whatever has taken its place when they are done.
    const metadata = identity.commitMetadata(topic);
    for (let start = 0; start < batch.messages.length; start += maximumMessages) {
      if (this.#hurry.signal.aborted) return;
      const messages = batch.messages.slice(start, start + maximumMessages);
      const { offset } = messages[0]!;
      const attempt = progress.begin(topic, partition, offset);
      try {
        await process(
          messages.map((message) => new MessageOfPartition({ topic, partition }, message)),
          this.#hurry.signal,
        );
        const isEnd = start + maximumMessages >= batch.messages.length;
        await this.#commit(messages.at(-1)!.offset, isEnd, metadata);
        progress.end(attempt);
      } catch (error) {
        progress.fail(attempt);
        if (this.#hurry.signal.aborted) return;
        logger.error({ topic, partition, offset, err: toError(error) }, 'Could not process messages; they come again');
        return clock.sleep(restMilliseconds, this.#hurry.signal);
      }
    }
  }

  /** @param isEnd whether it is the last: what comes after it in the batch are the ends of transactions, and gaps */
  async #commit(last: string, isEnd: boolean, metadata: string | null): Promise<void> {
    if (!this.#isOurs) return;
    const { batch } = this.#payload;
    const { topic, partition } = batch;
    const next = { partition, offset: String(BigInt(isEnd ? batch.lastOffset() : last) + 1n), metadata };
    try {
      await this.#payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions: [next] }] });
    } catch (error) {
      this.#options.onCommitFailed(error);
      throw error;
    }
    // Fetching goes on after this offset. The group may have changed while we waited.
    if (this.#isOurs) this.#payload.resolveOffset(last);
  }
}

function bytesOf(messages: readonly (KafkaMessage & Partial<Pick<FetchedMessage, 'batchContext'>>)[]): number {
  let [bytes, last]: [number, BatchContext | undefined] = [0, undefined];
  for (const { batchContext } of messages) {
    if (batchContext !== last) bytes += batchContext?.bytes ?? 0;
    last = batchContext;
  }
  return bytes;
}

/** What a message holds is read when it is asked for: one that waits to be committed stays small. */
class MessageOfPartition implements ConsumedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly #message: KafkaMessage & Partial<Pick<FetchedMessage, 'unreadable'>>;

  constructor({ topic, partition }: Pick<ConsumedMessage, 'topic' | 'partition'>, message: KafkaMessage) {
    this.topic = topic;
    this.partition = partition;
    this.#message = message;
  }

  get offset() {
    return this.#message.offset;
  }

  get key() {
    return this.#message.key;
  }

  get value() {
    return this.#message.value;
  }

  get headers() {
    return this.#message.headers ?? {};
  }

  get unreadable() {
    return this.#message.unreadable;
  }
}
