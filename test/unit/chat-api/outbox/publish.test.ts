import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Writable } from 'node:stream';
import { createOutboxMetrics } from '../../../../src/chat-api/outbox/outbox-metrics.ts';
import type { OutboxRow } from '../../../../src/chat-api/outbox/outbox-rows.ts';
import { TopicPublisher, type PublishedMessage } from '../../../../src/chat-api/outbox/publish.ts';
import type { Unsent } from '../../../../src/kafka/send-each.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { ExpectedError } from '../../../../src/lib/errors.ts';
import { createLogger } from '../../../../src/lib/log.ts';
import { createRegistry } from '../../../../src/lib/metrics.ts';

const topic = 'task-events';
const row = (position: number, key = 'a', value = '{}'): OutboxRow => ({
  id: `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`,
  position: String(position),
  topic,
  key,
  value,
  headers: {},
  created_at: new Date(0),
  held: false,
});
const positions = (rows: readonly OutboxRow[]) => rows.map(({ position }) => Number(position));

type Send = (messages: readonly PublishedMessage[]) => Promise<Unsent<PublishedMessage> | void>;

let now: number;
let lines: { level: string; msg: string }[];
beforeEach(() => {
  now = 0;
  lines = [];
});

function publisherThat(send: Send, { maximumBytes = 1_000_000, publishMilliseconds = 10_000 } = {}): TopicPublisher {
  const destination = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(JSON.parse(line.toString()) as { level: string; msg: string });
      done();
    },
  });
  return new TopicPublisher({
    publisher: {
      prepare: () => Promise.resolve(),
      send: async (_topic, messages) => (await send(messages)) ?? new Map(),
      maximumBytes: () => maximumBytes,
    },
    metrics: createOutboxMetrics(createRegistry('test')),
    logger: createLogger({ name: 'test', level: 'info', destination }),
    clock: { now: () => new Date(now), monotonic: () => now, sleep: (...args) => systemClock.sleep(...args) },
    random: () => 1,
    publishMilliseconds,
  });
}

describe('TopicPublisher', () => {
  it('tells each failure once with a constant message, rests longer each time, and tells the recovery', async () => {
    let code: string | undefined;
    const topics = publisherThat(() => (code ? Promise.reject(new ExpectedError(code, 'no')) : Promise.resolve()));
    const rests: (number | undefined)[] = [];
    for (code of [
      'BrokerUnreachable',
      'BrokerUnreachable',
      'BrokerUnreachable',
      'UnknownTopic',
      undefined,
      undefined,
    ]) {
      const { published } = await topics.publish(topic, [row(1)]);
      expect(positions(published)).toEqual(code ? [] : [1]);
      expect(topics.resting()).toEqual(code ? [topic] : []);
      rests.push(topics.untilNextAttempt());
      now += topics.untilNextAttempt() ?? 0;
    }
    expect(rests).toEqual([250, 500, 1000, 2000, undefined, undefined]);
    const failed = { level: 'error', msg: 'Could not publish events; they wait in the outbox' };
    expect(lines).toMatchObject([failed, failed, { level: 'info', msg: 'Events are published again' }]);
  });

  it('sends batches that the topic takes, each row in its order', async () => {
    const sizes: number[] = [];
    const topics = publisherThat(
      (messages) => {
        sizes.push(messages.reduce((sum, { value }) => sum + value.length, 0));
        return Promise.resolve();
      },
      { maximumBytes: 100_000 },
    );
    const rows = Array.from({ length: 70 }, (_, index) => row(index, 'a', 'x'.repeat(20_000)));
    const { published } = await topics.publish(topic, rows);
    expect(positions(published)).toEqual(positions(rows));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100_000);
    expect(sizes.length).toBeLessThan(20);
  });

  it('sets aside what is too large by itself, lets nothing of its task overtake it, and publishes the rest', async () => {
    const task = fc.constantFrom('a', 'b', 'c', 'd');
    const events = fc.array(fc.record({ task, isLarge: fc.boolean(), isHuge: fc.boolean() }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(events, fc.integer({ min: 1_000, max: 30_000 }), async (made, maximumBytes) => {
        const rows = made.map(({ task: key, isLarge, isHuge }, index) =>
          row(index, key, 'x'.repeat(isHuge ? 10_001 : isLarge ? 5_000 : 10)),
        );
        const sent: string[] = [];
        // What brokers take is less than they have told: only their refusal shows it.
        const topics = publisherThat(
          (messages) => {
            const bytes = messages.reduce((sum, { value }) => sum + value.length, 0);
            if (bytes > 10_000) return Promise.reject(new ExpectedError('MessageTooLarge', 'too large'));
            sent.push(...messages.map(({ key }) => key));
            return Promise.resolve();
          },
          { maximumBytes },
        );
        const { published, refused } = await topics.publish(topic, rows);
        const firstHuge = new Map(
          rows
            .filter(({ value }) => value.length > 10_000)
            .toReversed()
            .map((its) => [its.key, its]),
        );
        const isBehind = ({ key, position }: OutboxRow) =>
          Number(position) >= Number(firstHuge.get(key)?.position ?? Infinity);
        expect(positions(published)).toEqual(positions(rows.filter((its) => !isBehind(its))));
        expect(sent).toEqual(published.map(({ key }) => key));
        expect(new Set(refused.map((its) => its.row))).toEqual(new Set(firstHuge.values()));
        expect(topics.resting()).toEqual([]);
      }),
    );
  });

  it('keeps what was acknowledged before a batch failed', async () => {
    let calls = 0;
    const topics = publisherThat(
      () => (++calls === 2 ? Promise.reject(new ExpectedError('BrokerUnreachable', 'gone')) : Promise.resolve()),
      { maximumBytes: 1_000 },
    );
    const { published } = await topics.publish(topic, [row(1, 'a', 'x'.repeat(900)), row(2, 'a', 'x'.repeat(900))]);
    expect(positions(published)).toEqual([1]);
    expect(topics.resting()).toEqual([topic]);
  });

  it('leaves only the keys alone whose partition takes nothing, until they are tried again', async () => {
    let blocked = ['a'];
    const error = new ExpectedError('BrokerUnreachable', 'no leader', { retryable: true });
    const topics = publisherThat((messages) =>
      Promise.resolve(new Map(messages.filter(({ key }) => blocked.includes(key)).map((message) => [message, error]))),
    );
    const { published } = await topics.publish(topic, [row(1, 'a'), row(2, 'b'), row(3, 'a'), row(4, 'c')]);
    expect(positions(published)).toEqual([2, 4]);
    expect(topics.resting()).toEqual([]);
    expect(topics.waiting()).toEqual([{ topic, key: 'a' }]);
    expect(topics.untilNextAttempt()).toBe(250);
    blocked = ['a', 'd'];
    now = 100;
    expect(positions((await topics.publish(topic, [row(5, 'b'), row(6, 'd')])).published)).toEqual([5]);
    expect(topics.waiting().map(({ key }) => key)).toEqual(['a', 'd']);
    await topics.publish(topic, [row(7, 'b')]);
    expect(topics.failureOf(topic)).toBe('BrokerUnreachable');
    expect(topics.isCutOff(50)).toBe(false);
    now = 250;
    expect(topics.waiting()).toEqual([]);
    blocked = [];
    expect(positions((await topics.publish(topic, [row(1, 'a'), row(3, 'a'), row(6, 'd')])).published)).toEqual([
      1, 3, 6,
    ]);
    expect(topics.failureOf(topic)).toBeUndefined();
    expect(lines.map(({ level }) => level)).toEqual(['error', 'info']);
  });

  it('gives up a batch that nobody acknowledges, and says that it is cut off', async () => {
    const topics = publisherThat(() => new Promise(() => {}), { publishMilliseconds: 20 });
    expect(topics.isCutOff(0)).toBe(false);
    expect(await topics.publish(topic, [row(1)])).toEqual({ published: [], refused: [] });
    expect(topics.failureOf(topic)).toBe('Timeout');
    expect(topics.isCutOff(0)).toBe(true);
  });
});
