import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decideReplicas,
  ReplicaScaler,
  stabilizationMilliseconds,
  type Recommendation,
  type Scaling,
} from '../../../../../src/operator/workloads/reminder-consumer/scaling.ts';
import { ManualClock } from '../../../../../src/operator/runtime/testing/manual-clock.ts';
import { aReminderConsumer } from '../../../../support/resources.ts';

const scaling: Scaling = { minReplicas: 1, maxReplicas: 10, targetLag: 100 };
const start = 1_000_000;
const after = (milliseconds: number) => start + milliseconds;
const once = (lag: number, current: number | undefined = 1, partitions = 6) =>
  decideReplicas({ scaling, current, measured: { lag, partitions }, history: [], now: start }).replicas;

describe('the number of workers', () => {
  it.each([
    [0, 1],
    [1, 1],
    [100, 1],
    [101, 2],
    [450, 5],
    [1_000_000, 6],
  ])('is, at a lag of %d, %d', (lag, replicas) => {
    expect(once(lag)).toBe(replicas);
  });

  it('stays as it is while the brokers cannot be asked', () => {
    const decision = decideReplicas({ scaling, current: 4, measured: undefined, history: [], now: start });
    expect(decision.replicas).toBe(4);
    const first = decideReplicas({ scaling, current: undefined, measured: undefined, history: [], now: start });
    expect(first.replicas).toBe(1);
  });

  it('shrinks only when nothing in five minutes has asked for more', () => {
    let history: readonly Recommendation[] = [];
    let current = 1;
    const look = (lag: number, at: number) => {
      const measured = { lag, partitions: 6 };
      ({ replicas: current, history } = decideReplicas({ scaling, current, measured, history, now: after(at) }));
      return current;
    };
    expect(look(450, 0)).toBe(5);
    expect(look(0, 10_000)).toBe(5);
    expect(look(250, 20_000)).toBe(5);
    expect(look(0, stabilizationMilliseconds)).toBe(3);
    expect(look(0, stabilizationMilliseconds + 20_000)).toBe(1);
  });

  it('depends on no time of day', () => {
    const scaler = new ReplicaScaler();
    const clock = new ManualClock();
    const consumer = aReminderConsumer({ scaling: { maxReplicas: 10, targetLag: 100 } });
    let current = 1;
    const look = (lag: number) => {
      const measured = { byTopic: new Map([['task-events', lag]]), partitions: 6 };
      return (current = scaler.decide(consumer, current, measured, clock.monotonic()));
    };
    expect(look(450)).toBe(5);
    clock.jump(3_600_000);
    expect(look(0)).toBe(5);
    clock.jump(-7_200_000);
    void clock.advance(stabilizationMilliseconds);
    expect(look(0)).toBe(1);
  });

  it('is not cut at once by an operator that has just started', () => {
    expect(once(0, 5)).toBe(5);
  });

  it('keeps to bounds that were lowered, at once', () => {
    const tight = { ...scaling, maxReplicas: 2 };
    const measured = { lag: 0, partitions: 6 };
    expect(decideReplicas({ scaling: tight, current: 8, measured, history: [], now: start }).replicas).toBe(2);
  });

  const histories = fc.array(fc.record({ at: fc.nat(600_000).map(after), replicas: fc.integer({ min: 1, max: 50 }) }));
  const inputs = fc
    .record({
      bounds: fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })),
      targetLag: fc.integer({ min: 1, max: 5_000 }),
      current: fc.option(fc.nat(50), { nil: undefined }),
      lag: fc.nat(1_000_000),
      partitions: fc.integer({ min: 1, max: 40 }),
      history: histories,
      now: fc.nat(600_000).map(after),
    })
    .map(({ bounds: [a, b], targetLag, lag, partitions, ...rest }) => ({
      ...rest,
      scaling: { minReplicas: Math.min(a, b), maxReplicas: Math.max(a, b), targetLag },
      measured: { lag, partitions },
    }));

  it('is always within the bounds and the partitions, and enough for the lag', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { replicas } = decideReplicas(input);
        const { minReplicas, maxReplicas, targetLag } = input.scaling;
        const most = Math.min(maxReplicas, input.measured.partitions);
        expect(replicas).toBeLessThanOrEqual(most);
        expect(replicas).toBeGreaterThanOrEqual(Math.min(minReplicas, most));
        expect(replicas).toBeGreaterThanOrEqual(Math.min(most, Math.ceil(input.measured.lag / targetLag)));
      }),
    );
  });

  it('never rises for any other cause than the lag', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { replicas } = decideReplicas(input);
        const wanted = Math.ceil(input.measured.lag / input.scaling.targetLag);
        const most = Math.max(input.current ?? Infinity, wanted, input.scaling.minReplicas);
        expect(replicas).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('remembers no more than could still count', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { history } = decideReplicas(input);
        expect(history.length).toBeLessThanOrEqual(input.history.length + 2);
        const wanted = history.at(-1)!.replicas;
        expect(history.slice(0, -1).every(({ replicas }) => replicas > wanted)).toBe(true);
      }),
    );
  });
});
