import { Kafka, logLevel, type Consumer, type Producer } from 'kafkajs';
import { decodeEvent, type DecodedEvent } from '../../src/events/decode.ts';
import { encodeEvent } from '../../src/events/encode.ts';
import type { VersionedChange } from './task-history.ts';
import { until } from './until.ts';

export interface TopicNames {
  readonly events: string;
  readonly updates: string;
  readonly reminders: string;
  readonly deadLetters: string;
}

export interface Read {
  readonly topic: string;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** When the broker got it, in epoch milliseconds. */
  readonly at: number;
}

/** The chat API's side of the topics, and a reader of what the worker says. */
export interface TaskStream {
  readonly topics: TopicNames;
  send(...changes: VersionedChange[]): Promise<void>;
  sendRaw(
    topic: string,
    message: { key: string | null; value: Buffer | null; headers?: Record<string, string> },
  ): Promise<void>;
  readonly deadLetters: () => readonly Read[];
  readonly reminders: () => readonly (DecodedEvent & { readonly at: number })[];
  close(): Promise<void>;
}

let streams = 0;

/** New topics of three partitions each, with names that nobody else has. */
export async function openTaskStream(bootstrapServers: string): Promise<TaskStream> {
  const number = ++streams;
  const topics = {
    events: `task-events-${number}`,
    updates: `task-updates-${number}`,
    reminders: `reminders-${number}`,
    deadLetters: `dead-letters-${number}`,
  };
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  await createTopics(kafka, Object.values(topics));
  const producer = kafka.producer({ idempotent: true });
  await producer.connect();
  const read: Read[] = [];
  const consumer = await readAll(kafka, [topics.reminders, topics.deadLetters], read);
  return {
    topics,
    send: (...changes) => send(producer, topics, changes),
    sendRaw: async (topic, message) => void (await producer.send({ topic, messages: [message] })),
    deadLetters: () => read.filter(({ topic }) => topic === topics.deadLetters),
    reminders: () =>
      read
        .filter(({ topic }) => topic === topics.reminders)
        .map(({ key, value, headers, at }) => ({ ...decodeEvent({ key, value, headers }), at })),
    close: async () => {
      await Promise.all([producer.disconnect(), consumer.disconnect()]);
    },
  };
}

/** So that a message tells when the broker got it. */
const configEntries = [{ name: 'message.timestamp.type', value: 'LogAppendTime' }];

async function createTopics(kafka: Kafka, names: readonly string[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: names.map((topic) => ({ topic, numPartitions: 3, configEntries })),
    waitForLeaders: false,
  });
  // The brokers hear of new topics a little later than the controller, which has acknowledged them.
  const areKnown = async () => (await admin.fetchTopicMetadata({ topics: [...names] })).topics.length === names.length;
  await until(() => areKnown().catch(() => false));
  await admin.disconnect();
}

async function send(producer: Producer, topics: TopicNames, changes: readonly VersionedChange[]): Promise<void> {
  const messages = changes.map(({ event, version }) => ({
    topic: event.event_type === 'task-updated' ? topics.updates : topics.events,
    message: encodeEvent(event, version),
  }));
  const topicMessages = [topics.events, topics.updates].map((topic) => ({
    topic,
    messages: messages.filter((one) => one.topic === topic).map(({ message }) => ({ ...message })),
  }));
  await producer.sendBatch({ topicMessages: topicMessages.filter((one) => one.messages.length > 0) });
}

async function readAll(kafka: Kafka, topics: string[], read: Read[]): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId: `reader-${crypto.randomUUID()}`, maxWaitTimeInMs: 20 });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ topic, message: { key, value, timestamp, headers = {} } }) => {
      const texts = Object.entries(headers).map(([name, header]): [string, string] => [name, String(header)]);
      read.push({
        topic,
        key: key && key.toString(),
        value,
        headers: Object.fromEntries(texts),
        at: Number(timestamp),
      });
      return Promise.resolve();
    },
  });
  return consumer;
}
