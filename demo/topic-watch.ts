import { randomUUID } from 'node:crypto';
import type { ConsumedMessage } from '../src/kafka/consumer-options.ts';
import { createConsumer, type Consumer } from '../src/kafka/consumer.ts';
import { createGroupAdmin } from '../src/kafka/groups.ts';
import type { KafkaConnection } from '../src/kafka/connection.ts';
import { createLogger } from '../src/lib/log.ts';
import { invalidWhy } from './schemas.ts';

/** A message as a Kafka client sees it. */
export interface SeenMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The event, as it was parsed from the value. */
  readonly event: SeenEvent;
  /** When it arrived here, in milliseconds since the epoch. */
  readonly seenAt: number;
  /** What the published JSON Schema has against it; undefined when it is valid. */
  readonly invalid: string | undefined;
}

export interface SeenEvent {
  readonly event_id: string;
  readonly event_type: string;
  readonly timestamp: string;
  readonly payload: { readonly task_id: string; readonly due_date?: string };
}

/** Everything that is written to some topics from now on. */
export interface TopicWatch {
  readonly seen: readonly SeenMessage[];
  /** The first message that fits, now or later. @throws when the time is over */
  find(fits: (message: SeenMessage) => boolean, limitMilliseconds: number): Promise<SeenMessage>;
  stop(): Promise<void>;
}

/**
 * Reads with a consumer group of its own. It begins at the beginning and passes over what was there: a group that begins
 * at the end would miss what is written while it is away with its brokers.
 */
export async function watchTopics(connection: KafkaConnection, topics: readonly string[]): Promise<TopicWatch> {
  const logger = createLogger({ name: 'demo', level: 'silent' });
  const groupId = `demo-${randomUUID()}`;
  const startedAt = Date.now();
  const positions = new Set<string>();
  const seen: SeenMessage[] = [];
  const looks = new Set<() => void>();
  const see = (consumed: ConsumedMessage): void => {
    const message = seenMessage(consumed);
    // A group that joins again may read again what it has read.
    const position = `${message.topic}/${message.partition}/${message.offset}`;
    if (Date.parse(message.event.timestamp) < startedAt || positions.has(position)) return;
    positions.add(position);
    seen.push(message);
  };
  const consumer = createConsumer(connection, {
    groupId,
    topics,
    logger,
    startFrom: 'earliest',
    process: (messages) => {
      messages.forEach(see);
      for (const look of looks) look();
      return Promise.resolve();
    },
  });
  await consumer.start({ signal: new AbortController().signal, fail: () => {} });
  await untilInGroup(consumer);
  return {
    seen,
    find: (fits, limitMilliseconds) =>
      new Promise((resolve, reject) => {
        const end = (): void => {
          clearTimeout(limit);
          looks.delete(look);
        };
        const look = (): void => {
          const found = seen.find(fits);
          if (!found) return;
          end();
          resolve(found);
        };
        const limit = setTimeout(() => {
          end();
          reject(new Error(`No such message in ${topics.join(', ')} within ${limitMilliseconds} ms`));
        }, limitMilliseconds);
        looks.add(look);
        look();
      }),
    async stop() {
      await consumer.stop();
      const groups = createGroupAdmin(connection, { logger });
      await groups.deleteGroup(groupId);
      await groups.close();
    },
  };
}

function seenMessage({ topic, partition, offset, key, value, headers }: ConsumedMessage): SeenMessage {
  const event = JSON.parse(String(value)) as SeenEvent;
  return {
    topic,
    partition,
    offset,
    key: String(key),
    headers: Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, String(header)])),
    event,
    seenAt: Date.now(),
    invalid: invalidWhy(event),
  };
}

const joinMilliseconds = 60_000;
const lookMilliseconds = 50;

/** @throws {ExpectedError} the reason, when it is in no group after a minute */
async function untilInGroup(consumer: Consumer): Promise<void> {
  const deadline = performance.now() + joinMilliseconds;
  for (;;) {
    try {
      consumer.check();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
    }
  }
}
