import { once } from 'node:events';
import { Kafka, type Consumer as KafkajsConsumer, type EachBatchPayload } from 'kafkajs';
import type { Clock } from '../lib/clock.ts';
import { clientOptions } from './client/options.ts';
import type { KafkaConnection } from './connection.ts';
import type { ConsumerOptions } from './consumer-options.ts';
import { PartitionWork } from './partition-work.ts';

type SessionOptions = ConsumerOptions & { readonly clock: Clock };

/** How long a fetch waits for messages; leaving the group and resuming a partition wait for it, too. */
const fetchMilliseconds = 250;
/** How long fetching waits for a partition's messages to be processed. */
const patienceMilliseconds = 250;
/** New partitions and topics are found within this time. */
const metadataMilliseconds = 30_000;

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
  #isStopping = false;
  /** Whether we are a member of the group now. */
  isMember = false;
  /** Whether we have ever been. */
  hasJoined = false;

  constructor(connection: KafkaConnection, options: SessionOptions) {
    this.#options = options;
    this.#consumer = createKafkajsConsumer(connection, options);
    this.#crashed = new Promise((_, reject) => {
      this.#consumer.on(this.#consumer.events.CRASH, ({ payload }) => reject(payload.error));
    });
    this.#crashed.catch(() => {});
    this.#consumer.on(this.#consumer.events.GROUP_JOIN, () => this.#onJoin());
    this.#consumer.on(this.#consumer.events.REBALANCING, () => this.#giveBack());
  }

  /** Consumes until the signal aborts. @throws whatever made us fall out of the group */
  async run(signal: AbortSignal): Promise<void> {
    const { topics, startFrom = 'earliest' } = this.#options;
    try {
      await this.#consumer.connect();
      await this.#consumer.subscribe({ topics: [...topics], fromBeginning: startFrom === 'earliest' });
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 16,
        eachBatch: (payload) => this.#onBatch(payload),
      });
      await Promise.race([this.#crashed, signal.aborted || once(signal, 'abort')]);
    } finally {
      await this.#leave();
    }
  }

  /** What finishes now is still committed; the rest is told to come to an end, and comes again elsewhere. */
  async #leave(): Promise<void> {
    this.#isStopping = true;
    this.isMember = false;
    for (const work of this.#work.values()) work.hurry();
    await Promise.all([...this.#work.values()].map(({ done }) => done));
    await this.#consumer.disconnect();
  }

  #onJoin(): void {
    // A crash may have gone unnoticed by the group: whatever was ours may be another's by now.
    this.#giveBack();
    this.isMember = true;
    this.hasJoined = true;
  }

  #giveBack(): void {
    for (const work of this.#work.values()) work.giveBack();
  }

  async #onBatch(payload: EachBatchPayload): Promise<void> {
    if (this.#isStopping) return;
    const { topic, partition } = payload.batch;
    const place = `${topic}/${partition}`;
    const work = new PartitionWork(payload, this.#options, this.#work.get(place)?.done);
    this.#work.set(place, work);
    const isDone = work.done.then(() => {
      if (this.#work.get(place) === work) this.#work.delete(place);
      return true;
    });
    const isLate = this.#options.clock.sleep(patienceMilliseconds).then(() => false);
    if (await Promise.race([isDone, isLate])) return;
    const resume = payload.pause();
    void isDone.then(resume);
  }
}

function createKafkajsConsumer(connection: KafkaConnection, options: SessionOptions): KafkajsConsumer {
  const { groupId, logger, times, sessionMilliseconds = 15_000 } = options;
  const kafka = new Kafka(clientOptions(connection, logger, times));
  return kafka.consumer({
    groupId,
    sessionTimeout: sessionMilliseconds,
    heartbeatInterval: Math.floor(sessionMilliseconds / 5),
    maxWaitTimeInMs: fetchMilliseconds,
    metadataMaxAge: metadataMilliseconds,
    allowAutoTopicCreation: false,
    // Coming back is our business: kafkajs stays away after errors that it takes for final.
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1000, restartOnFailure: () => Promise.resolve(false) },
  });
}
