import { describe, expect, it } from '@jest/globals';
import { setImmediate as settled } from 'node:timers/promises';
import { encodeEvent } from '../../../src/events/encode.ts';
import type { ConsumedMessage } from '../../../src/kafka/consumer-options.ts';
import type { OutgoingMessage } from '../../../src/kafka/outgoing-message.ts';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';
import { Deliverer } from '../../../src/reminder-webhook/deliverer.ts';
import type { TargetAnswer } from '../../../src/lib/http-target.ts';
import { TargetLimit } from '../../../src/reminder-webhook/target-limit.ts';
import { reminderDue } from '../events/samples.ts';

const start = '2026-01-30T09:00:00.000Z';
const hour = 3_600_000;
const never = new AbortController().signal;
const away = new ExpectedError('TargetUnreachable', 'hooks.example.org cannot be reached', { retryable: true });
let offset = 0;

function reminder(id: string, timestamp = start): ConsumedMessage {
  const { key, value, headers } = encodeEvent({ ...reminderDue, event_id: id, timestamp }, 1);
  const place = { topic: 'reminders', partition: 0, offset: String(offset++) };
  return { ...place, key: Buffer.from(key), value: Buffer.from(value), headers };
}

/** A deliverer in front of a target that answers with a status, or fails, as it is told at the moment. */
function deliverer(answering: (id: string) => number | Error, maxInFlight = 8) {
  const clock = new ManualClock(start);
  const attempts: string[] = [];
  const deadLetters: OutgoingMessage[] = [];
  const deliverer = new Deliverer({
    target: {
      post: ({ 'webhook-id': id = '' }): Promise<TargetAnswer> => {
        attempts.push(id);
        const answer = answering(id);
        return typeof answer === 'number'
          ? Promise.resolve({ status: answer, retryAfter: undefined })
          : Promise.reject(answer);
      },
    },
    limit: new TargetLimit({ maxInFlight, maxPerSecond: 1000, clock }),
    signingKeys: [Buffer.alloc(24)],
    policy: {
      maxAttempts: 3,
      maxAgeMilliseconds: hour,
      backoff: { initial: 1000, maximum: 60_000, factor: 2, jitter: 'full' },
    },
    since: new Date(Date.parse(start) - 2 * hour),
    sendDeadLetter: (letter) => Promise.resolve(void deadLetters.push(letter)),
    groupId: 'reminders.webhook',
    clock,
    random: () => 0.999,
    logger: createLogger({ name: 'test', level: 'silent' }),
    onRequest: () => {},
    onDelivered: () => {},
    onSkipped: () => {},
    onDeadLetter: () => {},
  });
  return { clock, attempts, deadLetters, deliverer };
}

const ids = Array.from({ length: 5 }, () => crypto.randomUUID());
const [first = ''] = ids;
const codes = (letters: readonly OutgoingMessage[]) => letters.map(({ headers }) => headers?.['__dlq.errors.code']);

/** Moves the clock until it is done. @returns for how long */
async function finish(clock: ManualClock, processing: Promise<void>): Promise<number> {
  const begun = clock.monotonic();
  let isDone = false;
  void processing.finally(() => (isDone = true)).catch(() => {});
  for (await settled(); !isDone; await settled()) await clock.advance(500);
  return clock.monotonic() - begun;
}

describe('Deliverer', () => {
  it('gives up a reminder that the target cannot cope with in minutes, and delivers the others meanwhile', async () => {
    const { clock, attempts, deadLetters, deliverer: one } = deliverer((id) => (id === first ? 500 : 200));
    const processing = one.process(
      ids.map((id) => reminder(id)),
      never,
    );
    await clock.advance(100);
    expect(new Set(attempts)).toEqual(new Set(ids));
    expect(await finish(clock, processing)).toBeLessThan(5 * 60_000);
    expect(attempts.filter((id) => id === first)).toHaveLength(3);
    expect(codes(deadLetters)).toEqual(['TargetFailed']);
  });

  it('waits for a target that is away, until the reminders are too old', async () => {
    const { clock, deadLetters, deliverer: one } = deliverer(() => away);
    const took = await finish(
      clock,
      one.process(
        ids.map((id) => reminder(id)),
        never,
      ),
    );
    expect(took).toBeGreaterThan(hour - 60_000);
    expect(took).toBeLessThan(hour + 2 * 60_000);
    expect(codes(deadLetters)).toEqual(ids.map(() => 'TargetUnreachable'));
  });

  it('tries what is too old already once, and what fired before there was a webhook not at all', async () => {
    const { clock, attempts, deadLetters, deliverer: one } = deliverer(() => away);
    const at = (hours: number) => new Date(Date.parse(start) - hours * hour).toISOString();
    await finish(clock, one.process([reminder(first, at(1.5)), reminder(ids[1]!, at(2.5))], never));
    expect(attempts).toEqual([first]);
    expect(deadLetters).toHaveLength(1);
  });

  it('gives back what it has not delivered when it is stopped, at once', async () => {
    const { clock, deadLetters, deliverer: one } = deliverer(() => away, 1);
    const stopping = new AbortController();
    const processing = one.process(
      ids.map((id) => reminder(id)),
      stopping.signal,
    );
    await clock.advance(100);
    stopping.abort();
    await expect(processing).rejects.toMatchObject({ name: 'AbortError' });
    expect(deadLetters).toEqual([]);
    expect(one.secondsWithoutSuccess()).toBe(0);
  });

  it('is stuck when nothing is delivered for 30 seconds, and not while anything is', async () => {
    let status = 503;
    const { clock, deliverer: one } = deliverer((id) => (id === first ? 503 : status));
    const processing = one.process(
      ids.map((id) => reminder(id)),
      never,
    );
    await clock.advance(29_000);
    one.check();
    await clock.advance(2000);
    expect(() => one.check()).toThrow('stuck: no reminder could be delivered for 31 s: The target answers 503');
    status = 200;
    await clock.advance(40_000);
    one.check();
    await finish(clock, processing);
    expect(one.secondsWithoutSuccess()).toBe(0);
  });
});
