import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextRollStep, type BrokerHealth, type BrokerPod } from '../../../../src/operator/event-cluster/roll.ts';

const pod = (index: number, state: Partial<BrokerPod> = {}): BrokerPod => ({
  index,
  ready: true,
  current: true,
  ending: false,
  ...state,
});
const well: BrokerHealth = { controllerIndex: 0, underReplicatedPartitions: 0 };
const outdated = (index: number, state: Partial<BrokerPod> = {}) => pod(index, { current: false, ...state });

describe('the roll of a change', () => {
  it('is done when every pod is made from the present template', () => {
    expect(nextRollStep([pod(0), pod(1), pod(2, { ready: false })], 3, undefined)).toEqual({ step: 'done' });
  });

  it('goes from the last broker to the first', () => {
    expect(nextRollStep([outdated(0), outdated(1), outdated(2)], 3, well)).toEqual({ step: 'restart', index: 2 });
    expect(nextRollStep([outdated(0), outdated(1), pod(2)], 3, well)).toEqual({ step: 'restart', index: 1 });
  });

  it('leaves the active controller to the end', () => {
    const health = { ...well, controllerIndex: 2 };
    expect(nextRollStep([outdated(0), outdated(1), outdated(2)], 3, health)).toEqual({ step: 'restart', index: 1 });
    expect(nextRollStep([pod(0), pod(1), outdated(2)], 3, health)).toEqual({ step: 'restart', index: 2 });
  });

  it('waits while a broker is away, is on its way out, or has not caught up', () => {
    const reasonOf = (pods: BrokerPod[], health?: BrokerHealth) => {
      const step = nextRollStep(pods, 3, health);
      return step.step === 'wait' ? step.reason : step.step;
    };
    expect(reasonOf([outdated(0), outdated(1)], well)).toBe('BrokersAway');
    expect(reasonOf([outdated(0), outdated(1), pod(2, { ready: false })], well)).toBe('BrokersAway');
    expect(reasonOf([outdated(0), outdated(1), outdated(2, { ending: true })], well)).toBe('BrokersAway');
    expect(reasonOf([outdated(0), outdated(1), pod(2)], { ...well, underReplicatedPartitions: 7 })).toBe(
      'UnderReplicated',
    );
  });

  it('waits when the brokers cannot be asked', () => {
    expect(nextRollStep([outdated(0), pod(1), pod(2)], 3, undefined)).toMatchObject({ reason: 'BrokersUnknown' });
  });

  it('restarts a broken broker without asking: only the new template may mend it', () => {
    const pods = [outdated(0), outdated(1, { ready: false }), outdated(2)];
    expect(nextRollStep(pods, 3, undefined)).toEqual({ step: 'restart', index: 1 });
  });

  it('never takes a second broker away', () => {
    const pods = fc.array(fc.record({ ready: fc.boolean(), current: fc.boolean(), ending: fc.boolean() }), {
      minLength: 1,
      maxLength: 7,
    });
    const health = fc.option(
      fc.record({ controllerIndex: fc.option(fc.nat(6), { nil: undefined }), underReplicatedPartitions: fc.nat(2) }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(pods, health, (states, seen) => {
        const all = states.map((state, index) => ({ index, ...state }));
        const step = nextRollStep(all, all.length, seen);
        if (step.step !== 'restart') return;
        const chosen = all[step.index]!;
        const serving = ({ ready, ending }: BrokerPod) => ready && !ending;
        expect(chosen.current).toBe(false);
        if (serving(chosen)) {
          expect(all.every(serving)).toBe(true);
          expect(seen?.underReplicatedPartitions).toBe(0);
        }
      }),
    );
  });

  it('ends, with every broker restarted once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.nat(6), (count, controllerIndex) => {
        const pods = Array.from({ length: count }, (_, index) => outdated(index));
        const restarted: number[] = [];
        for (let passes = 0; passes <= count; passes += 1) {
          const step = nextRollStep(pods, count, { controllerIndex, underReplicatedPartitions: 0 });
          if (step.step !== 'restart') break;
          restarted.push(step.index);
          pods[step.index] = pod(step.index);
        }
        expect(restarted.toSorted((a, b) => a - b)).toEqual(pods.map(({ index }) => index));
        if (controllerIndex < count) expect(restarted.at(-1)).toBe(controllerIndex);
      }),
    );
  });
});
