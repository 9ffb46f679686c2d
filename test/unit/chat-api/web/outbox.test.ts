import { describe, expect, it, jest } from '@jest/globals';
import type { Change } from '../../../../src/chat-api/web/data/outbox.js';
import { until } from '../../../support/until.ts';

// The modules of the page take these from the browser.
Object.assign(globalThis, { sessionStorage: { getItem: () => null }, localStorage: { getItem: () => null } });
const { ApiError, AwayError } = await import('../../../../src/chat-api/web/data/api.js');
const { Outbox } = await import('../../../../src/chat-api/web/data/outbox.js');

/** It wakes so often at most. */
const mostWaits = 9;

/** An outbox whose server answers in turn: with an answer, or an error. */
function outboxWith(...answers: (object | Error)[]) {
  const sent: Change[] = [];
  const kept = new Map<string, Change>();
  const done: string[] = [];
  const stopped: Change[] = [];
  const elsewhere: string[] = [];
  const onRefused = jest.fn();
  const waits: number[] = [];
  const outbox = new Outbox({
    send: (change) => {
      sent.push(change);
      const answer = answers.shift() ?? {};
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ body: answer, changeId: undefined });
    },
    kept: {
      put: (change) => Promise.resolve(void kept.set(change.key, change)),
      delete: (key) => Promise.resolve(void kept.delete(key)),
      has: (key) => Promise.resolve(kept.has(key)),
    },
    onElsewhere: ({ label }) => void elsewhere.push(label),
    onDone: ({ label }) => void done.push(label),
    onStopped: (change) => void stopped.push(change),
    onRefused,
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      return waits.length < mostWaits ? Promise.resolve() : new Promise(() => {});
    },
    now: () => 1,
  });
  return { outbox, sent, kept, done, stopped, elsewhere, onRefused, waits };
}

/** An outbox whose server says something when it is told to. */
function silentOutbox() {
  const sent: string[] = [];
  const done: string[] = [];
  const finish: (() => void)[] = [];
  const hear: (() => void)[] = [];
  const nothing = () => Promise.resolve();
  const outbox = new Outbox({
    send: ({ label }, onHeard) => {
      sent.push(label);
      hear.push(onHeard);
      return new Promise((resolve) => finish.push(() => resolve({ body: {}, changeId: undefined })));
    },
    kept: { put: nothing, delete: nothing, has: () => Promise.resolve(true) },
    onElsewhere: () => {},
    onDone: ({ label }) => void done.push(label),
    onStopped: () => {},
    onRefused: () => {},
    sleep: nothing,
    now: () => 1,
  });
  return { outbox, sent, done, finish, hear };
}

const edit = (label: string, version = 3) =>
  ({
    kind: 'edit',
    label,
    lane: 'task a',
    method: 'PATCH',
    path: '/v1/tasks/a',
    body: { title: label },
    version,
    taskId: 'a',
  }) as const;

describe('the outbox', () => {
  it('sends again with the same key until it is answered, and keeps the change until then', async () => {
    const { outbox, sent, kept, done, waits } = outboxWith(
      new AwayError('away'),
      new ApiError(503, 'Not available', [], 2),
      new ApiError(429, 'Too many', [], 7),
    );
    outbox.add(edit('one'));
    expect(kept.size).toBe(1);
    await until(() => done.length === 1);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
    expect(waits).toEqual([500, 2000, 7000]);
    expect(outbox.all).toEqual([]);
    expect(kept.size).toBe(0);
  });

  it('says that it waits for a server that says nothing, but not for one that is working on it', async () => {
    jest.useFakeTimers();
    try {
      const { outbox, sent, done, finish, hear } = silentOutbox();
      outbox.add(edit('one'));
      outbox.add(edit('behind'));
      outbox.add({ ...edit('heard'), lane: 'chat' });
      await jest.advanceTimersByTimeAsync(1_000);
      hear.at(-1)!();
      await jest.advanceTimersByTimeAsync(10_000);
      expect(outbox.all.map(({ label, state }) => [label, state])).toEqual([
        ['one', 'waiting'],
        ['behind', 'waiting'],
        ['heard', 'sending'],
      ]);
      expect(outbox.all[0]!.problem).toBe('The server has not answered so far');
      finish[0]!();
      await jest.advanceTimersByTimeAsync(1);
      expect(done).toEqual(['one']);
      expect(sent).toEqual(['one', 'heard', 'behind']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('sends few at once, and what was made by itself before the rest of many', async () => {
    const { outbox, sent, done, finish } = silentOutbox();
    const of = (task: number) => ({ ...edit(String(task)), lane: `task ${task}`, taskId: String(task), batch: 'all' });
    for (let task = 1; task <= 100; task++) outbox.add(of(task));
    await until(() => sent.length === 4);
    outbox.add({ ...edit('message'), lane: 'chat' });
    finish.shift()!();
    await until(() => sent.length === 5);
    expect(sent).toEqual(['1', '2', '3', '4', 'message']);
    // All of them in the end; nothing that failed or is over keeps others from their turn.
    await until(() => {
      finish.splice(0).forEach((end) => end());
      return done.length === 101;
    });
    expect(new Set(sent).size).toBe(101);
    outbox.add(of(1));
    await until(() => finish.length === 1);
    finish[0]!();
    await until(() => done.length === 102);
  });

  it('sends changes of one task one after another, each for what the one before has made', async () => {
    const { outbox, sent, done } = outboxWith({ version: 4 }, { version: 5 });
    outbox.add(edit('one'));
    outbox.add(edit('two'));
    await until(() => done.length === 2);
    expect(sent.map(({ label, version }) => [label, version])).toEqual([
      ['one', 3],
      ['two', 4],
    ]);
  });

  it('stops at a conflict, and sends it as another change when the user wants it nevertheless', async () => {
    const { outbox, sent, done, stopped } = outboxWith(new ApiError(412, 'changed'), { version: 8 });
    outbox.add(edit('one'));
    await until(() => stopped.length === 1);
    expect(outbox.all).toMatchObject([{ state: 'conflict' }]);
    outbox.retry(outbox.all[0]!.key, 7);
    await until(() => done.length === 1);
    expect(sent.map(({ version }) => version)).toEqual([3, 7]);
    expect(sent[0]!.key).not.toBe(sent[1]!.key);
  });

  it('names the fields of a rejected change', async () => {
    const errors = [{ field: 'tags.0', message: 'must be letters' }];
    const { outbox, stopped } = outboxWith(new ApiError(400, 'tags.0: must be letters', errors));
    outbox.add(edit('one'));
    await until(() => stopped.length === 1);
    expect(stopped).toMatchObject([{ state: 'rejected', errors }]);
  });

  it('goes on with what an earlier page has left, under its key', async () => {
    const { outbox, sent, kept, done } = outboxWith();
    const left: Change = { ...edit('left'), key: 'its-key', madeAt: 1, state: 'waiting', wasTried: true };
    kept.set(left.key, left);
    outbox.resume([left]);
    await until(() => done.length === 1);
    expect(sent).toMatchObject([{ key: 'its-key' }]);
  });

  it('does not send what another tab has sent meanwhile, or was told to discard', async () => {
    const { outbox, sent, kept, elsewhere, done } = outboxWith();
    const left = ['one', 'two'].map((label, madeAt) => {
      return { ...edit(label), key: label, madeAt, state: 'waiting' as const };
    });
    kept.set('two', left[1]!);
    outbox.resume(left);
    await until(() => done.length === 1);
    expect(sent.map(({ label }) => label)).toEqual(['two']);
    expect(elsewhere).toEqual(['one']);
    expect(outbox.all).toEqual([]);
  });

  it('says of all that is behind a change that waits that it waits too', async () => {
    const { outbox, waits } = outboxWith(...Array.from({ length: mostWaits }, () => new AwayError('away')));
    outbox.add(edit('one'));
    outbox.add(edit('two'));
    await until(() => waits.length === mostWaits);
    outbox.add(edit('three'));
    expect(outbox.all.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting']);
  });

  it('says of a task what is on its way, and no longer what was rejected', async () => {
    const { outbox, stopped } = outboxWith(new ApiError(400, 'no'));
    outbox.add(edit('one'));
    expect(outbox.isOnItsWay('a', 'edit')).toBe(true);
    expect(outbox.isOnItsWay('a', 'complete', 'reopen')).toBe(false);
    await until(() => stopped.length === 1);
    expect(outbox.isOnItsWay('a', 'edit')).toBe(false);
  });

  it('ends the session when the token is refused, and leaves the change kept', async () => {
    const { outbox, kept, onRefused } = outboxWith(new ApiError(401, 'unknown'));
    onRefused.mockImplementation(() => outbox.clear());
    outbox.add(edit('one'));
    await until(() => onRefused.mock.calls.length === 1);
    expect(outbox.all).toEqual([]);
    expect(kept.size).toBe(1);
  });
});
