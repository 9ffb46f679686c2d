import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextRollStep, type BrokerHealth, type BrokerPod } from '../../../../src/operator/event-cluster/roll.ts';

const pod = (index: number, state: Partial<BrokerPod> = {}): BrokerPod => ({
  index,
  ready: true,
  started: true,
  current: true,
  ending: false,
  ...state,
});
const well: BrokerHealth = { controllerIndex: 0, underReplicatedPartitions: 0 };
const outdated = (index: number, state: Partial<BrokerPod> = {}) => pod(index, { current: false, ...state });

/** Brokers whose pods are replaced, crash, come up and flap: a broker serves from its start to its end, ready or not. */
class ModelCluster {
  readonly pods: BrokerPod[];

  constructor(count: number) {
    this.pods = Array.from({ length: count }, (_, index) => outdated(index));
  }

  /** The probe says otherwise than before; the broker goes on. */
  flap(index: number): void {
    const { ready, started, ending } = this.pods[index]!;
    if (started && !ending) this.#set(index, { ready: !ready });
  }

  /** The container ends, and begins anew. */
  crash(index: number): void {
    this.#set(index, { ready: false, started: false });
  }

  /** One step to being ready: a new pod for one that is ending, then started, then ready. */
  progress(index: number): void {
    const { ending, started } = this.pods[index]!;
    if (ending) this.pods[index] = pod(index, { ready: false, started: false });
    else this.#set(index, started ? { ready: true } : { started: true });
  }

  settle(): void {
    for (const { index } of this.pods) for (let step = 0; step < 3; step += 1) this.progress(index);
  }

  roll(health: BrokerHealth | undefined): void {
    const step = nextRollStep(this.pods, this.pods.length, health);
    if (step.step !== 'restart') return;
    const chosen = this.pods[step.index]!;
    expect(chosen).toMatchObject({ current: false, ending: false });
    const othersAway = this.pods.filter((other) => other !== chosen && (!other.ready || other.ending));
    if (chosen.started) expect(othersAway).toEqual([]);
    if (chosen.ready) expect(health?.underReplicatedPartitions).toBe(0);
    this.#set(step.index, { ending: true, ready: false });
  }

  #set(index: number, state: Partial<BrokerPod>): void {
    this.pods[index] = { ...this.pods[index]!, ...state };
  }
}

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

  it.each<[string, Partial<BrokerPod> | undefined]>([
    ['away', undefined],
    ['on its way out', { ending: true }],
    ['not ready', { ready: false }],
    ['new and not ready', { current: true, ready: false, started: false }],
  ])('waits with a broker whose probe flaps while another is %s', (_, state) => {
    const others = [0, 3, 4, 5, 6].map((index) => outdated(index));
    const pods = [...others, outdated(1, { ready: false }), ...(state ? [outdated(2, state)] : [])];
    expect(nextRollStep(pods, 7, undefined)).toMatchObject({ step: 'wait', reason: 'BrokersAway' });
    expect(nextRollStep(pods, 7, well)).toMatchObject({ step: 'wait', reason: 'BrokersAway' });
  });

  it('replaces all brokers that never came up with a template that was wrong', () => {
    const never = { ready: false, started: false };
    const pods = [outdated(0, never), pod(1, never), outdated(2, never)];
    expect(nextRollStep(pods, 3, undefined)).toEqual({ step: 'restart', index: 0 });
    expect(nextRollStep([pod(0, never), pod(1, never), outdated(2, never)], 3, undefined)).toEqual({
      step: 'restart',
      index: 2,
    });
  });

  it('never takes a second broker away, however pods and brokers flap, and ends once they no longer do', () => {
    const chance = fc.integer({ min: 0, max: 99 });
    const turn = fc.record({ pod: fc.nat(6), flaps: chance, dies: chance, comesBack: chance, view: chance });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.array(turn, { maxLength: 200 }), (count, turns) => {
        const cluster = new ModelCluster(count);
        for (const { pod: which, flaps, dies, comesBack, view } of turns) {
          const index = which % count;
          if (flaps < 30) cluster.flap(index);
          if (dies < 5) cluster.crash(index);
          if (comesBack < 50) cluster.progress(index);
          cluster.roll(
            view < 20 ? undefined : { controllerIndex: which, underReplicatedPartitions: view < 40 ? 3 : 0 },
          );
        }
        cluster.settle();
        for (let pass = 0; pass < 3 * count; pass += 1) {
          cluster.roll(well);
          cluster.settle();
        }
        expect(cluster.pods.every(({ current, ready }) => current && ready)).toBe(true);
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
