import { describe, expect, it, jest } from '@jest/globals';
import type { Change } from '../../../../src/chat-api/web/data/outbox.js';
import { until } from '../../../support/until.ts';

// The modules of the page take these from the browser.
Object.assign(globalThis, { sessionStorage: { getItem: () => null }, localStorage: { getItem: () => null } });
const { ApiError, AwayError } = await import('../../../../src/chat-api/web/data/api.js');
const { Outbox } = await import('../../../../src/chat-api/web/data/outbox.js');

/** An outbox whose server answers in turn: with an answer, or an error. */
function outboxWith(...answers: (object | Error)[]) {
  const sent: Change[] = [];
  const kept = new Map<string, Change>();
  const done: string[] = [];
  const stopped: Change[] = [];
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
    },
    onDone: ({ label }) => void done.push(label),
    onStopped: (change) => void stopped.push(change),
    onRefused,
    sleep: (milliseconds) => Promise.resolve(void waits.push(milliseconds)),
    now: () => 1,
  });
  return { outbox, sent, kept, done, stopped, onRefused, waits };
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
    const { outbox, sent, done } = outboxWith();
    const left: Change = { ...edit('left'), key: 'its-key', madeAt: 1, state: 'waiting', wasTried: true };
    outbox.resume([left]);
    await until(() => done.length === 1);
    expect(sent).toMatchObject([{ key: 'its-key' }]);
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
