import { describe, expect, it } from '@jest/globals';
import type { EncodedEvent } from '../../../src/events/message.ts';
import { ExpectedError } from '../../../src/lib/errors.ts';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';
import { ReminderPublisher } from '../../../src/reminder-worker/reminder-publisher.ts';
import type { DueReminder } from '../../../src/reminder-worker/schedule/due-reminders.ts';
import { applyEvent, unknownTask } from '../../../src/reminder-worker/task-state.ts';
import { cutTitle, longestTitle } from '../../../src/reminder-worker/title.ts';
import { taskCreated } from '../../support/task-history.ts';

const due = new Date('2026-11-23T09:00:00Z');

function reminder(
  title = 'Pay rent',
  change: (state: DueReminder['state']) => DueReminder['state'] = (state) => state,
) {
  const event = taskCreated(crypto.randomUUID(), { title, due_date: due.toISOString() });
  const state = change(applyEvent(unknownTask, event, 1));
  return { taskId: event.payload.task_id, dueAt: due, leadTimeSeconds: 0, fireAt: due, claimedAt: due, state };
}

/** A topic that takes requests of so many bytes in all values. */
function topicOf(maximumBytes: number) {
  const clock = new ManualClock(due.toISOString());
  const requests: (readonly EncodedEvent[])[] = [];
  let refusals = 0;
  const send = (messages: readonly EncodedEvent[]) => {
    const bytes = messages.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0);
    if (bytes > maximumBytes) {
      refusals++;
      return Promise.reject(new ExpectedError('MessageTooLarge', `${bytes} bytes`));
    }
    requests.push(messages);
    return Promise.resolve(new Map<EncodedEvent, ExpectedError>());
  };
  const publisher = new ReminderPublisher({ send, clock });
  const titles = () => requests.flat().map(({ value }) => (JSON.parse(value) as Sent).payload.title);
  return { publisher, requests, titles, refusals: () => refusals };
}

interface Sent {
  readonly payload: { readonly title: string };
}

describe('reminders', () => {
  it('are sent once each, in requests that the topic takes, which later ones are like from the start', async () => {
    const { publisher, requests, refusals } = topicOf(20_000);
    const reminders = Array.from({ length: 200 }, () => reminder());
    expect(await publisher.publish(reminders)).toEqual([]);
    expect(requests.flat().map(({ key }) => key)).toEqual(reminders.map(({ taskId }) => taskId));
    const before = refusals();
    await publisher.publish(reminders);
    expect(refusals()).toBe(before);
  });

  it('are cut when their title is long', async () => {
    const { publisher, titles } = topicOf(1_000_000);
    const title = 'long '.repeat(400_000);
    expect(await publisher.publish([reminder('before'), reminder(title), reminder('after')])).toEqual([]);
    expect(titles()).toEqual(['before', cutTitle(title), 'after']);
    expect(cutTitle(title)).toHaveLength(longestTitle);
  });

  it('have a short title where the topic takes no more', async () => {
    const { publisher, titles } = topicOf(700);
    expect(await publisher.publish([reminder('x'.repeat(900)), reminder('after')])).toEqual([]);
    expect(titles()).toEqual([`${'x'.repeat(59)}…`, 'after']);
  });

  it('are refused, each by itself, when they do not fit at all or cannot be encoded', async () => {
    const { publisher } = topicOf(100);
    const [one, other] = [reminder(), reminder()];
    const refused = await publisher.publish([one, other]);
    expect(refused).toMatchObject([
      { reminder: one, error: { code: 'MessageTooLarge' } },
      { reminder: other, error: { code: 'MessageTooLarge' } },
    ]);
    const bad = reminder('bad', (state) => ({
      ...state,
      fields: { ...state.fields, user_id: { value: 'nobody', version: 1 } },
    }));
    const good = topicOf(10_000);
    expect(await good.publisher.publish([bad, reminder('good')])).toMatchObject([
      { reminder: bad, error: { code: 'SchemaInvalid' } },
    ]);
    expect(good.titles()).toEqual(['good']);
  });

  it('are unsent where their partition takes none now, and the others are not', async () => {
    const [one, other] = [reminder('one'), reminder('other')];
    const error = new ExpectedError('NotEnoughReplicas', 'too few', { retryable: true });
    const send = (messages: readonly EncodedEvent[]) =>
      Promise.resolve(new Map(messages.filter(({ key }) => key === one.taskId).map((message) => [message, error])));
    const publisher = new ReminderPublisher({ send, clock: new ManualClock(due.toISOString()) });
    expect(await publisher.publish([one, other])).toEqual([{ reminder: one, error, isPassing: true }]);
  });

  it('fail together when Kafka is away, and when it does not answer', async () => {
    const clock = new ManualClock(due.toISOString());
    const away = new ExpectedError('BrokerUnreachable', 'away', { retryable: true });
    const failing = new ReminderPublisher({ send: () => Promise.reject(away), clock });
    await expect(failing.publish([reminder()])).rejects.toBe(away);
    const silent = new ReminderPublisher({ send: () => new Promise(() => {}), clock });
    const outcome = expect(silent.publish([reminder()])).rejects.toMatchObject({
      code: 'PublishTimeout',
      retryable: true,
    });
    await clock.advance(10_000);
    await outcome;
  });
});

describe('cutTitle', () => {
  it('leaves no half of a character', () => {
    expect(cutTitle('ab😀cd', 4)).toBe('ab…');
    expect(cutTitle('ab😀c', 5)).toBe('ab😀c');
  });
});
