import { describe, expect, it } from '@jest/globals';
import { ExpectedError } from '../../../../src/lib/errors.ts';
import type { BrokerView } from '../../../../src/operator/event-cluster/broker-view.ts';
import {
  availableCondition,
  clusterReadiness,
  externalReadiness,
  type ClusterSeen,
} from '../../../../src/operator/event-cluster/readiness.ts';
import { decideScale } from '../../../../src/operator/event-cluster/scale.ts';

const answer = (members: number): BrokerView => ({
  answered: true,
  clusterId: 'abc',
  controllerId: 0,
  brokers: Array.from({ length: members }, (_, id) => ({ id, host: `broker-${id}`, port: 9092 })),
  topics: 0,
  partitions: 0,
  underReplicatedPartitions: 0,
  leaderlessPartitions: 0,
});
const silence: BrokerView = {
  answered: false,
  error: new ExpectedError('BrokerUnreachable', 'getaddrinfo ENOTFOUND events', { retryable: true }),
};
const well: ClusterSeen = {
  brokers: { desired: 3, ready: 3 },
  podTrouble: undefined,
  view: answer(3),
  roll: { step: 'done' },
  refusals: [],
};
const refusal = decideScale({ engine: 'Kafka', wanted: 2, running: 3, voters: 3, draining: [] }).problem!;

describe('the readiness of an event cluster', () => {
  it.each<[string, Partial<ClusterSeen>, object]>([
    ['is ready when all brokers are', {}, { ready: true, reason: 'BrokersReady', message: '3 brokers are ready.' }],
    [
      'counts the brokers that are ready',
      { brokers: { desired: 3, ready: 1 }, view: answer(1) },
      { reason: 'BrokersStarting', message: '1 of 3 brokers are ready.' },
    ],
    [
      'states what keeps brokers from running, which needs a person',
      { brokers: { desired: 3, ready: 1 }, podTrouble: 'Pod events-1: ImagePullBackOff', view: answer(1) },
      {
        reason: 'BrokersFailing',
        needsPerson: true,
        message: '1 of 3 brokers are ready. Pod events-1: ImagePullBackOff',
        failed: false,
      },
    ],
    [
      'tells that the operator cannot reach them, and what to do',
      { view: silence },
      { reason: 'BrokerUnreachable', message: expect.stringMatching(/ENOTFOUND events\. Check the address/) },
    ],
    ['waits for all to be members', { view: answer(2) }, { reason: 'BrokersJoining', failed: false }],
    ['tells of a roll', { roll: { step: 'restart', index: 2 } }, { reason: 'RollingOut', message: /broker 2/ }],
    [
      'tells of a roll while its broker is away',
      { roll: { step: 'wait', reason: 'BrokersAway', message: 'waits' }, brokers: { desired: 3, ready: 2 } },
      { reason: 'RollingOut', message: 'waits' },
    ],
    [
      'tells what is refused, once all else is well',
      { refusals: [refusal] },
      { reason: 'ScaleDownRefused', failed: true },
    ],
    [
      'tells what is broken before what is refused',
      { refusals: [refusal], view: silence },
      { reason: 'BrokerUnreachable' },
    ],
  ])('%s', (_, change, expected) => {
    const readiness = clusterReadiness({ ...well, ...change });
    const { message, ...rest } = expected as { message?: unknown };
    expect(readiness).toMatchObject(rest);
    if (message instanceof RegExp) expect(readiness.message).toMatch(message);
    else if (message !== undefined) expect(readiness.message).toEqual(message);
  });

  it('is told apart from whether clients are served', () => {
    expect(availableCondition(answer(2))).toMatchObject({ type: 'Available', status: 'True' });
    expect(availableCondition(silence)).toMatchObject({ status: 'False', reason: 'BrokerUnreachable' });
    expect(availableCondition(undefined)).toMatchObject({ status: 'False', reason: 'BrokersStarting' });
    const refused = new ExpectedError('NotAuthorized', 'Cluster authorization failed');
    expect(availableCondition({ answered: false, error: refused })).toMatchObject({ status: 'True' });
  });

  it('of one that somebody else runs is whether it answers', () => {
    expect(externalReadiness(answer(1))).toMatchObject({ ready: true, message: '1 broker is reachable.' });
    expect(externalReadiness(silence)).toMatchObject({ ready: false, failed: false });
    const wrong = new ExpectedError('AuthenticationFailed', 'Authentication failed');
    expect(externalReadiness({ answered: false, error: wrong })).toMatchObject({
      failed: true,
      message: 'Authentication failed. Check spec.authentication, and the username and password in its Secret.',
    });
  });
});
