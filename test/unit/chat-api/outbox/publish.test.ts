import { describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';
import { createOutboxMetrics } from '../../../../src/chat-api/outbox/outbox-metrics.ts';
import type { OutboxRow } from '../../../../src/chat-api/outbox/outbox-rows.ts';
import { TopicPublisher } from '../../../../src/chat-api/outbox/publish.ts';
import { ExpectedError } from '../../../../src/lib/errors.ts';
import { createLogger } from '../../../../src/lib/log.ts';
import { createRegistry } from '../../../../src/lib/metrics.ts';

const row: OutboxRow = {
  position: '1',
  topic: 'task-events',
  key: 'a',
  value: '{}',
  headers: {},
  created_at: new Date(0),
};

describe('TopicPublisher', () => {
  it('tells each failure once with a constant message, rests longer each time, and tells the recovery', async () => {
    let now = 0;
    let code: string | undefined;
    const lines: { level: string; msg: string }[] = [];
    const destination = new Writable({
      write(line: Buffer, _encoding, done) {
        lines.push(JSON.parse(line.toString()) as { level: string; msg: string });
        done();
      },
    });
    const topics = new TopicPublisher({
      publisher: { send: () => (code ? Promise.reject(new ExpectedError(code, 'no')) : Promise.resolve()) },
      metrics: createOutboxMetrics(createRegistry('test')),
      logger: createLogger({ name: 'test', level: 'info', destination }),
      clock: { now: () => new Date(now), monotonic: () => now, sleep: () => Promise.resolve() },
      random: () => 1,
    });
    const rests: (number | undefined)[] = [];
    for (code of [
      'BrokerUnreachable',
      'BrokerUnreachable',
      'BrokerUnreachable',
      'UnknownTopic',
      undefined,
      undefined,
    ]) {
      const published = await topics.publish([row]);
      expect(published).toEqual(code ? [] : [row]);
      expect(topics.resting()).toEqual(code ? ['task-events'] : []);
      rests.push(topics.untilNextAttempt());
      now += topics.untilNextAttempt() ?? 0;
    }
    expect(rests).toEqual([250, 500, 1000, 2000, undefined, undefined]);
    const failed = { level: 'error', msg: 'Could not publish events; they wait in the outbox' };
    expect(lines).toMatchObject([failed, failed, { level: 'info', msg: 'Events are published again' }]);
  });
});
