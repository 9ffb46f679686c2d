import { describe, expect, it } from '@jest/globals';
import type { BrokerAccess } from '../../../src/kafka/client/broker-connections.ts';
import { throttleReplication, unthrottleReplication } from '../../../src/kafka/replication-throttle.ts';
import { ExpectedError } from '../../../src/lib/errors.ts';

/** A fake: brokers that answer every question with an error. Real ones that know throttles are in the integration tests. */
function brokersThatSay(code: string, retryable = false): BrokerAccess & { readonly asked: (number | 'controller')[] } {
  const asked: (number | 'controller')[] = [];
  const refuse = (who: number | 'controller') => {
    asked.push(who);
    return Promise.reject(new ExpectedError(code, 'as scripted', { retryable }));
  };
  return {
    asked,
    withController: () => refuse('controller'),
    withBroker: (nodeId) => refuse(nodeId),
    withCoordinator: () => refuse('controller'),
    withTransactionCoordinator: () => refuse('controller'),
  };
}

const moves = [{ topic: 'tasks', partitions: [{ partition: 0, replicas: [1, 2] }] }];

describe('brokers that know no throttle, as Redpanda does not', () => {
  it.each(['InvalidConfig', 'UnsupportedVersion'])('move without one, and tell why: %s', async (code) => {
    const brokers = brokersThatSay(code);
    const outcome = await throttleReplication(brokers, moves, [1, 2], 1000);
    expect(outcome).toEqual({ unavailable: expect.objectContaining({ code }), ratesOfOthers: [], unreachable: [] });
    // The first answer says it for all of them.
    expect(brokers.asked).toEqual([1]);
    expect((await unthrottleReplication(brokers, [], [1, 2], 1000)).unavailable).toMatchObject({ code });
  });
});

describe('brokers that are away', () => {
  it.each(['BrokerUnreachable', 'Timeout'])('are named, and the others asked: %s', async (code) => {
    const brokers = brokersThatSay(code, true);
    await expect(unthrottleReplication(brokers, [], [1, 2], 1000)).resolves.toEqual({
      unavailable: undefined,
      ratesOfOthers: [],
      unreachable: [1, 2],
    });
    expect(brokers.asked).toEqual([1, 2]);
    // Without the topics' part there is no throttle: that one is an error.
    await expect(throttleReplication(brokers, moves, [1], 1000)).rejects.toMatchObject({ code, retryable: true });
  });
});

describe('a refusal', () => {
  it('is an error, and no throttle that is not there', async () => {
    const refused = { code: 'NotAuthorized', retryable: false };
    await expect(throttleReplication(brokersThatSay('NotAuthorized'), moves, [1], 1000)).rejects.toMatchObject(refused);
    await expect(unthrottleReplication(brokersThatSay('NotAuthorized'), ['tasks'], [1], 1000)).rejects.toMatchObject(
      refused,
    );
  });
});
