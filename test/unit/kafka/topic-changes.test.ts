import { describe, expect, it } from '@jest/globals';
import type { Broker } from '../../../src/kafka/client/broker-connections.ts';
import { makeChange } from '../../../src/kafka/topic-changes.ts';
import { toError } from '../../../src/lib/errors.ts';

/** A change whose answer, for every topic, is an error code. */
const changeAnswered = (errorCode: number) => ({
  apiName: 'CreateTopics',
  topicOf: (topic: string) => topic,
  recordsOf: () => 1,
  send: (_: Broker, topics: readonly string[]) => Promise.resolve(topics.map((topic) => ({ topic, errorCode }))),
});

/** A fake, for what no broker in KRaft mode says: it tells how work with it ended. */
function fakeBrokers() {
  const ends: (string | undefined)[] = [];
  const withController = async <T>(work: (broker: Broker) => Promise<T>): Promise<T> => {
    try {
      const answer = await work({} as Broker);
      ends.push(undefined);
      return answer;
    } catch (error) {
      ends.push(toError(error).message);
      throw error;
    }
  };
  return { ends, withController };
}

describe('a change', () => {
  it('that is sent to a broker which is no controller any more has another one looked for', async () => {
    const brokers = fakeBrokers();
    const results = await makeChange(brokers, changeAnswered(41), ['a', 'b']);
    expect([...results].map(([topic, error]) => [topic, error?.code, error?.retryable])).toEqual([
      ['a', 'BrokerUnreachable', true],
      ['b', 'BrokerUnreachable', true],
    ]);
    expect(brokers.ends).toEqual([expect.stringContaining('not the correct controller')]);
  });

  it('that is refused leaves the connection as it is', async () => {
    const brokers = fakeBrokers();
    expect((await makeChange(brokers, changeAnswered(36), ['a'])).get('a')?.code).toBe('TopicAlreadyExists');
    expect(brokers.ends).toEqual([undefined]);
  });

  it('of nothing asks nobody', async () => {
    const brokers = fakeBrokers();
    expect(await makeChange(brokers, changeAnswered(0), [])).toEqual(new Map());
    expect(brokers.ends).toEqual([]);
  });
});
