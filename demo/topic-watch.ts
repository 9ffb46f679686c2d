import { Kafka, logLevel } from 'kafkajs';
import { randomUUID } from 'node:crypto';
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
 * Reads as any Kafka client could, with a consumer group of its own. It begins at the beginning and passes over what was
 * there: a group that begins at the end would miss what is written while it is away with its brokers.
 */
export async function watchTopics(bootstrapServers: readonly string[], topics: readonly string[]): Promise<TopicWatch> {
  const kafka = new Kafka({
    clientId: 'demo',
    brokers: [...bootstrapServers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 10 },
  });
  const groupId = `demo-${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    maxWaitTimeInMs: 100,
    // Brokers that go away, all of them even, are waited for.
    retry: { retries: 10, restartOnFailure: () => Promise.resolve(true) },
  });
  const startedAt = Date.now();
  const positions = new Set<string>();
  const seen: SeenMessage[] = [];
  const looks = new Set<() => void>();
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  const joined = new Promise<void>((resolve) => consumer.on('consumer.fetch_start', () => resolve()));
  await consumer.run({
    eachMessage: ({ topic, partition, message }) => {
      // A group that joins again may read again what it has read.
      const position = `${topic}/${partition}/${message.offset}`;
      if (Number(message.timestamp) < startedAt || positions.has(position)) return Promise.resolve();
      positions.add(position);
      const event = JSON.parse(String(message.value)) as SeenEvent;
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value)] as const);
      seen.push({
        topic,
        partition,
        offset: message.offset,
        key: String(message.key),
        headers: Object.fromEntries(headers),
        event,
        seenAt: Date.now(),
        invalid: invalidWhy(event),
      });
      for (const look of looks) look();
      return Promise.resolve();
    },
  });
  await joined;
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
      await consumer.disconnect();
      const admin = kafka.admin();
      await admin.connect();
      await admin.deleteGroups([groupId]);
      await admin.disconnect();
    },
  };
}
