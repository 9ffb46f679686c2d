import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { decodeEvent } from '../../src/events/decode.ts';
import type { Seen, SeenEvent, SeenReminder } from './account.ts';
import { topics } from './system.ts';

const longestMilliseconds = 60_000;

/**
 * All that topics hold now, as a reader sees it who starts anew.
 *
 * @throws {Error} when it has not read everything within a minute
 */
export async function readTopics(client: Kafka, names: readonly string[] = Object.values(topics)): Promise<Seen> {
  const events: SeenEvent[] = [];
  const reminders: SeenReminder[] = [];
  let deadLetters = 0;
  const left = await ends(client, names);
  if (left.size === 0) return { events, reminders, deadLetters };
  const consumer = client.consumer({ groupId: `account-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(
    () => reject(new Error('The topics could not be read to their ends in time')),
    longestMilliseconds,
  );
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...names], fromBeginning: true });
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
    await consumer.run({
      eachBatch: ({ batch }) => {
        for (const { key, value, headers, timestamp } of batch.messages) {
          if (batch.topic === topics.deadLetters) {
            deadLetters += 1;
            continue;
          }
          const { event, version } = decodeEvent({ key, value, headers });
          const eventId = event.event_id;
          const taskId = event.payload.task_id;
          if (event.event_type !== 'reminder-due') {
            events.push({ eventId, taskId, version });
            continue;
          }
          const { due_date: dueDate, lead_time_seconds: leadTimeSeconds } = event.payload;
          reminders.push({ eventId, taskId, dueAt: Date.parse(dueDate), leadTimeSeconds, at: Number(timestamp) });
        }
        const name = `${batch.topic}/${batch.partition}`;
        if (Number(batch.lastOffset()) + 1 >= (left.get(name) ?? 0)) left.delete(name);
        if (left.size === 0) resolve();
        return Promise.resolve();
      },
    });
    await promise;
    return { events, reminders, deadLetters };
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
}

/** The ends of partitions that hold something, by topic/partition. */
async function ends(client: Kafka, names: readonly string[]): Promise<Map<string, number>> {
  const admin = client.admin();
  await admin.connect();
  try {
    const offsets = await Promise.all(
      names.map(async (topic) => [topic, await admin.fetchTopicOffsets(topic)] as const),
    );
    return new Map(
      offsets.flatMap(([topic, partitions]) =>
        partitions
          .filter(({ high }) => Number(high) > 0)
          .map(({ partition, high }): [string, number] => [`${topic}/${partition}`, Number(high)]),
      ),
    );
  } finally {
    await admin.disconnect();
  }
}
