import { describe, expect, it } from '@jest/globals';
import { decideScale, drainProblem, type ScaleInput } from '../../../../src/operator/event-cluster/scale.ts';

const kafka = { engine: 'Kafka', voters: 3, draining: [] } as const;

describe('the number of brokers', () => {
  it.each<[string, ScaleInput, object]>([
    ['before the first start', { ...kafka, wanted: 3, running: undefined }, { brokers: 3, leaving: [], restored: [] }],
    ['more', { ...kafka, wanted: 5, running: 3 }, { brokers: 5, leaving: [], restored: [] }],
    ['as many', { ...kafka, wanted: 3, running: 3 }, { brokers: 3, leaving: [], restored: [] }],
    ['fewer', { ...kafka, wanted: 3, running: 5 }, { brokers: 5, leaving: [3, 4], restored: [] }],
    [
      'still fewer',
      { ...kafka, wanted: 3, running: 5, draining: [3, 4] },
      { brokers: 5, leaving: [3, 4], restored: [] },
    ],
    [
      'the old number',
      { ...kafka, wanted: 5, running: 5, draining: [3, 4] },
      { brokers: 5, leaving: [], restored: [3, 4] },
    ],
    ['fewer, but not so few', { ...kafka, wanted: 4, running: 5, draining: [3, 4] }, { leaving: [4], restored: [3] }],
    ['fewer than vote', { ...kafka, wanted: 2, running: 5, draining: [4] }, { brokers: 5, leaving: [], restored: [4] }],
    [
      'Redpanda, where none is chosen to vote',
      { ...kafka, engine: 'Redpanda', voters: 0, wanted: 1, running: 3 },
      { leaving: [1, 2] },
    ],
  ])('%s', (_, input, expected) => {
    expect(decideScale(input)).toMatchObject(expected);
  });

  it('is not changed where voters would leave, with the cause and the fix', () => {
    expect(decideScale({ ...kafka, wanted: 2, running: 3 }).problem).toEqual({
      reason: 'ScaleDownRefused',
      failed: true,
      message:
        'spec.brokers is 2, but brokers 0 to 2 of this Kafka cluster vote on its metadata, and the voters cannot change. ' +
        'Set spec.brokers to 3 or more.',
    });
  });

  it('says how far a scale-down is', () => {
    const moving = { step: 'moving', message: '7 replicas are still to be moved away' } as const;
    expect(drainProblem([3, 4], moving)).toEqual({
      reason: 'ScalingDown',
      message: 'Brokers 3, 4 leave: 7 replicas are still to be moved away.',
      failed: false,
    });
    expect(drainProblem([3], { step: 'empty', from: 3 })).toMatchObject({
      message: 'Broker 3 leaves: broker 3 is empty and being removed.',
    });
    expect(drainProblem([3], { step: 'refused', message: 'no' })).toMatchObject({ failed: true, message: 'no' });
  });
});
