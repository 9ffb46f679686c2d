import { describe, expect, it } from '@jest/globals';
import { EachPartition, type Part } from '../../../src/kafka/send-each.ts';
import { ExpectedError } from '../../../src/lib/errors.ts';

const messages = Array.from({ length: 30 }, (_, index) => ({ key: `key-${index % 10}`, value: String(index) }));
const notEnough = new ExpectedError('NotEnoughReplicas', 'too few', { retryable: true });

/** A topic of three partitions; the first of them has a leader, or takes what it is sent, as the case says. */
function topicOf({ leader = 1, failure }: { leader?: number; failure?: ExpectedError }) {
  const state = { leader, failure, now: 0 };
  const sent: Part[] = [];
  const each = new EachPartition({
    sendParts: (_topic, parts) => {
      sent.push(...parts);
      return Promise.resolve(
        parts.map(({ partition = 0 }) => {
          if (partition !== 0) return undefined;
          return state.leader < 0 ? new ExpectedError('BrokerUnreachable', 'no', { retryable: true }) : state.failure;
        }),
      );
    },
    partitionsOf: (topic) =>
      Promise.resolve(
        [0, 1, 2].map((partition) => ({ topic, partition, leader: partition ? 1 : state.leader, topicId: undefined })),
      ),
    clock: { monotonic: () => state.now },
  });
  const send = () => each.send('tasks', messages);
  /** Which messages have come, to which partitions, since the last look. */
  const taken = () => sent.splice(0).map(({ partition, messages: its }) => ({ partition, count: its.length }));
  return { state, send, taken };
}

describe('messages for several partitions', () => {
  it('go together while all is well', async () => {
    const { send, taken } = topicOf({});
    expect(await send()).toEqual(new Map());
    expect(taken()).toEqual([{ partition: undefined, count: 30 }]);
  });

  it.each([
    ['has no leader', { leader: -1 }, 'BrokerUnreachable'],
    ['has too few replicas', { failure: notEnough }, 'NotEnoughReplicas'],
  ])('reach the others while one %s, once each, and all of them after that', async (_case, trouble, code) => {
    const { state, send, taken } = topicOf(trouble);
    const missing = await send();
    expect(missing.size).toBeGreaterThan(0);
    expect(new Set([...missing.values()].map((error) => error.code))).toEqual(new Set([code]));
    const first = taken();
    expect(first[0]).toEqual({ partition: undefined, count: 30 });
    const others = first.filter(({ partition }) => partition);
    expect(others.map(({ partition }) => partition).toSorted()).toEqual([1, 2]);
    expect(others.reduce((sum, { count }) => sum + count, 0)).toBe(30 - missing.size);
    // Of one key all or none, so that nothing overtakes.
    const keys = new Set([...missing.keys()].map(({ key }) => key));
    expect([...missing.keys()]).toEqual(messages.filter(({ key }) => keys.has(key)));
    // For as long as it lasts, nobody gets anything twice.
    for (const now of [5_000, 14_000, 23_000]) {
      state.now = now;
      expect((await send()).size).toBe(missing.size);
      expect(taken().filter(({ partition }) => partition === undefined)).toEqual([]);
    }
    Object.assign(state, { leader: 1, failure: undefined });
    expect(await send()).toEqual(new Map());
    taken();
    expect(await send()).toEqual(new Map());
    expect(taken()).toEqual([{ partition: undefined, count: 30 }]);
  });

  it.each(['Timeout', 'UnknownTopic', 'MessageTooLarge'])('fail together for %s', async (code) => {
    const { send, taken } = topicOf({
      failure: new ExpectedError(code, 'no', { retryable: code !== 'MessageTooLarge' }),
    });
    await expect(send()).rejects.toMatchObject({ code });
    expect(taken()).toHaveLength(1);
  });
});
