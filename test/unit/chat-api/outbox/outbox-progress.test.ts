import { expect, it } from '@jest/globals';
import { OutboxProgress } from '../../../../src/chat-api/outbox/outbox-progress.ts';
import { createOutboxMetrics, observeOutbox } from '../../../../src/chat-api/outbox/outbox-metrics.ts';
import type { Database } from '../../../../src/lib/database.ts';
import { createRegistry } from '../../../../src/lib/metrics.ts';

const head = (topic: string, position: number) => ({ topic, position: String(position), createdAt: new Date(0) });

it('calls the outbox stuck when the first event of a topic stays the first, whatever its age and the clock', async () => {
  let seconds = 0;
  let heads = [head('a', 1), head('b', 7)];
  const progress = new OutboxProgress({
    readHeads: () => Promise.resolve(heads),
    failureOf: (topic) => (topic === 'b' ? 'UnknownTopic' : undefined),
    clock: { monotonic: () => seconds * 1000 },
  });
  await progress.check();
  for (let round = 2; round < 30; round++) {
    seconds += 10;
    heads = [head('a', round), head('b', 7)]; // a backlog that shrinks slowly is not stuck
    await progress.check().catch(() => {});
  }
  await expect(progress.check()).rejects.toMatchObject({
    code: 'OutboxStuck',
    message: 'stuck: the first event of b has waited for 280 s (UnknownTopic)',
  });
  expect(await progress.stuckTopics()).toEqual(new Map([['b', 280]]));
  heads = [];
  await progress.check();
});

it('tells the age of the oldest event at the first scrape', async () => {
  const rows = [
    { topic: 'a', position: '1', createdAt: new Date(30_000) },
    { topic: 'b', position: '2', createdAt: new Date(10_000) },
  ];
  const counts = [{ pending: '2', set_aside: '1' }];
  // Stands for the table: the metrics are what is looked at here.
  const query = async (text: string) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { rows: text.includes('head') ? rows : counts };
  };
  const database = { query } as unknown as Database;
  const progress = new OutboxProgress({
    readHeads: () => Promise.resolve(rows),
    failureOf: () => undefined,
    clock: { monotonic: () => 0 },
  });
  const registry = createRegistry('test');
  createOutboxMetrics(registry);
  observeOutbox(registry, { database, progress, now: () => new Date(100_000) });
  const text = await registry.metrics();
  expect(text).toContain('outbox_oldest_seconds{program="test"} 90');
  expect(text).toContain('outbox_pending{program="test"} 2');
  expect(text).toContain('outbox_set_aside{program="test"} 1');
  expect(text).toContain('outbox_stuck{program="test"} 0');
});
