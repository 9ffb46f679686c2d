import { describe, expect, it } from '@jest/globals';
import { encodeEvent } from '../../../src/events/encode.ts';
import type { ConsumedMessage } from '../../../src/kafka/consumer-options.ts';
import type { OutgoingMessage } from '../../../src/kafka/outgoing-message.ts';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { EventProcessor } from '../../../src/reminder-worker/event-processor.ts';
import type { VersionedEvent } from '../../../src/reminder-worker/schedule/apply-events.ts';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';
import { taskCreated } from '../../support/task-history.ts';

const away = new ExpectedError('DatabaseUnreachable', 'The database cannot be reached', { retryable: true });
const accessDenied = new ExpectedError('DatabaseAccessDenied', 'The database refuses access');
const refused = new ExpectedError('DatabaseStatementFailed', 'The database refuses a statement');
const never = new AbortController().signal;
let offset = 0;

function message(title: string): ConsumedMessage {
  const taskId = crypto.randomUUID();
  const { key, value, headers } = encodeEvent(taskCreated(taskId, { title }), 1);
  return { ...place(), key: Buffer.from(key), value: Buffer.from(value), headers };
}

const place = () => ({ topic: 'task-events', partition: 1, offset: String(offset++) });
const garbage = (): ConsumedMessage => ({ ...place(), key: null, value: Buffer.from('?'), headers: { a: 'b' } });

/** A processor in front of a database that fails as it is told: by title, the errors of the next attempts. */
function processor(failures: Readonly<Record<string, Error[]>> = {}) {
  const clock = new ManualClock();
  const applied: string[] = [];
  const attempts: string[][] = [];
  const deadLetters: OutgoingMessage[] = [];
  const deadLetterFailures: Error[] = [];
  const titleOf = ({ event }: VersionedEvent) => (event.event_type === 'task-created' ? event.payload.title : '');
  const processor = new EventProcessor({
    apply: (events) => {
      const titles = events.map(titleOf);
      attempts.push(titles);
      const failure = titles.flatMap((title) => failures[title]?.shift() ?? [])[0];
      return failure ? Promise.reject(failure) : Promise.resolve();
    },
    sendDeadLetter: (letter) => {
      const failure = deadLetterFailures.shift();
      if (failure) return Promise.reject(failure);
      deadLetters.push(letter);
      return Promise.resolve();
    },
    groupId: 'reminders',
    maxAttempts: 3,
    backoff: { initial: 100, maximum: 1000, factor: 2 },
    clock,
    logger: createLogger({ name: 'test', level: 'silent' }),
    onApplied: (received) => applied.push(...received.map(titleOf)),
    onDeadLetter: () => {},
  });
  /** Moves the clock for as long as the processor waits. */
  const process = async (messages: readonly ConsumedMessage[], signal = never) => {
    let isDone = false;
    const processing = processor.process(messages, signal).finally(() => (isDone = true));
    processing.catch(() => {});
    for (let moves = 0; !isDone && moves < 1000; moves += 1) await clock.advance(100);
    return processing;
  };
  return { process, clock, applied, attempts, deadLetters, deadLetterFailures };
}

describe('messages of a partition', () => {
  it('are applied together, in order', async () => {
    const { process, attempts } = processor();
    await process([message('one'), message('two')]);
    expect(attempts).toEqual([['one', 'two']]);
  });

  it('that cannot be read become dead letters at once, as they were, and the others are applied', async () => {
    const { process, applied, deadLetters } = processor();
    const bad = garbage();
    await process([message('one'), bad, message('two')]);
    expect(applied).toEqual(['one', 'two']);
    expect(deadLetters).toEqual([
      {
        key: null,
        value: Buffer.from('?'),
        headers: {
          a: 'b',
          '__dlq.errors.topic': 'task-events',
          '__dlq.errors.partition': '1',
          '__dlq.errors.offset': bad.offset,
          '__dlq.errors.group': 'reminders',
          '__dlq.errors.delivery.count': '1',
          '__dlq.errors.code': 'SchemaInvalid',
          '__dlq.errors.message': 'value is "?"; it must be JSON in UTF-8',
        },
      },
    ]);
  });

  it('wait as long as the database is away, and are never given up for it', async () => {
    const { process, applied, deadLetters, clock } = processor({ one: Array.from({ length: 50 }, () => away) });
    const begun = clock.now();
    await process([message('one')]);
    expect({ applied, deadLetters }).toEqual({ applied: ['one'], deadLetters: [] });
    expect(clock.now().getTime() - begun.getTime()).toBeGreaterThanOrEqual(46_000);
  });

  it('wait for a database that refuses access, since no message is to blame', async () => {
    const { process, applied, deadLetters } = processor({ one: Array.from({ length: 10 }, () => accessDenied) });
    await process([message('one')]);
    expect({ applied, deadLetters }).toEqual({ applied: ['one'], deadLetters: [] });
  });

  it('that take longer together than the database allows are applied in parts', async () => {
    const late = new ExpectedError('DatabaseTimeout', 'The database did not answer in time', { retryable: true });
    const { process, applied, attempts, deadLetters } = processor({ four: Array<Error>(3).fill(late) });
    await process(['one', 'two', 'three', 'four', 'five'].map(message));
    expect(applied).toEqual(['one', 'two', 'three', 'four', 'five']);
    expect(attempts.map((titles) => titles.length)).toEqual([5, 3, 2, 1, 1, 1]);
    expect(deadLetters).toEqual([]);
  });

  it('that fail by their own fault are given up after some attempts, and the others are applied', async () => {
    const { process, applied, attempts, deadLetters } = processor({ two: [refused, refused, refused, refused] });
    await process([message('one'), message('two'), message('three')]);
    expect(applied).toEqual(['one', 'three']);
    expect(attempts).toEqual([['one', 'two', 'three'], ['one'], ['two'], ['two'], ['two'], ['three']]);
    expect(deadLetters).toMatchObject([{ headers: { '__dlq.errors.delivery.count': '3' } }]);
  });

  it('that fail for a while are applied in the end', async () => {
    const { process, applied, deadLetters } = processor({ one: [refused, away, refused, away] });
    await process([message('one')]);
    expect({ applied, deadLetters }).toEqual({ applied: ['one'], deadLetters: [] });
  });

  it('are kept back until the dead-letter topic takes them', async () => {
    const { process, deadLetters, deadLetterFailures } = processor();
    deadLetterFailures.push(new ExpectedError('UnknownTopic', 'no such topic'), away, away);
    await process([garbage()]);
    expect(deadLetters).toHaveLength(1);
  });

  it('are left undone when the worker stops', async () => {
    const { process, applied, deadLetters } = processor({ one: Array.from({ length: 50 }, () => away) });
    const stopping = new AbortController();
    const processing = process([message('one')], stopping.signal);
    stopping.abort();
    await expect(processing).rejects.toThrow();
    expect({ applied, deadLetters }).toEqual({ applied: [], deadLetters: [] });
  });
});
